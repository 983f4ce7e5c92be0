// What the driver of a console keeps of it in the control plane, and how promises get their end. The bytes are in records: port-queues.ts, control.ts.
//
// Functions over objects, as a method of a class costs a search by its name at each call.

import type { ConsoleDevice, Port } from '../../kernel/device/console.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { type Live, wakeLive } from '../virtio/live.ts';
import type { ConsoleFacts } from './bring-up.ts';
import type { Control } from './control.ts';
import type { PortQueues } from './port-queues.ts';

/** Bytes that a caller wants sent. When it has settled and the device has nothing of it, the object is used again. */
export interface Write {
  bytes: Uint8Array;
  promise: Promise<void>;
  /** Bytes that were given to the device, and buffers of theirs that it has. */
  sentLength: number;
  underWayCount: number;
  isSettled: boolean;
  /** The next in the line of those of which not all was given to the device. */
  next: Write | undefined;
}

/** Somebody who waits for bytes. */
export interface Read {
  /** Of `read` bytes, of `readInto` a number of them. */
  promise: Promise<unknown>;
  /** Where `readInto` wants them; undefined for `read`. */
  target: Uint8Array | undefined;
}

/** The queues of a port's number, whichever port has that. */
export interface Pair {
  readonly number: number;
  readonly queues: PortQueues;
  /** Whose bytes are in each buffer of the transmit queue that the device has. */
  readonly writers: (Write | undefined)[];
  holder: PortState | undefined;
  /** The device has announced the holder, and does not know yet that it is ready. */
  isAnnounced: boolean;
}

/** Of a port, what changes. */
export type ChangingPort = { -readonly [Name in keyof Port]: Port[Name] };

/** A port. */
export interface PortState {
  readonly pair: Pair;
  /** What the program sees of it. */
  readonly port: ChangingPort;
  /** The device knows that it is ready; not so while it is announced, also after a reset. */
  isPresent: boolean;
  /** The program uses it. */
  isOpen: boolean;
  /** Why nobody can use it any more. */
  failure: DeviceError | undefined;
  reads: Read[];
  /** The line of writes, and its end. */
  firstUnsent: Write | undefined;
  lastUnsent: Write | undefined;
  openListeners: readonly ((isHostOpen: boolean) => void)[];
  resizeListeners: readonly ((size: { columns: number; rows: number }) => void)[];
}

/** A control message that is to be sent. */
export interface Message {
  readonly port: number;
  readonly event: number;
  readonly value: number;
  /** Fulfilled when the device has taken it. */
  readonly told: Promise<void> | undefined;
}

/** Who waits for a port. */
export interface Waiter {
  readonly name: string;
  readonly promise: Promise<Port>;
}

/** A caller who may change his mind. */
interface Abortable {
  readonly signal: AbortSignal;
  readonly listener: () => void;
}

/** Of the console, what changes. */
export type ChangingConsole = { -readonly [Name in keyof ConsoleDevice]: ConsoleDevice[Name] };

/** One console. */
export interface Hub {
  readonly live: Live;
  readonly facts: ConsoleFacts;
  readonly control: Control;
  /** What the program sees of it. */
  readonly device: ChangingConsole;
  /** By their numbers. */
  readonly pairs: Pair[];
  /** Those that are polled. Replaced, never changed. */
  openPorts: readonly PortState[];
  /** Messages that wait, and the one that the device has. */
  outbox: Message[];
  sent: Message | undefined;
  isSentBack: boolean;
  /** The device has said something in this turn. */
  hasHeard: boolean;
  /** The device has announced its ports since it was started. */
  isSettled: boolean;
  /** Why the device is given up: it was reset before it had announced its ports. */
  hopeless: DeviceError | undefined;
  /** Somebody has asked for something since the last look. */
  isDue: boolean;
  /** Fulfilled when the ports were announced for the first time. */
  readonly settled: Promise<void>;
  waiters: Waiter[];
  portListeners: readonly ((port: Port, isThere: boolean) => void)[];
  readonly abortables: Map<Promise<unknown>, Abortable>;
  readonly spareReads: Read[];
  readonly spareWrites: Write[];
  /** Promises that wait. */
  pendingCount: number;
  /** When a device that cannot interrupt is looked at again. */
  lookAt: number;
  /** Lines that may still be said about what the device says. */
  complaintsLeft: number;
}

/** Returns a promise that keeps the program alive until it settles; it does by one of the next two functions. */
export const begin = <T>(hub: Hub): Promise<T> => {
  hub.pendingCount++;
  return pendingPromise<T>();
};

/** Fulfils such a promise. */
export const settle = <T>(hub: Hub, promise: Promise<T>, value: T): void => {
  hub.pendingCount--;
  if (hub.abortables.size > 0) endListening(hub, promise);
  fulfil(promise, value);
};

/** Rejects it. */
export const refuse = (hub: Hub, promise: Promise<unknown>, reason: unknown): void => {
  hub.pendingCount--;
  if (hub.abortables.size > 0) endListening(hub, promise);
  reject(promise, reason);
};

/** Calls `abort` when the caller changes his mind before the promise has settled. */
export const listen = (
  hub: Hub,
  promise: Promise<unknown>,
  signal: AbortSignal | undefined,
  abort: () => void,
): void => {
  if (signal === undefined) return;
  hub.abortables.set(promise, { signal, listener: abort });
  signal.addEventListener('abort', abort);
};

const endListening = (hub: Hub, promise: Promise<unknown>): void => {
  const abortable = hub.abortables.get(promise);
  if (abortable === undefined) return;
  hub.abortables.delete(promise);
  abortable.signal.removeEventListener('abort', abortable.listener);
};

/** Has the loop look at the console: there is something to do. */
export const stir = (hub: Hub): void => {
  hub.isDue = true;
  wakeLive(hub.live);
};

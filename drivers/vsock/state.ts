// What the driver of a socket device keeps in the control plane, and how promises get their end. Counters, addresses and credit are in records: connections.ts.
//
// Functions over objects, as a method of a class costs a search by its name at each call.

import { type DeviceError, DeviceFailure } from '../../kernel/device/failure.ts';
import type { VsockDevice, VsockListener, VsockSocket, VsockType } from '../../kernel/device/vsock.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import type { TimerObject } from '../../kernel/event/timers.ts';
import { type Live, wakeLive } from '../virtio/live.ts';
import type { VsockFlow } from './flow.ts';

/** A promise that keeps the program alive until it settles, and the caller who may change his mind. */
export interface Wait<T> {
  readonly promise: Promise<T>;
  readonly signal: AbortSignal | undefined;
  listener: (() => void) | undefined;
}

/** Bytes that have come and were not read: those from `start` to `end`. Behind `end` there may be room for more. */
export interface Chunk {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
  /** A message ends with it. */
  endsMessage: boolean;
  next: Chunk | undefined;
}

/** Who reads. With a target he is told how many bytes there are, else he gets them. */
export type Read =
  | { readonly target: undefined; readonly wait: Wait<Uint8Array> }
  | { readonly target: Uint8Array; readonly wait: Wait<number> };

/** Who writes. */
export interface Write {
  readonly bytes: Uint8Array;
  readonly wait: Wait<void>;
  sentLength: number;
}

/** A connection, from when it is asked for until nobody has it any more. */
export interface SocketState {
  readonly type: VsockType;
  readonly socket: VsockSocket;
  readonly receiveBytes: number;
  /** Its number among the connections, NO_CONNECTION when it is over. */
  index: number;
  /** Who waits for the answer of the other end, until then. */
  connecting: Wait<VsockSocket> | undefined;
  /** Ends the wait for the other end: its answer, or its word that the connection is over. */
  timer: TimerObject | undefined;
  /** In whose line it is, until somebody accepts it. */
  listener: ListenerState | undefined;
  firstChunk: Chunk | undefined;
  lastChunk: Chunk | undefined;
  chunkCount: number;
  messageCount: number;
  reads: Read[];
  writes: Write[];
  /** It is among those that have something to write. */
  isSender: boolean;
  /** The program writes nothing more; who waits for the other end to be told. */
  isShut: boolean;
  shutting: Wait<void>[];
  /** The other end sends no more; it takes no more. */
  isPeerDone: boolean;
  isPeerDeaf: boolean;
  /** Why it is over, when that is not what both ends wanted. */
  failure: DeviceError | undefined;
  isClosed: boolean;
  closing: Wait<void>[];
}

/** A port that the program listens at. */
export interface ListenerState {
  readonly type: VsockType;
  readonly listener: VsockListener;
  readonly receiveBytes: number;
  readonly backlog: number;
  /** Connections that nobody has accepted. */
  arrived: SocketState[];
  accepts: Wait<VsockSocket>[];
  refusal: DeviceError | undefined;
}

/** One device. */
export interface Hub {
  readonly live: Live;
  readonly flow: VsockFlow;
  readonly device: VsockDevice;
  /** By their numbers among the connections. */
  readonly sockets: (SocketState | undefined)[];
  /** By their ports. */
  readonly listeners: Map<number, ListenerState>;
  /** Those that have something to write. */
  senders: SocketState[];
  /** The port for the next connection that is asked for. */
  nextPort: number;
  /** Somebody has asked for something since the last look. */
  isDue: boolean;
  /** Promises that wait. */
  pendingCount: number;
  /** When a device that cannot interrupt is looked at again. */
  lookAt: number;
  /** Lines that may still be said about what the other ends say. */
  complaintsLeft: number;
  /** The context id of a device that has ended. */
  lastCid: number | undefined;
}

/** Returns a wait. `abort` is called when the caller changes his mind before it has settled. */
export const begin = <T>(hub: Hub, signal?: AbortSignal, abort?: (wait: Wait<T>) => void): Wait<T> => {
  hub.pendingCount++;
  const wait: Wait<T> = { promise: pendingPromise<T>(), signal, listener: undefined };
  if (signal !== undefined && abort !== undefined) {
    const listener = (): void => abort(wait);
    wait.listener = listener;
    signal.addEventListener('abort', listener);
  }
  return wait;
};

/** Fulfils a wait. */
export const settle = <T>(hub: Hub, wait: Wait<T>, value: T): void => {
  end(hub, wait);
  fulfil(wait.promise, value);
};

/** Rejects it. */
export const refuse = <T>(hub: Hub, wait: Wait<T>, reason: unknown): void => {
  end(hub, wait);
  reject(wait.promise, reason);
};

const end = <T>(hub: Hub, wait: Wait<T>): void => {
  hub.pendingCount--;
  if (wait.listener === undefined) return;
  wait.signal!.removeEventListener('abort', wait.listener);
  wait.listener = undefined;
};

/** Has the loop look at the device: there is something to do. */
export const stir = (hub: Hub): void => {
  hub.isDue = true;
  wakeLive(hub.live);
};

/** Returns an error of the kind `invalid-argument`. */
export const invalid = (message: string): DeviceFailure => new DeviceFailure('invalid-argument', message);

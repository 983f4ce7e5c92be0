// Reads and writes of ports. kernel/device/console.ts says what callers get.
//
//   write() ─▶ line of writes ── sendWrites ──▶ buffers ─▶ device ─▶ takeBack: the promise of a write whose last buffer is back is fulfilled
//   read()  ─▶ line of reads ◀── settleReads ── unread buffers ◀─ device

import { smaller } from '../../kernel/base/bits.ts';
import type { ConsoleOptions } from '../../kernel/device/console.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import { addBuffer, freeBuffer, NO_BUFFER, readablePart, takeFree } from '../virtio/buffers.ts';
import { describeFault } from '../virtio/describe.ts';
import { restartLive } from '../virtio/live.ts';
import {
  cutFirst,
  firstLength,
  firstOffset,
  forgetUnread,
  type PortQueues,
  RESTART_DONE,
  RESTART_IMPOSSIBLE,
  releaseFirst,
  restartTransmit,
  startReceiving,
  TRANSMIT_LENGTH,
  takeEnd,
  takeReceived,
  takeTransmitted,
  unreadLength,
} from './port-queues.ts';
import { EVENT_PORT_OPEN } from './registers.ts';
import {
  begin,
  type Hub,
  listen,
  type Pair,
  type PortState,
  type Read,
  refuse,
  settle,
  stir,
  type Write,
} from './state.ts';

/** In place of the bytes of a write that has ended. */
const NOTHING = new Uint8Array(0);

/** As Port.read. */
export const read = (hub: Hub, state: PortState, options?: ConsoleOptions): Promise<Uint8Array> =>
  startRead(hub, state, undefined, options) as Promise<Uint8Array>;

/** As Port.readInto. */
export const readInto = (hub: Hub, state: PortState, target: Uint8Array, options?: ConsoleOptions): Promise<number> => {
  if (target.length > 0) return startRead(hub, state, target, options) as Promise<number>;
  return Promise.reject(new DeviceFailure('invalid-argument', 'there is no room for bytes'));
};

const startRead = (
  hub: Hub,
  state: PortState,
  target: Uint8Array | undefined,
  options: ConsoleOptions | undefined,
): Promise<unknown> => {
  const signal = options?.signal;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const refused = openPort(hub, state);
  if (refused !== undefined) return Promise.reject(failureOf(refused));
  const asked = newRead(hub, target);
  const { promise } = asked;
  append(state.reads, asked);
  if (signal !== undefined) listen(hub, promise, signal, abortingRead(hub, state, asked, signal));
  settleReads(hub, state);
  stir(hub); // Buffers that were read go back to the device.
  return promise;
};

// Reads and writes are used again, and a function that keeps what it is called with is made where there is a signal alone: so nothing is allocated but the promise. `push` and `Math.min`
// make an array of their arguments, and are left out for that.

/** As `push` does. */
const append = <Each>(list: Each[], each: Each): void => {
  list[list.length] = each;
};

const newRead = (hub: Hub, target: Uint8Array | undefined): Read => {
  const promise = begin<unknown>(hub);
  const spare = hub.spareReads.pop();
  if (spare === undefined) return { promise, target };
  spare.promise = promise;
  spare.target = target;
  return spare;
};

const abortingRead = (hub: Hub, state: PortState, asked: Read, signal: AbortSignal) => (): void => {
  state.reads = state.reads.filter((each) => each !== asked);
  refuse(hub, asked.promise, signal.reason);
};

/** As Port.write. */
export const write = (hub: Hub, state: PortState, bytes: Uint8Array, options?: ConsoleOptions): Promise<void> => {
  const signal = options?.signal;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const refused = openPort(hub, state);
  if (refused !== undefined) return Promise.reject(failureOf(refused));
  if (bytes.length === 0) return Promise.resolve();
  const entry = newWrite(hub, bytes);
  const { promise } = entry;
  if (state.lastUnsent === undefined) state.firstUnsent = entry;
  else state.lastUnsent.next = entry;
  state.lastUnsent = entry;
  if (signal !== undefined) listen(hub, promise, signal, abortingWrite(hub, state, entry, signal));
  stir(hub);
  return promise;
};

const newWrite = (hub: Hub, bytes: Uint8Array): Write => {
  const promise = begin<void>(hub);
  const spare = hub.spareWrites.pop();
  if (spare === undefined) {
    return { bytes, promise, sentLength: 0, underWayCount: 0, isSettled: false, next: undefined };
  }
  spare.bytes = bytes;
  spare.promise = promise;
  spare.sentLength = 0;
  spare.isSettled = false;
  return spare;
};

const abortingWrite = (hub: Hub, state: PortState, entry: Write, signal: AbortSignal) => (): void =>
  rejectWrite(hub, state, entry, signal.reason);

/** Opens the port for the program, when it is not. Returns why that cannot be. */
export const openPort = (hub: Hub, state: PortState): DeviceError | undefined => {
  if (state.failure !== undefined || state.isOpen) return state.failure;
  if (state.isPresent) {
    const failure = startPort(hub, state);
    if (failure !== undefined) return failure;
  }
  state.isOpen = true;
  hub.openPorts = [...hub.openPorts, state];
  return undefined;
};

/** Gives the device buffers, and has it tell the host. Returns why that cannot be. */
export const startPort = (hub: Hub, { pair }: PortState): DeviceError | undefined => {
  const { live } = hub;
  takeReceived(pair.queues); // What came after the port was closed the last time.
  forgetUnread(pair.queues);
  if (!startReceiving(live.transport, live.pool, pair.queues)) {
    return { kind: 'no-memory', message: describeFault(live.transport).message };
  }
  if (hub.facts.isMultiport) {
    hub.outbox.push({ port: pair.number, event: EVENT_PORT_OPEN, value: 1, told: undefined });
  }
  return undefined;
};

/** Gives waiting reads what is there. */
export const settleReads = (hub: Hub, state: PortState): void => {
  const { queues } = state.pair;
  while (state.reads.length > 0) {
    const isEnd: boolean = takeEnd(queues);
    const available: number = isEnd ? 0 : unreadLength(queues);
    if (available === 0 && !isEnd) return;
    const asked = state.reads.shift()!;
    const { promise, target } = asked;
    asked.target = undefined;
    append(hub.spareReads, asked);
    if (target === undefined) settle(hub, promise, takeUnread(queues, new Uint8Array(available)));
    else {
      const length: number = smaller(target.length, available);
      takeUnread(queues, length === target.length ? target : target.subarray(0, length));
      settle(hub, promise, length);
    }
  }
};

/** Fills an array with the oldest unread bytes, of which there are enough up to the next end mark. Returns it. */
const takeUnread = (queues: PortQueues, target: Uint8Array): Uint8Array => {
  let at = 0;
  while (at < target.length) {
    const whole: number = firstLength(queues);
    const length: number = smaller(whole, target.length - at);
    dmaReadBytes(firstOffset(queues), length === target.length ? target : target.subarray(at, at + length));
    if (length === whole) releaseFirst(queues);
    else cutFirst(queues, length);
    at += length;
  }
  return target;
};

/** Gives the device what waits, as far as there are buffers. Not while the host would not get it. */
export const sendWrites = (state: PortState): void => {
  const { pair, port } = state;
  if (!state.isPresent || !(port.isHostOpen || port.isConsole)) return;
  const transmit = pair.queues.transmit;
  for (let entry = state.firstUnsent; entry !== undefined; entry = state.firstUnsent) {
    const index: number = takeFree(transmit);
    if (index === NO_BUFFER) return;
    const { bytes, sentLength } = entry;
    const end: number = smaller(sentLength + TRANSMIT_LENGTH, bytes.length);
    dmaWriteBytes(
      readablePart(transmit, index),
      end - sentLength === bytes.length ? bytes : bytes.subarray(sentLength, end),
    );
    if (!addBuffer(transmit, index, end - sentLength, 0)) {
      freeBuffer(transmit, index); // The queue is broken, which the next look at it tells.
      return;
    }
    pair.writers[index] = entry;
    entry.underWayCount++;
    entry.sentLength = end;
    if (end === bytes.length) leaveLine(state, entry);
  }
};

/** Takes back the buffers whose bytes the device has taken. Returns whether there were any; NO_BUFFER or BUFFERS_BROKEN says why there are no more. */
export const takeBack = (hub: Hub, pair: Pair): number => {
  let index: number = takeTransmitted(pair.queues);
  for (; index >= 0; index = takeTransmitted(pair.queues)) endPiece(hub, pair, index);
  return index;
};

/** The device has no part of the bytes of a buffer any more. */
const endPiece = (hub: Hub, pair: Pair, index: number): void => {
  const entry = pair.writers[index];
  if (entry === undefined) return;
  pair.writers[index] = undefined;
  entry.underWayCount--;
  if (entry.underWayCount > 0) return;
  if (!entry.isSettled) {
    if (entry.sentLength < entry.bytes.length) return;
    entry.isSettled = true;
    settle(hub, entry.promise, undefined);
  }
  recycle(hub, entry);
};

/** Rejects a write. Nothing more of it is sent. */
const rejectWrite = (hub: Hub, state: PortState, entry: Write, reason: unknown): void => {
  leaveLine(state, entry);
  entry.isSettled = true;
  refuse(hub, entry.promise, reason);
  if (entry.underWayCount === 0) recycle(hub, entry);
};

const recycle = (hub: Hub, entry: Write): void => {
  entry.bytes = NOTHING;
  append(hub.spareWrites, entry);
};

/** Takes a write out of the line. Nearly always it is the first. */
const leaveLine = (state: PortState, entry: Write): void => {
  let before: Write | undefined;
  for (let each = state.firstUnsent; each !== undefined && each !== entry; each = each.next) before = each;
  const isInLine = before === undefined ? state.firstUnsent === entry : before.next === entry;
  if (!isInLine) return;
  if (before === undefined) state.firstUnsent = entry.next;
  else before.next = entry.next;
  if (state.lastUnsent === entry) state.lastUnsent = before;
  entry.next = undefined;
};

/** Rejects the writes of which the device has got a part. */
export const rejectStarted = (hub: Hub, state: PortState, error: DeviceError): void => {
  const { writers } = state.pair;
  for (const entry of writers)
    if (entry !== undefined && !entry.isSettled) rejectWrite(hub, state, entry, failureOf(error));
  const first = state.firstUnsent;
  if (first !== undefined && first.sentLength > 0) rejectWrite(hub, state, first, failureOf(error));
};

/** Rejects the reads that wait. */
export const rejectReads = (hub: Hub, state: PortState, error: DeviceError): void => {
  const { reads } = state;
  state.reads = [];
  for (const { promise } of reads) refuse(hub, promise, failureOf(error));
};

/** Nobody can use the port any more: what the device has of it rejects with `error`, the rest and all that comes later with `refusal`. */
export const failPort = (hub: Hub, state: PortState, error: DeviceError, refusal: DeviceError): void => {
  state.failure = refusal;
  state.isOpen = false;
  hub.openPorts = hub.openPorts.filter((each) => each !== state);
  rejectReads(hub, state, error);
  rejectStarted(hub, state, error);
  while (state.firstUnsent !== undefined) rejectWrite(hub, state, state.firstUnsent, failureOf(refusal));
};

/** The device has none of the buffers of a transmit queue any more. */
export const forgetWriters = (hub: Hub, pair: Pair): void => {
  for (let index = 0; index < pair.writers.length; index++) endPiece(hub, pair, index);
};

/** Takes back what the device has of a transmit queue that the host does not read any more. Where that is impossible it goes on with what is left. */
export const recoverTransmit = (hub: Hub, pair: Pair): void => {
  const { live } = hub;
  takeBack(hub, pair);
  const code: number = restartTransmit(live.transport, live.interrupts, pair.queues);
  if (code === RESTART_DONE) forgetWriters(hub, pair);
  else if (code !== RESTART_IMPOSSIBLE || pair.queues.transmit.freeCount === 0) {
    restartLive(live, { kind: 'device-reset', message: `the device keeps the buffers of port ${pair.number}` });
  }
};

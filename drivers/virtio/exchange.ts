// Calls of a device: a request that it reads, an answer that it writes, and a promise. For every device whose requests and answers are short.
//
//   call() ─▶ line ─▶ end of the turn: a buffer, one notification for all ─▶ device ─▶ pollExchange: the promise is fulfilled
//
// The bytes are copied, so that an aborted call leaves nothing behind that the device could still write to. Functions over an object, as a method of a class costs
// a search by its name at each call.

import { smaller } from '../../kernel/base/bits.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import {
  armBuffers,
  BUFFERS_BROKEN,
  type Buffers,
  beginBuffer,
  endBuffer,
  fillReadable,
  fillWritable,
  freeBuffer,
  kickBuffers,
  lookAfter,
  NO_BUFFER,
  readablePart,
  spinBuffers,
  takeFree,
  takeLost,
  takeReturned,
  wakeBuffers,
  writablePart,
} from './buffers.ts';
import { type Live, lookAtBroken, lookAtLate, wakeLive, whyEnded } from './live.ts';
import { fill } from './queue/queue.ts';
import { DEVICE_READS, DEVICE_WRITES } from './queue/record.ts';

/** Memory of the caller's that goes with a call, without a copy: behind the request when the device reads it, else behind the answer. */
export interface CallData {
  readonly offset: DmaOffset;
  readonly length: number;
  readonly isWritten: boolean;
}

/** What a call can be given along. */
export interface CallOptions {
  /** Aborted, it rejects the call's promise with the signal's reason. What the device has is let run; a call with `data` rejects only when that is done. */
  readonly signal?: AbortSignal;
  /** For a queue whose buffers were described with a further piece. */
  readonly data?: CallData;
}

/** A call, from when it is asked for until it is settled. */
interface Call {
  readonly promise: Promise<number>;
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
  readonly data: CallData | undefined;
  readonly signal: AbortSignal | undefined;
  listener: (() => void) | undefined;
}

/** The calls of one queue. */
export interface Exchange {
  readonly live: Live;
  readonly buffers: Buffers;
  /** Those that the device has, by buffer; undefined also for one that was aborted. */
  readonly underWay: (Call | undefined)[];
  underWayCount: number;
  /** Those that wait for a buffer, in their order. */
  waiting: Call[];
}

/** Returns the calls of a queue, none yet. `buffers` are described, and created by the driver's `setUp`. */
export const newExchange = (live: Live, buffers: Buffers): Exchange => ({
  live,
  buffers,
  underWay: [],
  underWayCount: 0,
  waiting: [],
});

/**
 * Sends `request` to the device and has it write its answer, of `answer.length` bytes at most; either may be empty, not both. Calls go out in their order, as many
 * at a time as there are buffers. Is fulfilled with how many bytes of `answer` were written; the others stay as they are. Neither may change before. Rejects with a
 * DeviceFailure: `invalid-argument` for what is longer than the parts of a buffer, `timeout`, `device-reset`, `wrong-answer`, `device-failed`, `closed`.
 */
export const call = (
  exchange: Exchange,
  request: Uint8Array,
  answer: Uint8Array,
  options: CallOptions = {},
): Promise<number> => {
  const promise = pendingPromise<number>();
  const { signal, data } = options;
  const refused = whyEnded(exchange.live) ?? whyTooLong(exchange.buffers, request, answer);
  if (refused !== undefined) reject(promise, failureOf(refused));
  else if (signal?.aborted) reject(promise, signal.reason);
  else {
    const asked: Call = { promise, request, answer, data, signal, listener: undefined };
    if (signal !== undefined) listen(exchange, asked, signal);
    exchange.waiting.push(asked);
    wakeLive(exchange.live);
  }
  return promise;
};

/** Returns how many calls are not settled, or still with the device: part of a source's pendingCount. */
export const callCount = (exchange: Exchange): number => exchange.underWayCount + exchange.waiting.length;

/** Takes back what is done, looks after the device, and sends what waits. Returns whether anything was back. Part of a driver's `poll`. */
export const pollExchange = (exchange: Exchange): boolean => {
  const { live, buffers } = exchange;
  if (live.state !== 'live') return false; // Another queue's trouble has ended the device.
  wakeBuffers(buffers);
  let index: number = takeReturned(buffers);
  const hasTaken = index >= 0;
  while (index >= 0) {
    settle(exchange, index);
    index = takeReturned(buffers);
  }
  if (index === BUFFERS_BROKEN) lookAtBroken(live, buffers.queue);
  else lookAtLate(live, lookAfter(buffers), buffers.queue);
  if (live.state === 'live' && exchange.waiting.length > 0) sendWaiting(exchange);
  return hasTaken;
};

/** Waits until there is something to poll, as EventSource has it. Part of a driver's `spin`. */
export const spinExchange = (exchange: Exchange, deadline: number): boolean =>
  maySend(exchange) || spinBuffers(exchange.buffers, deadline);

/** Asks for an interrupt at the next answer. False: something is to be polled now. Part of a driver's `arm`, for armLive. */
export const armExchange = (exchange: Exchange): boolean => !maySend(exchange) && armBuffers(exchange.buffers);

const maySend = ({ waiting, buffers }: Exchange): boolean => waiting.length > 0 && buffers.freeCount > 0;

/** Rejects what the device had when it was reset: part of a driver's `lost`. */
export const loseCalls = (exchange: Exchange, error: DeviceError): void => {
  const { buffers } = exchange;
  for (let index: number = takeLost(buffers); index !== NO_BUFFER; index = takeLost(buffers)) {
    const lost = takeCall(exchange, index);
    if (lost !== undefined) rejectCall(lost, failureOf(error));
  }
};

/** The same, and rejects those that wait with `refusal`: part of a driver's `ended`. */
export const endCalls = (exchange: Exchange, error: DeviceError, refusal: DeviceError): void => {
  loseCalls(exchange, error);
  for (const each of exchange.waiting) rejectCall(each, failureOf(refusal));
  exchange.waiting = [];
};

const whyTooLong = (buffers: Buffers, request: Uint8Array, answer: Uint8Array): DeviceError | undefined => {
  const readable: number = buffers.readableLength;
  const writable: number = buffers.writableLength;
  if (request.length <= readable && answer.length <= writable && request.length + answer.length > 0) return undefined;
  const message = `a request of ${request.length} bytes with ${answer.length} for its answer, of ${readable} and ${writable}`;
  return { kind: 'invalid-argument', message };
};

const sendWaiting = (exchange: Exchange): void => {
  const { buffers } = exchange;
  let sent = 0;
  for (; sent < exchange.waiting.length; sent++) {
    const index: number = takeFree(buffers);
    if (index === NO_BUFFER) break;
    if (!send(buffers, index, exchange.waiting[sent])) {
      freeBuffer(buffers, index);
      break; // The next poll finds the queue broken.
    }
    exchange.underWay[index] = exchange.waiting[sent];
    exchange.underWayCount += 1;
  }
  exchange.waiting = exchange.waiting.slice(sent);
  kickBuffers(buffers);
};

const send = (buffers: Buffers, index: number, { request, answer, data }: Call): boolean => {
  const pieceCount = (request.length > 0 ? 1 : 0) + (answer.length > 0 ? 1 : 0) + (data === undefined ? 0 : 1);
  if (!beginBuffer(buffers, index, pieceCount)) return false;
  if (request.length > 0) {
    dmaWriteBytes(readablePart(buffers, index), request);
    fillReadable(buffers, index, request.length);
  }
  if (data !== undefined && !data.isWritten) fill(buffers.queue, data.offset, data.length, DEVICE_READS);
  if (answer.length > 0) fillWritable(buffers, index, answer.length);
  if (data?.isWritten) fill(buffers.queue, data.offset, data.length, DEVICE_WRITES);
  endBuffer(buffers, index);
  return true;
};

/** Takes the call of a buffer that is back, and frees that. Undefined: it was aborted. */
const takeCall = (exchange: Exchange, index: number): Call | undefined => {
  const taken = exchange.underWay[index];
  exchange.underWay[index] = undefined;
  exchange.underWayCount -= 1;
  freeBuffer(exchange.buffers, index);
  return taken;
};

const settle = (exchange: Exchange, index: number): void => {
  const { buffers } = exchange;
  const written: number = buffers.writtenLength;
  const done = takeCall(exchange, index);
  if (done === undefined) return;
  const { promise, answer, signal } = done;
  const length = smaller(written, answer.length);
  if (signal?.aborted) {
    rejectCall(done, signal.reason);
    return;
  }
  if (length > 0)
    dmaReadBytes(writablePart(buffers, index), length === answer.length ? answer : answer.subarray(0, length));
  endListening(done);
  fulfil(promise, written);
};

const rejectCall = (asked: Call, error: unknown): void => {
  endListening(asked);
  reject(asked.promise, error);
};

const listen = (exchange: Exchange, asked: Call, signal: AbortSignal): void => {
  const listener = (): void => abort(exchange, asked, signal);
  asked.listener = listener;
  signal.addEventListener('abort', listener);
};

const endListening = (asked: Call): void => {
  if (asked.listener === undefined) return;
  asked.signal!.removeEventListener('abort', asked.listener);
  asked.listener = undefined;
};

const abort = (exchange: Exchange, asked: Call, signal: AbortSignal): void => {
  const index = exchange.underWay.indexOf(asked);
  if (index === -1) exchange.waiting = exchange.waiting.filter((each) => each !== asked);
  else if (asked.data !== undefined)
    return; // The device still has the caller's memory: he hears of it when it is done.
  else exchange.underWay[index] = undefined;
  rejectCall(asked, signal.reason);
};

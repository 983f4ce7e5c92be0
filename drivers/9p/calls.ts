// Requests to a 9P server, each with a promise of its answer.
//
//   ask() ─▶ line ─▶ end of the turn: a buffer, memory for its data, one notification for all ─▶ server ─▶ pollCalls: the answer is checked
//
// The tag of a request is the number of its buffer. One that is given up while the server has it is flushed: Tflush names its tag, and neither the buffer nor
// the tag is used again before both the buffer and Rflush are back. What the server had done by then counts: its answer is an answer.
//
// Functions over an object, as a method of a class costs a search by its name at each call.

import { smaller } from '../../kernel/base/bits.ts';
import { readU32 } from '../../kernel/base/bytes.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { refusedBy } from '../../kernel/device/file-failure.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import { ARENA_FULL, giveBack, takePiece } from '../virtio/arena.ts';
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
} from '../virtio/buffers.ts';
import { giveUpLive, type Live, lookAtBroken, lookAtLate, wakeLive, whyEnded } from '../virtio/live.ts';
import { fill } from '../virtio/queue/queue.ts';
import { DEVICE_READS, DEVICE_WRITES } from '../virtio/queue/record.ts';
import { ANSWER_ERRNO, ANSWER_LENGTH, ANSWER_SIZE, ANSWER_TAG, checkAnswer } from './answers.ts';
import type { Device } from './bring-up.ts';
import { setTag, writeFlush } from './messages.ts';
import { ANSWER_LENGTH_MAX, HEADER_SIZE, NO_TAG, R_READ_SIZE, T_VERSION } from './protocol.ts';

/** The memory that a request's data comes from or goes to: bytes of the caller's, or DMA memory of his. */
export interface Memory {
  readonly bytes: Uint8Array | undefined;
  readonly offset: DmaOffset;
}

/** Data of a request. */
export interface CallData {
  readonly memory: Memory;
  /** Where in the memory it begins, and how long it is. */
  readonly start: number;
  readonly length: number;
  /** The server writes it. */
  readonly isWritten: boolean;
}

/** What a request is asked with. */
export interface CallOptions {
  /** What is done, for the message of a refusal: `open '/name'`. */
  readonly what: string;
  readonly data?: CallData | undefined;
  /** Aborted, it has the request flushed. The promise rejects with the reason unless the server had answered before. */
  readonly signal?: AbortSignal | undefined;
}

/** A request, from when it is asked for until it is settled. */
interface Call {
  readonly promise: Promise<Uint8Array>;
  readonly message: Uint8Array;
  /** Bytes of its answer; 0 where they vary. */
  readonly answerLength: number;
  readonly options: CallOptions;
  /** Where its data is while the server has it. */
  piece: DmaOffset;
  listener: (() => void) | undefined;
  /** Of one that was given up while the server had it: what has not come back yet. */
  flush: 'none' | 'both' | 'answer' | 'flush';
  /** And what came back: settles the promise. */
  outcome: (() => void) | undefined;
}

/** The requests of one device. */
export interface Calls {
  readonly live: Live;
  readonly device: Device;
  readonly buffers: Buffers;
  /** Those that the server has, by tag. */
  readonly underWay: (Call | undefined)[];
  underWayCount: number;
  /** Those that wait for a buffer, or for memory, in their order. */
  waiting: Call[];
  /** The first of them finds none, until something is back. */
  isBlocked: boolean;
}

/** Returns the requests of a device, none yet. */
export const newCalls = (live: Live, device: Device): Calls => ({
  live,
  device,
  buffers: device.buffers,
  underWay: [],
  underWayCount: 0,
  waiting: [],
  isBlocked: false,
});

/**
 * Sends `message`, whose tag is filled in then, and returns a copy of the answer, without its data: of `answerLength` bytes, or of as many as it has where that is 0. Rejects
 * with a FileFailure when the server refuses, with the signal's reason, or with what is wrong with the device.
 */
export const ask = (
  calls: Calls,
  message: Uint8Array,
  answerLength: number,
  options: CallOptions,
): Promise<Uint8Array> => {
  const promise = pendingPromise<Uint8Array>();
  const refused = whyEnded(calls.live);
  if (refused !== undefined) reject(promise, failureOf(refused));
  else if (options.signal?.aborted) reject(promise, options.signal.reason);
  else {
    const asked = newCall(promise, message, answerLength, options);
    if (options.signal !== undefined) listen(calls, asked, options.signal);
    calls.waiting.push(asked);
    wakeLive(calls.live);
  }
  return promise;
};

const newCall = (
  promise: Promise<Uint8Array>,
  message: Uint8Array,
  answerLength: number,
  options: CallOptions,
): Call => ({
  promise,
  message,
  answerLength,
  options,
  piece: ARENA_FULL,
  listener: undefined,
  flush: 'none',
  outcome: undefined,
});

/** Returns how many requests are not settled, or still with the server. */
export const callCount = (calls: Calls): number => calls.underWayCount + calls.waiting.length;

/** Gives the device up because the server said what cannot be, and returns the failure. */
export const giveUpServer = (calls: Calls, message: string): Error => {
  const error = { kind: 'wrong-answer', message } as const;
  giveUpLive(calls.live, error);
  return failureOf(error);
};

// What the event loop asks for.

/** Takes back what is answered, looks after the device, and sends what waits. Returns whether anything was back. */
export const pollCalls = (calls: Calls): boolean => {
  const { live } = calls;
  const { buffers } = calls;
  wakeBuffers(buffers);
  let index: number = takeReturned(buffers);
  const hasTaken = index >= 0;
  while (index >= 0) {
    settle(calls, index);
    if (live.state !== 'live') return true; // It was given up.
    index = takeReturned(buffers);
  }
  if (index === BUFFERS_BROKEN) lookAtBroken(live, buffers.queue);
  else lookAtLate(live, lookAfter(buffers), buffers.queue);
  if (live.state === 'live' && calls.waiting.length > 0) sendWaiting(calls);
  return hasTaken;
};

/** Waits until there is something to poll, as EventSource has it. */
export const spinCalls = (calls: Calls, deadline: number): boolean =>
  maySend(calls) || spinBuffers(calls.buffers, deadline);

/** Asks for an interrupt at the next answer. False: something is to be polled now. */
export const armCalls = (calls: Calls): boolean => !maySend(calls) && armBuffers(calls.buffers);

const maySend = ({ waiting, isBlocked }: Calls): boolean => waiting.length > 0 && !isBlocked;

/** Rejects what the device had, and what waits for it, with an error of the reset: no fid of theirs is known any more. */
export const loseCalls = (calls: Calls, error: DeviceError): void => endCalls(calls, error, error);

/** Rejects what the device had with `error`, and what waits with `refusal`. */
export const endCalls = (calls: Calls, error: DeviceError, refusal: DeviceError): void => {
  const { buffers } = calls;
  while (takeLost(buffers) !== NO_BUFFER) {} // Each is in underWay, and so are those that wait for their flush.
  for (let index = 0; index < calls.underWay.length; index++) {
    const lost = calls.underWay[index];
    if (lost === undefined) continue;
    freeBuffer(buffers, index);
    forget(calls, index);
    endCall(calls, lost);
    reject(lost.promise, failureOf(error));
  }
  const { waiting } = calls;
  calls.waiting = [];
  for (const each of waiting) {
    endCall(calls, each);
    reject(each.promise, failureOf(refusal));
  }
};

// Sending.

const sendWaiting = (calls: Calls): void => {
  const { buffers } = calls;
  let sent = 0;
  for (; sent < calls.waiting.length; sent++) {
    const next = calls.waiting[sent]!;
    calls.isBlocked = buffers.freeCount === 0 || !takeMemoryFor(calls, next);
    if (calls.isBlocked) break;
    const index: number = takeFree(buffers);
    if (!send(calls, index, next)) {
      freeBuffer(buffers, index);
      break; // The next poll finds the queue broken.
    }
    calls.underWay[index] = next;
    calls.underWayCount += 1;
  }
  if (sent > 0) calls.waiting = calls.waiting.slice(sent);
  kickBuffers(buffers);
};

/** Takes memory for a request's data, unless it is the caller's. False: there is none now. */
const takeMemoryFor = ({ device }: Calls, next: Call): boolean => {
  const { data } = next.options;
  if (data === undefined || data.memory.bytes === undefined) return true;
  next.piece = takePiece(device.arena, data.length);
  if (next.piece === ARENA_FULL) return false;
  if (!data.isWritten) dmaWriteBytes(next.piece, partOf(data.memory.bytes, data.start, data.length));
  return true;
};

/** Adds a request to the queue. False: the queue is broken. */
const send = ({ buffers }: Calls, index: number, { message, options, piece }: Call): boolean => {
  const { data } = options;
  if (!beginBuffer(buffers, index, data === undefined ? 2 : 3)) return false;
  setTag(message, tagOf(message, index));
  dmaWriteBytes(readablePart(buffers, index), message);
  fillReadable(buffers, index, message.length);
  if (data === undefined) fillWritable(buffers, index, ANSWER_LENGTH_MAX);
  else {
    const offset = data.memory.bytes === undefined ? data.memory.offset + data.start : piece;
    if (!data.isWritten) fill(buffers.queue, offset, data.length, DEVICE_READS);
    fillWritable(buffers, index, R_READ_SIZE); // Which is as long as Rlerror and Rwrite.
    if (data.isWritten) fill(buffers.queue, offset, data.length, DEVICE_WRITES);
  }
  endBuffer(buffers, index);
  return true;
};

const tagOf = (message: Uint8Array, index: number): number => (message[4] === T_VERSION ? NO_TAG : index);

const partOf = (bytes: Uint8Array, start: number, length: number): Uint8Array =>
  start === 0 && length === bytes.length ? bytes : bytes.subarray(start, start + length);

// Answers.

/** Looks at a buffer that is back. */
const settle = (calls: Calls, index: number): void => {
  const { buffers } = calls;
  const written: number = buffers.writtenLength;
  const done = calls.underWay[index]!;
  calls.isBlocked = false;
  if (done.flush === 'none') {
    freeBuffer(buffers, index);
    forget(calls, index);
    takeAnswer(calls, index, done, written)();
    return;
  }
  // A request that was flushed comes back without an answer, or with the one that the server had by then.
  done.outcome = written > 0 ? takeAnswer(calls, index, done, written) : takeNothing(calls, done);
  if (done.flush === 'answer') endFlush(calls, index, done);
  else done.flush = 'flush';
};

/** Copies an answer and checks it. Returns what settles its promise. */
const takeAnswer = (calls: Calls, index: number, done: Call, written: number): (() => void) => {
  const { message, answerLength, options, promise } = done;
  const { data } = options;
  const answer = new Uint8Array(smaller(written, data === undefined ? ANSWER_LENGTH_MAX : R_READ_SIZE));
  dmaReadBytes(writablePart(calls.buffers, index), answer);
  const dataLength = data?.isWritten ? data.length : 0;
  const code: number = checkAnswer(answer, written, message[4]!, tagOf(message, index), answerLength, dataLength);
  if (code === 0 && data?.isWritten && data.memory.bytes !== undefined && !options.signal?.aborted) {
    const count: number = readU32(answer, HEADER_SIZE);
    if (count > 0) dmaReadBytes(done.piece, partOf(data.memory.bytes, data.start, count));
  }
  endCall(calls, done);
  if (code === 0) return () => fulfil(promise, answer);
  if (code > 0) return () => reject(promise, refusedBy(code, options.what));
  return () => reject(promise, giveUpServer(calls, describeWrong(code, message[4]!, answer, written)));
};

/** The same for a request that was flushed, and not answered. */
const takeNothing = (calls: Calls, done: Call): (() => void) => {
  endCall(calls, done);
  return () => reject(done.promise, done.options.signal!.reason);
};

const describeWrong = (code: number, type: number, answer: Uint8Array, written: number): string => {
  const what = `the server answered a request of type ${type}`;
  if (code === ANSWER_SIZE) return `${what} with ${written} bytes of another size`;
  if (code === ANSWER_TAG) return `${what} with another tag`;
  if (code === ANSWER_LENGTH) return `${what} with ${written} bytes of type ${answer[4]}, which has another length`;
  if (code === ANSWER_ERRNO) return `${what} with an error that is none`;
  return `${what} with type ${answer[4]}`;
};

const forget = (calls: Calls, index: number): void => {
  calls.underWay[index] = undefined;
  calls.underWayCount -= 1;
};

/** Ends what a call has beside its buffer. */
const endCall = ({ device }: Calls, ended: Call): void => {
  if (ended.piece !== ARENA_FULL) giveBack(device.arena, ended.piece);
  ended.piece = ARENA_FULL;
  if (ended.listener === undefined) return;
  ended.options.signal!.removeEventListener('abort', ended.listener);
  ended.listener = undefined;
};

// Giving up.

const listen = (calls: Calls, asked: Call, signal: AbortSignal): void => {
  const listener = (): void => abort(calls, asked, signal);
  asked.listener = listener;
  signal.addEventListener('abort', listener);
};

const abort = (calls: Calls, asked: Call, signal: AbortSignal): void => {
  const index = calls.underWay.indexOf(asked);
  if (index === -1) {
    calls.waiting = calls.waiting.filter((each) => each !== asked);
    endCall(calls, asked);
    reject(asked.promise, signal.reason);
  } else {
    asked.flush = 'both';
    sendFlush(calls, asked, index);
  }
};

/** Has the server flush a request. Its own promise is nobody's: what it brings is the end of the flushed one's. */
const sendFlush = (calls: Calls, flushed: Call, index: number): void => {
  const message = new Uint8Array(HEADER_SIZE + 2);
  writeFlush(message, index);
  const promise = pendingPromise<Uint8Array>();
  const end = (): void => {
    if (calls.underWay[index] !== flushed) return; // It was lost meanwhile.
    if (flushed.flush === 'flush') endFlush(calls, index, flushed);
    else flushed.flush = 'answer';
  };
  promise.then(end, end);
  calls.waiting.unshift(newCall(promise, message, HEADER_SIZE, { what: 'flush' })); // It waits for nothing but a buffer.
  calls.isBlocked = false;
  wakeLive(calls.live);
};

const endFlush = (calls: Calls, index: number, flushed: Call): void => {
  freeBuffer(calls.buffers, index);
  forget(calls, index);
  calls.isBlocked = false;
  flushed.outcome!();
};

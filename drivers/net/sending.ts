// Frames that callers send: straight into the queue while it has room, else into a line. kernel/device/network.ts says what each call means.

import type { DmaOffset } from '../../kernel/base/machine.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { SEGMENT_NONE, SEGMENT_TCP4, SEGMENT_TCP6, SEGMENT_UDP } from '../../kernel/device/frame.ts';
import type { Offload, OffloadName, SendOptions } from '../../kernel/device/network.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { dmaLength, dmaRead8 } from '../../kernel/hal/dma.ts';
import { giveUpLive, whyEnded } from '../virtio/live.ts';
import { describeQueueFault } from '../virtio/queue/fault.ts';
import { lengthError } from './errors.ts';
import { FRAME_LENGTH_MIN } from './receive.ts';
import { FEATURE_CSUM, FEATURE_HOST_TSO4, FEATURE_HOST_TSO6, FEATURE_HOST_UFO, MAC_LENGTH } from './registers.ts';
import { has, type NetState, type WaitingFrame, wakeNet } from './state.ts';
import {
  clearOffload,
  sendCopy,
  sendDirect,
  setOffload,
  type TransmitQueue,
  takeAllSent,
  takeSent,
} from './transmit.ts';

/** The longest frame in its sender's memory that is sent as segments: a packet of 65,535 bytes, and a VLAN's tag. */
const DIRECT_LENGTH_MAX = 65535 + 18;

/** Bytes of a checksum. */
const CHECKSUM_LENGTH = 2;

/** Sends a copy of a frame. */
export const send = (state: NetState, bytes: Uint8Array, options?: SendOptions): Promise<void> => {
  const { length } = bytes;
  const offload = options?.offload;
  const signal = options?.signal;
  const refused = whyNotSent(state, length, state.frameLengthMax, offload);
  if (refused !== undefined) return Promise.reject(failureOf(refused));
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (state.waiting.length === 0 && trySend(state, bytes, 0, length, offload) >= 0) {
    wakeNet(state);
    return state.sent;
  }
  return wait(state, { bytes, offset: 0, length, offload, promise: pendingPromise(), signal, listener: undefined });
};

/** Sends a frame that lies in its sender's memory. */
export const sendDma = (state: NetState, offset: DmaOffset, length: number, options?: SendOptions): Promise<void> => {
  const offload = options?.offload;
  const signal = options?.signal;
  const lengthMax = offload?.segments === undefined ? state.frameLengthMax : DIRECT_LENGTH_MAX;
  const refused = whyNotSent(state, length, lengthMax, offload) ?? whyMisplaced(state, offset, length);
  if (refused !== undefined) return Promise.reject(failureOf(refused));
  if (signal?.aborted) return Promise.reject(signal.reason);
  const promise = pendingPromise<void>();
  const frame: WaitingFrame = { bytes: undefined, offset, length, offload, promise, signal, listener: undefined };
  if (state.waiting.length > 0 || !sendDirectFrame(state, frame)) return wait(state, frame);
  wakeNet(state);
  return frame.promise;
};

/** Returns what the device can do for frames that are sent. §5.1.6.2 */
export const offloadsOf = (state: NetState): OffloadName[] => {
  const names: OffloadName[] = [];
  if (has(state, FEATURE_CSUM)) names.push('checksum');
  if (has(state, FEATURE_HOST_TSO4)) names.push('tcp4');
  if (has(state, FEATURE_HOST_TSO6)) names.push('tcp6');
  if (has(state, FEATURE_HOST_UFO)) names.push('udp');
  return names;
};

/** Takes back what has gone out of a pair. Returns whether anything has. Part of the driver's poll. */
export const takeBack = (state: NetState, index: number): boolean => {
  const transmit = state.pairs[index].transmit;
  const count: number = state.directCount === 0 ? takeAllSent(transmit) : takeDirects(state, index, transmit);
  if (count < 0) giveUpLive(state.live, { kind: 'wrong-answer', message: describeQueueFault(transmit.queue) });
  return count > 0;
};

/** Sends what waits, as far as there is room. Part of the driver's poll. */
export const sendWaiting = (state: NetState): void => {
  let sent = 0;
  for (const frame of state.waiting) {
    if (frame.bytes === undefined) {
      if (!sendDirectFrame(state, frame)) break;
      endListening(frame);
    } else {
      if (trySend(state, frame.bytes, 0, frame.length, frame.offload) < 0) break;
      endListening(frame);
      fulfil(frame.promise, undefined);
    }
    sent += 1;
  }
  if (sent > 0) state.waiting = state.waiting.slice(sent);
};

/** Rejects who waits until a frame in his memory has gone out: the device was reset. */
export const loseDirects = (state: NetState, error: DeviceError): void => {
  for (const directs of state.directs) {
    for (let head = 0; head < directs.length; head++) {
      const promise = directs[head];
      directs[head] = undefined;
      if (promise !== undefined) reject(promise, failureOf(error));
    }
  }
  state.directCount = 0;
};

/** Rejects the frames that wait for room: the device has ended. */
export const refuseWaiting = (state: NetState, refusal: DeviceError): void => {
  const { waiting } = state;
  state.waiting = [];
  for (const frame of waiting) {
    endListening(frame);
    reject(frame.promise, failureOf(refusal));
  }
};

/** Returns how many frames the device has. */
export const underWayCount = (state: NetState): number => {
  let count = 0;
  for (const pair of state.pairs) count += pair.transmit.queue.inFlight;
  return count;
};

const wait = (state: NetState, frame: WaitingFrame): Promise<void> => {
  state.waiting.push(frame);
  if (frame.signal !== undefined) {
    frame.listener = () => abort(state, frame);
    frame.signal.addEventListener('abort', frame.listener);
  }
  wakeNet(state);
  return frame.promise;
};

/** Takes a frame out of the line. */
const abort = (state: NetState, frame: WaitingFrame): void => {
  state.waiting = state.waiting.filter((each) => each !== frame);
  endListening(frame);
  reject(frame.promise, frame.signal!.reason);
  wakeNet(state); // Those behind it may have room, and who closes the device may have waited for it.
};

const endListening = ({ signal, listener }: WaitingFrame): void => {
  if (listener !== undefined) signal!.removeEventListener('abort', listener);
};

/** Returns the head, or why there is none: TRANSMIT_FULL, or TRANSMIT_BROKEN, which the next poll finds. */
const trySend = (
  state: NetState,
  bytes: Uint8Array | undefined,
  offset: DmaOffset,
  length: number,
  offload: Offload | undefined,
): number => {
  const transmit = state.pairs[pairOf(state, bytes, offset)].transmit;
  if (offload !== undefined) beginOffload(transmit, offload);
  const head: number = bytes === undefined ? sendDirect(transmit, offset, length) : sendCopy(transmit, bytes);
  if (offload !== undefined) clearOffload(transmit);
  return head;
};

const sendDirectFrame = (state: NetState, frame: WaitingFrame): boolean => {
  const head = trySend(state, undefined, frame.offset, frame.length, frame.offload);
  if (head < 0) return false;
  state.directs[pairOf(state, undefined, frame.offset)][head] = frame.promise;
  state.directCount += 1;
  return true;
};

/** Returns the index of the pair for a frame: all for one station go out of one queue, in their order. */
const pairOf = (state: NetState, bytes: Uint8Array | undefined, offset: DmaOffset): number => {
  const count = state.pairs.length;
  if (count === 1) return 0;
  const last: number = bytes === undefined ? dmaRead8(offset + MAC_LENGTH - 1) : bytes[MAC_LENGTH - 1];
  return last % count;
};

const takeDirects = (state: NetState, index: number, transmit: TransmitQueue): number => {
  const directs = state.directs[index];
  let count = 0;
  let head: number = takeSent(transmit);
  for (; head >= 0; head = takeSent(transmit)) {
    count += 1;
    const promise = directs[head];
    if (promise === undefined) continue;
    directs[head] = undefined;
    state.directCount -= 1;
    fulfil(promise, undefined);
  }
  return transmit.queue.broken ? head : count;
};

const beginOffload = (transmit: TransmitQueue, { checksumStart, checksumOffset, segments }: Offload): void => {
  if (segments === undefined) setOffload(transmit, checksumStart, checksumOffset, SEGMENT_NONE, 0, 0);
  else {
    const type = segmentTypeOf(segments.type);
    setOffload(transmit, checksumStart, checksumOffset, type, segments.lengthBytes, segments.headersLengthBytes);
  }
};

const segmentTypeOf = (type: 'tcp4' | 'tcp6' | 'udp'): number => {
  if (type === 'udp') return SEGMENT_UDP;
  return type === 'tcp4' ? SEGMENT_TCP4 : SEGMENT_TCP6;
};

/** Returns why a frame is not sent at all, undefined when it is. */
const whyNotSent = (
  state: NetState,
  length: number,
  lengthMax: number,
  offload: Offload | undefined,
): DeviceError | undefined => {
  if (state.live.state !== 'live') return whyEnded(state.live);
  if (state.isClosing) return { kind: 'closed', message: 'the device is being closed' };
  if (length < FRAME_LENGTH_MIN || length > lengthMax) return lengthError(length, lengthMax);
  return offload === undefined ? undefined : whyNoOffload(state, length, offload);
};

const whyNoOffload = (state: NetState, length: number, offload: Offload): DeviceError | undefined => {
  const { checksumStart, checksumOffset, segments } = offload;
  const names = state.device.offloads;
  const wanted = segments === undefined ? 'checksum' : segments.type;
  if (!names.includes('checksum') || !names.includes(wanted)) {
    return { kind: 'unsupported', message: `the device has no offload ${wanted}` };
  }
  const isInside =
    isWord(checksumStart) && isWord(checksumOffset) && checksumStart + checksumOffset + CHECKSUM_LENGTH <= length;
  if (isInside && (segments === undefined || areSegments(segments, length))) return undefined;
  return { kind: 'invalid-argument', message: `an offload that does not fit a frame of ${length} bytes` };
};

const areSegments = ({ lengthBytes, headersLengthBytes }: NonNullable<Offload['segments']>, length: number): boolean =>
  isWord(lengthBytes) &&
  lengthBytes > 0 &&
  isWord(headersLengthBytes) &&
  headersLengthBytes > 0 &&
  headersLengthBytes < length;

/** Returns whether a field of 16 bits can hold a number. */
const isWord = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 65_536;

const whyMisplaced = (state: NetState, offset: DmaOffset, length: number): DeviceError | undefined => {
  const { headroomBytes } = state.device;
  const isInside = offset >= headroomBytes && offset + length <= dmaLength();
  if (!isInside || !Number.isInteger(offset) || !Number.isInteger(length)) {
    const message = `${length} bytes at ${offset}, expected a place in DMA memory with ${headroomBytes} bytes before it`;
    return { kind: 'invalid-argument', message };
  }
  if (offset % 2 === 0) return undefined;
  return { kind: 'misaligned', message: `a frame at ${offset}, expected an even offset` };
};

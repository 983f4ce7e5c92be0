// Frames for callers: to who waits for one, and to who listens for all. kernel/device/network.ts says what each call means.

import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import type { Frame } from '../../kernel/device/frame.ts';
import type { ReceiveOptions } from '../../kernel/device/network.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { addListener } from '../virtio/listeners.ts';
import { giveUpLive, whyEnded } from '../virtio/live.ts';
import { describeReceiveFault } from './errors.ts';
import { copyFrame, RECEIVE_BROKEN, RECEIVE_FRAME, type ReceiveQueue, returnFrame, takeFrame } from './receive.ts';
import { type NetState, type Receiver, wakeNet } from './state.ts';

/** Frames up to this length are shown to listeners through views that are kept. */
const VIEW_LENGTH_MAX = 2048;

/** Is fulfilled with the next frame. */
export const receive = (state: NetState, { signal }: ReceiveOptions = {}): Promise<Uint8Array> => {
  const promise = pendingPromise<Uint8Array>();
  const ended = whyEnded(state.live);
  if (ended !== undefined) reject(promise, failureOf(ended));
  else if (signal?.aborted) reject(promise, signal.reason);
  else {
    const receiver: Receiver = { promise, signal, listener: () => abort(state, receiver) };
    signal?.addEventListener('abort', receiver.listener);
    state.receivers.push(receiver);
    wakeNet(state);
  }
  return promise;
};

/** Calls `listener` with the bytes of each frame. */
export const onFrame = (state: NetState, listener: (bytes: Uint8Array, frame: Frame) => void): (() => void) => {
  const end = addListener(whyEnded(state.live), state, 'listeners', listener);
  wakeNet(state);
  return end;
};

/** Calls `listener` with each frame where it lies. */
export const onFrameDma = (state: NetState, listener: (frame: Frame) => void): (() => void) => {
  const end = addListener(whyEnded(state.live), state, 'dmaListeners', listener);
  state.arePairsShown = true; // By their frames.
  wakeNet(state);
  return end;
};

/** Returns whether anybody wants the next frame. */
export const wantsFrames = (state: NetState): boolean =>
  state.receivers.length + state.listeners.length + state.dmaListeners.length > 0;

/** Hands out the frames that have come, as many as there are buffers at most. Returns whether there was one. Part of the driver's poll. */
export const handOut = (state: NetState, queue: ReceiveQueue): boolean => {
  let count = 0;
  let code: number = RECEIVE_FRAME;
  const countMax: number = queue.bufferCount;
  while (count < countMax && wantsFrames(state)) {
    code = takeFrame(queue);
    if (code !== RECEIVE_FRAME) break;
    count += 1;
    handOutFrame(state, queue);
    returnFrame(queue);
  }
  if (code === RECEIVE_BROKEN) {
    giveUpLive(state.live, { kind: 'wrong-answer', message: describeReceiveFault(queue) });
  }
  return count > 0;
};

/** Rejects who waits for a frame: the device has ended. */
export const refuseReceivers = (state: NetState, refusal: DeviceError): void => {
  const { receivers } = state;
  state.receivers = [];
  state.listeners = [];
  state.dmaListeners = [];
  for (const receiver of receivers) {
    endListening(receiver);
    reject(receiver.promise, failureOf(refusal));
  }
};

const handOutFrame = (state: NetState, queue: ReceiveQueue): void => {
  const frame = queue.frame;
  if (state.receivers.length > 0) {
    const receiver = state.receivers.shift()!;
    const bytes = new Uint8Array(frame.length);
    copyFrame(queue, bytes);
    endListening(receiver);
    fulfil(receiver.promise, bytes);
  }
  for (const listener of state.dmaListeners) listener(frame);
  if (state.listeners.length === 0) return;
  const view = viewOf(state, frame.length);
  copyFrame(queue, view);
  for (const listener of state.listeners) listener(view, frame);
};

/** Returns the first `byteCount` bytes of the state's own. */
const viewOf = (state: NetState, byteCount: number): Uint8Array => {
  if (byteCount > state.bytes.length) state.bytes = new Uint8Array(byteCount); // Views of the old ones stay what they are.
  if (byteCount > VIEW_LENGTH_MAX) return state.bytes.subarray(0, byteCount);
  const known = state.views[byteCount];
  if (known !== undefined) return known;
  const view = state.bytes.subarray(0, byteCount);
  state.views[byteCount] = view;
  return view;
};

const abort = (state: NetState, receiver: Receiver): void => {
  state.receivers = state.receivers.filter((each) => each !== receiver);
  endListening(receiver);
  reject(receiver.promise, receiver.signal!.reason);
};

const endListening = ({ signal, listener }: Receiver): void => signal?.removeEventListener('abort', listener);

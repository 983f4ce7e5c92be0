// A stream that is recorded: its periods are with the device, come back filled, wait for a reader, and go to the device again.

import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import type { CaptureStream, SoundOptions, SoundStreamOptions } from '../../kernel/device/sound.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { dmaReadBytes } from '../../kernel/hal/dma.ts';
import { samplesOf } from './periods.ts';
import type { Changing, Period, Sound, StreamState } from './state.ts';
import { inTurn, makeReady, openStream, placeOf, sendReady, start, throwTrouble } from './streams.ts';

/** Who waits for samples. */
interface Read {
  readonly promise: Promise<Uint8Array>;
  readonly signal: AbortSignal | undefined;
  readonly listener: () => void;
}

/** One stream. */
interface Capture {
  readonly state: StreamState;
  /** Periods with samples, the oldest first. */
  recorded: Period[];
  reads: Read[];
  isStarting: boolean;
}

/** As SoundDevice.capture. */
export const openCapture = async (sound: Sound, options: SoundStreamOptions): Promise<CaptureStream> => {
  const state = await openStream(sound, 'input', options);
  const capture: Capture = { state, recorded: [], reads: [], isStarting: false };
  state.onReturn = (slot, written) => {
    const length = written - (written % state.stream.frameBytes); // Where a recording is cut off, a frame may be, too.
    if (length > 0 && state.stream.state !== 'released') capture.recorded.push({ slot, length });
    else state.free.push(slot);
  };
  state.onRoom = () => goOn(capture);
  state.onEnd = (error) => end(capture, error);
  state.waitingCount = () => capture.reads.length;
  const stream = state.stream as Changing<CaptureStream>;
  stream.read = (options) => read(capture, options);
  return stream;
};

const read = async (capture: Capture, options?: SoundOptions): Promise<Uint8Array> => {
  const { state } = capture;
  const signal = options?.signal;
  if (state.failure !== undefined) throw failureOf(state.failure);
  if (signal?.aborted) throw signal.reason;
  throwTrouble(state);
  if (capture.recorded.length > 0 && capture.reads.length === 0) {
    const bytes = takeRecorded(capture);
    goOn(capture);
    return bytes;
  }
  const now = state.stream.state;
  if (now === 'stopped' || now === 'released') return new Uint8Array(0);
  const asked: Read = { promise: pendingPromise(), signal, listener: () => abort(capture, asked) };
  capture.reads.push(asked);
  signal?.addEventListener('abort', asked.listener);
  startReading(capture);
  return asked.promise;
};

/** A stream that is prepared starts with the first who reads. */
const startReading = (capture: Capture): void => {
  const { state } = capture;
  if (state.stream.state !== 'prepared' || capture.isStarting) return;
  capture.isStarting = true;
  void inTurn(state, async () => {
    try {
      if (state.stream.state === 'prepared') await start(state);
    } catch (error) {
      end(capture, error as DeviceError);
    }
    capture.isStarting = false;
  });
};

/** Copies the oldest period out; its place is free. */
const takeRecorded = ({ recorded, state }: Capture): Uint8Array => {
  const { slot, length } = recorded.shift()!;
  const bytes = new Uint8Array(length);
  dmaReadBytes(samplesOf(state.periods, placeOf(state, slot)), bytes);
  state.free.push(slot);
  return bytes;
};

/** Gives readers what is there, and the device the places that are free. */
const goOn = (capture: Capture): void => {
  const { state } = capture;
  while (capture.reads.length > 0 && capture.recorded.length > 0) settle(capture.reads.shift()!, takeRecorded(capture));
  if (state.stream.state === 'running') {
    for (const slot of state.free) makeReady(state, slot, state.periodBytes);
    state.free = [];
    sendReady(state);
  } else if (state.stream.state === 'stopped') {
    const { reads } = capture;
    capture.reads = [];
    for (const asked of reads) settle(asked, new Uint8Array(0));
  }
};

/** Rejects who waits, and forgets what was recorded. */
const end = (capture: Capture, error: DeviceError): void => {
  const { state, reads } = capture;
  for (const { slot } of capture.recorded) state.free.push(slot);
  capture.recorded = [];
  capture.reads = [];
  for (const asked of reads) refuse(asked, failureOf(error));
};

const settle = (asked: Read, bytes: Uint8Array): void => {
  endListening(asked);
  fulfil(asked.promise, bytes);
};

const refuse = (asked: Read, reason: unknown): void => {
  endListening(asked);
  reject(asked.promise, reason);
};

const abort = (capture: Capture, asked: Read): void => {
  capture.reads = capture.reads.filter((each) => each !== asked);
  refuse(asked, asked.signal!.reason);
};

const endListening = ({ signal, listener }: Read): void => signal?.removeEventListener('abort', listener);

// A stream that is played: what is written is copied into its periods, and waits there for the device.
//
//   write ─▶ the period that is being filled ─ full ─▶ ready ─▶ under way ─▶ free
//
// A period goes out full; only `drain` sends the last one as it is. §5.14.6.8.1.2

import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type { PlaybackStream, Samples, SoundOptions, SoundStreamOptions } from '../../kernel/device/sound.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { dmaWriteBytes } from '../../kernel/hal/dma.ts';
import { samplesOf } from './periods.ts';
import type { Changing, Sound, StreamState } from './state.ts';
import {
  inTurn,
  makeReady,
  openStream,
  placeOf,
  requireState,
  sendReady,
  start,
  stop,
  throwTrouble,
} from './streams.ts';

/** Samples that wait for room. */
interface Write {
  readonly bytes: Uint8Array;
  readonly promise: Promise<void>;
  readonly signal: AbortSignal | undefined;
  readonly listener: () => void;
  /** Bytes that were taken. */
  taken: number;
}

/** One stream. */
interface Playback {
  readonly state: StreamState;
  writes: Write[];
  /** The period that is being filled: undefined when there is none. */
  slot: number | undefined;
  filled: number;
  /** Fulfilled when the device has taken all. */
  drained: Promise<void> | undefined;
  isStarting: boolean;
}

/** As SoundDevice.playback. */
export const openPlayback = async (sound: Sound, options: SoundStreamOptions): Promise<PlaybackStream> => {
  const state = await openStream(sound, 'output', options);
  const playback: Playback = {
    state,
    writes: [],
    slot: undefined,
    filled: 0,
    drained: undefined,
    isStarting: false,
  };
  state.onReturn = (slot) => void state.free.push(slot);
  state.onRoom = () => goOn(playback);
  state.onEnd = (error) => end(playback, error);
  state.waitingCount = () => playback.writes.length + (playback.drained === undefined ? 0 : 1);
  const stream = state.stream as Changing<PlaybackStream>;
  stream.write = (samples, signal) => write(playback, samples, signal);
  stream.drain = () => inTurn(state, () => drain(playback));
  return stream;
};

const write = async (playback: Playback, samples: Samples, options?: SoundOptions): Promise<void> => {
  const { state, writes } = playback;
  const signal = options?.signal;
  requireState(state, 'write', 'prepared', 'running', 'stopped');
  if (playback.drained !== undefined) throw new DeviceFailure('invalid-argument', 'write while the stream is drained');
  const bytes = bytesOf(state, samples);
  if (signal?.aborted) throw signal.reason;
  throwTrouble(state);
  const taken = writes.length > 0 ? 0 : take(playback, bytes, 0);
  sendReady(state);
  startWhenFull(playback);
  if (taken === bytes.length) return;
  const asked: Write = { bytes, promise: pendingPromise(), signal, listener: () => abort(playback, asked), taken };
  writes.push(asked);
  signal?.addEventListener('abort', asked.listener);
  await asked.promise;
};

/** Returns samples as bytes. Throws for those of another format, and for what are no whole frames. */
const bytesOf = ({ stream }: StreamState, samples: Samples): Uint8Array => {
  let bytes: Uint8Array;
  let format = stream.format;
  if (samples instanceof Int16Array) {
    format = 's16';
    bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  } else if (samples instanceof Float32Array) {
    format = 'float';
    bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  } else bytes = samples;
  if (format !== stream.format) {
    throw new DeviceFailure('invalid-argument', `samples of ${format} for a stream of ${stream.format}`);
  }
  if (bytes.length % stream.frameBytes === 0) return bytes;
  throw new DeviceFailure(
    'invalid-argument',
    `${bytes.length} bytes are no whole frames of ${stream.frameBytes} bytes`,
  );
};

/** Copies what there is room for, from byte `from` on. Returns up to where. */
const take = (playback: Playback, bytes: Uint8Array, from: number): number => {
  const { state } = playback;
  const { free, periodBytes, periods } = state;
  let at = from;
  while (at < bytes.length) {
    playback.slot ??= free.shift();
    if (playback.slot === undefined) break;
    const { slot, filled } = playback;
    const length = Math.min(periodBytes - filled, bytes.length - at);
    const part = length === bytes.length ? bytes : bytes.subarray(at, at + length);
    dmaWriteBytes(samplesOf(periods, placeOf(state, slot)) + filled, part);
    at += length;
    playback.filled += length;
    if (playback.filled === periodBytes) send(playback, slot);
  }
  return at;
};

const send = (playback: Playback, slot: number): void => {
  makeReady(playback.state, slot, playback.filled);
  playback.slot = undefined;
  playback.filled = 0;
};

/** Takes what waits, and gives the device what is ready. */
const goOn = (playback: Playback): void => {
  const { state } = playback;
  let done = 0;
  for (const asked of playback.writes) {
    asked.taken = take(playback, asked.bytes, asked.taken);
    if (asked.taken < asked.bytes.length) break;
    done += 1;
    settle(asked);
  }
  if (done > 0) playback.writes = playback.writes.slice(done);
  if (playback.drained !== undefined && playback.writes.length === 0) finish(playback);
  const now = state.stream.state;
  if (now === 'prepared' || now === 'running') sendReady(state);
};

/** Sends the last period, if need be; and when nothing is left, says so. */
const finish = (playback: Playback): void => {
  const { state, slot, drained } = playback;
  state.isEnding = true;
  if (slot !== undefined) send(playback, slot);
  if (state.ready.length > 0 || state.underWayCount > 0) return;
  playback.drained = undefined;
  fulfil(drained!, undefined);
};

/** A stream that is prepared starts when its buffer is full. */
const startWhenFull = (playback: Playback): void => {
  const { state, slot, isStarting } = playback;
  const isFull = state.free.length === 0 && slot === undefined;
  if (!isFull || state.stream.state !== 'prepared' || isStarting) return;
  playback.isStarting = true;
  void inTurn(state, async () => {
    try {
      if (state.stream.state === 'prepared') await start(state);
    } catch (error) {
      end(playback, error as DeviceFailure);
    }
    playback.isStarting = false;
  });
};

const drain = async (playback: Playback): Promise<void> => {
  const { state } = playback;
  requireState(state, 'drain', 'prepared', 'running', 'stopped');
  const hasSamples =
    playback.writes.length + state.ready.length + state.underWayCount > 0 || playback.slot !== undefined;
  if (hasSamples) {
    const drained = pendingPromise<void>();
    playback.drained = drained;
    if (state.stream.state !== 'running')
      await Promise.all([startDraining(playback), drained]); // Either may fail, and the other then as well.
    else {
      goOn(playback);
      await drained;
    }
  }
  if (state.stream.state === 'running') await stop(state);
  throwTrouble(state);
};

const startDraining = async (playback: Playback): Promise<void> => {
  try {
    await start(playback.state);
  } catch (error) {
    playback.drained = undefined; // Nobody waits for it yet.
    throw error;
  }
};

/** Rejects who waits, and forgets what was not given to the device. */
const end = (playback: Playback, error: DeviceError): void => {
  const { state, writes, slot, drained } = playback;
  playback.writes = [];
  playback.drained = undefined;
  playback.slot = undefined;
  playback.filled = 0;
  if (slot !== undefined) state.free.push(slot);
  for (const asked of writes) refuse(asked, failureOf(error));
  if (drained !== undefined) reject(drained, failureOf(error));
};

const settle = (asked: Write): void => {
  endListening(asked);
  fulfil(asked.promise, undefined);
};

const refuse = (asked: Write, reason: unknown): void => {
  endListening(asked);
  reject(asked.promise, reason);
};

const abort = (playback: Playback, asked: Write): void => {
  playback.writes = playback.writes.filter((each) => each !== asked);
  refuse(asked, asked.signal!.reason);
  goOn(playback); // Those behind it may be taken now.
};

const endListening = ({ signal, listener }: Write): void => signal?.removeEventListener('abort', listener);

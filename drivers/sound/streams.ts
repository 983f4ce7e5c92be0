// A stream of a sound device: its states, its memory, and its periods on their way. VIRTIO 1.2 §5.14.6.6, §5.14.6.8. What is its direction's is in playback.ts and
// capture.ts.
//
// A period is a place in the stream's memory, and always in one of these: free; with the direction, which fills or empties it; ready for the device; under way.

import { log } from '../../kernel/base/log.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type { SoundStreamInfo, SoundStreamOptions, SoundStreamState } from '../../kernel/device/sound.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { DMA_ALLOCATE_FAILED } from '../../kernel/hal/dma-pool.ts';
import { kickBuffers } from '../virtio/buffers.ts';
import { describeFault } from '../virtio/describe.ts';
import { addListener } from '../virtio/listeners.ts';
import { refuseEnded, restartLive, wakeLive } from '../virtio/live.ts';
import { returnMemory, takeMemory } from '../virtio/memory.ts';
import { formatNumber, rateNumber, sampleBytes } from './formats.ts';
import { addPeriod, PLACE_OVERHEAD } from './periods.ts';
import {
  PARAMS_BUFFER_BYTES,
  PARAMS_CHANNELS,
  PARAMS_FEATURES,
  PARAMS_FORMAT,
  PARAMS_PERIOD_BYTES,
  PARAMS_RATE,
  PARAMS_SIZE,
  PCM_REPORTS_XRUNS,
  REQUEST_PCM_PREPARE,
  REQUEST_PCM_RELEASE,
  REQUEST_PCM_SET_PARAMS,
  REQUEST_PCM_START,
  REQUEST_PCM_STOP,
  STATUS_OK,
} from './registers.ts';
import { ask, requestAbout } from './requests.ts';
import { type Sound, type StreamState, without } from './state.ts';

/** Periods a second, where nothing else is asked for, and how many of them. */
const PERIOD_RATE = 50;
const PERIOD_COUNT = 8;

const PERIOD_COUNT_MIN = 2;
const PERIOD_COUNT_LIMIT = 1024;

/** Bytes of the largest buffer; there is seldom memory for more. */
const BUFFER_BYTES_MAX = 2 ** 28;

const PLACE_ALIGNMENT = 64;
const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/** Chooses a stream, and makes it ready: parameters are set, it is prepared. What the promise rejects with is what kernel/device/sound.ts says of `playback`. */
export const openStream = async (
  sound: Sound,
  direction: 'output' | 'input',
  options: SoundStreamOptions,
): Promise<StreamState> => {
  refuseEnded(sound.live);
  const info = chooseStream(sound, direction, options);
  const state = newStream(sound, info, options);
  sound.streams = [...sound.streams, state];
  try {
    await ask(sound, new DataView(state.parameters.buffer), 0);
    await ask(sound, requestAbout(REQUEST_PCM_PREPARE, info.index), 0);
  } catch (error) {
    if (state.failure === undefined) forget(state);
    throw error;
  }
  return state;
};

/** Returns a stream that can do what the options say. */
const chooseStream = (
  sound: Sound,
  direction: 'output' | 'input',
  { rate, channels, format, stream }: SoundStreamOptions,
): SoundStreamInfo => {
  const fitting = sound.device.streams.filter(
    (info) =>
      info.direction === direction &&
      (stream === undefined || stream === info.index) &&
      info.formats.includes(format) &&
      info.rates.includes(rate) &&
      channels >= info.channelsMin &&
      channels <= info.channelsMax &&
      Number.isInteger(channels),
  );
  const which = stream === undefined ? `no ${direction} stream` : `stream ${stream}, of those for ${direction},`;
  if (fitting.length === 0) {
    throw new DeviceFailure('unsupported', `${which} has ${channels} channels of ${format} at ${rate} Hz`);
  }
  const free = fitting.filter((info) => !sound.streams.some((each) => each.info === info));
  if (free.length === 0) throw new DeviceFailure('invalid-argument', `the stream is in use that could do this`);
  return free[0]!;
};

/** How a stream's buffer is cut. */
interface Cut {
  readonly frameBytes: number;
  readonly periodFrames: number;
  readonly periodBytes: number;
  readonly periodCount: number;
}

/** Returns how the options have it. Throws a DeviceFailure, `invalid-argument`, when that is no buffer. */
const cutOf = ({ rate, channels, format, periodFrames, periodCount = PERIOD_COUNT }: SoundStreamOptions): Cut => {
  const frames = periodFrames ?? Math.ceil(rate / PERIOD_RATE);
  const frameBytes = channels * sampleBytes(format);
  const periodBytes = frames * frameBytes;
  const isPossible =
    Number.isInteger(frames) &&
    Number.isInteger(periodCount) &&
    frames >= 1 &&
    periodCount >= PERIOD_COUNT_MIN &&
    periodCount <= PERIOD_COUNT_LIMIT &&
    periodBytes * periodCount <= BUFFER_BYTES_MAX;
  if (isPossible) return { frameBytes, periodFrames: frames, periodBytes, periodCount };
  throw new DeviceFailure('invalid-argument', `${periodCount} periods of ${frames} frames are no buffer`);
};

const newStream = (sound: Sound, info: SoundStreamInfo, options: SoundStreamOptions): StreamState => {
  const { live, record } = sound;
  const { rate, channels, format } = options;
  const { frameBytes, periodFrames, periodBytes, periodCount } = cutOf(options);
  const placeBytes = Math.ceil((periodBytes + PLACE_OVERHEAD) / PLACE_ALIGNMENT) * PLACE_ALIGNMENT;
  const memory: number = takeMemory(live.transport, live.pool, placeBytes * periodCount, PLACE_ALIGNMENT);
  if (memory === DMA_ALLOCATE_FAILED) throw new DeviceFailure('no-memory', describeFault(live.transport).message);
  const bufferNs = Math.ceil((periodFrames * periodCount * NS_PER_S) / rate);
  const state: StreamState = {
    sound,
    info,
    stream: {
      info,
      rate,
      channels,
      format,
      frameBytes,
      periodFrames,
      periodCount,
      state: 'prepared',
      frameCount: 0,
      xrunCount: 0,
      latencyBytes: 0,
      start: () => inTurn(state, () => start(state)),
      stop: () => inTurn(state, () => stop(state)),
      release: () => inTurn(state, () => release(state)),
      prepare: () => inTurn(state, () => prepare(state)),
      onXrun: (listener) => addListener(state.failure, state, 'xrunListeners', listener),
      onPeriod: (listener) => addListener(state.failure, state, 'periodListeners', listener),
      close: () => closeStream(state),
    },
    periods: info.direction === 'output' ? record.output : record.input,
    parameters: parametersOf(info, options, periodBytes, periodCount),
    periodBytes,
    patienceNs: bufferNs + live.deadlineMs * NS_PER_MS,
    memory,
    placeBytes,
    free: Array.from({ length: periodCount }, (_, slot) => slot),
    ready: [],
    underWayCount: 0,
    heardAt: 0,
    turn: Promise.resolve(),
    emptied: undefined,
    failure: undefined,
    trouble: undefined,
    byteCount: 0,
    xrunListeners: [],
    periodListeners: [],
    onReturn() {},
    onRoom() {},
    onEnd() {},
    waitingCount: () => 0,
    isEnding: false,
  };
  return state;
};

const parametersOf = (
  info: SoundStreamInfo,
  { rate, channels, format }: SoundStreamOptions,
  periodBytes: number,
  periodCount: number,
): Uint8Array => {
  const request = requestAbout(REQUEST_PCM_SET_PARAMS, info.index, PARAMS_SIZE);
  request.setUint32(PARAMS_BUFFER_BYTES, periodBytes * periodCount, true);
  request.setUint32(PARAMS_PERIOD_BYTES, periodBytes, true);
  request.setUint32(PARAMS_FEATURES, info.reportsXruns ? PCM_REPORTS_XRUNS : 0, true);
  request.setUint8(PARAMS_CHANNELS, channels);
  request.setUint8(PARAMS_FORMAT, formatNumber(format));
  request.setUint8(PARAMS_RATE, rateNumber(rate));
  return new Uint8Array(request.buffer);
};

// Its states. Each change is made in its turn, and asks for the right state when that has come.

/** Does `change` when those before it are done. */
export const inTurn = async (state: StreamState, change: () => Promise<void>): Promise<void> => {
  const before = state.turn;
  const mine = pendingPromise<void>();
  state.turn = mine;
  await before;
  try {
    await change();
  } finally {
    fulfil(mine, undefined);
  }
};

/** Throws unless the stream is in one of the states. */
export const requireState = (state: StreamState, what: string, ...expected: SoundStreamState[]): void => {
  if (state.failure !== undefined) throw failureOf(state.failure);
  const now = state.stream.state;
  if (expected.includes(now)) return;
  throw new DeviceFailure('invalid-argument', `${what} of a stream that is ${now}, expected ${expected.join(' or ')}`);
};

/** As SoundStream.start. */
export const start = async (state: StreamState): Promise<void> => {
  requireState(state, 'start', 'prepared', 'stopped');
  const before = state.stream.state;
  state.isEnding = false;
  state.stream.state = 'running'; // From now on its periods go to the device: those of a recording before it starts, as it should be. §5.14.6.8.2.2
  state.heardAt = clockNow();
  state.onRoom();
  await change(state, REQUEST_PCM_START, before);
};

/** As SoundStream.stop. */
export const stop = async (state: StreamState): Promise<void> => {
  requireState(state, 'stop', 'running');
  state.stream.state = 'stopped';
  await change(state, REQUEST_PCM_STOP, 'running');
  state.onRoom();
};

const prepare = async (state: StreamState): Promise<void> => {
  requireState(state, 'prepare', 'released');
  await change(state, REQUEST_PCM_PREPARE, 'released');
  state.stream.state = 'prepared';
};

const release = async (state: StreamState): Promise<void> => {
  requireState(state, 'release', 'prepared', 'stopped');
  const before = state.stream.state;
  state.stream.state = 'released';
  state.onEnd({ kind: 'closed', message: 'the stream was released' });
  for (const { slot } of state.ready) state.free.push(slot);
  state.ready = [];
  state.heardAt = clockNow();
  await change(state, REQUEST_PCM_RELEASE, before);
  await untilEmpty(state); // The device has given all back before it answered, §5.14.6.6.5.1; the queues may be looked at in another order.
};

/** Asks the device for the change; where it refuses, the state is `before` again. */
const change = async (state: StreamState, code: number, before: SoundStreamState): Promise<void> => {
  try {
    await ask(state.sound, requestAbout(code, state.info.index), 0);
  } catch (error) {
    if (state.failure === undefined) state.stream.state = before;
    throw error;
  }
};

/** Is fulfilled when the device has none of the stream's periods. Rejects when the stream has ended, which it may between the answer before this and here. */
const untilEmpty = (state: StreamState): Promise<void> => {
  if (state.underWayCount === 0) return Promise.resolve();
  if (state.failure !== undefined) return Promise.reject(failureOf(state.failure));
  state.emptied ??= pendingPromise<void>();
  wakeLive(state.sound.live);
  return state.emptied;
};

/** As SoundStream.close. */
const closeStream = (state: StreamState): Promise<void> =>
  endInTurn(state, { kind: 'closed', message: 'the stream was closed' });

/** Takes everything back from the device, and ends the stream: what waits rejects with `error`. */
const endInTurn = async (state: StreamState, error: DeviceError): Promise<void> => {
  if (state.failure !== undefined) return;
  await inTurn(state, async () => {
    if (state.failure !== undefined) return;
    if (state.stream.state === 'running') await stop(state);
    if (state.stream.state !== 'released') await release(state);
    if (state.failure !== undefined) return; // The device was reset, or has ended, in between.
    endStream(state, error, { kind: 'closed', message: error.message });
    forget(state);
  });
};

/**
 * Ends a stream for which the device does nothing: it is asked to give everything back, and others go on. A device that refuses that, or keeps periods all the same, is reset.
 */
export const endOverdue = async (state: StreamState): Promise<void> => {
  const { info, sound } = state;
  const { live } = sound;
  const message = `stream ${info.index} has stood still for ${live.deadlineMs} ms longer than its buffer takes`;
  const error = { kind: 'timeout', message } as const;
  if (state.emptied !== undefined) {
    restartLive(live, error);
    return;
  }
  log('warn', live.name, `${message}; it is released`);
  state.heardAt = clockNow();
  state.onEnd(error);
  try {
    await endInTurn(state, error);
  } catch (reason) {
    if (!(reason instanceof DeviceFailure)) throw reason;
    if (state.failure === undefined) restartLive(live, error);
  }
};

/** Nobody can use the stream any more: what waits rejects with `error`, what comes later with `refusal`. */
export const endStream = (state: StreamState, error: DeviceError, refusal: DeviceError): void => {
  state.stream.state = 'closed';
  state.failure = refusal;
  state.sound.streams = without(state.sound.streams, state);
  state.onEnd(error);
  if (state.emptied !== undefined) reject(state.emptied, failureOf(error));
  state.emptied = undefined;
};

/** Gives the memory of a stream back of which the device has nothing. */
export const forget = (state: StreamState): void => {
  const { live } = state.sound;
  state.sound.streams = without(state.sound.streams, state);
  returnMemory(live.transport, live.pool, state.memory);
};

// Its periods.

/** Returns where a period's place is. */
export const placeOf = (state: StreamState, slot: number): number => state.memory + slot * state.placeBytes;

/** Has a period go to the device. */
export const makeReady = (state: StreamState, slot: number, length: number): void => {
  state.ready.push({ slot, length });
};

/** Gives the device what is ready, as far as there is room, with one notification. */
export const sendReady = (state: StreamState): void => {
  const { ready, periods, info } = state;
  let sent = 0;
  for (const { slot, length } of ready) {
    if (!addPeriod(periods, info.index, slot, placeOf(state, slot), length)) break;
    sent += 1;
  }
  if (sent === 0) return;
  if (state.underWayCount === 0) state.heardAt = clockNow();
  state.underWayCount += sent;
  state.ready = ready.slice(sent);
  kickBuffers(periods.buffers);
  wakeLive(state.sound.live);
};

/** The device is done with a period: `length` bytes of it are samples. */
export const takeBack = (state: StreamState, slot: number, length: number, status: number, latency: number): void => {
  const { info, stream } = state;
  const isRight = status === STATUS_OK;
  state.underWayCount -= 1;
  state.heardAt = clockNow();
  if (stream.state !== 'released') {
    stream.latencyBytes = latency;
    if (isRight) countFrames(state, length);
    else state.trouble = { kind: 'io-error', message: `the device could not move samples of stream ${info.index}` };
  }
  const isShort = state.underWayCount === 0 && stream.state === 'running' && !state.isEnding;
  if (isShort && !info.reportsXruns) noteXrun(state);
  state.onReturn(slot, isRight ? length : 0);
  for (const listener of state.periodListeners) listener();
};

const countFrames = (state: StreamState, length: number): void => {
  state.byteCount += length;
  state.stream.frameCount = Math.floor(state.byteCount / state.stream.frameBytes);
};

/** The same for one that was lost in a reset. */
export const takeLost = (state: StreamState): void => {
  state.underWayCount -= 1;
};

/** The device had no samples, or no room for them. */
export const noteXrun = (state: StreamState): void => {
  state.stream.xrunCount += 1;
  for (const listener of state.xrunListeners) listener();
};

/** Goes on, when periods may be back. */
export const pump = (state: StreamState): void => {
  state.onRoom();
  if (state.underWayCount > 0 || state.emptied === undefined) return;
  fulfil(state.emptied, undefined);
  state.emptied = undefined;
};

/** Returns when the device must have done something, by clockNow(): Infinity while it may take its time. */
export const dueAt = ({ stream, underWayCount, heardAt, patienceNs, emptied }: StreamState): number =>
  underWayCount > 0 && (stream.state === 'running' || emptied !== undefined) ? heardAt + patienceNs : Infinity;

/** Throws what the device said of samples, once. */
export const throwTrouble = (state: StreamState): void => {
  const { trouble } = state;
  if (trouble === undefined) return;
  state.trouble = undefined;
  throw failureOf(trouble);
};

// A virtio real-time clock device. VIRTIO 1.4 §5.22. No QEMU has one yet.
//
//   read ─▶ request queue ─▶ a time of the host, and when it was here: by the time-stamp counter, or between the request and its answer
//   alarm queue ─▶ onAlarm
//
// Functions over an object, as a method of a class costs a search by its name at each call.

import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type { RtcAlarm, RtcClock, RtcDevice, RtcOptions, RtcReading, RtcTime } from '../../kernel/device/rtc.ts';
import { clockAt, clockNow, clockSetWall } from '../../kernel/hal/clock.ts';
import { armBuffers, nextCare, wakeBuffers } from '../virtio/buffers.ts';
import { describeFault } from '../virtio/describe.ts';
import {
  armExchange,
  call,
  callCount,
  type Exchange,
  endCalls,
  loseCalls,
  newExchange,
  pollExchange,
  spinExchange,
} from '../virtio/exchange.ts';
import { addListener } from '../virtio/listeners.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  giveUpLive,
  type Live,
  lookAtConfiguration,
  refuseEnded,
  startLive,
  wakeAtOf,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { describeQueueFault } from '../virtio/queue/fault.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import {
  ALARM_BROKEN,
  ALARM_NONE,
  beginRtc,
  RtcFlow,
  setUpRtc,
  setUpRtcAgain,
  spinRtc,
  startAlarms,
  takeAlarm,
} from './alarms.ts';
import {
  ALARM_FLAGS,
  ANSWER_HEADER_SIZE,
  ANSWER_SIZE,
  ANSWER_STATUS,
  CAPABILITY_FLAGS,
  CAPABILITY_SMEARING,
  CAPABILITY_TYPE,
  CONFIG_CLOCK_COUNT,
  CROSS_COUNTER,
  CROSS_FLAGS,
  FLAG_SET,
  LONG_ANSWER_SIZE,
  NOTIFICATION_SIZE,
  READING,
  TYPE_CLOCK_CAPABILITY,
  TYPE_CONFIG,
  TYPE_CROSS_CAPABILITY,
  TYPE_READ,
  TYPE_READ_ALARM,
  TYPE_READ_CROSS,
} from './registers.ts';
import { clockTypeOf, errorOfStatus, requestOf, setAlarmRequest, smearingOf } from './requests.ts';
import { HIGH_LIMIT, nanosecondsOf, SECONDS_LIMIT, secondsOf } from './time.ts';

/** Clocks of one device that are used: far more than there are standards of time. */
const CLOCK_COUNT_MAX = 64;

const NS_PER_SECOND = 1_000_000_000;

/** One clock. */
interface ClockState {
  readonly clock: RtcClock;
  /** What the program wants of it, for when the device has forgotten. */
  alarm: RtcTime | undefined;
  listeners: readonly (() => void)[];
}

/** One device. */
interface Rtc {
  readonly live: Live;
  readonly flow: RtcFlow;
  readonly requests: Exchange;
  clocks: ClockState[];
}

const FLOWS = recordsOf(
  () => new RtcFlow(),
  (flow) => renew(flow),
);

/** Brings a clock device up, and asks it for its clocks. Rejects with a DeviceFailure. */
export const startRtc = async (live: Live): Promise<RtcDevice> => {
  const flow = recordFor(live, FLOWS);
  const rtc: Rtc = { live, flow, requests: newExchange(live, flow.requests), clocks: [] };
  startLive(live, driverOf(rtc));
  try {
    await findClocks(rtc);
  } catch (error) {
    closeLive(live);
    throw error;
  }
  return {
    name: live.name,
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    clocks: rtc.clocks.map(({ clock }) => clock),
    setDate: (options) => setDate(rtc, options),
    close: async () => closeLive(live),
  };
};

// What the life of a device asks for: live.ts.

const driverOf = (rtc: Rtc): Driver => {
  const { live, flow, requests } = rtc;
  const { transport, pool } = live;
  return {
    get queueCount() {
      return flow.hasAlarms ? 2 : 1;
    },
    begin: () => beginRtc(transport, flow),
    setUp: () => setUpRtc(transport, pool, flow, live.deadlineMs),
    setUpAgain: () => setUpRtcAgain(transport, flow),
    started: () => started(rtc),
    describeFault: () => describeFault(transport),
    configurationChanged() {}, // It has none.
    lost: (error) => loseCalls(requests, error),
    ended: (error, refusal) => endCalls(requests, error, refusal),
    poll: () => poll(rtc),
    spin: (deadline) => spinExchange(requests, 0) || spinRtc(flow, deadline),
    arm: () => arm(rtc),
    get pendingCount() {
      return callCount(requests) + listenerCount(rtc);
    },
    get wakeAt() {
      return wakeAtOf(nextCare(flow.requests));
    },
  };
};

/** Sets the alarms again that the device may have forgotten with a reset. */
const started = (rtc: Rtc): void => {
  startAlarms(rtc.flow);
  for (const { clock, alarm } of rtc.clocks) {
    if (alarm === undefined) continue;
    clock.setAlarm(alarm).catch((error: unknown) => log('error', rtc.live.name, `an alarm is lost: ${String(error)}`));
  }
};

const listenerCount = ({ clocks }: Rtc): number => clocks.reduce((count, { listeners }) => count + listeners.length, 0);

const poll = (rtc: Rtc): boolean => {
  const { live, flow, requests } = rtc;
  const causes = causesOf(live);
  const hasAlarm = live.state === 'live' && takeAlarms(rtc);
  const hasAnswer = pollExchange(requests);
  if (live.state === 'live') startAlarms(flow);
  lookAtConfiguration(live, causes);
  return hasAlarm || hasAnswer;
};

const takeAlarms = (rtc: Rtc): boolean => {
  const { live, flow } = rtc;
  if (flow.hasAlarms) wakeBuffers(flow.alarms);
  let hasAlarm = false;
  let id: number = takeAlarm(flow);
  for (let seen = 0; id >= 0 && seen < flow.alarms.count; seen++) {
    hasAlarm = true;
    for (const listener of rtc.clocks[id]?.listeners ?? []) listener();
    if (live.state !== 'live') return true; // Who listens may close the device.
    id = takeAlarm(flow);
  }
  if (id === ALARM_BROKEN) giveUpLive(live, describeBroken(flow));
  return hasAlarm || id !== ALARM_NONE;
};

const describeBroken = (flow: RtcFlow): DeviceError => ({
  kind: 'wrong-answer',
  message: flow.isQueueWrong
    ? describeQueueFault(flow.alarms.queue)
    : `the device returned a notification of ${flow.wrongLength} bytes, expected ${NOTIFICATION_SIZE}`,
});

const arm = (rtc: Rtc): boolean => {
  const { live, flow, requests } = rtc;
  const mayAlarm = !flow.hasAlarms || armBuffers(flow.alarms);
  return armLive(live, mayAlarm && armExchange(requests), callCount(requests) + listenerCount(rtc) > 0);
};

// What the device is asked for.

/** Returns the answer to a request; `length` bytes of it are expected when all is well. */
const ask = async (
  { live, requests }: Rtc,
  what: string,
  request: Uint8Array,
  length: number,
  options?: RtcOptions,
): Promise<DataView> => {
  const answer = new Uint8Array(length);
  const written = await call(requests, request, answer, options);
  const status = written > ANSWER_STATUS ? errorOfStatus(answer[ANSWER_STATUS]!, what) : undefined;
  if (status !== undefined && status.kind !== 'wrong-answer') throw failureOf(status);
  if (status === undefined && written >= length) return new DataView(answer.buffer);
  const message = `${what}: the device answered with ${written} bytes, expected ${length}`;
  const error: DeviceError = status ?? { kind: 'wrong-answer', message };
  giveUpLive(live, error);
  throw failureOf(error);
};

const findClocks = async (rtc: Rtc): Promise<void> => {
  const answer = await ask(rtc, 'CFG', requestOf(TYPE_CONFIG, 0).subarray(0, ANSWER_HEADER_SIZE), ANSWER_SIZE);
  const count = answer.getUint16(CONFIG_CLOCK_COUNT, true);
  if (count > CLOCK_COUNT_MAX) log('warn', rtc.live.name, `it has ${count} clocks, ${CLOCK_COUNT_MAX} are used`);
  const states: ClockState[] = [];
  for (let id = 0; id < Math.min(count, CLOCK_COUNT_MAX); id++) states.push(await findClock(rtc, id));
  rtc.clocks = states;
};

const findClock = async (rtc: Rtc, id: number): Promise<ClockState> => {
  const capability = await ask(rtc, 'CLOCK_CAP', requestOf(TYPE_CLOCK_CAPABILITY, id), ANSWER_SIZE);
  const cross = await ask(rtc, 'CROSS_CAP', requestOf(TYPE_CROSS_CAPABILITY, id), ANSWER_SIZE);
  const isCrossRead = cross.getUint8(CROSS_FLAGS) % 2 === FLAG_SET;
  const hasAlarm = rtc.flow.hasAlarms && capability.getUint8(CAPABILITY_FLAGS) % 2 === FLAG_SET;
  const state: ClockState = {
    clock: {
      id,
      type: clockTypeOf(capability.getUint8(CAPABILITY_TYPE)),
      smearing: smearingOf(capability.getUint8(CAPABILITY_SMEARING)),
      isCrossRead,
      hasAlarm,
      read: (options) => (isCrossRead ? readCross(rtc, id, options) : read(rtc, id, options)),
      alarm: (options) => readAlarm(rtc, state, options),
      setAlarm: (time, options) => setAlarm(rtc, state, time, options),
      onAlarm: (listener) => addListener(withoutAlarm(rtc, state), state, 'listeners', listener),
    },
    alarm: undefined,
    listeners: [],
  };
  return state;
};

/** The clock is read at some time between the request and its answer. */
const read = async (rtc: Rtc, id: number, options?: RtcOptions): Promise<RtcReading> => {
  const before = clockNow();
  const answer = await ask(rtc, 'READ', requestOf(TYPE_READ, id), ANSWER_SIZE, options);
  return between(timeOf(rtc, answer), before, clockNow());
};

/** The device says what the time-stamp counter was. One that was not between the request and its answer is not believed. */
const readCross = async (rtc: Rtc, id: number, options?: RtcOptions): Promise<RtcReading> => {
  const before = clockNow();
  const answer = await ask(rtc, 'READ_CROSS', requestOf(TYPE_READ_CROSS, id), LONG_ANSWER_SIZE, options);
  const after = clockNow();
  const time = timeOf(rtc, answer);
  const at: number = clockAt(answer.getUint32(CROSS_COUNTER + 4, true), answer.getUint32(CROSS_COUNTER, true));
  return at < before || at > after ? between(time, before, after) : { ...time, at, uncertaintyNs: 0 };
};

const between = (time: RtcTime, before: number, after: number): RtcReading => {
  const uncertaintyNs = Math.ceil((after - before) / 2);
  return { seconds: time.seconds, nanoseconds: time.nanoseconds, at: before + uncertaintyNs, uncertaintyNs };
};

/** Returns the time in an answer. Throws for one that no clock shows before the year 2248. */
const timeOf = ({ live }: Rtc, answer: DataView): RtcTime => {
  const low = answer.getUint32(READING, true);
  const high = answer.getUint32(READING + 4, true);
  if (high < HIGH_LIMIT) return { seconds: secondsOf(high, low), nanoseconds: nanosecondsOf(high, low) };
  const error: DeviceError = { kind: 'wrong-answer', message: `a time of ${high} times 2^32 ns, which is none` };
  giveUpLive(live, error);
  throw failureOf(error);
};

const setDate = async (rtc: Rtc, options?: RtcOptions): Promise<RtcReading> => {
  refuseEnded(rtc.live);
  const state = rtc.clocks.find(({ clock }) => clock.type.startsWith('utc'));
  if (state === undefined) throw new DeviceFailure('unsupported', 'the device has no clock that counts UTC');
  const reading = await state.clock.read(options);
  clockSetWall(reading.seconds * 1_000_000 + Math.floor(reading.nanoseconds / 1000), reading.at);
  return reading;
};

// Alarms.

const withoutAlarm = ({ live }: Rtc, { clock }: ClockState): DeviceError | undefined =>
  whyEnded(live) ?? (clock.hasAlarm ? undefined : { kind: 'unsupported', message: `clock ${clock.id} has no alarm` });

const readAlarm = async (rtc: Rtc, state: ClockState, options?: RtcOptions): Promise<RtcAlarm> => {
  const refused = withoutAlarm(rtc, state);
  if (refused !== undefined) throw failureOf(refused);
  const answer = await ask(rtc, 'READ_ALARM', requestOf(TYPE_READ_ALARM, state.clock.id), LONG_ANSWER_SIZE, options);
  const { seconds, nanoseconds } = timeOf(rtc, answer);
  return { seconds, nanoseconds, isEnabled: answer.getUint8(ALARM_FLAGS) % 2 === FLAG_SET };
};

const setAlarm = async (
  rtc: Rtc,
  state: ClockState,
  time: RtcTime | undefined,
  options?: RtcOptions,
): Promise<void> => {
  const refused = withoutAlarm(rtc, state) ?? whyNoTime(time);
  if (refused !== undefined) throw failureOf(refused);
  state.alarm = time;
  await ask(rtc, 'SET_ALARM', setAlarmRequest(state.clock.id, time), ANSWER_HEADER_SIZE, options);
};

const whyNoTime = (time: RtcTime | undefined): DeviceError | undefined => {
  if (time === undefined) return undefined;
  const { seconds, nanoseconds } = time;
  const isTime =
    Number.isInteger(seconds) &&
    seconds >= 0 &&
    seconds < SECONDS_LIMIT &&
    Number.isInteger(nanoseconds) &&
    nanoseconds >= 0 &&
    nanoseconds < NS_PER_SECOND;
  if (isTime) return undefined;
  return { kind: 'invalid-argument', message: `${seconds} s and ${nanoseconds} ns are no time` };
};

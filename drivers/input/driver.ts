// A virtio input device: a keyboard, a mouse, a tablet, a touch screen. VIRTIO 1.2 §5.8.
//
//   -device virtio-keyboard-pci     also virtio-mouse-pci, virtio-tablet-pci, virtio-multitouch-pci; on microvm virtio-keyboard-device and so on
//
//   device ─▶ takeEvents ─▶ ring ─▶ deliver: whole reports, to all who listen or wait          setLed ─▶ status queue ─▶ device
//
// Functions over an object, as a method of a class costs a search by its name at each call.

import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import { EV_LED } from '../../kernel/device/event-codes.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type { InputDevice, InputEvent, InputReport, LedOptions } from '../../kernel/device/input.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { armBuffers, nextCare, wakeBuffers } from '../virtio/buffers.ts';
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
import { begin } from '../virtio/initialize.ts';
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
  wakeLive,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { featuresFor, recordFor, recordsOf } from '../virtio/records.ts';
import { describeInputFault, describeWrongEvent } from './errors.ts';
import { hasAnswerBit, hasCode } from './facts.ts';
import { hasRoom, InputFlow, setUpInput, setUpInputAgain, spinInput, startEvents, takeEvents } from './flow.ts';
import { axisOf, kindOf, textOf } from './identity.ts';
import { EVENT_CODE, EVENT_SIZE, EVENT_TYPE, EVENT_VALUE, QUEUE_COUNT } from './registers.ts';
import { hasReport, nextEvent } from './ring.ts';

/** Who listens until he says otherwise. */
interface Listener {
  readonly onReport: (report: InputReport) => void;
  readonly onFailure: ((failure: DeviceFailure) => void) | undefined;
}

/** One device. */
interface Input {
  readonly live: Live;
  readonly flow: InputFlow;
  /** What LEDs are told. */
  readonly status: Exchange;
  listeners: readonly Listener[];
  /** Who waits for the next report: undefined is the end. */
  waiters: Promise<InputReport | undefined>[];
  /** Why there will be no more reports: undefined after `close`, or while there may be some. */
  failure: DeviceFailure | undefined;
}

const FLOWS = recordsOf(
  () => new InputFlow(),
  (flow) => renew(flow),
);

/** Brings an input device up, and shows it to the event loop. Throws a DeviceFailure. */
export const startInput = (live: Live): InputDevice => {
  const flow = recordFor(live, FLOWS);
  const input: Input = {
    live,
    flow,
    status: newExchange(live, flow.status),
    listeners: [],
    waiters: [],
    failure: undefined,
  };
  startLive(live, driverOf(input));
  return deviceOf(input);
};

const driverOf = (input: Input): Driver => {
  const { live, flow, status } = input;
  return {
    queueCount: QUEUE_COUNT,
    begin: () => beginInput(live),
    setUp: () => setUpInput(live.transport, live.pool, flow, live.deadlineMs),
    setUpAgain: () => setUpInputAgain(live.transport, flow),
    started: () => startEvents(flow),
    describeFault: () => describeInputFault(live.transport),
    configurationChanged: () => {}, // It changes only by what is asked, and that was all before the device was live.
    lost: (error) => loseCalls(status, error),
    ended: (error, refusal) => endInput(input, error, refusal),
    poll: () => poll(input),
    spin: (deadline) => hasWork(input) || spinExchange(status, 0) || spinInput(flow, deadline),
    arm: () => arm(input),
    get pendingCount() {
      return input.listeners.length + input.waiters.length + callCount(status);
    },
    get wakeAt() {
      return wakeAtOf(nextCare(flow.status));
    },
  };
};

const beginInput = (live: Live): boolean => {
  const wanted = featuresFor(live);
  addQueueFeatures(wanted);
  return begin(live.transport, wanted);
};

const deviceOf = (input: Input): InputDevice => {
  const { live, flow } = input;
  const facts = flow.facts;
  return {
    name: live.name,
    productName: textOf(facts.name),
    serialNumber: textOf(facts.serialNumber),
    ids: { bus: facts.bus, vendor: facts.vendor, product: facts.product, version: facts.version },
    kind: kindOf(facts),
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    supports: (type, code) => isLive(live) && isCode(type) && isCode(code) && hasCode(facts, type, code),
    hasProperty: (property) => isLive(live) && isCode(property) && hasAnswerBit(facts.properties, property),
    axis: (code) => (isLive(live) && isCode(code) ? axisOf(facts, code) : undefined),
    onReport: (onReport, onFailure) => listen(input, { onReport, onFailure }),
    reports: () => reportsOf(input),
    setLed: (led, on, options) => setLed(input, led, on, options),
    close: () => close(input),
  };
};

/** What a device that has ended said is forgotten: its records are another one's. */
const isLive = ({ state }: Live): boolean => state === 'live';

/** Returns whether `value` is what a type or a code can be. */
const isCode = (value: number): boolean => value >= 0 && value <= 0xffff && Math.floor(value) === value;

// The loop's side.

const poll = (input: Input): boolean => {
  const { live, flow } = input;
  const causes = causesOf(live);
  wakeBuffers(flow.events);
  const ignoredBefore: number = flow.ignoredCount;
  const isRight = takeEvents(flow);
  if (ignoredBefore === 0 && flow.ignoredCount > 0) logIgnored(input);
  const hasDelivered = deliver(input); // Whoever listens may close the device: what follows does nothing then.
  if (!isRight) giveUpLive(live, describeWrongEvent(flow));
  const hasAnswered = pollExchange(input.status);
  lookAtConfiguration(live, causes);
  return hasDelivered || hasAnswered;
};

const logIgnored = ({ live, flow }: Input): void => {
  const which = `type ${flow.ignoredType}, code ${flow.ignoredCode}`;
  log('warn', live.name, `it sent an event of ${which}, which it has not announced; such events are ignored`);
};

/** Hands out the reports that are whole, as long as anybody listens or waits. Returns whether there was one. */
const deliver = (input: Input): boolean => {
  let hasDelivered = false;
  while (isWanted(input) && hasReport(input.flow.ring)) {
    const report = takeReport(input);
    const { listeners, waiters } = input;
    input.waiters = [];
    for (const { onReport } of listeners) onReport(report);
    for (const waiter of waiters) fulfil(waiter, report);
    hasDelivered = true;
  }
  return hasDelivered;
};

const isWanted = (input: Input): boolean => input.listeners.length > 0 || input.waiters.length > 0;

const takeReport = ({ flow }: Input): InputReport => {
  const ring = flow.ring;
  const report: InputEvent[] = [];
  while (nextEvent(ring)) report.push({ type: ring.type, code: ring.code, value: ring.value });
  return report;
};

/** Returns whether there is a report for somebody who began to listen or to wait behind the last poll. */
const hasWork = (input: Input): boolean => isWanted(input) && hasReport(input.flow.ring);

const arm = (input: Input): boolean => {
  const { live, flow, status } = input;
  // Without room nothing can be taken: whoever takes reports out of the ring wakes the device.
  const mayEvents = !hasRoom(flow) || armBuffers(flow.events);
  return armLive(live, mayEvents && armExchange(status), isWanted(input) || callCount(status) > 0);
};

/** The device has ended: nobody gets a report any more but those that are in the ring. */
const endInput = (input: Input, error: DeviceError, refusal: DeviceError): void => {
  endCalls(input.status, error, refusal);
  const { listeners, waiters } = input;
  input.listeners = [];
  input.waiters = [];
  if (error.kind === 'closed') {
    for (const waiter of waiters) fulfil(waiter, undefined);
    return;
  }
  const failure = failureOf(error);
  input.failure = failure;
  for (const waiter of waiters) reject(waiter, failure);
  for (const { onFailure } of listeners) onFailure?.(failure);
};

// What callers ask for: kernel/device/input.ts.

const listen = (input: Input, listener: Listener): (() => void) => {
  wakeLive(input.live); // Reports may be waiting for it.
  return addListener(whyEnded(input.live), input, 'listeners', listener);
};

async function* reportsOf(input: Input): AsyncGenerator<InputReport, void, undefined> {
  for (;;) {
    const report = await nextReport(input);
    if (report === undefined) return;
    yield report;
  }
}

/** Is fulfilled with the next report; undefined when there will be none, as the device was closed. */
const nextReport = (input: Input): Promise<InputReport | undefined> => {
  const { live, flow } = input;
  if (isLive(live) && hasReport(flow.ring)) {
    const hadRoom = hasRoom(flow);
    const report = takeReport(input);
    if (!hadRoom) wakeLive(live); // The device may have more.
    return Promise.resolve(report);
  }
  const promise = pendingPromise<InputReport | undefined>();
  if (live.state === 'live') input.waiters.push(promise);
  else if (input.failure !== undefined) reject(promise, input.failure);
  else fulfil(promise, undefined);
  return promise;
};

const setLed = async (input: Input, led: number, on: boolean, options?: LedOptions): Promise<void> => {
  refuseEnded(input.live);
  if (!isCode(led) || !hasCode(input.flow.facts, EV_LED, led)) {
    throw new DeviceFailure('unsupported', `the device has no LED ${led}`);
  }
  const event = new Uint8Array(EVENT_SIZE);
  const view = new DataView(event.buffer);
  view.setUint16(EVENT_TYPE, EV_LED, true);
  view.setUint16(EVENT_CODE, led, true);
  view.setUint32(EVENT_VALUE, on ? 1 : 0, true);
  await call(input.status, event, new Uint8Array(0), { signal: options?.signal });
};

const close = (input: Input): Promise<void> => {
  closeLive(input.live);
  return Promise.resolve();
};

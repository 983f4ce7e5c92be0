// Driver of virtio network devices. VIRTIO 1.2 §5.1.
//
// QEMU: -netdev user,id=n0 -device virtio-net-pci,netdev=n0,disable-legacy=on,romfile=
//       the same with virtio-net-device on a machine with virtio-mmio
//
//   send ─▶ transmit queue ─▶ end of the turn: one notification ─▶ network        sending.ts
//   network ─▶ receive queue ─▶ poll ─▶ who waits, who listens                     receiving.ts
//   setPromiscuous and its kin ─▶ control queue ─▶ ack                             filters.ts
//
// Frames are copied once, between a caller's bytes and DMA memory; what lies in DMA memory is not copied at all.

import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import type { NetworkCounters } from '../../kernel/device/network.ts';
import { fulfil, pendingPromise } from '../../kernel/event/pending.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import {
  armBuffers,
  createBuffers,
  describeBuffers,
  nextCare,
  restoreBuffers,
  spinBuffers,
} from '../virtio/buffers.ts';
import { callCount, endCalls, loseCalls, newExchange, pollExchange } from '../virtio/exchange.ts';
import { INTERRUPT_QUEUE_COUNT_MAX } from '../virtio/interrupts.ts';
import { addListener } from '../virtio/listeners.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  type Live,
  lookAtConfiguration,
  lookAtLate,
  startLive,
  wakeAtOf,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { buffersFor, recordFor, recordsOf } from '../virtio/records.ts';
import { beginNet, FRAME_OVERHEAD, Net, readConfiguration, restorePair, setUpPair } from './bring-up.ts';
import { COMMAND_LENGTH_MAX } from './commands.ts';
import { describeNetFault } from './errors.ts';
import {
  acknowledgeAnnouncement,
  setAllMulticast,
  setMacAddress,
  setPromiscuous,
  setReceiveFilter,
  setVlan,
  tellFilter,
} from './filters.ts';
import { armPair, kickPair, lookAfterPair, nextPairCare, Pair, spinPair, wakePair } from './pair.ts';
import { handOut, onFrame, onFrameDma, receive, refuseReceivers, wantsFrames } from './receiving.ts';
import {
  FEATURE_CTRL_VQ,
  FEATURE_GUEST_ANNOUNCE,
  FEATURE_MAC,
  MAC_LENGTH,
  QUEUES_EACH,
  STATUS_ANNOUNCE,
  STATUS_LINK_UP,
} from './registers.ts';
import {
  loseDirects,
  offloadsOf,
  refuseWaiting,
  send,
  sendDma,
  sendWaiting,
  takeBack,
  underWayCount,
} from './sending.ts';
import { type ChangingNetwork, has, type NetState, type VirtioNetwork, wakeNet } from './state.ts';

/** How a network device is to be driven. */
export interface NetOptions {
  /** Whether the device may leave checksums and segments of received frames to the program, and do both for those that are sent. */
  readonly offloads: boolean;
  /** Pairs of queues, as far as the device has them. */
  readonly queuePairs: number;
}

/** Commands that the device has at a time, and the bytes of an answer. */
const COMMAND_COUNT = 16;
const ACK_LENGTH = 1;

const NS_PER_MS = 1_000_000;

/** Addresses that are made up begin so: of a station, administered locally. */
const LOCAL_STATION = 0x02;

/** Brings a network device up, and shows it to the event loop. Rejects with a DeviceFailure. */
export const openNet = async (live: Live, options: NetOptions): Promise<VirtioNetwork> => {
  const state = newState(live, options);
  startLive(live, driverOf(state));
  if (has(state, FEATURE_CTRL_VQ)) await tellFilter(state);
  return state.device;
};

const NETS = recordsOf(
  () => new Net(),
  (net) => renew(net),
);

const PAIRS = recordsOf(
  () => new Pair(),
  (pair) => renew(pair),
);

let stopped: Pair | undefined;

/** Returns a pair by which nothing goes: that of all devices that have ended. */
const stoppedPair = (): Pair => {
  if (stopped === undefined) stopped = new Pair();
  return stopped;
};

const newState = (live: Live, options: NetOptions): NetState => {
  const control = buffersFor(live);
  describeBuffers(control, COMMAND_COUNT, COMMAND_LENGTH_MAX, ACK_LENGTH, 0, live.deadlineMs);
  const state: NetState = {
    live,
    net: recordFor(live, NETS),
    wantsOffloads: options.offloads,
    pairsWanted: options.queuePairs,
    pairs: [],
    arePairsShown: false,
    exchange: newExchange(live, control),
    device: undefined as unknown as ChangingNetwork, // Made when the device has said what it is.
    frameLengthMax: 0,
    sent: Promise.resolve(),
    waiting: [],
    directs: [],
    directCount: 0,
    drained: undefined,
    drainCount: 0,
    lastCounters: undefined,
    isClosing: false,
    isDue: false,
    receivers: [],
    listeners: [],
    dmaListeners: [],
    bytes: new Uint8Array(0),
    views: [],
    linkListeners: [],
    announceListeners: [],
    filter: {
      isPromiscuous: false,
      hasAllMulticast: false,
      unicast: [],
      multicast: [],
      vlans: [],
      macAddress: undefined,
    },
    framesLost: 0,
  };
  return state;
};

const deviceOf = (state: NetState): ChangingNetwork => ({
  name: state.live.name,
  macAddress: macAddressOf(state),
  mtuBytes: state.net.mtuBytes,
  isLinkUp: isLinkUp(state),
  featureNames: featureNames(state.live.transport.accepted, state.live.transport.deviceType),
  offloads: offloadsOf(state),
  headroomBytes: state.pairs[0].transmit.headerLength,
  get pairs() {
    state.arePairsShown = true;
    return state.pairs;
  },
  get counters() {
    return countersOf(state);
  },
  send: (frame, options) => send(state, frame, options),
  sendDma: (offset, length, options) => sendDma(state, offset, length, options),
  onFrame: (listener) => onFrame(state, listener),
  onFrameDma: (listener) => onFrameDma(state, listener),
  receive: (options) => receive(state, options),
  onLinkChange: (listener) => addListener(whyEnded(state.live), state, 'linkListeners', listener),
  onAnnounce: (listener) => addListener(whyEnded(state.live), state, 'announceListeners', listener),
  setPromiscuous: (isOn) => setPromiscuous(state, isOn),
  setAllMulticast: (isOn) => setAllMulticast(state, isOn),
  setReceiveFilter: (unicast, multicast) => setReceiveFilter(state, unicast, multicast),
  setMacAddress: (address) => setMacAddress(state, address),
  addVlan: (id) => setVlan(state, id, true),
  removeVlan: (id) => setVlan(state, id, false),
  close: () => close(state),
});

/** Returns the device's address; one that is made up where it has none. §5.1.5 */
const macAddressOf = (state: NetState): Uint8Array => {
  const address = new Uint8Array(MAC_LENGTH);
  if (has(state, FEATURE_MAC)) {
    for (let i = 0; i < MAC_LENGTH; i++) address[i] = state.net.macAddress[i];
    return address;
  }
  address[0] = LOCAL_STATION;
  for (let i = 1, rest = clockNow(); i < MAC_LENGTH; i++, rest = Math.floor(rest / 256)) address[i] = rest % 256;
  return address;
};

const isLinkUp = ({ net }: NetState): boolean => hasStatus(net.status, STATUS_LINK_UP);

const hasStatus = (status: number, bit: number): boolean => Math.floor(status / bit) % 2 === 1;

const countersOf = (state: NetState): NetworkCounters => {
  if (state.lastCounters !== undefined) return state.lastCounters;
  const counters = {
    framesSent: 0,
    bytesSent: 0,
    framesReceived: 0,
    bytesReceived: 0,
    framesMalformed: 0,
    overruns: 0,
  };
  for (const pair of state.pairs) {
    const received = pair.receive;
    const transmit = pair.transmit;
    counters.framesSent += transmit.frameCount;
    counters.bytesSent += transmit.byteCount;
    counters.framesReceived += received.frameCount;
    counters.bytesReceived += received.byteCount;
    counters.framesMalformed += received.malformedCount;
    counters.overruns += received.overrunCount;
  }
  return { ...counters, framesLost: state.framesLost };
};

const close = async (state: NetState): Promise<void> => {
  state.isClosing = true;
  await drain(state);
  closeLive(state.live);
};

/** Is fulfilled when all that was sent until now has gone out. */
const drain = async (state: NetState): Promise<void> => {
  state.drainCount = sentCount(state) + state.waiting.length;
  if (isDrained(state)) return;
  state.drained ??= pendingPromise<void>();
  wakeNet(state);
  await state.drained;
};

/** Frames come back in the order in which they went out, but for those of several pairs, which are counted together. */
const isDrained = (state: NetState): boolean => sentCount(state) - underWayCount(state) >= state.drainCount;

const sentCount = (state: NetState): number => {
  let count = 0;
  for (const pair of state.pairs) count += pair.transmit.frameCount;
  return count;
};

const endDraining = (state: NetState): void => {
  const { drained } = state;
  state.drained = undefined;
  if (drained !== undefined) fulfil(drained, undefined);
};

// The life of the device: ../virtio/live.ts.

const driverOf = (state: NetState): Driver => ({
  get queueCount() {
    return Math.min(controlIndexOf(state) + 1, INTERRUPT_QUEUE_COUNT_MAX);
  },
  begin: () => {
    const { transport } = state.live;
    return (
      beginNet(transport, state.net, state.wantsOffloads, state.pairsWanted > 1) &&
      readConfiguration(transport, state.net)
    );
  },
  setUp: () => setUp(state),
  setUpAgain: () => setUpAgain(state),
  started: () => {
    for (const pair of state.pairs) kickPair(pair);
  },
  describeFault: () => describeNetFault(state.live.transport),
  configurationChanged: () => configurationChanged(state),
  lost: (error) => lost(state, error),
  ended: (error, refusal) => ended(state, error, refusal),
  flush: () => drain(state),
  poll: () => poll(state),
  spin: (deadline) => spin(state, deadline),
  arm: () => arm(state),
  get pendingCount() {
    const ofCallers = state.waiting.length + state.receivers.length + callCount(state.exchange);
    return ofCallers + state.listeners.length + state.dmaListeners.length + underWayCount(state);
  },
  get wakeAt() {
    return wakeAt(state);
  },
});

/** Behind the pairs that the device has, or the one pair of a device without MQ. §5.1.2 */
const controlIndexOf = (state: NetState): number => state.net.pairCountMax * QUEUES_EACH;

const setUp = (state: NetState): boolean => {
  const { live, net, exchange } = state;
  const pairCount = Math.min(state.pairsWanted, net.pairCountMax);
  for (let index = 0; index < pairCount; index++) {
    const pair = recordFor(live, PAIRS, () => state.arePairsShown);
    if (!setUpPair(live.transport, live.pool, net, pair, index)) return false;
    state.pairs.push(pair);
    state.directs.push([]);
  }
  state.frameLengthMax = net.mtuBytes + FRAME_OVERHEAD;
  state.device = deviceOf(state);
  if (!has(state, FEATURE_CTRL_VQ)) return true;
  return createBuffers(live.transport, live.pool, controlIndexOf(state), exchange.buffers);
};

const setUpAgain = (state: NetState): boolean => {
  const { transport } = state.live;
  state.framesLost += underWayCount(state);
  for (const pair of state.pairs) if (!restorePair(transport, pair)) return false;
  return !has(state, FEATURE_CTRL_VQ) || restoreBuffers(transport, state.exchange.buffers);
};

const configurationChanged = (state: NetState): void => {
  const { live, net } = state;
  if (!readConfiguration(live.transport, net)) {
    log('error', live.name, `its configuration cannot be read: ${describeNetFault(live.transport).message}`);
    return;
  }
  noteLink(state);
  if (!has(state, FEATURE_GUEST_ANNOUNCE) || !hasStatus(net.status, STATUS_ANNOUNCE)) return;
  for (const listener of state.announceListeners) listener();
  void acknowledgeAnnouncement(state);
};

const noteLink = (state: NetState): void => {
  const isUp = isLinkUp(state);
  if (isUp === state.device.isLinkUp) return;
  log('info', state.live.name, `the link is ${isUp ? 'up' : 'down'}`);
  state.device.isLinkUp = isUp;
  for (const listener of state.linkListeners) listener(isUp);
};

const lost = (state: NetState, error: DeviceError): void => {
  loseDirects(state, error);
  if (!has(state, FEATURE_CTRL_VQ)) return;
  loseCalls(state.exchange, error);
  void tellFilter(state);
};

const ended = (state: NetState, error: DeviceError, refusal: DeviceError): void => {
  loseDirects(state, error);
  refuseWaiting(state, refusal);
  refuseReceivers(state, refusal);
  if (has(state, FEATURE_CTRL_VQ)) endCalls(state.exchange, error, refusal);
  endDraining(state);
  state.lastCounters = countersOf(state);
  if (state.arePairsShown) return;
  for (let index = 0; index < state.pairs.length; index++) state.pairs[index] = stoppedPair(); // Its own are the next one's.
};

// What the event loop asks for: kernel/event/source.ts.

/** Takes what has come and gone, looks after the device, and sends what waits. Returns whether there was anything. */
const poll = (state: NetState): boolean => {
  const { live } = state;
  const causes = causesOf(live);
  state.isDue = false;
  let hasTaken = has(state, FEATURE_CTRL_VQ) && pollExchange(state.exchange);
  for (let index = 0; index < state.pairs.length; index++) {
    if (live.state !== 'live') return hasTaken; // A queue's trouble has ended the device.
    if (pollPair(state, index)) hasTaken = true;
  }
  if (live.state !== 'live') return hasTaken;
  if (state.waiting.length > 0) sendWaiting(state);
  for (const pair of state.pairs) kickPair(pair);
  if (state.drained !== undefined && isDrained(state)) endDraining(state);
  lookAtConfiguration(live, causes);
  return hasTaken;
};

const pollPair = (state: NetState, index: number): boolean => {
  const { live } = state;
  const pair = state.pairs[index];
  wakePair(pair);
  const hasSent = takeBack(state, index);
  const hasCome = live.state === 'live' && handOut(state, pair.receive);
  if (live.state === 'live') lookAtLate(live, lookAfterPair(pair, live.deadlineMs * NS_PER_MS), pair.transmit.queue);
  return hasSent || hasCome;
};

/** Returns whether it matters when a frame has gone out: somebody waits for it, or for its room, or the program for nothing else. */
const wantsSent = (state: NetState): boolean =>
  state.waiting.length > 0 ||
  state.directCount > 0 ||
  state.drained !== undefined ||
  (!wantsFrames(state) && callCount(state.exchange) === 0);

/** Returns whether something waits for the next poll. */
const isDue = (state: NetState): boolean => {
  const { waiting, buffers } = state.exchange;
  return state.isDue || (waiting.length > 0 && buffers.freeCount > 0);
};

const spin = (state: NetState, deadline: number): boolean => {
  if (isDue(state)) return true;
  const wantsIn = wantsFrames(state);
  const wantsOut = wantsSent(state);
  const hasCalls = callCount(state.exchange) > 0;
  if (state.pairs.length === 1 && !hasCalls) return spinPair(state.pairs[0], wantsIn, wantsOut, deadline);
  do {
    for (const pair of state.pairs) if (spinPair(pair, wantsIn, wantsOut, 0)) return true;
    if (hasCalls && spinBuffers(state.exchange.buffers, 0)) return true;
  } while (clockNow() < deadline);
  return false;
};

const arm = (state: NetState): boolean => {
  if (isDue(state)) return armLive(state.live, false, true);
  const wantsIn = wantsFrames(state);
  const wantsOut = wantsSent(state);
  let mayInterrupt = !has(state, FEATURE_CTRL_VQ) || armBuffers(state.exchange.buffers);
  for (const pair of state.pairs) if (!armPair(pair, wantsIn, wantsOut)) mayInterrupt = false;
  return armLive(state.live, mayInterrupt, wantsIn || wantsOut || callCount(state.exchange) > 0);
};

const wakeAt = (state: NetState): number => {
  let at = has(state, FEATURE_CTRL_VQ) ? wakeAtOf(nextCare(state.exchange.buffers)) : Infinity;
  for (const pair of state.pairs) {
    const ofPair = wakeAtOf(nextPairCare(pair, state.live.deadlineMs * NS_PER_MS));
    if (ofPair < at) at = ofPair;
  }
  return at;
};

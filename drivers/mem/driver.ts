// Driver of virtio memory devices. VIRTIO 1.2 §5.15.
//
// QEMU: -m 256M,maxmem=4G,slots=2 -object memory-backend-ram,id=m0,size=1G -device virtio-mem-pci,id=v0,memdev=m0,requested-size=512M
//       QMP: qom-set /machine/peripheral/v0 requested-size, query-memory-devices
//
//   requested_size ─▶ plug: request, acknowledged, mapped, free memory     the first blocks that are not plugged
//                 └─▶ unplug: taken out of use, request                    the last blocks that nobody uses
//
// What is plugged is in the page tables (boot/plugged.zig), which outlive the driver.

import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import { type DeviceError, DeviceFailure } from '../../kernel/device/failure.ts';
import type { BlockState, MemoryDevice, PluggedStatistics } from '../../kernel/device/memory.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { nextCare, restoreBuffers } from '../virtio/buffers.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import {
  armExchange,
  callCount,
  type Exchange,
  endCalls,
  loseCalls,
  newExchange,
  pollExchange,
  spinExchange,
} from '../virtio/exchange.ts';
import {
  closeFollowing,
  endFollowing,
  type Following,
  follow,
  followerCount,
  listenTo,
  newFollowing,
  settle,
  settled,
  tellChange,
} from '../virtio/following.ts';
import {
  armLive,
  causesOf,
  type Driver,
  giveUpLive,
  type Live,
  lookAtConfiguration,
  refuseEnded,
  startLive,
  wakeAtOf,
  wakeLive,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { buffersFor, recordFor, recordsOf } from '../virtio/records.ts';
import {
  addBlock,
  beginMem,
  FAULT_BLOCK_SIZE,
  FAULT_PLACE,
  FAULT_REGION,
  findUnplugged,
  knownSize,
  MemFacts,
  readFacts,
  removeUnused,
  setUpMem,
} from './bring-up.ts';
import { STATE_PLUGGED, STATE_UNPLUGGED, TYPE_PLUG, TYPE_UNPLUG, TYPE_UNPLUG_ALL } from './registers.ts';
import { ask, askState, REQUEST_BLOCKS_MAX } from './requests.ts';

/** How a memory device is driven. */
export interface MemoryOptions {
  /** Plugs and unplugs as the host wants it, from the start. Default: true. */
  readonly follows?: boolean;
}

/** So often what could not be done is tried again. */
const RETRY_INTERVAL_NS = 1_000_000_000;

/** After so many requests without an answer, one behind the other, the device is given up: it was reset for each. */
const LOST_COUNT_MAX = 8;

/** Blocks that may be something else than the driver believes: their request was lost. */
interface Doubt {
  readonly address: number;
  readonly blockCount: number;
}

/** A device that is open. */
interface State extends Following<PluggedStatistics> {
  readonly facts: MemFacts;
  readonly exchange: Exchange;
  /** Bytes in use, which the device's plugged_size must be between two requests. */
  sizeBytes: number;
  /** `work` is under way: one request decides what the next one is. */
  isWorking: boolean;
  /** The device had memory plugged that nobody knew, and it is not unplugged yet. */
  hasStrangers: boolean;
  doubt: Doubt | undefined;
  /** Requests in a row that were lost. */
  lostCount: number;
  retryAt: number;
}

const FACTS = recordsOf(
  () => new MemFacts(),
  (facts) => renew(facts),
);

/** Brings a memory device up, and shows it to the event loop. Throws a DeviceFailure. */
export const startMemory = (live: Live, { follows = true }: MemoryOptions = {}): MemoryDevice => {
  const state: State = {
    ...newFollowing<PluggedStatistics>(live, follows),
    facts: recordFor(live, FACTS),
    exchange: newExchange(live, buffersFor(live)),
    sizeBytes: 0,
    isWorking: false,
    hasStrangers: false,
    doubt: undefined,
    lostCount: 0,
    retryAt: Infinity,
  };
  startLive(live, driverOf(state));
  return deviceOf(state);
};

const driverOf = (state: State): Driver => {
  const { live, facts, exchange } = state;
  const { transport } = live;
  return {
    queueCount: 1,
    begin: () => beginMem(transport, facts),
    setUp: () => setUp(state),
    setUpAgain: () => readFacts(transport, facts) && restoreBuffers(transport, exchange.buffers),
    started() {
      state.isDue = true;
    },
    describeFault: () => describeMemFault(live),
    configurationChanged: () => configurationChanged(state),
    lost: (error) => loseCalls(exchange, error),
    ended: (error, refusal) => end(state, error, refusal),
    poll: () => poll(state),
    spin: (deadline) => mayWork(state) || spinExchange(exchange, deadline),
    arm: () => armLive(live, !mayWork(state) && armExchange(exchange), callCount(exchange) > 0),
    get pendingCount() {
      return callCount(exchange) + followerCount(state);
    },
    get wakeAt() {
      return Math.min(state.retryAt, wakeAtOf(nextCare(exchange.buffers)));
    },
  };
};

const setUp = (state: State): boolean => {
  const { live, facts, exchange } = state;
  if (!setUpMem(live.transport, live.pool, facts, exchange.buffers, live.deadlineMs)) return false;
  state.sizeBytes = knownSize(facts);
  state.hasStrangers = state.sizeBytes === 0 && facts.pluggedSize > 0;
  return true;
};

const describeMemFault = ({ transport }: Live): InitializeError => {
  const fault = transport.fault;
  const step: number = fault.step;
  switch (fault.code) {
    case FAULT_BLOCK_SIZE:
      return errorAt(step, 'block-size', `block_size is no power of two, or less than ${fault.expected}`);
    case FAULT_REGION:
      return errorAt(step, 'region', 'the configuration has addresses and sizes that cannot be');
    case FAULT_PLACE:
      return errorAt(step, 'place', 'the region lies in other memory, or out of reach');
    default:
      return describeFault(transport);
  }
};

const deviceOf = (state: State): MemoryDevice => {
  const { live, facts } = state;
  return {
    name: live.name,
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    address: facts.address,
    node: facts.hasNode ? facts.node : undefined,
    statistics: () => state.last ?? statisticsOf(state),
    get isFollowing() {
      return state.isFollowing;
    },
    follow: (isFollowing) => follow(state, isFollowing),
    settled: () => settled(state),
    stateOf: (firstBlock, blockCount) => stateOf(state, firstBlock, blockCount),
    onChange: (listener) => listenTo(state, listener),
    close: () => closeFollowing(state),
  };
};

const statisticsOf = ({ facts, sizeBytes }: State): PluggedStatistics => ({
  sizeBytes,
  wishBytes: facts.requestedSize,
  blockBytes: facts.blockSize,
  regionBytes: facts.regionSize,
  usableBytes: facts.usableSize,
});

// The loop's side.

const poll = (state: State): boolean => {
  const { live, exchange } = state;
  const causes = causesOf(live);
  const hasTaken = pollExchange(exchange);
  lookAtConfiguration(live, causes);
  if (clockNow() >= state.retryAt) state.isDue = true;
  if (live.state === 'live' && mayWork(state)) void work(state);
  return hasTaken;
};

const mayWork = (state: State): boolean => state.isDue && !state.isWorking;

const configurationChanged = (state: State): void => {
  state.isDue = true;
};

/** Does request after request, until nothing more is to be done for now. */
const work = async (state: State): Promise<void> => {
  const { live } = state;
  state.isWorking = true;
  state.isDue = false;
  state.retryAt = Infinity;
  try {
    if (refresh(state)) {
      while (live.state === 'live' && (await step(state))) {
        state.lostCount = 0;
        tellListeners(state);
      }
    }
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    lost(state); // The device was reset, and works again; or it has ended.
  }
  state.isWorking = false;
  if (live.state !== 'live') return;
  if (state.isDue) wakeLive(live);
  else settleAll(state);
};

/** Tries again, a limited number of times: a device that never answers would be reset for ever. */
const lost = (state: State): void => {
  const { live } = state;
  state.isDue = true;
  state.lostCount += 1;
  if (live.state !== 'live' || state.lostCount < LOST_COUNT_MAX) return;
  giveUpLive(live, { kind: 'timeout', message: `${LOST_COUNT_MAX} requests in a row had no answer` });
};

/** Reads the configuration. False: it cannot be, and the device was given up. */
const refresh = (state: State): boolean => {
  const { live, facts, doubt, hasStrangers, sizeBytes } = state;
  if (!readFacts(live.transport, facts)) {
    giveUpLive(live, { kind: 'wrong-answer', message: describeMemFault(live).message });
    return false;
  }
  if (doubt !== undefined || hasStrangers || facts.pluggedSize === sizeBytes) return true;
  const message = `the device has ${facts.pluggedSize} bytes plugged, expected ${sizeBytes}`;
  giveUpLive(live, { kind: 'wrong-answer', message });
  return false;
};

/** Makes one request. Returns whether there may be more to do. */
const step = async (state: State): Promise<boolean> => {
  const { facts, sizeBytes } = state;
  if (state.doubt !== undefined) return removeDoubt(state, state.doubt);
  if (state.hasStrangers) return unplugStrangers(state);
  const goal = goalOf(state);
  const blockCount = Math.min(Math.abs(goal - sizeBytes) / facts.blockSize, REQUEST_BLOCKS_MAX);
  if (goal > sizeBytes && findUnplugged(facts, blockCount)) return plug(state, facts.foundAddress, facts.foundCount);
  if (goal < sizeBytes && removeUnused(facts, blockCount)) return unplug(state, facts.foundAddress, facts.foundCount);
  if (goal !== sizeBytes && !state.isClosing) state.retryAt = clockNow() + RETRY_INTERVAL_NS; // Blocks are in use, for now.
  return false;
};

const goalOf = ({ facts, sizeBytes, isFollowing, isClosing }: State): number => {
  if (isClosing) return 0;
  return isFollowing ? facts.requestedSize : sizeBytes;
};

const plug = async (state: State, address: number, blockCount: number): Promise<boolean> => {
  if (!(await request(state, TYPE_PLUG, address, blockCount))) return refused(state);
  const addedCount = addBlocks(state, address, blockCount);
  if (addedCount < blockCount) {
    const first = address + addedCount * state.facts.blockSize;
    await request(state, TYPE_UNPLUG, first, blockCount - addedCount);
    log('warn', state.live.name, `there is no memory at 0x${first.toString(16)}, or none left for its page tables`);
    refresh(state);
    return refused(state);
  }
  return refresh(state);
};

const unplug = async (state: State, address: number, blockCount: number): Promise<boolean> => {
  const { facts } = state;
  state.sizeBytes -= blockCount * facts.blockSize;
  const isAll = state.sizeBytes === 0;
  if (await request(state, isAll ? TYPE_UNPLUG_ALL : TYPE_UNPLUG, address, blockCount)) return refresh(state);
  addBlocks(state, address, blockCount);
  return refused(state);
};

/** Takes blocks into use that the device has plugged. Returns how many, which is less than all where there is no memory. */
const addBlocks = (state: State, address: number, blockCount: number): number => {
  const { facts } = state;
  let addedCount = 0;
  while (addedCount < blockCount && addBlock(facts, address + addedCount * facts.blockSize)) addedCount += 1;
  state.sizeBytes += addedCount * facts.blockSize;
  return addedCount;
};

/** What the device will not have now is tried again later. */
const refused = (state: State): boolean => {
  state.retryAt = clockNow() + RETRY_INTERVAL_NS;
  return false;
};

/** Makes a request. Until it is answered, its blocks are in doubt. */
const request = async (state: State, type: number, address: number, blockCount: number): Promise<boolean> => {
  state.doubt = { address, blockCount };
  const isAcknowledged = await ask(state.exchange, type, address, blockCount);
  refuseEnded(state.live); // Between the answer and here the device may have gone, and its memory with it.
  state.doubt = undefined;
  return isAcknowledged;
};

/** Asks for the state of blocks whose request was lost. They are not in use; those that are plugged are from now on. */
const removeDoubt = async (state: State, { address, blockCount }: Doubt): Promise<boolean> => {
  const { facts, exchange } = state;
  for (let block = 0; block < blockCount; block++) {
    const place = address + block * facts.blockSize;
    const found = await askState(exchange, place, 1);
    refuseEnded(state.live);
    if (found === STATE_PLUGGED) addBlocks(state, place, 1);
    state.doubt = { address: place + facts.blockSize, blockCount: blockCount - block - 1 };
  }
  state.doubt = undefined;
  return refresh(state);
};

/** Unplugs what was plugged before this driver came. */
const unplugStrangers = async (state: State): Promise<boolean> => {
  const isAcknowledged = await ask(state.exchange, TYPE_UNPLUG_ALL, 0, 0);
  refuseEnded(state.live);
  if (!isAcknowledged) return refused(state);
  state.hasStrangers = false;
  return refresh(state);
};

const settleAll = (state: State): void => {
  tellListeners(state);
  settle(state);
};

const tellListeners = (state: State): void =>
  tellChange(state, state.sizeBytes, state.facts.requestedSize, () => statisticsOf(state));

/** The device has ended. Of one that was taken out, blocks that nobody uses go with it. */
const end = (state: State, error: DeviceError, refusal: DeviceError): void => {
  endCalls(state.exchange, error, refusal);
  if (error.kind === 'removed') while (removeUnused(state.facts, REQUEST_BLOCKS_MAX));
  endFollowing(state, error, statisticsOf(state));
};

// What callers ask for: kernel/device/memory.ts.

const stateOf = async (state: State, firstBlock: number, blockCount: number): Promise<BlockState> => {
  refuseEnded(state.live);
  const { facts, exchange } = state;
  const usableCount = facts.usableSize / facts.blockSize;
  const areNumbers = Number.isInteger(firstBlock) && Number.isInteger(blockCount) && firstBlock >= 0;
  if (!areNumbers || blockCount < 1 || blockCount > 0xffff || firstBlock + blockCount > usableCount) {
    throw new DeviceFailure('out-of-range', `blocks ${firstBlock} + ${blockCount}, of ${usableCount} that are usable`);
  }
  const found = await askState(exchange, facts.address + firstBlock * facts.blockSize, blockCount);
  if (found === STATE_PLUGGED) return 'plugged';
  return found === STATE_UNPLUGGED ? 'unplugged' : 'mixed';
};

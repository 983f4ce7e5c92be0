// A disk that is used through several request queues, VIRTIO_BLK_F_MQ. VIRTIO 1.2 §5.2.2, §5.2.5.
//
//   read, write … ──▶ one lane after the other ──▶ queue 0, 1, …        a lane is a disk of its own (awaited.ts), with its own flow and queue
//
// The device has one life for all: what is asked for besides reads and writes goes through the first lane.

import type { BlockDevice } from '../../kernel/device/block.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { interruptIsNoted } from '../../kernel/hal/interrupts.ts';
import { type Driver, type Live, startLive } from '../virtio/live.ts';
import { makeBlk, noteIdentity, poll, readSerialNumber, sendAll } from './awaited.ts';
import type { AwaitedBlk } from './awaited-state.ts';
import { readGeometry } from './bring-up.ts';
import { armFlow, spinFlow } from './flow.ts';
import { queueCountOf, useQueue } from './flow-bring-up.ts';
import { configurationChanged } from './recovery.ts';

/** Queues that one disk uses at most. */
export const QUEUE_COUNT_MAX = 16;

/** A disk with several queues. */
export interface QueuesBlk {
  readonly block: BlockDevice;
  readonly source: Driver;
  /** One a queue. */
  readonly lanes: readonly AwaitedBlk[];
}

/** Brings a block device up with as many queues as it has, at most `queueCount`, and shows it to the event loop. Rejects with a DeviceFailure. */
export const openQueues = async (live: Live, queueCount: number): Promise<QueuesBlk> => {
  const lanes: AwaitedBlk[] = [];
  for (let index = 0; index < Math.min(queueCount, QUEUE_COUNT_MAX); index++) {
    const lane = makeBlk(live);
    useQueue(lane.flow, index);
    lanes.push(lane);
  }
  const source = sourceOf(live, lanes);
  startLive(live, source);
  const { block } = lanes[0];
  block.serialNumber = await readSerialNumber(lanes[0]);
  return { block: spread(lanes), source, lanes };
};

/** Returns the driver that stands for all lanes. Those that the device has no queue for are dropped when it says so. */
const sourceOf = (live: Live, lanes: AwaitedBlk[]): Driver => {
  const drivers = lanes.map(({ source }) => source);
  const source: Driver = {
    get queueCount() {
      return lanes.length;
    },
    begin() {
      if (!drivers[0].begin()) return false;
      lanes.length = Math.min(lanes.length, queueCountOf(live.transport));
      drivers.length = lanes.length;
      return true;
    },
    setUp: () => drivers.every((driver) => driver.setUp()),
    setUpAgain: () => drivers.every((driver) => driver.setUpAgain()),
    started() {
      for (const lane of lanes) noteIdentity(lane);
    },
    describeFault: () => drivers[0].describeFault(),
    configurationChanged: () => followConfiguration(lanes),
    lost(error) {
      for (const driver of drivers) driver.lost(error);
    },
    ended(error, refusal) {
      for (const driver of drivers) driver.ended(error, refusal);
    },
    flush: () => drivers[0].flush!(),
    poll: () => pollAll(lanes),
    spin: (deadline) => spinAll(lanes, deadline),
    arm: () => armAll(lanes),
    send() {
      for (const lane of lanes) sendAll(lane, lane.flow);
    },
    get pendingCount() {
      return drivers.reduce((sum, { pendingCount }) => sum + pendingCount, 0);
    },
    get wakeAt() {
      return drivers.reduce((first, { wakeAt }) => Math.min(first, wakeAt), Infinity);
    },
  };
  for (const lane of lanes) {
    lane.source = source;
    lane.lanes = lanes;
  }
  return source;
};

/** Reads what has changed, for the first lane; the others know the same then. */
const followConfiguration = (lanes: readonly AwaitedBlk[]): void => {
  configurationChanged(lanes[0]);
  for (const { transport, flow, block } of lanes.slice(1)) {
    if (readGeometry(transport, flow.disk)) block.capacitySectors = flow.disk.capacitySectors;
  }
};

const pollAll = (lanes: readonly AwaitedBlk[]): boolean => {
  let hasTaken = false;
  for (const lane of lanes) if (poll(lane, lane.flow, lane.promises, lane.transport, lane.interrupts)) hasTaken = true;
  return hasTaken;
};

const spinAll = (lanes: readonly AwaitedBlk[], deadline: number): boolean => {
  for (;;) {
    for (const { flow } of lanes) if (spinFlow(flow, 0)) return true;
    if (interruptIsNoted() || clockNow() >= deadline) return false;
  }
};

/** All of them may sleep, or none: what an armed one is interrupted for is found by polling then, which suppresses that again. */
const armAll = (lanes: readonly AwaitedBlk[]): boolean => {
  let isAsleep = true;
  for (const { flow, interrupts } of lanes) if (!armFlow(flow, interrupts)) isAsleep = false;
  return isAsleep;
};

/** Returns the disk whose requests go through one lane after the other. */
const spread = (lanes: readonly AwaitedBlk[]): BlockDevice => {
  const first = lanes[0].block;
  let last = 0;
  const next = (): BlockDevice => {
    last = last + 1 < lanes.length ? last + 1 : 0;
    return lanes[last].block;
  };
  return {
    get name() {
      return first.name;
    },
    get capacitySectors() {
      return first.capacitySectors;
    },
    get blockSizeBytes() {
      return first.blockSizeBytes;
    },
    get serialNumber() {
      return first.serialNumber;
    },
    get isReadOnly() {
      return first.isReadOnly;
    },
    get featureNames() {
      return first.featureNames;
    },
    get topology() {
      return first.topology;
    },
    get writeCache() {
      return first.writeCache;
    },
    read: (sector, sectorCount, options) => next().read(sector, sectorCount, options),
    readInto: (sector, target, options) => next().readInto(sector, target, options),
    write: (sector, source, options) => next().write(sector, source, options),
    readDma: (sector, offset, length, options) => next().readDma(sector, offset, length, options),
    writeDma: (sector, offset, length, options) => next().writeDma(sector, offset, length, options),
    readv: (sector, targets, options) => next().readv(sector, targets, options),
    writev: (sector, sources, options) => next().writev(sector, sources, options),
    readvDma: (sector, pieces, options) => next().readvDma(sector, pieces, options),
    writevDma: (sector, pieces, options) => next().writevDma(sector, pieces, options),
    readManyDma: (places, offset, length, options) => next().readManyDma(places, offset, length, options),
    writeManyDma: (places, offset, length, options) => next().writeManyDma(places, offset, length, options),
    flush: first.flush,
    discard: first.discard,
    writeZeroes: first.writeZeroes,
    secureErase: first.secureErase,
    setWriteCache: first.setWriteCache,
    lifetime: first.lifetime,
    onCapacityChange: first.onCapacityChange,
    close: first.close,
  };
};

'use machine';
// How a disk whose requests are awaited comes up, and comes up again. VIRTIO 1.2 §3.1.1, §5.2.5.
//
//   beginFlow ──► setUpFlow ──► … ──► reset ──► setUpFlowAgain ──► …          between them: live.ts of drivers/virtio

import type { bool, DmaOffset, u16, u32 } from '../../kernel/base/machine.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaFreeBytes } from '../../kernel/hal/dma-pool.ts';
import { ARENA_PAGE_COUNT_MAX, ARENA_PAGE_SIZE, prepareArena } from '../virtio/arena.ts';
import { readConfig16, requireConfig } from '../virtio/config.ts';
import { addFeature, hasFeature } from '../virtio/features.ts';
import { noteMemory, takeMemory } from '../virtio/memory.ts';
import { usableCount } from '../virtio/queue/slots.ts';
import { restoreQueue } from '../virtio/restart.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { BUFFER_ALIGNMENT, beginDisk, type Disk, readGeometry, setUpDisk, TRANSFER_LENGTH_MAX } from './bring-up.ts';
import type { Flow } from './flow.ts';
import { addLimitFeatures, type Limits, readLimits } from './limits.ts';
import { CONFIG_QUEUE_COUNT, FEATURE_MULTIQUEUE, FEATURE_READ_ONLY } from './registers.ts';
import { requestMemoryLength } from './request.ts';
import { noteCache, restoreCache } from './write-cache.ts';

/** Of the memory that is free, the part that one disk's arena takes at most. */
const ARENA_DIVISOR: u32 = 4;

/** Bytes that it has at least: the longest read and the page with its status. Halves of the longest arena, so twice. */
const LENGTH_MIN: u32 = 2 * TRANSFER_LENGTH_MAX;

/** Has the flow go through queue `index`, of several: before `beginFlow`. */
export const useQueue = (flow: Flow, index: u16): void => {
  flow.disk.queueIndex = index;
  addFeature(flow.disk.wanted, FEATURE_MULTIQUEUE);
};

/** Returns how many queues for requests the device has: one at least, whatever it says. §5.2.4 */
export const queueCountOf = (transport: Transport): u32 => {
  if (!hasFeature(transport.accepted, FEATURE_MULTIQUEUE)) return 1;
  return requireConfig(transport, CONFIG_QUEUE_COUNT + 2)
    ? Math.max(readConfig16(transport, CONFIG_QUEUE_COUNT), 1)
    : 1;
};

/** Steps 1 to 6: resets the device and agrees on features. False after a failure: the device was given up. */
export const beginFlow = (transport: Transport, flow: Flow): bool => {
  addLimitFeatures(flow.disk.wanted);
  return beginDisk(transport, flow.disk);
};

/** The driver's own step: queue and memory, which comes from `pool`. False: see the fault. */
export const setUpFlow = (transport: Transport, pool: DmaPool, flow: Flow): bool => {
  flow.isReadOnly = hasFeature(transport.accepted, FEATURE_READ_ONLY);
  const disk: Disk = flow.disk;
  const isSetUp: bool = setUpDisk(transport, pool, disk);
  if (disk.queue.size !== 0) noteMemory(transport, disk.queue.memory, disk.queue.memoryLength);
  if (!isSetUp) return false;
  noteMemory(transport, disk.requests.headers, requestMemoryLength(disk.queue.size));
  return holdLimits(transport, flow) && takeArena(transport, pool, flow);
};

/**
 * The same for a disk that was live: its queue in the memory that it had, empty. `takeLost` then has what the device had; all that was back was
 * taken before the reset.
 */
export const setUpFlowAgain = (transport: Transport, flow: Flow): bool => {
  flow.untoldCount = 0;
  flow.tellAt = 0;
  flow.isSendDue = true;
  const disk: Disk = flow.disk;
  return readGeometry(transport, disk) && restoreCache(transport, flow.cache) && restoreQueue(transport, disk.queue);
};

/** Notes what the device takes at a time, and whether it caches. False when it takes too little to be of use. */
const holdLimits = (transport: Transport, flow: Flow): bool => {
  const disk: Disk = flow.disk;
  const limits: Limits = flow.limits;
  const blockSize: u32 = disk.blockSizeBytes;
  if (!readLimits(transport, blockSize, usableCount(disk.queue), limits)) return false;
  noteCache(transport, flow.cache);
  flow.requestLengthMax = Math.min(TRANSFER_LENGTH_MAX, limits.segmentLengthMax * limits.segmentCountMax);
  return true;
};

/** Takes memory for the arena: as much as it can be, as long as that is no more than a part of what is free. */
const takeArena = (transport: Transport, pool: DmaPool, flow: Flow): bool => {
  const limit: u32 = Math.max(Math.floor(dmaFreeBytes(pool) / ARENA_DIVISOR), LENGTH_MIN);
  let pageCount: u32 = ARENA_PAGE_COUNT_MAX;
  while (pageCount * ARENA_PAGE_SIZE > limit) pageCount = Math.floor(pageCount / 2);
  const memory: DmaOffset = takeMemory(transport, pool, pageCount * ARENA_PAGE_SIZE, BUFFER_ALIGNMENT);
  if (memory === DMA_ALLOCATE_FAILED) return false;
  prepareArena(flow.arena, memory, pageCount);
  return true;
};

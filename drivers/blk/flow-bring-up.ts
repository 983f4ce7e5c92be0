'use machine';
// How a disk whose requests are awaited comes up, and comes up again. VIRTIO 1.2 §3.1.1, §5.2.5.
//
//   beginDisk ──► beginInterrupts ──► finishFlow ──► … ──► beginAgain ──► beginInterrupts ──► finishFlowAgain ──► …

import type { bool, DmaOffset, u32 } from '../../kernel/base/machine.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaAllocate, dmaFreeBytes } from '../../kernel/hal/dma-pool.ts';
import { hasFeature } from '../virtio/features.ts';
import { finish } from '../virtio/initialize.ts';
import { giveUp } from '../virtio/reset.ts';
import { restoreQueue } from '../virtio/restart.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { ARENA_PAGE_COUNT_MAX, ARENA_PAGE_SIZE, prepareArena } from './arena.ts';
import { BUFFER_ALIGNMENT, failMemory, readGeometry, setUpDisk, TRANSFER_LENGTH_MAX } from './bring-up.ts';
import type { Flow } from './flow.ts';
import { FEATURE_READ_ONLY } from './registers.ts';

/** Of the memory that is free, the part that one disk's arena takes at most. */
const ARENA_DIVISOR: u32 = 4;

/** Bytes that it has at least: the longest read and the page with its status. Halves of the longest arena, so twice. */
const LENGTH_MIN: u32 = 2 * TRANSFER_LENGTH_MAX;

/** The driver's own step and the last: queue and memory, which comes from `pool`, and the disk is live. False after a failure: it was given up. */
export const finishFlow = (transport: Transport, pool: DmaPool, flow: Flow): bool => {
  flow.isReadOnly = hasFeature(transport.accepted, FEATURE_READ_ONLY);
  if (setUpDisk(transport, pool, flow.disk) && takeArena(transport, pool, flow)) return finish(transport);
  giveUp(transport);
  return false;
};

/**
 * The same for a disk that was live: its queue in the memory that it had, empty. `takeLost` then has what the device had; all that was back was
 * taken before the reset.
 */
export const finishFlowAgain = (transport: Transport, flow: Flow): bool => {
  flow.untoldCount = 0;
  flow.isSendDue = true;
  if (readGeometry(transport, flow.disk) && restoreQueue(transport, flow.disk.queue)) return finish(transport);
  giveUp(transport);
  return false;
};

/** Takes memory for the arena: as much as it can be, as long as that is no more than a part of what is free. */
const takeArena = (transport: Transport, pool: DmaPool, flow: Flow): bool => {
  const limit: u32 = Math.max(Math.floor(dmaFreeBytes(pool) / ARENA_DIVISOR), LENGTH_MIN);
  let pageCount: u32 = ARENA_PAGE_COUNT_MAX;
  while (pageCount * ARENA_PAGE_SIZE > limit) pageCount = Math.floor(pageCount / 2);
  const memory: DmaOffset = dmaAllocate(pool, pageCount * ARENA_PAGE_SIZE, BUFFER_ALIGNMENT);
  if (memory === DMA_ALLOCATE_FAILED) return failMemory(transport);
  prepareArena(flow.arena, memory, pageCount);
  return true;
};

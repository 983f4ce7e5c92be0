'use machine';
// How long a queue becomes and where it lies: what is decided between the device's offer and its registers. VIRTIO 1.2 §2.7, §2.8.

import type { bool, u8, u32 } from '../../../kernel/base/machine.ts';
import { CPUID_EBX, CPUID_ECX, cpuid } from '../../../kernel/hal/cpu.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaAllocate, dmaFree } from '../../../kernel/hal/dma-pool.ts';
import { LEGACY_ALIGNMENT, prepare, QUEUE_ALIGNMENT, queueMemoryLength } from './queue.ts';
import { QUEUE_PACKED, QUEUE_SIZE_MAX, type Queue } from './record.ts';

// CPUID: whether there is a hypervisor, and the first four letters of its name.
const LEAF_FEATURES: u32 = 1;
const HAS_HYPERVISOR: u32 = 0x80000000;
const LEAF_HYPERVISOR: u32 = 0x40000000;
const NAME_OF_EMULATOR: u32 = 0x54474354; // "TCGT", of TCGTCGTCGTCG

/** Returns the size of a queue: as long as the device and the driver allow, for a split queue a power of two. 0 when either is 0. */
export const queueSizeWithin = (layout: u8, offered: u32, wanted: u32): u32 => {
  const limit: u32 = Math.min(offered, wanted, QUEUE_SIZE_MAX);
  if (layout === QUEUE_PACKED || limit === 0) return limit;
  let size: u32 = 1;
  while (size * 2 <= limit) size *= 2;
  return size;
};

/**
 * Takes memory for a queue of `size` elements out of `pool` and starts it there. Where the memory is short, it does without indirect tables.
 * Returns false when the rings alone do not fit.
 */
export const placeQueue = (queue: Queue, pool: DmaPool, size: u32): bool => {
  const alignment: u32 = queue.isLegacy ? LEGACY_ALIGNMENT : QUEUE_ALIGNMENT;
  queue.tableLength = queue.hasTables ? Math.min(queue.tableLengthWanted, size) : 0;
  let memory: u32 = dmaAllocate(pool, queueMemoryLength(queue.layout, size, alignment, queue.tableLength), alignment);
  if (memory === DMA_ALLOCATE_FAILED && queue.tableLength !== 0) {
    queue.tableLength = 0;
    memory = dmaAllocate(pool, queueMemoryLength(queue.layout, size, alignment, 0), alignment);
  }
  if (memory === DMA_ALLOCATE_FAILED) return false;
  prepare(queue, size, memory, alignment);
  queue.trustsSuppression = isFenceReal();
  return true;
};

/** Gives a queue's memory back. The device must not know the queue (any more). */
export const freeQueue = (queue: Queue, pool: DmaPool): void => {
  dmaFree(pool, queue.memory, queue.memoryLength);
  queue.size = 0;
};

/** Returns whether a fence orders a store before a later load, also for another processor of the host: not so in QEMU's emulator. See queue.ts. */
const isFenceReal = (): bool => {
  if ((cpuid(LEAF_FEATURES, 0, CPUID_ECX) & HAS_HYPERVISOR) === 0) return true;
  return cpuid(LEAF_HYPERVISOR, 0, CPUID_EBX) !== NAME_OF_EMULATOR;
};

'use machine';
// The memory that one device has: taken from the pool piece by piece, given back all at once when the device is closed or given up.
//
// What is always true: a piece goes back only when the device cannot reach it any more (giveUp of reset.ts returned true).

import { assert } from '../../kernel/base/assert.ts';
import type { bool, DmaOffset, u16, u32 } from '../../kernel/base/machine.ts';
import { DMA_ALLOCATE_FAILED, DMA_FREE_OK, type DmaPool, dmaAllocate, dmaFree } from '../../kernel/hal/dma-pool.ts';
import { createQueue } from './queue/create.ts';
import { suppressInterrupts } from './queue/queue.ts';
import type { Queue } from './queue/record.ts';
import { FAULT_OUT_OF_DMA_MEMORY, setFault } from './transport/fault.ts';
import { TAKEN_COUNT_MAX, type TakenMemory, type Transport } from './transport/record.ts';

/** Returns the offset of `length` zeroed bytes at a multiple of `alignment` (a power of two). DMA_ALLOCATE_FAILED: see the fault. */
export const takeMemory = (transport: Transport, pool: DmaPool, length: u32, alignment: u32): DmaOffset => {
  const offset: DmaOffset = dmaAllocate(pool, length, alignment);
  if (offset === DMA_ALLOCATE_FAILED) setFault(transport.fault, FAULT_OUT_OF_DMA_MEMORY, 0, length, 0);
  else noteMemory(transport, offset, length);
  return offset;
};

/** The same for a queue, with createQueue of queue/create.ts. Its interrupts are off. Called once for each queue: after a reset restoreQueue has it again. */
export const takeQueue = (transport: Transport, pool: DmaPool, index: u16, sizeMax: u32, queue: Queue): bool => {
  if (!createQueue(transport, pool, index, sizeMax, transport.accepted, queue)) return false;
  noteMemory(transport, queue.memory, queue.memoryLength);
  suppressInterrupts(queue);
  return true;
};

/** Notes that the device has a piece of the pool that was not taken here. */
export const noteMemory = (transport: Transport, offset: DmaOffset, length: u32): void => {
  const memory: TakenMemory = transport.memory;
  assert(memory.count < TAKEN_COUNT_MAX, 'a device has at most TAKEN_COUNT_MAX pieces of memory');
  memory.offsets[memory.count] = offset;
  memory.lengths[memory.count] = length;
  memory.count++;
};

/** Gives one piece back before the device ends, when the device cannot reach it any more: what takeMemory returned. False: as giveMemoryBack. */
export const returnMemory = (transport: Transport, pool: DmaPool, offset: DmaOffset): bool => {
  const memory: TakenMemory = transport.memory;
  let i: u32 = 0;
  while (i < memory.count && memory.offsets[i] !== offset) i++;
  assert(i < memory.count, 'what is given back was taken for this device');
  const length: u32 = memory.lengths[i];
  memory.count--;
  memory.offsets[i] = memory.offsets[memory.count];
  memory.lengths[i] = memory.lengths[memory.count];
  return dmaFree(pool, offset, length) === DMA_FREE_OK;
};

/** Gives all of it back, when the device cannot reach it any more. False: the pool has no room to note a part of it, which is lost. */
export const giveMemoryBack = (transport: Transport, pool: DmaPool): bool => {
  const memory: TakenMemory = transport.memory;
  let isAllBack: bool = true;
  while (memory.count > 0) {
    memory.count--;
    const offset: DmaOffset = memory.offsets[memory.count] + 0;
    if (dmaFree(pool, offset, memory.lengths[memory.count]) !== DMA_FREE_OK) isAllBack = false;
  }
  return isAllBack;
};

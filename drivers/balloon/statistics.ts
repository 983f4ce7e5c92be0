'use machine';
// What the host asks of the guest's memory. VIRTIO 1.2 §5.5.6.3: it keeps a buffer, and returns it when it wants new figures.

import type { DmaOffset, i32, u16, u32, u53 } from '../../kernel/base/machine.ts';
import { dmaWrite16 } from '../../kernel/hal/dma.ts';
import { memoryFree, memoryTotal } from '../../kernel/hal/memory.ts';
import { HELD_BALLOON, heldPageCount, PAGE_SIZE } from '../../kernel/hal/page-runs.ts';
import { addBuffer, type Buffers, kickBuffers, NO_BUFFER, readablePart, takeFree } from '../virtio/buffers.ts';
import {
  STATISTIC_SIZE,
  STATISTIC_TAG,
  STATISTIC_VALUE,
  TAG_AVAILABLE,
  TAG_CACHES,
  TAG_MEMORY_FREE,
  TAG_MEMORY_TOTAL,
  TAG_SWAP_IN,
  TAG_SWAP_OUT,
} from './registers.ts';
import type { Balloon } from './state.ts';

/** Six entries: §5.5.6.3.1 wants a multiple of 6 bytes, and an entry has 10. */
export const STATISTICS_LENGTH: u32 = 60;

/** Returns the bytes of RAM that are the guest's: those in the balloon are not. */
export const ownMemory = (): u53 => memoryTotal() - heldPageCount(HELD_BALLOON) * PAGE_SIZE;

/** Sends the figures of this moment, in the only buffer there is. There is no swap and there are no caches. */
export const sendStatistics = (balloon: Balloon): void => {
  const buffers: Buffers = balloon.statistics;
  const index: i32 = takeFree(buffers);
  if (index === NO_BUFFER) return;
  const at: DmaOffset = readablePart(buffers, index);
  write(at, 0, TAG_MEMORY_TOTAL, ownMemory());
  write(at, 1, TAG_MEMORY_FREE, memoryFree());
  write(at, 2, TAG_AVAILABLE, memoryFree());
  write(at, 3, TAG_CACHES, 0);
  write(at, 4, TAG_SWAP_IN, 0);
  write(at, 5, TAG_SWAP_OUT, 0);
  addBuffer(buffers, index, STATISTICS_LENGTH, 0);
  kickBuffers(buffers);
};

/** An entry has no alignment but 2. */
const write = (at: DmaOffset, entry: u32, tag: u16, value: u53): void => {
  const start: DmaOffset = at + entry * STATISTIC_SIZE;
  dmaWrite16(start + STATISTIC_TAG, tag);
  let rest: u53 = value;
  for (let part: u32 = 0; part < 8; part += 2) {
    dmaWrite16(start + STATISTIC_VALUE + part, (rest % 65536) as u16);
    rest = Math.floor(rest / 65536);
  }
};

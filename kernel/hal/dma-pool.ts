'use machine';
// Where in the DMA window each thing lies: a first-fit allocator over a sorted list of free extents.
//
//   starts   0x0000      0x5000            0xa000
//            ├── free ──┤ taken ├── free ──┤ taken ├── free …
//
// Two neighbours in the list never touch: what would touch is one extent. The list lives in the record, not in the window, so nothing that a
// device writes can change what is free. Made for what lives long (rings, buffers); requests do not allocate.

import { isPowerOfTwo } from '../base/bits.ts';
import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u32,
  type u53,
} from '../base/machine.ts';
import { dmaFill, dmaLength } from './dma.ts';

/** What `dmaAllocate` returns when no free extent is long enough. */
export const DMA_ALLOCATE_FAILED: u32 = 0xffffffff;

/** What `dmaFree` returns when the range was not taken, or when freeing it would need one extent more than the list has. */
export const DMA_FREE_FAILED: i32 = -1;
export const DMA_FREE_OK: i32 = 0;

/** How many extents may be free at once. Long-lived things make few holes; a list this full means that somebody allocates a request. */
const EXTENT_COUNT_MAX: u32 = 128;

/** The free extents of one window, ascending. */
export class DmaPool {
  count: u32 = 0;
  starts: FixedArray<u32, 128> = fixedArray(128, 0);
  lengths: FixedArray<u32, 128> = fixedArray(128, 0);
}

/** Makes the whole window free. Called once, before anything is allocated. */
export const dmaPoolStart = (pool: DmaPool): void => {
  pool.count = 1;
  pool.starts[0] = 0;
  pool.lengths[0] = dmaLength();
};

/** Returns the offset of `length` zeroed bytes at a multiple of `alignment` (a power of two), or DMA_ALLOCATE_FAILED. */
export const dmaAllocate = (pool: DmaPool, length: u32, alignment: u32): DmaOffset => {
  if (length === 0 || !isPowerOfTwo(alignment)) return DMA_ALLOCATE_FAILED;
  for (let i: u32 = 0; i < pool.count; i++) {
    const start: u53 = pool.starts[i] + 0;
    const end: u53 = start + pool.lengths[i];
    const aligned: u53 = Math.floor((start + alignment - 1) / alignment) * alignment;
    if (aligned + length > end) continue;
    if (!take(pool, i, aligned - start, length)) return DMA_ALLOCATE_FAILED;
    const offset: DmaOffset = aligned + 0;
    dmaFill(offset, length, 0);
    return offset;
  }
  return DMA_ALLOCATE_FAILED;
};

/** Gives back what `dmaAllocate` returned. The device that used it must be reset or done with it. Returns DMA_FREE_OK or DMA_FREE_FAILED. */
export const dmaFree = (pool: DmaPool, offset: DmaOffset, length: u32): i32 => {
  if (length === 0 || offset + length > dmaLength()) return DMA_FREE_FAILED;
  let next: u32 = 0; // The first free extent behind the range.
  while (next < pool.count && pool.starts[next] < offset) next++;
  if (next < pool.count && offset + length > pool.starts[next]) return DMA_FREE_FAILED;
  if (next > 0 && pool.starts[next - 1] + pool.lengths[next - 1] > offset) return DMA_FREE_FAILED;

  const touchesNext: bool = next < pool.count && offset + length === pool.starts[next];
  const touchesPrevious: bool = next > 0 && pool.starts[next - 1] + pool.lengths[next - 1] === offset;
  if (touchesPrevious) {
    pool.lengths[next - 1] = pool.lengths[next - 1] + length;
    if (touchesNext) {
      pool.lengths[next - 1] = pool.lengths[next - 1] + pool.lengths[next];
      closeGap(pool, next);
    }
    return DMA_FREE_OK;
  }
  if (touchesNext) {
    pool.starts[next] = offset + 0;
    pool.lengths[next] = pool.lengths[next] + length;
    return DMA_FREE_OK;
  }
  if (pool.count === EXTENT_COUNT_MAX) return DMA_FREE_FAILED;
  openGap(pool, next);
  pool.starts[next] = offset + 0;
  pool.lengths[next] = length;
  return DMA_FREE_OK;
};

/** Returns how many bytes are free, in whatever pieces. */
export const dmaFreeBytes = (pool: DmaPool): u32 => {
  let total: u32 = 0;
  for (let i: u32 = 0; i < pool.count; i++) total += pool.lengths[i];
  return total;
};

/** Takes `length` bytes out of extent `index`, `skipped` bytes behind its start. False when the two rests do not fit in the list. */
const take = (pool: DmaPool, index: u32, skipped: u32, length: u32): bool => {
  const start: u32 = pool.starts[index];
  const rest: u32 = pool.lengths[index] - skipped - length;
  if (skipped === 0 && rest === 0) {
    closeGap(pool, index);
    return true;
  }
  if (skipped !== 0 && rest !== 0) {
    if (pool.count === EXTENT_COUNT_MAX) return false;
    openGap(pool, index + 1);
    pool.starts[index + 1] = start + skipped + length;
    pool.lengths[index + 1] = rest;
    pool.lengths[index] = skipped;
    return true;
  }
  pool.starts[index] = skipped === 0 ? start + length : start;
  pool.lengths[index] = skipped === 0 ? rest : skipped;
  return true;
};

/** Removes extent `index` from the list. */
const closeGap = (pool: DmaPool, index: u32): void => {
  for (let i: u32 = index; i + 1 < pool.count; i++) {
    pool.starts[i] = pool.starts[i + 1];
    pool.lengths[i] = pool.lengths[i + 1];
  }
  pool.count--;
};

/** Makes room in the list for one more extent at `index`. */
const openGap = (pool: DmaPool, index: u32): void => {
  for (let i: u32 = pool.count; i > index; i--) {
    pool.starts[i] = pool.starts[i - 1];
    pool.lengths[i] = pool.lengths[i - 1];
  }
  pool.count++;
};

// Bytes of several arrays, one behind the other, to and from DMA memory.

import type { DmaOffset } from '../../kernel/base/machine.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';

/** Copies `length` bytes of the arrays of `list`, from the `start`-th on, to `offset`. */
export const gatherBytes = (list: readonly Uint8Array[], start: number, length: number, offset: DmaOffset): void => {
  let at = 0; // Of `bytes`, in the list.
  for (const bytes of list) {
    const from = Math.max(start - at, 0);
    const to = Math.min(start + length - at, bytes.length);
    if (from < to) dmaWriteBytes(offset + at + from - start, bytes.subarray(from, to));
    at += bytes.length;
  }
};

/** Copies `length` bytes at `offset` into the arrays of `list`, from the `start`-th on. */
export const scatterBytes = (list: readonly Uint8Array[], start: number, length: number, offset: DmaOffset): void => {
  let at = 0;
  for (const bytes of list) {
    const from = Math.max(start - at, 0);
    const to = Math.min(start + length - at, bytes.length);
    if (from < to) dmaReadBytes(offset + at + from - start, bytes.subarray(from, to));
    at += bytes.length;
  }
};

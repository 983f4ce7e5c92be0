// What the image block.ts does to a disk, and what the disk holds then: read by the image and by its test.

import { fillPattern } from '../../../kernel/base/bytes.ts';

/** Sectors of the disk, all of which are written at first: 4 MiB. */
export const SECTORS = 8192;

/** Ranges in sectors, of whole 64 KiB: clusters of a qcow2 image. */
export const DISCARDED = { sector: 1024, count: 1024 };
export const UNMAPPED = { sector: 3072, count: 512 };
export const ZEROED = { sector: 4096, count: 256 };
/** Zeroes are written there as any other bytes, and the host finds that out where it looks (detect-zeroes). */
export const WRITTEN_ZEROES = { sector: 5120, count: 128 };

/** Arrays of these lengths are written with one call. */
export const ARRAYS = { sector: 6144, lengths: [1, 1000, 0, 2071, 512, 512] };
/** And pieces of DMA memory of these. */
export const PIECES = { sector: 6400, lengths: [4096, 8192, 4096, 12288] };
/** And bytes within a block, and over the end of another. */
export const BYTES = [
  { offset: 7000 * 512 + 100, length: 50 },
  { offset: 7100 * 512 - 1, length: 5000 },
];

const SECTOR = 512;

/** Returns bytes of which no two sectors are the same, nor those of another seed. */
export const patternOf = (length: number, seed: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  fillPattern(bytes, seed);
  return bytes;
};

/** Returns the sum of lengths. */
export const sumOf = (lengths: readonly number[]): number => {
  let sum = 0;
  for (const length of lengths) sum += length;
  return sum;
};

/** Returns what the disk holds in the end. */
export const contentAfter = (): Uint8Array => {
  const bytes = patternOf(SECTORS * SECTOR, 1);
  for (const { sector, count } of [DISCARDED, UNMAPPED, ZEROED, WRITTEN_ZEROES]) {
    bytes.fill(0, sector * SECTOR, (sector + count) * SECTOR);
  }
  bytes.set(patternOf(sumOf(ARRAYS.lengths), 2), ARRAYS.sector * SECTOR);
  bytes.set(patternOf(sumOf(PIECES.lengths), 3), PIECES.sector * SECTOR);
  for (const { offset, length } of BYTES) bytes.set(patternOf(length, 4), offset);
  return bytes;
};

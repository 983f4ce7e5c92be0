// Where the image crash.ts writes which block: read by the image and by its test.

/** Places for blocks: 32 MiB. */
export const PLACE_COUNT = 4096;

/** Blocks are written at most so far ahead of the flush that the console was told of last. */
export const AHEAD_MAX = 64;

/** Odd, so that every place has its turn before one has its second, and neighbours in time are none on disk. */
const STRIDE = 2039;

/** Returns the place of the block of that number. */
export const placeOfBlock = (number: number): number => (number * STRIDE) % PLACE_COUNT;

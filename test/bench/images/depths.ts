// The loads by which awaited reads are compared with the polled loop: the same number of the same reads, so many at a time.

/** What is printed is one line a sample: `load qd32-4k REQUESTS TICKS …`. */
export const DEPTHS = [1, 2, 8, 32, 128];
export const SAMPLES_EACH = 3;
export const LENGTH = 4096;
/** Scattered reads never meet a neighbour: an odd number of 4 KiB blocks. */
export const STRIDE_SECTORS = 81001 * 8;

/** Returns how many reads a sample has: a multiple of the depth. One at a time takes long. */
export const readsOf = (depth: number): number => (depth < 8 ? 1024 : 4096);

/** Returns the name of a load. */
export const nameOf = (depth: number): string => `qd${depth}-4k`;

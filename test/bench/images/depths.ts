// The loads by which awaited reads are compared with the polled loop: the same number of the same reads, so many at a time.

import { findOption } from '../../../kernel/base/command-line.ts';
import { interruptCount, VECTOR_FIRST, VECTOR_LAST } from '../../../kernel/hal/interrupts.ts';
import { readOptions } from '../../../kernel/hal/options.ts';

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

/** Returns the depths of this run: that of the option `depth`, or all. */
export const chosenDepths = (): readonly number[] => {
  const chosen = findOption(readOptions(), 'depth');
  return chosen === undefined ? DEPTHS : [Number(chosen)];
};

/** Returns the interrupts of devices until now: the timer's are not among these vectors. */
export const deviceInterrupts = (): number => {
  let count = 0;
  for (let vector: number = VECTOR_FIRST; vector <= VECTOR_LAST; vector++) count += interruptCount(vector);
  return count;
};

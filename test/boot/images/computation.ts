// A computation that uses all that an interrupt could spoil: general and vector registers, flags, the stack and what lies below it. The
// image runs it under a storm of interrupts, the test on Node; the results must be the same.

import { type Cells, leaf, mix } from './interrupts-machine.ts';

/** Returns a text that depends on every step. */
export const compute = (cells: Cells, roundCount: number): string => {
  let float = 1.25;
  let text = '';
  const seen = new Map<string, number>();
  for (let round = 0; round < roundCount; round++) {
    float = Math.sqrt(float * 3.7 + (round % 17)) + (float % 0.37);
    const key = `k${mix(cells, round, 400) % 97}`;
    seen.set(key, (seen.get(key) ?? 0) + leaf(round, round ^ 0x55, float));
    if (round % 50 === 0) text += `${key}:${Math.round(float * 1e6)},`;
  }
  const sorted = [...seen.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${Math.round(value)}`);
  return `${text} ${sorted.join(' ')}`;
};

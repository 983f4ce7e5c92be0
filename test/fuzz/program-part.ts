// Programs of the control plane as a part of `make fuzz`: most in development builds, which are compiled ten times as fast, some in the two that are released.

import { isDifferent, type Level, type Outcome, runBatch } from './batch.ts';
import type { Part } from './part.ts';
import { writeProgram } from './programs.ts';
import { shrink } from './shrink.ts';

const SHRINK_MINUTES_MAX = 8;

/** What each turn runs. */
const BATCHES: readonly { readonly level: Level; readonly size: number }[] = [
  { level: '-O0', size: 40 },
  { level: '-Oz', size: 12 },
  { level: '-O0', size: 40 },
  { level: '-O2', size: 6 },
];

/** Returns the part that runs random programs on Node and natively. */
export const programPart = (): Part => {
  let turns = 0;
  let ran = 0;
  let refused = 0;
  let faults = 0;

  const judge = async (seed: number, outcome: Outcome, level: Level, deadline: number): Promise<void> => {
    if (outcome.refusals.length > 0) refused += 1;
    else ran += 1;
    if (!isDifferent(outcome)) return;
    faults += 1;
    console.log(`\nThe program of seed ${seed} differs at ${level}. As small as it gets:\n`);
    console.log(await shrink(writeProgram(seed), level, Math.min(deadline, Date.now() + SHRINK_MINUTES_MAX * 60_000)));
  };

  return {
    turn: async (first, deadline) => {
      const { level, size } = BATCHES[turns++ % BATCHES.length]!;
      const seeds = Array.from({ length: size }, (_, index) => first + index);
      const outcomes = await runBatch('programs', seeds.map(writeProgram), [level]);
      for (const [index, seed] of seeds.entries()) await judge(seed, outcomes[index]!, level, deadline);
    },
    figures: () => `${ran} programs, ${refused} refused, ${faults} different from Node`,
    faultCount: () => faults,
  };
};

// Machine modules (test/native/random-modules.ts) as a part of `make fuzz`.

import { compareRandomModules } from '../native/random-modules.ts';
import type { Part } from './part.ts';

const FUNCTIONS = 120;
const CALLS_EACH = 30;

/** Returns the part that calls random machine functions, in checked and in release builds. */
export const modulePart = (): Part => {
  let made = 0;
  let faults = 0;
  return {
    turn: async (seed) => {
      const { calls, wrong } = await compareRandomModules(seed, FUNCTIONS, CALLS_EACH);
      made += calls;
      faults += wrong.length;
      for (const line of wrong) console.log(`machine modules of seed ${seed}: ${line}`);
    },
    figures: () => `${made} calls of machine functions, ${faults} wrong`,
    faultCount: () => faults,
  };
};

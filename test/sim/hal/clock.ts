// The clock of the simulated machine: each look lets time pass.

import { CLOCK_ASSUMED } from '../../../kernel/hal/clock.ts';
import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/clock.ts';

export const clockNow = (): number => theMachine().tick();

export const clockHertz = (): number => 1_000_000_000;

export const clockReference = (): number => CLOCK_ASSUMED;

/** The date of kernel entry, and what has passed since. */
export const clockWall = (): number => {
  const machine = theMachine();
  return Math.floor(machine.entryDateUs / 1000 + machine.tick() / 1e6);
};

export const clockSetWall = (microseconds: number, at: number): void => {
  theMachine().entryDateUs = microseconds - at / 1000;
};

/** The counter counts nanoseconds from kernel entry on. */
export const clockAt = (high: number, low: number): number => high * 2 ** 32 + low;

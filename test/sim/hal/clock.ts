// The clock of the simulated machine: each look lets time pass.

import { CLOCK_ASSUMED } from '../../../kernel/hal/clock.ts';
import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/clock.ts';

export const clockNow = (): number => theMachine().tick();

export const clockHertz = (): number => 1_000_000_000;

export const clockReference = (): number => CLOCK_ASSUMED;

/** 2031-02-03T04:05:06Z, and what has passed since. */
export const clockWall = (): number => Date.UTC(2031, 1, 3, 4, 5, 6) + Math.floor(theMachine().tick() / 1e6);

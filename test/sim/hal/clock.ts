// The clock of the simulated machine: each look lets time pass.

import { CLOCK_ASSUMED } from '../../../kernel/hal/clock.ts';
import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/clock.ts';

export const clockNow = (): number => theMachine().tick();

export const clockHertz = (): number => 1_000_000_000;

export const clockReference = (): number => CLOCK_ASSUMED;

// Leaving the simulated machine: an exception that carries the status.

import { EXIT_PANIC } from '../../../kernel/hal/power.ts';
import { MachineStopped } from '../machine.ts';

export * from '../../../kernel/hal/power.ts';

export const exit = (status: number): never => {
  throw new MachineStopped(status, `exit ${status}`);
};

export const panic = (message: string): never => {
  throw new MachineStopped(EXIT_PANIC, message);
};

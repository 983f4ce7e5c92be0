// Leaving the simulated machine: an exception that carries the status.

import { EXIT_PANIC, EXIT_SUCCESS } from '../../../kernel/hal/power.ts';
import { MachineStopped } from '../machine.ts';

export * from '../../../kernel/hal/power.ts';

export const exit = (status: number): never => {
  throw new MachineStopped(status, `exit ${status}`);
};

export const poweroffNow = (): never => {
  throw new MachineStopped(EXIT_SUCCESS, 'poweroff');
};

export const rebootNow = (): never => {
  throw new MachineStopped(EXIT_SUCCESS, 'reboot');
};

export const panic = (message: string): never => {
  throw new MachineStopped(EXIT_PANIC, message);
};

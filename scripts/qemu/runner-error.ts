// The one error that a user of the runner can mend: its message is one line that says what to do.

import { STATUS_QEMU_FAILED, STATUS_USAGE } from './exit-status.ts';

/** Thrown for what stops a run before the guest starts. `status` is the runner's exit status. */
export class RunnerError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RunnerError';
    this.status = status;
  }
}

/** Returns the error for a wrong command. */
export const usageError = (message: string): RunnerError => new RunnerError(STATUS_USAGE, message);

/** Returns the error for a QEMU that cannot be used. */
export const qemuError = (message: string): RunnerError => new RunnerError(STATUS_QEMU_FAILED, message);

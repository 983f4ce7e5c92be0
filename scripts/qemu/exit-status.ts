// How a run ends: one status from 0 to 63, the same for the guest's own ends and for the runner's.
//
// The guest writes `0x40 | status` to the isa-debug-exit port; QEMU then leaves with `((0x40 | status) << 1) | 1`. A guest that switches the machine
// off has succeeded. Any other way to end (a reset, a signal, QEMU's own refusal) carries no bit 6 and is not the guest's answer.

import {
  EXIT_ASSERTION_FAILED,
  EXIT_CHECKED_ARITHMETIC,
  EXIT_CPU_EXCEPTION,
  EXIT_FAILED,
  EXIT_MACHINE_NOT_USABLE,
  EXIT_OUT_OF_MEMORY,
  EXIT_PANIC,
  EXIT_STACK_OVERFLOW,
  EXIT_SUCCESS,
  EXIT_UNCAUGHT_EXCEPTION,
  EXIT_UNSETTLED_AWAIT,
  EXIT_WINDOW_BOUNDS,
} from '../../kernel/hal/power.ts';

/** How one QEMU ended. `reason` is a phrase for people, without a full stop. */
export interface QemuExit {
  readonly status: number;
  readonly reason: string;
}

/** The guest did not answer within its limit. */
export const STATUS_NO_ANSWER = 60;
/** QEMU could not start, failed, or ended without a status from the guest. */
export const STATUS_QEMU_FAILED = 61;
/** The command was wrong: an unknown machine, a missing disk. */
export const STATUS_USAGE = 62;

const GUEST_MARK = 0x40;
const GUEST_MARK_MASK = 0xc0;
const STATUS_MASK = 0x3f;

/** The guest's statuses in words; a panic's are those of its own first line. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  [EXIT_SUCCESS]: 'success',
  [EXIT_FAILED]: 'the program failed',
  [EXIT_UNCAUGHT_EXCEPTION]: 'uncaught exception',
  [EXIT_ASSERTION_FAILED]: 'assertion failed',
  [EXIT_CHECKED_ARITHMETIC]: 'checked arithmetic',
  [EXIT_OUT_OF_MEMORY]: 'out of memory',
  [EXIT_STACK_OVERFLOW]: 'stack overflow',
  [EXIT_CPU_EXCEPTION]: 'CPU exception',
  [EXIT_WINDOW_BOUNDS]: 'window bounds',
  [EXIT_PANIC]: 'panic',
  [EXIT_MACHINE_NOT_USABLE]: 'machine not usable',
  [EXIT_UNSETTLED_AWAIT]: 'unsettled await',
};

/** Returns the words for a guest's status. */
export const statusName = (status: number): string => STATUS_NAMES[status] ?? "the program's own status";

/** Returns what QEMU's exit code or ending signal means. `shutdownReason` is that of QMP's SHUTDOWN event, where one came. */
export const decodeExit = (code: number | null, signal: string | null, shutdownReason?: string): QemuExit => {
  if (signal !== null) return { status: STATUS_QEMU_FAILED, reason: `QEMU was ended by ${signal}` };
  if (code === null) return { status: STATUS_QEMU_FAILED, reason: 'QEMU did not start' };

  const answer = code >> 1;
  if ((code & 1) === 1 && (answer & GUEST_MARK_MASK) === GUEST_MARK) {
    const status = answer & STATUS_MASK;
    return { status, reason: statusName(status) };
  }
  if (code !== 0) return { status: STATUS_QEMU_FAILED, reason: `QEMU failed with exit code ${code}` };
  if (shutdownReason === 'guest-shutdown')
    return { status: EXIT_SUCCESS, reason: 'the guest switched the machine off' };
  const end =
    shutdownReason === 'guest-reset'
      ? 'the guest reset the machine (reboot() and a triple fault do that)'
      : 'QEMU ended without an exit status';
  return { status: STATUS_QEMU_FAILED, reason: end };
};

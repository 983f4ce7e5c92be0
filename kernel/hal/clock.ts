'use machine';
// The monotonic clock: the processor's time-stamp counter, calibrated against a reference that the machine has when somebody first looks
// at it; that look may take a millisecond. The error is below 0.3 %. Beside it the date, which the monotonic clock carries on.

import type { u8, u32, u53 } from '../base/machine.ts';

/** What `clockReference` may answer. */
export const CLOCK_PIT: u8 = 1;
export const CLOCK_PM_TIMER: u8 = 2;
/** The processor states its own frequency (CPUID leaves 0x15, 0x16 or a hypervisor's). */
export const CLOCK_CPUID: u8 = 3;
/** Nothing to measure against: 1 GHz is taken. Durations are then in an unknown unit. */
export const CLOCK_ASSUMED: u8 = 4;

/** Returns the nanoseconds since kernel entry. Never goes back. */
export declare const clockNow: () => u53;

/** Returns the frequency of the time-stamp counter in hertz. */
export declare const clockHertz: () => u53;

/** Returns what the counter was calibrated against: one of the CLOCK_ constants. */
export declare const clockReference: () => u8;

/**
 * Returns the milliseconds since 1970-01-01T00:00:00Z. The machine's real-time clock is read at the first call; it counts whole seconds, so this may be
 * up to one second behind. Where there is none, time begins in 1970 with the kernel, and a log line says so.
 */
export declare const clockWall: () => u53;

/** Says what the date was at a time of `clockNow()`: `microseconds` since 1970-01-01T00:00:00Z. `clockWall` goes by it from now on. */
export declare const clockSetWall: (microseconds: u53, at: u53) => void;

/** Returns what `clockNow()` was when the time-stamp counter was `high` times 2^32 plus `low`; 0 when that was before kernel entry. */
export declare const clockAt: (high: u32, low: u32) => u53;

// The callbacks that the loop makes, for a trace. Where a program is not built for one, the calls of these functions are not there; where it is,
// scripts/patch/events.ts gives them bodies.

/** Notes that all modules have run, and the loop begins. */
export const endModules = (): void => {};

/** Notes that the callback of a timer begins. */
export const beginTimer = (_callback: unknown): void => {};

/** The same for an immediate. */
export const beginImmediate = (_callback: unknown): void => {};

/** The same for a listener of an interrupt. */
export const beginListener = (_callback: unknown): void => {};

/** Notes that it has returned. */
export const endTask = (): void => {};

// A module that waits, for a case that imports it.

/** The answer, later. */
export const answer = await Promise.resolve(42);

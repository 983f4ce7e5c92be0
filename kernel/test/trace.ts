// Where an exception came from.

/** Prints the functions and lines that an exception came through, one of those thrown last; nothing of any other. scripts/patch/traces.ts puts that in place of the body. */
export const printTrace = (error: unknown): void => {
  if (error === printTrace) throw error;
};

// Assertions: facts about our own code. A fact that does not hold is our fault and stops the machine with status 33;
// what the world does wrong is a typed error instead. The build tool knows this function by its place and name.

/** Returns when `condition` holds. On Node it throws an Error; on metal the machine stops and prints `fact` and where. */
export const assert: (condition: boolean, fact: string) => asserts condition = (condition, fact) => {
  if (!condition) throw new Error(`assertion failed: ${fact}`);
};

// What `make fuzz` does by turns.

/** One kind of random test. */
export interface Part {
  /** Does the next piece of work, which `seed` decides. What is wrong is printed. Ends soon after `deadline`, a time in ms. */
  readonly turn: (seed: number, deadline: number) => Promise<void>;
  /** Returns what was done so far, in words. */
  readonly figures: () => string;
  /** Returns how many faults were found so far. */
  readonly faultCount: () => number;
}

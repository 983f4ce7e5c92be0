// What stands for many values in what is expected. matchers.ts makes them; here is what equal.ts has to know.

/** Stands for the values that it matches, anywhere inside of what toEqual and its kin are given. */
export class AsymmetricMatcher {
  /** What a failure shows in its place. */
  readonly text: string;
  readonly matches: (value: unknown) => boolean;

  constructor(text: string, matches: (value: unknown) => boolean) {
    this.text = text;
    this.matches = matches;
  }
}

/** Returns whether `value` is a matcher. */
export const isMatcher = (value: unknown): value is AsymmetricMatcher => value instanceof AsymmetricMatcher;

// One rule of the dialect: something TypeScript allows and this build refuses, as data.
// docs/dialect.md is printed from these rows, and a test compiles both examples of each.

/** A numbered rule. The sentences are joined as `title: why; instead`, so none of them ends in a full stop. */
export interface DialectRule {
  readonly code: `HED${string}`;
  /** What is refused, in the words of the language: `a BigInt literal`. */
  readonly title: string;
  /** Why: what would go wrong if it were let through. */
  readonly why: string;
  /** What to write instead, starting with a verb. */
  readonly instead: string;
  /** A whole module that gives exactly this diagnostic. Machine rules start it with 'use machine'. */
  readonly wrong: string;
  /** The same program, accepted. */
  readonly right: string;
}

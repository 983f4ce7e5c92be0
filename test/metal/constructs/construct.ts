// One row of the list of syntax: a construct that a user may type, under the name that cases give it.

import type ts from 'typescript';

/** The nodes and tokens of TypeScript's parser by which a construct is told from others. */
export type Kind = keyof typeof ts.SyntaxKind;

/** A construct of syntax. */
export interface Construct {
  /** As cases name it. */
  readonly name: string;
  /** Where it is specified: a section of ECMA-262 (2024), or `TypeScript`. */
  readonly section: string;
  /** The kinds of nodes and tokens that it covers. Several constructs can share one. */
  readonly kinds: readonly Kind[];
  /** The pass below scripts/ that rewrites it; none where it is compiled as it stands. */
  readonly pass?: string;
}

/** Constructs of one chapter. */
export interface ConstructChapter {
  readonly title: string;
  readonly constructs: readonly Construct[];
}

/** Returns a construct: its name, section and kinds, and the pass that lowers it. */
export const construct = (name: string, section: string, kinds: string, pass?: string): Construct => ({
  name,
  section,
  kinds: kinds.split(' ').filter((kind) => kind !== '') as Kind[],
  ...(pass === undefined ? {} : { pass }),
});

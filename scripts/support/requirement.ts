// One requirement of VIRTIO 1.2 for drivers, as data. The wording is ours: the specification's own sentence is found by the section.

import type { Claim } from './claim.ts';

/** The word of RFC 2119 that the sentence uses. */
export type Strength = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY';

export const STRENGTHS: readonly Strength[] = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY'];

/** A row of the table. */
export type Requirement = Claim & {
  /** Section of VIRTIO 1.2 and the number of the row in it, in the order of the text: `2.1.1-1`. */
  readonly id: string;
  readonly strength: Strength;
  /** What the driver does, or does not do where the strength is a negative one. */
  readonly wording: string;
};

/** A chapter of the page. */
export interface Chapter {
  readonly title: string;
  readonly rows: readonly Requirement[];
}

/** Returns `2.1.1` for the row `2.1.1-2`. */
export const sectionOf = (row: Requirement): string => row.id.slice(0, row.id.lastIndexOf('-'));

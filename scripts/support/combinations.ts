// Transports, layouts of a queue and options of QEMU that were tried together.

import type { Claim } from './claim.ts';

/** One thing that works, or does not. */
export type Combination = Claim & {
  /** The transport or option, as a user would say it. */
  readonly name: string;
  /** How QEMU is told. */
  readonly qemu: string;
};

export const COMBINATIONS: readonly Combination[] = [];

// HED300–HED349: the floors. A module imports from its own folder or from a lower floor, never sideways, never up.

import type { DialectRule } from './rule.ts';

/** The example names a module of the tree itself: the floor of an example is that of kernel/base/example.ts. */
export const FLOOR_RULE: DialectRule = {
  code: 'HED300',
  title: 'an import of a higher or a neighbouring floor',
  why: 'each floor stands on the lower ones only (ARCHITECTURE.md, Floors), so that any of it can be read and tested without the rest',
  instead: 'move the shared part to a lower floor, or hand it in as a parameter',
  wrong: `import type { Twin } from '../device/example.ts';\nexport const twin: Twin = 1;\n`,
  right: `export type Twin = number;\nexport const twin: Twin = 1;\n`,
};

export const FLOOR_RULES: readonly DialectRule[] = [FLOOR_RULE];

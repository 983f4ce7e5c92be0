// HED150–HED199: control flow, errors, classes, iteration, async.

import type { DialectRule } from './rule.ts';

/** The rules, by the name the passes use. */
export const FLOW_RULES = {
  stack: {
    code: 'HED150',
    title: "an error's stack",
    why: 'its text is an invention of each engine, and this one keeps none',
    instead: 'print the error itself; an uncaught one ends in a panic with its backtrace',
    wrong: "export const show = (error: Error): string => error.stack ?? '';\n",
    right: 'export const show = (error: Error): string => String(error);\n',
  },
} as const satisfies Record<string, DialectRule>;

/** The rows in the order of their numbers. */
export const flowRules: readonly DialectRule[] = Object.values(FLOW_RULES);

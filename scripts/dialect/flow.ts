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
  changedLoopVariable: {
    code: 'HED151',
    title: "a loop's variable that a closure uses and the body changes",
    why: 'each round has its own variable, and the closure of one round would not see the change',
    instead: 'copy it into a variable of the body and let the closure use that',
    wrong: 'const later: (() => number)[] = [];\nfor (let i = 0; i < 4; i++) {\n  later.push(() => i);\n  i++;\n}\n',
    right: 'const later: (() => number)[] = [];\nfor (let i = 0; i < 4; i += 2) later.push(() => i);\n',
  },
  earlyPattern: {
    code: 'HED152',
    title: 'a variable of a destructuring that a closure mentions before it has its value',
    why: 'the closure would keep what the variable held when the closure was made',
    instead: 'declare the variable before the closure',
    wrong:
      'const later: (() => number)[] = [];\nfor (const pair of [[1, 2]]) {\n  later.push(() => first);\n  const [first = 0] = pair;\n}\n',
    right:
      'const later: (() => number)[] = [];\nfor (const pair of [[1, 2]]) {\n  const [first = 0] = pair;\n  later.push(() => first);\n}\n',
  },
} as const satisfies Record<string, DialectRule>;

/** The rows in the order of their numbers. */
export const flowRules: readonly DialectRule[] = Object.values(FLOW_RULES);

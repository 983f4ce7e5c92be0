// kernel/event/pending.ts in C: a promise without the two functions that JavaScript needs to settle one.

import { hasAwaits } from './awaits.ts';
import type { Edit } from './edit.ts';
import { nameOf } from './names.ts';

const NOTHING = 'void';
const TWO = String.raw`(?:volatile )?jsval (\w+), (?:volatile )?jsval (\w+)`;

/** Returns the edits; none for what the program does not use. */
export const pendingEdits = (c: string): Edit[] => [
  ...bodyEdit(c, 'pendingPromise', NOTHING, () => `return ${nameOf(c, '__Porffor_promise_create')}();`),
  ...bodyEdit(c, 'fulfil', TWO, () => {
    if (hasAwaits(c)) return 'hedyn_resolve($2, $3);\n\treturn JV_UNDEFINED;';
    const resolve = nameOf(c, '__Porffor_promise_resolve');
    const fulfil = nameOf(c, '__ecma262_FulfillPromise');
    return `return porf_jv_type($3) == 7 || porf_jv_type($3) == 30 ? ${resolve}($3, $2) : ${fulfil}($2, $3);`;
  }),
  ...bodyEdit(c, 'reject', TWO, () => `return ${nameOf(c, '__ecma262_RejectPromise')}($2, $3);`),
];

/**
 * A function is known by its name and the file that its first line comes from: a program may have a `reject` of its own. Where the module is linked, the
 * first of its functions must be found.
 */
const bodyEdit = (c: string, name: string, parameters: string, body: () => string): Edit[] => {
  const start = String.raw`^(jsval p\d+_${name}\w*\(${parameters}\) \{\n)(?:(?: {2}|\t).*\n)*#line \d+ "kernel/event/pending\.ts"\n`;
  const isKnown = name === 'pendingPromise' && c.includes(`_${name}(`) && c.includes('"kernel/event/pending.ts"');
  if (!isKnown && !new RegExp(start, 'm').test(c)) return [];
  const find = new RegExp(String.raw`${start}[\s\S]*?\n\}\n`, 'gm');
  return [{ mends: `${name}()`, find, replace: `$1\t${body()}\n}\n`, times: 1 }];
};

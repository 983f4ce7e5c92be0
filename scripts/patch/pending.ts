// kernel/event/pending.ts in C: a promise without the two functions that JavaScript needs to settle one.

import { hasAwaits } from './awaits.ts';
import type { Edit } from './edit.ts';
import { nameOf } from './names.ts';

const NOTHING = 'void';
const TWO = String.raw`(?:volatile )?jsval (\w+), (?:volatile )?jsval (\w+)`;
const THREE = String.raw`${TWO}, (?:volatile )?jsval (\w+)`;

/** Returns the edits; none for what the program does not use. */
export const pendingEdits = (c: string): Edit[] => [
  ...bodyEdit(c, 'pendingPromise', NOTHING, () => `return ${nameOf(c, '__Porffor_promise_create')}();`),
  ...bodyEdit(c, 'fulfil', TWO, () => `${fulfilling(c, '$2', '$3')}\n\treturn JV_UNDEFINED;`),
  ...bodyEdit(c, 'pendingAt', TWO, () => pendingAt(nameOf(c, '__Porffor_promise_create'))),
  ...bodyEdit(c, 'fulfilAt', THREE, () => fulfilAt(fulfilling(c, 'pending', '$4'))),
  ...bodyEdit(c, 'reject', TWO, () => `return ${nameOf(c, '__ecma262_RejectPromise')}($2, $3);`),
];

const fulfilling = (c: string, promise: string, value: string): string => {
  if (hasAwaits(c)) return `hedyn_resolve(${promise}, ${value});`;
  const resolve = nameOf(c, '__Porffor_promise_resolve');
  const fulfil = nameOf(c, '__ecma262_FulfillPromise');
  const mayHaveThen = `porf_jv_type(${value}) == 7 || porf_jv_type(${value}) == 30`;
  return `(void)(${mayHaveThen} ? ${resolve}(${value}, ${promise}) : ${fulfil}(${promise}, ${value}));`;
};

/** An element that is there takes the promise without a further look at the array; its card says that it may be younger. */
const pendingAt = (create: string): string => `const jsval pending = ${create}();
	const u32 array = (u32)$2.val, place = porf_f64_to_u32($3.val);
	if (place < (u32)PORF_ARR_LEN(array)) {
		((jsbits*)(MEM + PORF_ARR_ENT(array)))[place] = porf_pack(pending);
		porf_gc_cards[array >> 9] = 1;
	} else porf_arr_set(array, place, pending);
	return pending;`;

const fulfilAt = (fulfilling: string): string => `const u32 array = (u32)$2.val, place = porf_f64_to_u32($3.val);
	if (place >= (u32)PORF_ARR_LEN(array)) return JV_UNDEFINED;
	jsbits* const element = (jsbits*)(MEM + PORF_ARR_ENT(array)) + place;
	const jsval pending = porf_unpack(*element);
	if (pending.type != 30) return JV_UNDEFINED;
	*element = JV_UNDEFINED_BITS;
	${fulfilling}
	return JV_UNDEFINED;`;

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

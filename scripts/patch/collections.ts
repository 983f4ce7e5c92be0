// Keys of Map and Set, and parts of typed arrays and buffers.

import type { Edit } from './edit.ts';

/** -0 as a key is 0. ECMA-262 §24.1.3.9, §24.2.4.1 */
const KEY: Edit = {
  mends: '-0 as a key',
  find: /^(\w+ p\d+___Porffor_hashtableAppend\(jsval \w+, jsval (\w+)\) \{\n)/gm,
  replace: '$1\tif (porf_jv_type($2) == 1) $2.val += 0.0;\n',
  times: 1,
};

/** A part whose end lies before its start is empty; Porffor makes one of negative length. §23.2.3.30, §25.1.6.7 */
const PART: Edit = {
  mends: 'an end before the start',
  find: /^(\tout = porf_box\(porf_alloc\((?:12, \d+u\), \d+\);\n\t\*\(i32\*\)\(MEM \+ \(u32\)out\.val\) = porf_f64_to_i32\(|porf_f64_to_i32\(4\.0 \+ \()\(p\d+___ecma262_ToNumeric\(end\)\.val\) - )/gm,
  replace: '\tif (end.val < start.val) end = start;\n$1',
  times: 'some',
};

/** Returns the edits for what of it a program has. */
export const collectionEdits = (c: string): Edit[] => [
  ...(/^\w+ p\d+___Porffor_hashtableAppend\(.*\{$/m.test(c) ? [KEY] : []),
  ...(/^jsval p\d+___\w+_prototype_subarray\(.*\{$|^jsval p\d+___ArrayBuffer_prototype_slice\(.*\{$/m.test(c)
    ? [PART]
    : []),
];

// Arrays that are longer than the heap. Porffor computes the bytes of an array with 32 bits: of 2^29 elements there are none, and the array lies over what comes behind it.
// An array of so many ends the program as one that does not fit does; a typed array of so many bytes throws the RangeError that it was to throw.

import type { Edit } from './edit.ts';

/** Bytes of one element below 2^31, also as a signed number. */
const ELEMENTS_MAX = 2 ** 28 - 1;

const BYTES = /\bbyteLength = \(f64\)\(\(u32\)len \* (\d)u\);/;

const refuse = (count: string): string =>
  `if ((u32)${count} > ${ELEMENTS_MAX}u) hedyn_outOfMemory("the heap: an array of 2^28 elements or more");\n`;

/** Returns the edits: of what every program has, and of what this one does. */
export const lengthEdits = (c: string): Edit[] => [
  {
    mends: 'the length of a new array',
    find: '  if (cap < len) cap = len;\n',
    replace: `  if (cap < len) cap = len;\n  ${refuse('cap')}`,
    times: 'some',
  },
  {
    mends: 'the length of an array that grows',
    find: '  if (need <= cap) return;\n',
    replace: `  if (need <= cap) return;\n  ${refuse('need')}`,
    times: 1,
  },
  ...(/___Porffor_array_new\(i32 capacity\) \{/.test(c) ? [newArray] : []),
  ...(BYTES.test(c) ? [typedArray] : []),
  ...(/___Porffor_array_ensure\(i32 arr, i32 needed\) \{/.test(c) ? [grownArray] : []),
];

const typedArray: Edit = {
  mends: 'the bytes of a typed array',
  find: new RegExp(BYTES, 'g'),
  replace: 'byteLength = (f64)(u32)len * $1.0;',
  times: 'some',
};

const newArray: Edit = {
  mends: 'the length of an array that is made by a built-in',
  find: /(___Porffor_array_new\(i32 capacity\) \{\n(?: {2}.*;\n)*)/g,
  replace: `$1\t${refuse('capacity')}`,
  times: 1,
};

const grownArray: Edit = {
  mends: 'the length of an array that grows in a built-in, and its capacity, which doubles',
  find: /(___Porffor_array_ensure\(i32 arr, i32 needed\) \{\n[\s\S]*?\t\treturn entries;\n\t\}\n)([\s\S]*?)(\tnewEntries = )/g,
  replace: `$1\t${refuse('needed')}$2\tif (capacity > ${ELEMENTS_MAX}) capacity = ${ELEMENTS_MAX};\n$3`,
  times: 1,
};

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
  ...(FAR.test(c) ? [farIndex, farElement] : []),
  ...(/___Porffor_array_new\(i32 capacity\) \{/.test(c) ? [newArray] : []),
  ...(BYTES.test(c) ? [typedArray] : []),
  ...(/___Porffor_array_ensure\(i32 arr, i32 needed\) \{/.test(c) ? [grownArray] : []),
];

/** Where a property is set: of an array, an index comes first. */
const FAR =
  /^(jsval p\d+___Porffor_object_set\w*\(jsval _obj, jsval key[^\n]*\) \{\n(?:(?!\n\}\n)[\s\S])*?\t\t_index = p\d+___Porffor_array_propertyKeyIndex\(key\);\n)/m;

const farIndex: Edit = {
  mends: 'what an index of an array is',
  find: 'static size_t hedyn_putUtf8(',
  replace: `static int hedyn_isFarIndex(jsval key) {
  if (porf_jv_type(key) != 195 || *(u32*)(MEM + (u32)key.val) != 10u) return 0;
  u64 index = 0;
  for (u32 i = 0; i < 10u; i++) {
    const u8 digit = MEM[(u32)key.val + 4u + i];
    if (digit < '0' || digit > '9') return 0;
    index = index * 10u + (digit - '0');
  }
  return index >= 2147483647u && index < 4294967295u;
}

static size_t hedyn_putUtf8(`,
  times: 1,
};

/** Porffor knows indices below 2^31 - 1. Those from there on would name a property, and leave the length as it is. */
const farElement: Edit = {
  mends: 'an element far behind the end of an array',
  find: new RegExp(FAR, 'gm'),
  replace:
    '$1\t\tif (_index == -1 && hedyn_isFarIndex(key)) hedyn_outOfMemory("the heap: an array of 2^28 elements or more");\n',
  times: 'some',
};

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

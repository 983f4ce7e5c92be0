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

// A loop over a Map or Set holds the array of its keys and a place in it. Porffor takes the deleted keys out of that array in place, which moves
// the others below the loop's feet. Mended: the array stays as it is, a new one takes its place and stands behind its last key; a loop whose array
// is given up counts the keys in front of its place, and goes on behind as many in the new one. §24.1.3.5, §24.2.4.6
const KEYS = `
static u32 hedyn_replaceKeys(u32 table, u32 live) {
  const u32 capacity = live + (live >> 1) + 4u;
  const u32 keys = porf_alloc(16u + capacity * 8u, 72u);
  *(u32*)(MEM + keys) = 0;
  *(u32*)(MEM + keys + 4u) = keys + 16u;
  *(u32*)(MEM + keys + 8u) = capacity;
  memset(MEM + keys + 16u, 0, capacity * 8u);
  *(u32*)(MEM + table) = keys;
  porf_gc_barrier(table, 0);
  return keys;
}
static void hedyn_compactKeys(u32 table) {
  const u32 old = *(u32*)(MEM + table), vals = *(u32*)(MEM + table + 4u), count = *(u32*)(MEM + old);
  const u32 keys = hedyn_replaceKeys(table, count - *(u32*)(MEM + table + 16u));
  const u64 *from = (u64*)(MEM + *(u32*)(MEM + old + 4u));
  u64 *to = (u64*)(MEM + keys + 16u), *values = vals ? (u64*)(MEM + *(u32*)(MEM + vals + 4u)) : 0;
  u32 live = 0;
  for (u32 i = 0; i < count; i++) {
    if (from[i] == -1ull) continue;
    to[live] = from[i];
    if (values) values[live] = values[i];
    live++;
  }
  *(u32*)(MEM + keys) = live;
  porf_gc_barrier(keys, 72);
  if (vals) porf_arr_set_len(vals, live);
  *(u32*)(MEM + table + 16u) = 0;
  porf_arr_push(old, porf_box(keys, 72));
}
static void hedyn_clearKeys(u32 table) {
  const u32 old = *(u32*)(MEM + table);
  if (*(u32*)(MEM + old) == 0) return;
  const u32 keys = hedyn_replaceKeys(table, 0);
  porf_arr_set_len(old, 0);
  porf_arr_push(old, porf_box(keys, 72));
}
static i32 hedyn_placeInKeys(i32 place, u32 keys, u32 table) {
  while (keys != *(u32*)(MEM + table)) {
    const u64* entries = (u64*)(MEM + *(u32*)(MEM + keys + 4u));
    const i32 count = *(i32*)(MEM + keys) - 1;
    i32 live = 0;
    for (i32 i = 0; i < place && i < count; i++) live += entries[i] != -1ull;
    place = live;
    keys = (u32)entries[count];
  }
  return place;
}
`;

const KEYS_HELPERS: Edit = {
  mends: 'keys that move while they are walked',
  find: '\n// ---- strings ----\n',
  replace: `${KEYS}\n// ---- strings ----\n`,
  times: 1,
};

const COMPACT: Edit = {
  mends: 'the end of deleted keys',
  find: /^(jsval p\d+___Porffor_hashtableCompact\(jsval (\w+)\) \{\n(?: {2}.*\n)*)/gm,
  replace: '$1\tif (*(i32*)(MEM + (u32)$2.val + 16u) != 0) hedyn_compactKeys((u32)$2.val);\n',
  times: 1,
};

const APPEND: Edit = {
  mends: 'a key that is added when deleted ones end',
  find: /^(\t+\(void\)p\d+___Porffor_hashtableCompact\((\w+)\);\n)(\t+live = porf_f64_to_i32\(\(f64\)\(\*\(u32\*\)\(MEM \+ \(u32\)keys\.val\)\)\);\n)/gm,
  replace: '$1\t\tkeys = porf_box(*(i32*)(MEM + (u32)$2.val), 72);\n$3',
  times: 1,
};

const CLEAR: Edit = {
  mends: 'clear() while keys are walked',
  find: /^(\tkeys = porf_box\(\*\(i32\*\)\(MEM \+ \(u32\)_23this\.val\), 72\);\n\t\(void\)p\d+___Porffor_array_ensure\()/gm,
  replace: '\thedyn_clearKeys((u32)_23this.val);\n$1',
  times: 'some',
};

const LOOP =
  /^(\t+)(\w+) = \*\(u32\*\)\(MEM \+ (\w+)\);\n\t+(\w+) = \*\(u32\*\)\(MEM \+ \3 \+ 4u\);\n(?:\t+\w+ = \*\(u32\*\)\(MEM \+ \*\(u32\*\)\(MEM \+ \w+ \+ 4u\) \+ 4u\);\n)?\t+while \((\w+) < \2\) \{\n\t+if \(\*\(u64\*\)\(MEM \+ \4 \+ \5 \* 8u\) != -1ull\) \{\n/gm;
const LOOP_TEST = ' != -1ull) {\n';
const COMPACTS = /^jsval p\d+___Porffor_hashtableCompact\(jsval \w+\) \{$/m;

/** Returns `c` with every loop over a Map or Set looking whether its array of keys was given up. Throws an Error when one has another shape. */
export const followKeys = (c: string): string => {
  if (!COMPACTS.test(c)) return c;
  let count = 0;
  const followed = c.replace(LOOP, (text, indent, _count, keys, _entries, place, at: number) => {
    const table = tableOf(c, keys, at);
    count += 1;
    return `${indent}if ((u32)${keys} != *(u32*)(MEM + ${table})) {
${indent}\t${place} = hedyn_placeInKeys(${place}, ${keys}, ${table});
${indent}\t${keys} = *(i32*)(MEM + ${table});
${indent}}
${text}`;
  });
  if (count === c.split(LOOP_TEST).length - 1) return followed;
  throw new Error("Porffor's C has changed: a loop over a Map or Set has another shape");
};

/** Returns the Map or Set whose keys a loop holds in `keys`, as an expression. */
const tableOf = (c: string, keys: string, at: number): string => {
  const start = `\t${keys} = *(i32*)(MEM + `;
  const from = c.lastIndexOf(start, at);
  const table = /^(\w+)\);\n/.exec(c.slice(from + start.length, at))?.[1];
  if (from < 0 || table === undefined) throw new Error("Porffor's C has changed: no start of a loop over a Map or Set");
  return table;
};

/** Returns the edits for what of it a program has. */
export const collectionEdits = (c: string): Edit[] => [
  ...(/^\w+ p\d+___Porffor_hashtableAppend\(.*\{$/m.test(c) ? [KEY] : []),
  ...(COMPACTS.test(c) ? [KEYS_HELPERS, COMPACT, APPEND] : []),
  ...(COMPACTS.test(c) && /^jsval p\d+___(Map|Set)_prototype_clear\(.*\{$/m.test(c) ? [CLEAR] : []),
  ...(/^jsval p\d+___\w+_prototype_subarray\(.*\{$|^jsval p\d+___ArrayBuffer_prototype_slice\(.*\{$/m.test(c)
    ? [PART]
    : []),
];

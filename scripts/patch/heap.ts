// The heap's first bytes and its growth, in the way that suits the system below. boot/regions.zig keeps one entry for 2 MiB that were promised as a
// whole and 512 for a part of them; boot/memory.zig copies eight bytes at a time, where the compiler would copy each.

import type { Edit } from './edit.ts';

/** Returns the edits. */
export const heapEdits = (c: string): Edit[] => [
  {
    mends: 'the step by which the heap grows',
    find: '(end + (1ull << 20)) & ~((1ull << 20) - 1ull)',
    replace: '(end + (1ull << 21)) & ~((1ull << 21) - 1ull)',
    times: 1,
  },
  {
    mends: 'growth, which asks for what is there already',
    find: 'mprotect(MEM, (size_t)want, PROT_READ | PROT_WRITE)',
    replace: 'mprotect(MEM + porf_heap_committed, (size_t)(want - porf_heap_committed), PROT_READ | PROT_WRITE)',
    times: 1,
  },
  {
    mends: "the end of the collector's tables",
    find: /const size_t side_bytes = ([^;]*);/g,
    replace: 'const size_t side_bytes = ($1 + (1u << 21) - 1u) & ~(((size_t)1 << 21) - 1u);',
    times: 1,
  },
  ...(c.includes('static void porf_data_init(void) {') ? [copyOfData] : []),
];

const copyOfData: Edit = {
  mends: 'the copy of constant data into the heap',
  find: 'static void porf_data_init(void) {',
  replace: '__attribute__((no_builtin("memcpy"))) static void porf_data_init(void) {',
  times: 1,
};

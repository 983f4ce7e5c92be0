// #private names are properties whose names begin with `__#` (scripts/lower/flow/private-names.ts): a copy of an object has none of them.

import type { Edit } from './edit.ts';

/** Returns the edits; none for a program without such names. */
export const privateEdits = (c: string): Edit[] =>
  /__#\w/.test(c) && COPY.test(c)
    ? [
        HELPER,
        {
          mends: 'a copy of #private names',
          find: new RegExp(COPY, 'gm'),
          replace: '$1$2\t\t\tif (hedyn_isPrivate(key)) continue;\n',
          times: 'some',
        },
      ]
    : [];

const COPY =
  /^(jsval p\d+___(?:Porffor_object_spread|Object_assign)\([^\n]*\) \{\n(?:(?!\n\}\n)[\s\S])*?)(\t+key = porf_box\(\*\(i32\*\)\(MEM \+ ptr \+ 4u\), \*\(u8\*\)\(MEM \+ ptr \+ 18u\)\);\n)/m;

const HELPER: Edit = {
  mends: 'what a #private name is',
  find: 'static size_t hedyn_putUtf8(',
  replace: `static int hedyn_isPrivate(jsval key) {
  const u32 text = (u32)key.val;
  return porf_jv_type(key) == 195 && *(u32*)(MEM + text) > 3u && memcmp(MEM + text + 4u, "__#", 3) == 0;
}

static size_t hedyn_putUtf8(`,
  times: 1,
};

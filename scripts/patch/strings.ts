// String concatenation of objects. Porffor's `+` writes '[object Object]' without asking the object for its toString.

import type { Edit } from './edit.ts';

/** Returns the edits. */
export const stringEdits = (c: string): Edit[] => {
  const toString = /^jsval (p\d+___ecma262_ToString)\(jsval\);$/m.exec(c)?.[1];
  if (!toString || !c.includes('static jsval porf_to_str(jsval v) {')) return []; // A program that makes no text of anything.
  return [
    {
      mends: 'an object joined to a string',
      find: '  const char* lit =\n    t == 0 ? "undefined" :\n',
      replace: `  if (t != 0 && t != 2 && !(t == 7 && (u32)v.val == 0)) return ${toString}(v);
  const char* lit =
    t == 0 ? "undefined" :
`,
      times: 1,
    },
  ];
};

// Errors that Porffor's own built-ins throw become instances of the error classes of kernel/runtime/errors.ts, so that instanceof,
// name and message are right wherever they are caught: in a catch clause or by a rejection handler.

import type { Edit } from './edit.ts';

/** Returns the edits; none when the program does not link kernel/runtime/errors.ts. */
export const errorEdits = (c: string): Edit[] => {
  const adopt = /^jsval (p\d+_\w*adoptNativeError\w*)\(jsval\);$/m.exec(c)?.[1];
  if (!adopt) return [];
  return [
    {
      mends: 'errors thrown by built-ins',
      find: 'static void porf_throw(jsval v) {\n',
      replace: `static void porf_throw(jsval v) {\n  if (porf_isNativeError(v)) v = ${adopt}(v);\n`,
      times: 1,
    },
    {
      mends: 'promises rejected by built-ins',
      find: /^jsval (p\d+___ecma262_RejectPromise)\(jsval promise, jsval reason\) \{\n((?: {2}.*\n)*)/gm,
      replace: `jsval $1(jsval promise, jsval reason) {\n$2\tif (porf_isNativeError(reason)) reason = ${adopt}(reason);\n`,
      times: c.includes('___ecma262_RejectPromise(jsval promise') ? 1 : 0,
    },
    {
      mends: 'the declaration of what adopts them',
      find: 'static size_t hedyn_putUtf8(',
      replace: `jsval ${adopt}(jsval);\nstatic int porf_isNativeError(jsval v) { const i32 type = porf_jv_type(v); return type >= 37 && type <= 45; }\n\nstatic size_t hedyn_putUtf8(`,
      times: 1,
    },
  ];
};

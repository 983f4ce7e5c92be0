// Text made by Porffor's own run time: the order of strings, and the text of arrays and typed arrays.

import type { Edit } from './edit.ts';

/** Returns the edits; those of built-ins only where the program links them. */
export const textEdits = (c: string): Edit[] => [commaEdit, orderEdit, ...arrayEdits(c), ...typedArrayEdits(c)];

const commaEdit: Edit = {
  mends: 'the separator of a list',
  find: '// ToString for + and template literals\n',
  replace: `static jsval hedyn_comma(void) {
  const u32 s = porf_bstr_new(1);
  *(MEM + s + 4) = ',';
  return porf_box((f64)s, 195);
}

// ToString for + and template literals
`,
  times: 1,
};

const orderEdit: Edit = {
  mends: 'the order of two strings, one of which is UTF-16',
  find: '    const int c = memcmp(MEM + pa + 4, MEM + pb + 4, n);\n    if (c != 0) return c < 0 ? -1 : 1;\n',
  replace: `    for (u32 i = 0; i < n; i++) {
      const u32 x = ta == 195 ? *(MEM + pa + 4 + i) : porf_load_un_u16(MEM + pa + 4 + i * 2);
      const u32 y = tb == 195 ? *(MEM + pb + 4 + i) : porf_load_un_u16(MEM + pb + 4 + i * 2);
      if (x != y) return x < y ? -1 : 1;
    }
`,
  times: 1,
};

/** Porffor takes every element for Latin-1, and shows null and undefined. Its `+` does it right. */
const arrayEdits = (c: string): Edit[] => {
  if (!/^jsval p\d+___Array_prototype_toString\(jsval _23this\) \{$/m.test(c)) return [];
  return [
    {
      mends: 'the text of an array',
      find: /^(jsval p\d+___Array_prototype_toString\((?:volatile )?jsval _23this\) \{\n(?: {2}.*\n)*\tif \(porf_jv_type\(_23this\) != 72\) \{\n.*\n\t\}\n)/gm,
      replace: '$1\treturn porf_to_str(_23this);\n',
      times: 1,
    },
  ];
};

const ELEMENTS: Readonly<Record<string, string>> = {
  Uint8: 'u8',
  Uint8Clamped: 'u8',
  Int8: 'int8_t',
  Uint16: 'u16',
  Int16: 'int16_t',
  Uint32: 'u32',
  Int32: 'i32',
  Float32: 'f32',
  Float64: 'f64',
};

/** Porffor keeps the texts of the elements in an array of the same type. */
const typedArrayEdits = (c: string): Edit[] =>
  Object.entries(ELEMENTS).flatMap(([name, element]) => [
    ...bodyEdits(
      c,
      `${name}Array_prototype_join`,
      ', jsval _separator',
      '[\\s\\S]*?\\tseparatorLen = .*\\n',
      joined(element, 'separator'),
    ),
    ...bodyEdits(c, `${name}Array_prototype_toString`, '', '', joined(element, 'hedyn_comma()')),
  ]);

/** Returns the edit that ends a built-in with `statements`, behind its locals and what `before` matches; none when it is not there. */
const bodyEdits = (c: string, name: string, parameters: string, before: string, statements: string): Edit[] => {
  if (!new RegExp(`^jsval p\\d+___${name}\\(jsval _23this${parameters}\\) \\{$`, 'm').test(c)) return [];
  return [
    {
      mends: name,
      find: new RegExp(`^(jsval p\\d+___${name}\\([^\\n]*\\) \\{\\n(?: {2}.*\\n)*${before})`, 'gm'),
      replace: `$1${statements}`,
      times: 1,
    },
  ];
};

const joined = (element: string, separator: string): string => `\tjsval joined = porf_box((f64)porf_bstr_new(0), 195);
\tfor (u32 at = 0; at < *(u32*)(MEM + (u32)_23this.val); at++) {
\t\tif (at) joined = porf_str_concat(joined, ${separator});
\t\t${element} value;
\t\tmemcpy(&value, MEM + *(u32*)(MEM + (u32)_23this.val + 4u) + (size_t)at * sizeof value + 4u, sizeof value);
\t\tjoined = porf_str_concat(joined, porf_num_to_str((f64)value));
\t}
\treturn joined;
`;

// Indices and parts of strings. Porffor takes the arguments of a string's methods for what their types say; a missing element is undefined all the same,
// and its offset 0 then counts as an index, or as an empty text. Here they are converted. ECMA-262 §22.1.3, §7.1.5, §7.1.17.

import type { Edit } from './edit.ts';

/** Behind it everything that the helpers call is declared. */
const AFTER = 'static jsval porf_call_dynamic_arr(jsval fn, jsval thisv, jsval newtv, jsval arr);\n';

const STRINGS = ['String', 'ByteString'] as const;

/** Returns the edits for the methods that a program has. */
export const searchEdits = (c: string): Edit[] => {
  const methods = STRINGS.flatMap((string) => [
    ...indexEdits(c, string),
    ...partEdits(c, string),
    ...splitEdits(c, string),
  ]);
  return methods.length === 0 ? [] : [HELPERS, ...methods];
};

const HELPERS: Edit = {
  mends: 'the arguments of the methods of strings',
  find: AFTER,
  replace: `${AFTER}
static inline f64 hedyn_index(jsval v) {
  const f64 number = hedyn_number(v);
  return number == number ? trunc(number) : 0.0;
}
static f64 hedyn_place(f64 index, f64 length) {
  return index < 0.0 ? 0.0 : index > length ? length : index;
}
static inline i32 hedyn_isText(jsval v) { return ((u32)porf_jv_type(v) | 128u) == 195u; }
static inline u32 hedyn_unit(jsval text, u32 at) {
  const u8* units = MEM + (u32)text.val + 4u;
  return porf_jv_type(text) == 195 ? units[at] : porf_load_un_u16(units + (size_t)at * 2u);
}
static inline u32 hedyn_lengthOf(jsval text) { return *(u32*)(MEM + (u32)text.val); }
static jsval hedyn_part(jsval part, const char* method) {
  if (hedyn_isText(part)) return part;
  if (porf_jv_type(part) == 9 && method) {
    jsval text = porf_str_concat(hedyn_textOf("First argument to String.prototype."), hedyn_textOf(method));
    hedyn_throwTypeError(porf_str_concat(text, hedyn_textOf(" must not be a regular expression")));
  }
  return porf_to_str(part);
}
static i32 hedyn_isAt(jsval text, jsval part, f64 place) {
  const u32 length = hedyn_lengthOf(part);
  if (place + length > hedyn_lengthOf(text)) return 0;
  const u32 at = (u32)place;
  if (porf_jv_type(text) == porf_jv_type(part)) {
    const u32 size = porf_jv_type(text) == 195 ? 1u : 2u;
    return memcmp(MEM + (u32)text.val + 4u + (size_t)at * size, MEM + (u32)part.val + 4u, (size_t)length * size) == 0;
  }
  for (u32 i = 0; i < length; i++) {
    if (hedyn_unit(text, at + i) != hedyn_unit(part, i)) return 0;
  }
  return 1;
}
// Where the first letter of a part comes next in a text, up to last; -1 where it does not.
static f64 hedyn_next(jsval text, u32 unit, u32 at, u32 last) {
  const u8* units = MEM + (u32)text.val + 4u;
  if (porf_jv_type(text) == 195) {
    const u8* found = unit > 255u ? 0 : memchr(units + at, (int)unit, (size_t)last - at + 1u);
    return found ? (f64)(found - units) : -1.0;
  }
  const u16 *next = (const u16*)units + at, *end = (const u16*)units + last, letter = (u16)unit;
  while (next <= end && *next != letter) next++;
  return next <= end ? (f64)(next - (const u16*)units) : -1.0;
}
static i32 hedyn_endsAt(jsval text, jsval part, f64 end) {
  const f64 at = end - hedyn_lengthOf(part);
  return at >= 0.0 && hedyn_isAt(text, part, at);
}
static f64 hedyn_find(jsval text, jsval part, f64 from) {
  const f64 last = (f64)hedyn_lengthOf(text) - hedyn_lengthOf(part);
  f64 at = hedyn_place(from, hedyn_lengthOf(text));
  if (at <= last && hedyn_lengthOf(part) == 0) return at;
  while (at <= last) {
    at = hedyn_next(text, hedyn_unit(part, 0), (u32)at, (u32)last);
    if (at < 0.0 || hedyn_isAt(text, part, at)) return at;
    at++;
  }
  return -1.0;
}
static f64 hedyn_findLast(jsval text, jsval part, jsval position) {
  const f64 last = (f64)hedyn_lengthOf(text) - hedyn_lengthOf(part);
  if (last < 0.0) return -1.0;
  const f64 number = hedyn_number(position);
  const f64 from = number == number ? hedyn_place(trunc(number), last) : last;
  for (f64 at = from; at >= 0.0; at--) {
    if (hedyn_isAt(text, part, at)) return at;
  }
  return -1.0;
}
`,
  times: 1,
};

const index = (name: string): string => `\t${name} = porf_box_num(hedyn_index(${name}));\n`;

const indexEdits = (c: string, string: string): Edit[] => [
  ...['at', 'charAt', 'charCodeAt', 'codePointAt'].flatMap((method) =>
    startOf(c, `${string}_prototype_${method}`, ', jsval _index', index('_index')),
  ),
  ...startOf(
    c,
    `${string}_prototype_slice`,
    ', jsval start, jsval end',
    `${index('start')}\tif (porf_jv_type(end) != 0) {\n\t${index('end')}\t}\n`,
  ),
];

const AT = 'hedyn_place(hedyn_index(position), hedyn_lengthOf(_23this))';

/** Each of them ends where its answer is known: what Porffor does behind that is never reached. */
const partEdits = (c: string, string: string): Edit[] => {
  const edits = (method: string, position: string, checks: boolean, answer: string): Edit[] =>
    startOf(
      c,
      `${string}_prototype_${method}`,
      `, jsval searchString, jsval ${position}`,
      `\tsearchString = hedyn_part(searchString, ${checks ? `"${method}"` : '0'});\n\treturn ${answer};\n`,
    );
  const end = `porf_jv_type(endPosition) == 0 ? hedyn_lengthOf(_23this) : hedyn_place(hedyn_index(endPosition), hedyn_lengthOf(_23this))`;
  return [
    ...edits('startsWith', 'position', true, `porf_box(hedyn_isAt(_23this, searchString, ${AT}), 2)`),
    ...edits('endsWith', 'endPosition', true, `porf_box(hedyn_endsAt(_23this, searchString, ${end}), 2)`),
    ...edits(
      'includes',
      'position',
      true,
      `porf_box(hedyn_find(_23this, searchString, hedyn_index(position)) >= 0.0, 2)`,
    ),
    ...edits('indexOf', 'position', false, `porf_box_num(hedyn_find(_23this, searchString, hedyn_index(position)))`),
    ...edits('lastIndexOf', 'position', false, `porf_box_num(hedyn_findLast(_23this, searchString, position))`),
  ];
};

/** A limit counts modulo 2^32. §22.1.3.23 */
const splitEdits = (c: string, string: string): Edit[] => {
  const name = `${string}_prototype_split`;
  if (!new RegExp(`^jsval p\\d+___${name}\\(jsval _23this, jsval separator, jsval limit\\) \\{$`, 'm').test(c))
    return [];
  return [
    {
      mends: `the limit of ${name}`,
      find: new RegExp(
        `^(jsval p\\d+___${name}\\([^\\n]*\\) \\{\\n[\\s\\S]*?\\t\\tlimit = p\\d+___ecma262_ToIntegerOrInfinity\\(limit\\);\\n)`,
        'gm',
      ),
      replace:
        '$1\t\tlimit = porf_box_num(limit.val - limit.val == 0.0 ? limit.val - floor(limit.val / 4294967296.0) * 4294967296.0 : 0.0);\n',
      times: 1,
    },
  ];
};

/** Returns the edit that puts `statements` at the start of a method, behind its locals; none when it is not there. */
const startOf = (c: string, name: string, parameters: string, statements: string): Edit[] => {
  if (!new RegExp(`^jsval p\\d+___${name}\\(jsval _23this${parameters}\\) \\{$`, 'm').test(c)) return [];
  return [
    {
      mends: name,
      find: new RegExp(`^(jsval p\\d+___${name}\\([^\\n]*\\) \\{\\n(?: {2}.*\\n)*)`, 'gm'),
      replace: `$1${statements}`,
      times: 1,
    },
  ];
};

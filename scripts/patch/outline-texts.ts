// Template strings: Porffor joins their parts one by one, `"" + a + " of " + b + ""`, and gives each text as a value of two words.
//
//   x = concat("", a); y = concat(x, " of ")        y = hedyn_around(0, a, " of ")
//   x = concat(y, b); z = concat(x, " in all")      z = hedyn_append(y, b, " in all")

import { isDeadAfter } from './dead.ts';

/** Returns `c` with the parts of texts joined by helpers, and the helpers. */
export const outlineTexts = (c: string): { readonly text: string; readonly helpers: string } => {
  const concat = /\b(p\d+___Porffor_concatStrings)\(/.exec(c)?.[1];
  if (concat === undefined) return { text: c, helpers: '' };
  const text = joined(c, concat)
    .replace(
      new RegExp(String.raw`\b${concat}\(${TEXT}, (\w+)\)`, 'g'),
      (_, before, value) => `hedyn_around(${before}, ${value}, 0u)`,
    )
    .replace(
      new RegExp(String.raw`\b${concat}\((\w+), ${TEXT}\)`, 'g'),
      (_, left, after) => `hedyn_close(${left}, ${after})`,
    );
  return { text, helpers: helpersFor(concat) };
};

/** A text of the program: the offset of its characters, 0 for none. */
const TEXT = String.raw`porf_box\((?:\(f64\))?(\d+u), 195\)`;

const joined = (c: string, concat: string): string => {
  const pair = new RegExp(
    String.raw`^(\t+)(_23\d+) = (${concat}|porf_add)\((?:${TEXT}|(\w+)), (\w+)\);\n\1(\w+ = |return )${concat}\(\2, ${TEXT}\);$`,
    'gm',
  );
  return c.replace(pair, (whole: string, indent, part, join, before, left, value, target, after, at: number) => {
    const isReturn = target === 'return ';
    if (!isReturn && target !== `${part} = ` && !isDeadAfter(c, at + whole.length, part)) return whole;
    if (before !== undefined)
      return join === 'porf_add' ? whole : `${indent}${target}hedyn_around(${before}, ${value}, ${after});`;
    const helper = join === 'porf_add' ? 'hedyn_appendSum' : 'hedyn_append';
    return `${indent}${target}${helper}(${left}, ${value}, ${after});`;
  });
};

const helpersFor = (concat: string): string => `static PORF_NOINLINE jsval hedyn_close(jsval left, u32 after) {
  return ${concat}(left, porf_box(after, 195));
}
static PORF_NOINLINE jsval hedyn_append(jsval left, jsval value, u32 after) {
  const jsval text = ${concat}(left, value);
  return after == 0u ? text : hedyn_close(text, after);
}
static PORF_NOINLINE jsval hedyn_appendSum(jsval left, jsval value, u32 after) {
  return hedyn_close(porf_add(left, value), after);
}
static PORF_NOINLINE jsval hedyn_around(u32 before, jsval value, u32 after) {
  return hedyn_append(porf_box(before, 195), value, after);
}
`;

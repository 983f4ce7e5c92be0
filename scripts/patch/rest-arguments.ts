// Arguments of the built-ins that take any number of them. Porffor makes an array of them at each call, which the built-in then walks by the rules for any array: 32 bytes and
// some hundred instructions for one element that is pushed. Where the arguments are written out, they are passed as they are.
//
//   a = hedyn_arrayOf(v);                               const jsval hedyn_rest0_0 = v;
//   n = p48___Array_prototype_push(list, porf_box(a, 72))      n = hedyn_push(list, hedyn_rest0_0)
//
// Each argument is evaluated where it was, so the order stays. An array that is used in another way stays, too.

import { nameOf } from './names.ts';

/** More of them stay an array. */
const ARGUMENT_COUNT_MAX = 8;

const MADE = /^(\t+)(\w+) = (?:hedyn_arrayOf\((.*)\)|hedyn_array\(\d+u, (\d+)\));$/;
const USE = /\bp\d+___(?:Array_prototype_(push)|Math_(min|max))\((?:(\w+|porf_box\(\w+, 72\)), )?porf_box\(\w+, 72\)\)/;

/** Returns `c` with these arguments passed without an array, and the functions that take them. */
export const passRest = (c: string): { readonly text: string; readonly helpers: string } => {
  const lines = c.split('\n');
  const used = new Set<string>();
  let count = 0;
  lines.forEach((line, at) => {
    const made = MADE.exec(line);
    const list = made === null ? undefined : listAt(lines, at, made);
    if (list === undefined) return;
    used.add(list.builtIn);
    rewrite(lines, list, `hedyn_rest${count++}`);
  });
  const helpers = [...used].map((name) => (name === 'push' ? PUSH : chooserOf(name, nameOf(c, '__ecma262_ToNumber'))));
  return { text: lines.join('\n'), helpers: helpers.join('') };
};

/** An array that is there only for a call. */
interface ArgumentList {
  readonly builtIn: string;
  /** What is pushed to. */
  readonly receiver: string;
  /** The lines that put an element, and the elements. */
  readonly elements: readonly { readonly at: number; readonly value: string }[];
  /** The other lines that make it. */
  readonly others: readonly number[];
  /** The line of the call. */
  readonly use: number;
}

const listAt = (lines: readonly string[], from: number, made: RegExpExecArray): ArgumentList | undefined => {
  const [, indent, name, only, capacity] = made as unknown as [string, string, string, string?, string?];
  const mention = new RegExp(String.raw`\b${name}\b`, 'g');
  const put = new RegExp(String.raw`^${indent}porf_arr_set\(${name}, (\d+)u, (.*)\);$`);
  const others = only === undefined ? [from] : [];
  const elements = only === undefined ? [] : [{ at: from, value: only }];
  const ends = [`${indent}*(i32*)(MEM + ${name}) = ${capacity};`, `${indent}porf_gc_barrier(${name}, 72);`];
  for (let at = from + 1; at < lines.length; at++) {
    const line = lines[at]!;
    if (/^\t*\S/.test(line) && !line.startsWith(indent) && !line.startsWith('#')) return undefined; // The block has ended.
    if (!mention.test(line)) continue;
    mention.lastIndex = 0;
    const element = put.exec(line);
    if (element !== null && Number(element[1]) === elements.length) elements.push({ at, value: element[2]! });
    else if (ends.includes(line)) others.push(at);
    else return callAt(line, name, { elements, others, use: at, mentions: line.match(mention)!.length });
  }
  return undefined;
};

const callAt = (
  line: string,
  name: string,
  list: Pick<ArgumentList, 'elements' | 'others' | 'use'> & { readonly mentions: number },
): ArgumentList | undefined => {
  const call = USE.exec(line);
  if (call === null || list.mentions !== 1 || !call[0].endsWith(`porf_box(${name}, 72))`)) return undefined;
  const { length } = list.elements;
  const builtIn = call[1] ?? call[2]!;
  if (length > ARGUMENT_COUNT_MAX || length < (builtIn === 'push' ? 1 : 2)) return undefined;
  return { ...list, builtIn, receiver: call[3] ?? '' };
};

const rewrite = (lines: string[], { builtIn, receiver, elements, others, use }: ArgumentList, name: string): void => {
  const names = elements.map((_, index) => `${name}_${index}`);
  for (const [index, { at, value }] of elements.entries()) {
    lines[at] = `${/^\t+/.exec(lines[at]!)![0]}const jsval ${names[index]} = ${value};`;
  }
  for (const at of others) lines[at] = '';
  lines[use] = lines[use]!.replace(USE, () => (builtIn === 'push' ? pushed(receiver, names) : chosen(builtIn, names)));
};

const pushed = (list: string, names: readonly string[]): string => {
  const calls = names.map((name) => `hedyn_push(${list}, ${name})`);
  return calls.length === 1 ? calls[0]! : `(${calls.join(', ')})`;
};

const chosen = (builtIn: string, names: readonly string[]): string =>
  names.reduce((all, name) => `hedyn_${builtIn}(${all}, ${name})`);

const PUSH = `static PORF_NOINLINE jsval hedyn_push(jsval list, jsval element) {
  return porf_arr_push(porf_offset(list.val), element);
}
`;

/** The smaller or larger of two, as ECMA-262 §21.3.2.24 and §21.3.2.25 say of NaN and of -0. */
const chooserOf = (
  name: string,
  toNumber: string,
): string => `static PORF_NOINLINE jsval hedyn_${name}(jsval a, jsval b) {
  const f64 x = a.type == 1 ? a.val : (${toNumber}(a).val), y = b.type == 1 ? b.val : (${toNumber}(b).val);
  if (x != x || y != y) return porf_box_num(NAN);
  if (x == 0.0 && y == 0.0) return porf_box_num(signbit(x) ${name === 'min' ? '? x : y' : '? y : x'});
  return porf_box_num(x ${name === 'min' ? '<' : '>'} y ? x : y);
}
`;

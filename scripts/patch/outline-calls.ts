// Calls of functions that are known only when the program runs, and the functions and arrays made on the spot.

/** Calls with more arguments than this stay as they are: a helper's own arguments travel in registers up to here. */
const ARGUMENT_COUNT_MAX = 4;

/** The functions that `outlineCalls` calls. */
export const CALL_HELPERS = [
  ...Array.from({ length: ARGUMENT_COUNT_MAX + 1 }, (_, count) => callHelper(count)),
  `static PORF_NOINLINE u32 hedyn_function(u32 index, u32 environment) {
  const u32 at = porf_alloc(8, 6u);
  *(u32*)(MEM + at) = index;
  *(u32*)(MEM + at + 4u) = environment;
  return at;
}
static PORF_NOINLINE u32 hedyn_array(u32 bytes, i32 capacity) {
  const u32 at = porf_alloc(bytes, 72u);
  *(i32*)(MEM + at) = 0;
  *(u32*)(MEM + at + 4u) = at + 16u;
  *(i32*)(MEM + at + 8u) = capacity;
  return at;
}
static PORF_NOINLINE u32 hedyn_arrayOf(jsval element) {
  const u32 at = hedyn_array(32u, 2);
  porf_arr_set(at, 0u, element);
  *(i32*)(MEM + at) = 1;
  porf_gc_barrier(at, 72);
  return at;
}
static PORF_NOINLINE jsval hedyn_argument(i32 count, const jsbits* values, i32 index) {
  return porf_unpack(count > index ? values[index] : JV_UNDEFINED_BITS);
}
static PORF_NOINLINE int hedyn_isIterable(i32 type) {
  return type == 11 || type == 12 || type == 67 || type == 195 || type == 35 || (type >= 80 && type <= 90);
}
static PORF_NOINLINE u32 hedyn_noElements(void) {
  const u32 at = hedyn_array(32u, 2);
  memset(MEM + at + 16u, 0, 16);
  return at;
}
`,
].join('');

function callHelper(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `a${index}`);
  const parameters = ['jsval f', 'jsval thisv', ...names.map((name) => `jsval ${name}`)].join(', ');
  const packed = count === 0 ? 'JV_UNDEFINED_BITS' : names.map((name) => `porf_pack(${name})`).join(', ');
  return `static PORF_NOINLINE jsval hedyn_call${count}(${parameters}) {
  return porf_call_dynamic(f, thisv, JV_UNDEFINED, ${count}, (jsbits[]){ ${packed} });
}
`;
}

/** What a function that was called by its value finds of its arguments. */
const ARGUMENT = /porf_unpack\(argc > (\d+) \? argv\[\1\] : JV_UNDEFINED_BITS\)/g;

/** Iterating is over an array nearly always. */
const ITERABLE =
  /^(\t+)if \(!\((\w+) == 72 \| \2 == 11 \| \2 == 12 \| \2 == 67 \| \2 == 195 \| \2 == 35 \| \2 >= 80 & \2 <= 90\)\) \{$/gm;

/** Returns `c` with calls, function objects and array literals made by the helpers. */
export const outlineCalls = (c: string): string =>
  c
    .replace(ARGUMENT, 'hedyn_argument(argc, argv, $1)')
    .replace(ITERABLE, '$1if ($2 != 72 && !hedyn_isIterable($2)) {')
    .replace(FUNCTION_OBJECT, '$1$2 = hedyn_function($3, $4);\n')
    .replace(ARRAY, arrayText)
    .split(FUNCTION_END)
    .map(replaceCalls)
    .join(FUNCTION_END);

const FUNCTION_END = '\n}\n';

const FUNCTION_OBJECT =
  /^(\t+)(\w+) = porf_alloc\(8, 6u\);\n\1\*\(u32\*\)\(MEM \+ \2\) = (\d+u);\n\1\*\(u32\*\)\(MEM \+ \2 \+ 4u\) = (\w+);\n/gm;

const ARRAY = new RegExp(
  String.raw`^(\t+)(\w+) = porf_alloc\((\d+), 72u\);\n\1\*\(i32\*\)\(MEM \+ \2\) = 0;\n` +
    String.raw`\1\*\(u32\*\)\(MEM \+ \2 \+ 4u\) = \2 \+ 16u;\n\1\*\(i32\*\)\(MEM \+ \2 \+ 8u\) = (\d+);\n` +
    String.raw`(\1memset\(MEM \+ \2 \+ 16u, 0, 16\);\n(?:\1\*\(i32\*\)\(MEM \+ \2\) = 0;\n)?|\1porf_arr_set\(\2, 0u, (.*)\);\n\1\*\(i32\*\)\(MEM \+ \2\) = 1;\n\1porf_gc_barrier\(\2, 72\);\n)?`,
  'gm',
);

const arrayText = (
  _: string,
  indent: string,
  name: string,
  bytes: string,
  capacity: string,
  rest: string | undefined,
  element: string | undefined,
): string => {
  const isSmall = bytes === '32' && capacity === '2';
  if (isSmall && element !== undefined) return `${indent}${name} = hedyn_arrayOf(${element});\n`;
  if (isSmall && rest !== undefined) return `${indent}${name} = hedyn_noElements();\n`;
  return `${indent}${name} = hedyn_array(${bytes}u, ${capacity});\n${rest ?? ''}`;
};

const CALL = 'porf_call_dynamic(';
const MIDDLE = /^(.*), JV_UNDEFINED, (\d), \(jsbits\[\]\)\{ ?(.*?) ?\}$/s;

/** Inner calls first: a call may be the argument of another. */
const replaceCalls = (c: string): string => {
  let text = c;
  for (let at = text.lastIndexOf(CALL); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(CALL, at - 1)) {
    const end = closing(text, at + CALL.length - 1);
    const call = replacement(text.slice(at + CALL.length, end));
    if (call !== undefined) text = text.slice(0, at) + call + text.slice(end + 1);
  }
  return text;
};

const replacement = (operands: string): string | undefined => {
  const found = MIDDLE.exec(operands);
  if (found === null || Number(found[2]) > ARGUMENT_COUNT_MAX) return undefined;
  const [, callee, count, packed] = found;
  const values =
    count === '0' ? [] : splitOperands(packed!).map((operand) => /^porf_pack\((.*)\)$/s.exec(operand)?.[1]);
  if (values.length !== Number(count) || values.includes(undefined)) return undefined;
  return `hedyn_call${count}(${[callee, ...values].join(', ')})`;
};

/** Returns the place of the parenthesis that closes the one at `open`. */
const closing = (text: string, open: number): number => {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  throw new Error("Porffor's C has changed: a call without an end");
};

const splitOperands = (text: string): string[] => {
  const operands: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if ('({['.includes(letter)) depth++;
    else if (')}]'.includes(letter)) depth--;
    else if (letter === ',' && depth === 0) {
      operands.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...operands, text.slice(start).trim()];
};

// What runs again and again. A program is compiled for size, because most of it runs once (outline.ts). One that waits for events goes round its loop
// without an end: there the loop itself, drivers whose devices are awaited and async functions are compiled for speed, and the rest for size as ever.
//
//   cold   v = hedyn_get(o, key, …)       a call
//   hot    v = quick_get(o, key, …)       the same, put in line: under TCG a call and its return cost more than what they lead to

import { callDirectly } from './direct-calls.ts';

/** The loop, and of drivers whose devices are awaited what every request takes. */
const HOT_FILE = /^"(?:kernel\/event\/|drivers\/\w+\/(?:awaited|calls|driver|exchange))/;
const HOT_BUILT_IN = /^p\d+_(?:__Porffor_object_get_ic|__Porffor_object_readValue|__Porffor_promise_runJobs)$/;

const DEFINITION = /^[^\s#/].*?\b(p\d+_\w+)\(.*\{\n((?: {2}.*\n)*)(?:\t?\n)?(?:#line \d+ (".*")\n)?/gm;
/** What stands at the top level of a program that awaits there: it runs once. */
const MAIN = /^p\d+__24main_/;
const PROTOTYPE = /^static (?=.*\b(p\d+_\w+)\([^;{]*\);$)/gm;
/** A helper of outline.ts that is short where it ends soon. */
const HELPER =
  /^static PORF_NOINLINE (\w+) hedyn_(get|get_\w+|length|argument|truthy|falsy|nullish|strict_eq)\((.*\{\n[\s\S]*?\n\}\n)/gm;
const MISS = /\bp\d+___Porffor_object_get_icMiss(?=\()/;

const NUMBER_TYPES = 'typedef double f64;\n';
const SMALL = '#define HEDYN_SMALL __attribute__((minsize))\n';

/** Tells whether a program has the event loop. */
export const hasLoop = (c: string): boolean => c.includes('"kernel/event/loop.ts"');

/** Returns C, whose functions are static, with all that is not hot compiled for size; nothing is changed in a program without the loop. */
export const favourHot = (c: string): string => {
  if (!hasLoop(c)) return c;
  const hot = hotFunctions(c);
  const sized = c
    .replace(PROTOTYPE, (head, name: string) => (hot.has(name) ? head : `${head}HEDYN_SMALL `))
    .replace(FUNCTION, (text: string, name: string) => (hot.has(name) ? quickened(text) : text))
    .replace(NUMBER_TYPES, `${NUMBER_TYPES}${SMALL}`);
  return callDirectly(withHelpers(sized));
};

/** Returns their names: what is hot by its file or its kind, and the glue that those call. */
const hotFunctions = (c: string): Set<string> => {
  const hot = new Set<string>();
  for (const [, name, locals, file] of c.matchAll(DEFINITION)) {
    const isAsync = locals!.includes('porf_coro_prologue();') && !MAIN.test(name!);
    if (isAsync || HOT_BUILT_IN.test(name!) || (file !== undefined && HOT_FILE.test(file))) hot.add(name!);
  }
  for (const [text, name] of c.matchAll(FUNCTION)) {
    if (hot.has(name!)) for (const [glue] of text.matchAll(GLUE)) hot.add(glue);
  }
  return hot;
};

const GLUE = /\bp\d+_glue_\w+(?=\()/g;
const FUNCTION = /^[^\s#/].*?\b(p\d+_\w+)\(.*\{\n[\s\S]*?\n\}\n/gm;
const QUICK = /\b(?:hedyn|porf)_(get|get_\d+|length|truthy|falsy|nullish|strict_eq|cmp)\(/g;
const NUMERIC = /\bp\d+___ecma262_ToNumeric\(/g;
const ENVIRONMENT =
  /^(\t+)(\w+) = porf_box\(_23env, 34\);\n((?:#line .*\n)?)(.*)porf_offset\(\2\.val\)(.*)porf_offset\(\2\.val\)(.*)$/gm;

/** Returns a function that asks the quick helpers. What it has captured it reads from its environment, which need not become a value for that. */
const quickened = (text: string): string =>
  text
    .replace(QUICK, 'quick_$1(')
    .replaceAll('hed_argumentRecord(', 'hed_quickRecord(')
    .replace(NUMERIC, 'quick_numeric(')
    .replace(ENVIRONMENT, '$1$2 = porf_box(_23env, 34);\n$3$4_23env$5_23env$6');

/** The quick helpers: the usual case in line, where it is a few instructions. */
const withHelpers = (c: string): string => {
  const helpers = [...c.matchAll(HELPER)].map(([, type, name, rest]) => `static inline ${type} quick_${name}(${rest}`);
  const miss = MISS.exec(c)?.[0];
  const numeric = /\bp\d+___ecma262_ToNumeric(?=\()/.exec(c)?.[0];
  if (miss === undefined) throw new Error("Porffor's C has changed: no __Porffor_object_get_icMiss");
  const text = [
    propertyHelper(miss),
    COMPARE_HELPER,
    numeric === undefined ? '' : numericHelper(numeric),
    ...helpers.map((helper) => helper.replace(/p\d+___Porffor_object_get_ic(?=\()/g, 'quick_property')),
  ];
  return c.replace(FIRST, `${text.join('')}$&`);
};

/** An object's entry is where it was last time, in nearly every case; a getter is called from there, too. An entry is described in outline-properties.ts. */
const propertyHelper = (
  miss: string,
): string => `static inline jsval quick_property(jsval object, jsval key, i32 hash, i32 slot) {
  const u32 at = object.type == 7 ? porf_offset(object.val) : 0u;
  const u32 place = *(u32*)(MEM + slot);
  if (at != 0u && place < *(u16*)(MEM + at) * 20u) {
    const u8* const entry = MEM + *(u32*)(MEM + at + 12u) + place;
    const u32 getter = *(const u32*)(entry + 8);
    if (*(const i32*)entry == hash) {
      if (!(entry[16] & 1)) return porf_box(porf_load_un_f64(entry + 8), entry[17]);
      if (getter != 0u) return hedyn_call0(porf_box(getter, 6), object);
    }
  }
  return ${miss}(object, key, hash, slot);
}
`;

const COMPARE_HELPER = `static inline i32 quick_cmp(jsval a, jsval b) {
  if (a.type == 1 && b.type == 1) return a.val < b.val ? -1 : a.val > b.val ? 1 : a.val == b.val ? 0 : 2;
  return porf_cmp(a, b);
}
`;

const numericHelper = (numeric: string): string =>
  `static inline jsval quick_numeric(jsval v) { return v.type == 1 ? v : ${numeric}(v); }\n`;

/** The first function of the program: everything is declared before it. */
const FIRST = /^[^\s#/].*?\bp\d+_\w+\(.*\{$/m;

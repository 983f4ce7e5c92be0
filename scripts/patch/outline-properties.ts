// Properties: reading, and the ones that an object is made with. Writes stay where they are: with a helper in their place, a program that opens every class 40 times
// died in a job whose promise was gone (test/boot/reopen.test.ts), and nobody knows why.

/** The outcome: the text, and the functions that it calls. */
export interface Outlined {
  readonly text: string;
  readonly helpers: string;
}

/** Where the cache of a read lies: a page and a place in it, but for the first of a page. */
const SLOT = String.raw`(\d+u \+ \d+|\(i32\)\d+u)`;
const GET = String.raw`(\w+) = (p\d+___Porffor_object_get_ic)\((\w+), porf_box\((\d+)u, 195\), (-?\d+), ${SLOT}\);`;
/** As missing-objects.ts leaves it. */
const THROW = String.raw`hedyn_throwNoObject\(\w+, porf_box\(\d+u, 195\), [01]\)`;
const UNLESS_UNDEFINED = String.raw`^(\t+)if \(porf_jv_type\((\w+)\) == 0\) \{\n\1\t${THROW};\n\1\} else \{\n\1\t`;

// An entry: hash, key, value, flags (writable, enumerable, configurable), type of the value, type of the key.
const PUT_HELPER = `
static PORF_NOINLINE void hedyn_put(jsval object, u32 index, i32 hash, u32 key, jsval value) {
  u8* const entry = MEM + *(u32*)(MEM + (u32)object.val + 12u) + index * 20u;
  *(i32*)entry = hash;
  *(u32*)(entry + 4) = key;
  porf_store_un_f64(entry + 8, value.val);
  entry[16] = 14;
  entry[17] = (u8)value.type;
  entry[18] = 195;
  *(u16*)(MEM + (u32)object.val) = (u16)(index + 1u);
  const i32 type = value.type;
  if (type != 0 && type != 1 && type != 2 && type != 32 && type != 31) porf_gc_barrier((u32)object.val, 7);
}
`;

/** Returns `c` with properties read and written by helpers. */
export const outlineProperties = (c: string): Outlined => {
  const helpers = new Map<string, string>();
  const once = (name: string, text: string): void => {
    if (!helpers.has(name)) helpers.set(name, text);
  };
  const text = putProperties(c, once)
    .replace(NAME_SWITCH, (_, indent, object, cases, target, get, _object, key, hash, slot) => {
      once(`hedyn_get_${key}`, switchHelper(key, hash, get, object, cases, target));
      return `${indent}${target} = hedyn_get_${key}(${object}, ${slot});`;
    })
    .replace(LENGTH, (_, indent, object, target, get, key, hash, slot) => {
      once('hedyn_length', lengthHelper(get));
      return `${indent}${target} = hedyn_length(${object}, ${key}u, ${hash}, ${slot});`;
    })
    .replace(READ, (_, indent, object, target, get, _object, key, hash, slot) => {
      once('hedyn_get', getHelper(get));
      return `${indent}${target} = hedyn_get(${object}, ${key}u, ${hash}, ${slot});`;
    });
  return { text, helpers: [...helpers.values()].join('') };
};

type Once = (name: string, text: string) => void;

const READ = new RegExp(`${UNLESS_UNDEFINED}${GET}\\n\\1\\}$`, 'gm');

/** The type of an array or string has bit 6, and its length lies at its offset. */
const LENGTH = new RegExp(
  String.raw`^(\t+)if \(porf_jv_type\((\w+)\) == 72\) \{\n\1\t(\w+) = porf_box_num\(\(f64\)\(\*\(u32\*\)\(MEM \+ \(u32\)\2\.val\)\)\);\n\1\} else \{\n` +
    String.raw`\1\tif \(\(porf_jv_type\(\2\) & 64\) != 0\) \{\n\1\t\t\3 = porf_box_num\(\(f64\)\(\*\(i32\*\)\(MEM \+ \(u32\)\2\.val\)\)\);\n\1\t\} else \{\n` +
    String.raw`\1\t\t\3 = (p\d+___Porffor_object_get_ic)\(\2, porf_box\((\d+)u, 195\), (-?\d+), ${SLOT}\);\n\1\t\}\n\1\}$`,
  'gm',
);

/** A property that some built-in classes have, too: `name` and `message` of an error. */
const NAME_SWITCH = new RegExp(
  String.raw`^(\t+)switch \(porf_jv_type\((\w+)\)\) \{\n((?:\1\tcase \d+: \{\n\1\t\t(?:porf_throw_new\(39, \d+u\)|${THROW}|\w+ = p\d+___\w+\(\2\));\n\1\t\}\n\1\tbreak;\n)+)` +
    String.raw`\1\tdefault:\n\1\t\{\n\1\t\t${GET}\n\1\t\}\n\1\}$`,
  'gm',
);

const ANY_THROW = new RegExp(String.raw`porf_throw_new\(39, \d+u\)|${THROW}`, 'g');

const switchHelper = (
  key: string,
  hash: string,
  get: string,
  object: string,
  cases: string,
  target: string,
): string => {
  const made = cases
    .replace(ANY_THROW, `hedyn_throwNoObject(object, porf_box(${key}u, 195), 0)`)
    .replaceAll(`(${object})`, '(object)')
    .replace(new RegExp(String.raw`\b${target} = (.*);`, 'g'), 'return $1;')
    .replace(/\t+/g, '    ')
    .replace(/ {4}break;\n/g, '');
  return `static PORF_NOINLINE jsval hedyn_get_${key}(jsval object, i32 slot) {
  switch (porf_jv_type(object)) {
${made}  }
  return ${get}(object, porf_box(${key}u, 195), ${hash}, slot);
}
`;
};

const getHelper = (get: string): string => `
static PORF_NOINLINE jsval hedyn_get(jsval object, u32 key, i32 hash, i32 slot) {
  if (porf_jv_type(object) == 0) hedyn_throwNoObject(object, porf_box(key, 195), 0);
  return ${get}(object, porf_box(key, 195), hash, slot);
}
`;

const lengthHelper = (get: string): string => `
static PORF_NOINLINE jsval hedyn_length(jsval value, u32 key, i32 hash, i32 slot) {
  if ((porf_jv_type(value) & 64) != 0) return porf_box_num((f64)(*(i32*)(MEM + (u32)value.val)));
  if (porf_jv_type(value) == 0) hedyn_throwNoObject(value, porf_box(key, 195), 0);
  return ${get}(value, porf_box(key, 195), hash, slot);
}
`;

const ENTRY = String.raw`MEM \+ \*\(u32\*\)\(MEM \+ \(u32\)\2\.val \+ 12u\)`;
const PUT = new RegExp(
  String.raw`^(\t+)\*\(i32\*\)\(MEM \+ \*\(u32\*\)\(MEM \+ \(u32\)(\w+)\.val \+ 12u\)(?: \+ (\d+)u)?\) = (-?\d+);\n` +
    String.raw`\1\*\(u32\*\)\(${ENTRY} \+ \d+u\) = (\d+)u;\n` +
    String.raw`\1porf_store_un_f64\(${ENTRY} \+ \d+u, (.*)\);\n` +
    String.raw`\1\*\(u8\*\)\(${ENTRY} \+ \d+u\) = 14;\n` +
    String.raw`\1\*\(u8\*\)\(${ENTRY} \+ \d+u\) = (\d+|porf_jv_type\(.*\));\n` +
    String.raw`\1\*\(u8\*\)\(${ENTRY} \+ \d+u\) = 195;\n` +
    String.raw`\1\*\(u16\*\)\(MEM \+ \(u32\)\2\.val\) = (\d+);\n` +
    String.raw`(?:(?:\1\w+ = porf_jv_type\(.*\);\n)?\1if \(.*\) \{\n\1\tporf_gc_barrier\(\(u32\)\2\.val, 7\);\n\1\}\n)?`,
  'gm',
);

const putProperties = (c: string, once: Once): string =>
  c.replace(PUT, (whole, indent, object, offset, hash, key, payload, type, count) => {
    const value = boxed(payload, type);
    if (value === undefined || Number(offset ?? 0) !== (Number(count) - 1) * 20) return whole;
    once('hedyn_put', PUT_HELPER);
    return `${indent}hedyn_put(${object}, ${Number(count) - 1}u, ${hash}, ${key}u, ${value});\n`;
  });

/** Returns the value whose payload and type are stored one by one, or undefined when they do not show it. */
const boxed = (payload: string, type: string): string | undefined => {
  const whole = /^\((.*)\.val\)$/.exec(payload)?.[1];
  if (
    whole !== undefined &&
    (type === `porf_jv_type(${whole})` || /^porf_box\(\d+u, (\d+)\)$/.exec(whole)?.[1] === type)
  )
    return whole;
  return /^\d+$/.test(type) ? `porf_box(${payload}, ${type})` : undefined;
};

// Elements of typed arrays and characters of strings. Porffor reads and writes them without looking at the length, and its stores
// saturate. Mended: an index outside reads as undefined and drops the store, and a store converts as ECMA-262 §7.1.6–7.1.12 says.
//
//   read     porf_box_num((f64)(*(u8*)(MEM + *(u32*)(MEM + (u32)a.val + 4u) + porf_f64_to_u32((i.val)) + 4u)))
//   address  _1 = *(u32*)(MEM + (u32)a.val + 4u) + porf_f64_to_u32((i.val)) * 2u;      then, a few lines further down,
//   store    *(u16*)(MEM + _1 + 4u) = porf_f64_to_u32((v.val));

const TYPE = `(u8|int8_t|u16|int16_t|u32|i32|f32|f64)`;
const BASE = String.raw`\*\(u32\*\)\(MEM \+ \(u32\)(\w+)\.val \+ 4u\)`;
const OFFSET = String.raw`(?:porf_f64_to_u32\(((?:\([^()]*\)|[^()])*)\)(?: \* \du)?|(\d+)u)`;

/** A function of the program or a built-in: those have two more underscores, or are constructors of typed arrays. */
const FUNCTION = /^\w+ (p\d+_\w+)\([^\n]*\) \{\n[\s\S]*?\n\}\n/gm;
const BUILT_IN = /^p\d+_(?:__|(?:Int|Uint|BigInt|BigUint|Float)\d+(?:Clamped)?Array$)/;

const READ = new RegExp(String.raw`\*\(${TYPE}\*\)\(MEM \+ ${BASE} \+ ${OFFSET} \+ 4u\)`);
const BOXED_READ = new RegExp(
  String.raw`porf_box_num\((?:\(f64\)\()?\*\(${TYPE}\*\)\(MEM \+ ${BASE} \+ ${OFFSET} \+ 4u\)\)?\)`,
  'g',
);
const ADDRESS = new RegExp(String.raw`^(\t+)(\w+) = ${BASE} \+ ${OFFSET};$`);
const CHARACTER = new RegExp(
  String.raw`(\w+) = porf_alloc\(8, (67|195)u\);\n\t+\*\(u32\*\)\(MEM \+ \1\) = 1u;\n` +
    String.raw`\t+\*\((?:u8|u16)\*\)\(MEM \+ \1 \+ 4u\) = ` +
    String.raw`\*\((?:u8|u16)\*\)\(MEM \+ (?:\(u32\)(\w+)\.val|(\d+u)) \+ 4u \+ ${OFFSET}\);\n` +
    String.raw`((?:(?!\1 = ).*\n)*?.*)porf_box\(\1, \2\)`,
);

const UNCHECKED_CHARACTER = /= \*\(u(?:8|16)\*\)\(MEM \+ (?:\(u32\)\w+\.val|\d+u) \+ 4u \+ (?:porf_f64_to_u32|\d+u\))/;

const SIZES: Readonly<Record<string, number>> = {
  u8: 1,
  int8_t: 1,
  u16: 2,
  int16_t: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  f64: 8,
};

/** Returns `c` with every element access checked. Throws an Error when one has a shape that is not known. */
export const checkElements = (c: string): string => {
  const start = c.indexOf(AFTER);
  if (start < 0) throw new Error(`Porffor's C has changed: no ${AFTER}`);
  const end = c.indexOf('\n}\n', start) + 3;
  return c.slice(0, end) + helpersFor(c) + mend(c.slice(end));
};

/** Mends function by function: Porffor's own built-ins keep within bounds, and write elements before they set the length. */
const mend = (c: string): string =>
  c.replace(FUNCTION, (text: string, name: string) =>
    mendStores(BUILT_IN.test(name) ? text : mendReads(text), BUILT_IN.test(name)),
  );

const mendReads = (c: string): string => {
  const mended = mendCharacters(
    c.replace(
      BOXED_READ,
      (_, type, array, index, byte) => `hedyn_get_${type}(${array}, ${indexOf(index, byte, SIZES[type]!)})`,
    ),
  );
  const left = READ.exec(mended) ?? UNCHECKED_CHARACTER.exec(mended);
  if (left) throw new Error(`Porffor's C has changed: unknown read of an element: ${left[0]}`);
  return mended;
};

/** One after the other, because the use of one character may lie behind the making of the next. */
const mendCharacters = (c: string): string => {
  let mended = c;
  for (let found = CHARACTER.exec(mended); found; found = CHARACTER.exec(mended)) {
    const [whole, name, type, string, literal, index, byte, between] = found;
    const from = string ?? `porf_box(${literal}, ${type})`;
    const made = `${name} = hedyn_char_${type}(${from}, ${indexOf(index, byte, type === '67' ? 2 : 1)});\n`;
    const at = found.index;
    mended = `${mended.slice(0, at)}${made}${between}hedyn_boxChar(${name}, ${type})${mended.slice(at + whole.length)}`;
  }
  return mended;
};

const mendStores = (c: string, builtIn: boolean): string => {
  const lines = c.split('\n');
  lines.forEach((line, at) => {
    const address = ADDRESS.exec(line);
    if (address) mendStore(lines, at, address, builtIn);
  });
  return lines.join('\n');
};

const indexOf = (index: string | undefined, byte: string | undefined, size: number): string =>
  index ?? `${Number(byte) / size}.0`;

/** Mends one address, what is read through it, and the store that ends its use: between them stands the value, which can be long. */
const mendStore = (
  lines: string[],
  at: number,
  [, indent, name, array, index, byte]: RegExpExecArray,
  builtIn: boolean,
): void => {
  const read = new RegExp(String.raw`\*\(${TYPE}\*\)\(MEM \+ ${name} \+ 4u\)(?! = )`, 'g');
  const store = new RegExp(String.raw`^(\t+)\*\(${TYPE}\*\)\(MEM \+ ${name} \+ 4u\) = (.*);$`);
  const again = new RegExp(String.raw`^\t+${name} = `);
  for (let next = at + 1; next < lines.length && !again.test(lines[next]!); next++) {
    const line = lines[next]!.replace(read, (_, type) => `hedyn_peek_${type}(${name})`);
    lines[next] = line;
    const found = store.exec(line);
    if (line.includes(`*(i64*)(MEM + ${name} + 4u) = `)) return; // An array of BigInt: the dialect has none.
    if (!found) continue;
    const type = found[2]!;
    if (!builtIn)
      lines[at] = `${indent}${name} = hedyn_at(${array}, ${indexOf(index, byte, SIZES[type]!)}, ${SIZES[type]}u);`;
    lines[next] = `${found[1]}${stored(type, name!, found[3]!)};`;
    return;
  }
  throw new Error(`Porffor's C has changed: an address of an element without a store: ${lines[at]}`);
};

/** Returns the store of what Porffor would have converted by saturating. */
const stored = (type: string, name: string, value: string): string => {
  const clamped = /^porf_f64_to_u32\(porf_f64_min\(porf_f64_max\((.*), 0\.0\), 255\.0\)\)$/.exec(value);
  if (clamped) return `hedyn_put_clamped(${name}, ${numberOf(clamped[1]!)})`;
  const converted = /^porf_f64_to_[iu]32\((.*)\)$/.exec(value);
  return `hedyn_put_${type}(${name}, ${numberOf(converted ? converted[1]! : value)})`;
};

/** `(v.val)` of a value that may be undefined is NaN as a number, not its bits. */
const numberOf = (value: string): string => {
  const boxed = /^\((\w+)\.val\)$/.exec(value);
  return boxed ? `hedyn_number(${boxed[1]})` : value;
};

// The helpers stand behind the last function they use.
const AFTER = 'static jsval porf_num_to_str(f64 d) {\n';

const accessors = (type: string, toInteger: boolean): string => `
static inline jsval hedyn_get_${type}(jsval array, f64 index) {
  const u32 i = porf_f64_to_u32(index);
  if (i >= *(u32*)(MEM + (u32)array.val) || (f64)i != index) return JV_UNDEFINED;
  ${type} element;
  memcpy(&element, MEM + *(u32*)(MEM + (u32)array.val + 4u) + (size_t)i * sizeof element + 4u, sizeof element);
  return porf_box_num((f64)element);
}
static inline f64 hedyn_peek_${type}(u32 at) {
  if (at == HEDYN_OUTSIDE) return NAN;
  ${type} element;
  memcpy(&element, MEM + at + 4u, sizeof element);
  return (f64)element;
}
static inline void hedyn_put_${type}(u32 at, f64 value) {
  if (at == HEDYN_OUTSIDE) return;
  const ${type} element = (${type})${toInteger ? 'hedyn_toUint32(value)' : 'value'};
  memcpy(MEM + at + 4u, &element, sizeof element);
}
`;

/** A number or a boolean has its value in `val`, and so has null; of anything else it is an offset. */
const numberHelper = (c: string): string => {
  const toNumber = /^jsval (p\d+___ecma262_ToNumber)\(jsval\);$/m.exec(c)?.[1];
  if (toNumber === undefined)
    return 'static inline f64 hedyn_number(jsval v) { return porf_jv_type(v) == 0 ? NAN : v.val; }\n';
  return `jsval ${toNumber}(jsval);
static PORF_NOINLINE f64 hedyn_converted(jsval v) { return ${toNumber}(v).val; }
static inline f64 hedyn_number(jsval v) {
  const i32 type = porf_jv_type(v);
  return type == 1 || type == 2 ? v.val : type == 0 ? NAN : hedyn_converted(v);
}
`;
};

const helpersFor = (c: string): string => `
#define HEDYN_OUTSIDE 0xffffffffu
${numberHelper(c)}static inline u32 hedyn_toUint32(f64 d) {
  if (d > -9e18 && d < 9e18) return (u32)(int64_t)d;
  if (!isfinite(d)) return 0;
  return (u32)(int64_t)fmod(d, 4294967296.0);
}
static inline u32 hedyn_at(jsval array, f64 index, u32 size) {
  const u32 i = porf_f64_to_u32(index);
  if (i >= *(u32*)(MEM + (u32)array.val) || (f64)i != index) return HEDYN_OUTSIDE;
  return *(u32*)(MEM + (u32)array.val + 4u) + i * size;
}
${Object.keys(SIZES)
  .map((type) => accessors(type, !type.startsWith('f')))
  .join('')}
static inline void hedyn_put_clamped(u32 at, f64 value) {
  if (at == HEDYN_OUTSIDE) return;
  *(u8*)(MEM + at + 4u) = !(value > 0) ? 0 : value >= 255 ? 255 : (u8)nearbyint(value);
}
// The character of a string, as the address of a new string; 0 for none.
static u32 hedyn_char_195(jsval string, f64 index) {
  const u32 i = porf_f64_to_u32(index);
  if (i >= *(u32*)(MEM + (u32)string.val) || (f64)i != index) return 0;
  const u32 s = porf_alloc(8, 195u);
  *(u32*)(MEM + s) = 1u;
  *(u8*)(MEM + s + 4u) = *(u8*)(MEM + (u32)string.val + 4u + i);
  return s;
}
static u32 hedyn_char_67(jsval string, f64 index) {
  const u32 i = porf_f64_to_u32(index);
  if (i >= *(u32*)(MEM + (u32)string.val) || (f64)i != index) return 0;
  const u32 s = porf_alloc(8, 67u);
  *(u32*)(MEM + s) = 1u;
  memcpy(MEM + s + 4u, MEM + (u32)string.val + 4u + (size_t)i * 2u, 2);
  return s;
}
static inline jsval hedyn_boxChar(u32 s, i32 type) { return s ? porf_box(s, type) : JV_UNDEFINED; }
`;

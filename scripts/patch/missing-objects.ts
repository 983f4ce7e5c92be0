// A property of undefined or null: the error says which property, and of which of the two, in the words of V8.
//
//   Cannot read properties of undefined (reading 'size')          Cannot set properties of null (setting 'size')

/** The function that throws. It needs what makes and joins strings. */
export const NO_OBJECT_HELPER = `
static jsval hedyn_textOf(const char* text) {
  const u32 length = (u32)strlen(text);
  const u32 at = porf_bstr_new(length);
  memcpy(MEM + at + 4, text, length);
  return porf_box(at, 195);
}
__attribute__((cold, noinline, noreturn)) static void hedyn_throwNoObject(jsval object, jsval key, int sets) {
  jsval text = hedyn_textOf(sets ? "Cannot set properties of " : "Cannot read properties of ");
  text = porf_str_concat(text, hedyn_textOf(porf_jv_type(object) == 0 ? "undefined" : "null"));
  text = porf_str_concat(text, hedyn_textOf(sets ? " (setting '" : " (reading '"));
  text = porf_str_concat(text, porf_to_str(key));
  text = porf_str_concat(text, hedyn_textOf("')"));
  const u32 error = porf_alloc(8, 39u);
  *(jsbits*)(MEM + error) = porf_pack(text);
  porf_throw(porf_box((f64)error, 39));
}
`;

const KEY = String.raw`((?:p\d+___ecma262_ToPropertyKey\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))|porf_box\(\d+u, 195\))`;
const BY_NAME = new RegExp(
  String.raw`^(\t+)if \(porf_jv_type\((\w+)\) == 0\) \{\n\1\tporf_throw_new\(39, \d+u\);\n(\1\} else \{\n\1\t.*___Porffor_object_(get|setStrict|set)(?:_ic)?\(\2, ${KEY}[,)])`,
  'gm',
);
const BY_TYPE = /case 0: \{\n\t+porf_throw_new\(39, \d+u\);\n/g;
const READ_AFTER = new RegExp(String.raw`___Porffor_object_(get|setStrict|set)(?:_ic)?\((\w+), ${KEY}[,)]`);
const FUNCTION_END = '\n}\n';
/** How far behind the case of undefined, in letters, the read of any other object may stand. */
const READ_DISTANCE_MAX = 6000;

/** The functions of Porffor that read or write a property: their errors are about null, undefined being caught before. */
const ACCESS =
  /^(?:PORF_NOINLINE )?jsval p\d+___Porffor_object_(get|set)\w*\(jsval _obj, jsval key[^\n]*\) \{\n[\s\S]*?\n\}\n/gm;
const NULL_ERROR = /(if \((?:\(u32\)\(u32\)\w+\.val == 0u|trueType == 0)\) \{\n\t+)porf_throw_new\(39, \d+u\);/g;

/** Returns `c` with the errors that properties of undefined and null throw naming the property. */
export const nameMissingObjects = (c: string): string => {
  const named = c
    .replace(ACCESS, (text: string, kind: string) =>
      text.replace(NULL_ERROR, `$1hedyn_throwNoObject(_obj, key, ${isWrite(kind)});`),
    )
    .replace(BY_NAME, (_, indent, object, rest, kind, key) => {
      const error = `hedyn_throwNoObject(${object}, ${key}, ${isWrite(kind)});`;
      return `${indent}if (porf_jv_type(${object}) == 0) {\n${indent}\t${error}\n${rest}`;
    });
  return named.replace(BY_TYPE, (whole: string, at: number) => {
    const [rest = ''] = named.slice(at, at + READ_DISTANCE_MAX).split(FUNCTION_END, 1);
    const [, kind, object, key] = READ_AFTER.exec(rest) ?? [];
    if (kind === undefined || !isSwitchOver(named.slice(Math.max(0, at - SWITCH_DISTANCE_MAX), at), object!))
      return whole;
    return whole.replace(/porf_throw_new\(39, \d+u\)/, `hedyn_throwNoObject(${object}, ${key}, ${isWrite(kind)})`);
  });
};

const isWrite = (kind: string): 0 | 1 => (kind === 'get' ? 0 : 1);

/** The case of undefined comes first, or behind the cases of other types of the same switch. */
const SWITCH_DISTANCE_MAX = 3000;
const isSwitchOver = (before: string, object: string): boolean =>
  before.lastIndexOf('switch (porf_jv_type(') === before.lastIndexOf(`switch (porf_jv_type(${object})) {`);

// What is no object, no function or no constructor: the error says so in the words of V8.
//
//   Cannot read properties of undefined (reading 'size')          Cannot set properties of null (setting 'size')
//   undefined is not a function                                   Shape is not a constructor

/** The function that throws. It needs what makes and joins strings. */
export const NO_OBJECT_HELPER = `
static jsval hedyn_textOf(const char* text) {
  const u32 length = (u32)strlen(text);
  const u32 at = porf_bstr_new(length);
  memcpy(MEM + at + 4, text, length);
  return porf_box(at, 195);
}
__attribute__((cold, noinline, noreturn)) static void hedyn_throwTypeError(jsval text) {
  const u32 error = porf_alloc(8, 39u);
  *(jsbits*)(MEM + error) = porf_pack(text);
  porf_throw(porf_box((f64)error, 39));
}
__attribute__((cold, noinline, noreturn)) static void hedyn_throwNoObject(jsval object, jsval key, int sets) {
  jsval text = hedyn_textOf(sets ? "Cannot set properties of " : "Cannot read properties of ");
  text = porf_str_concat(text, hedyn_textOf(porf_jv_type(object) == 0 ? "undefined" : "null"));
  text = porf_str_concat(text, hedyn_textOf(sets ? " (setting '" : " (reading '"));
  text = porf_str_concat(text, porf_to_str(key));
  hedyn_throwTypeError(porf_str_concat(text, hedyn_textOf("')")));
}
static jsval hedyn_describe(jsval v) {
  const i32 type = porf_jv_type(v);
  if (type <= 2 || type == 67 || type == 195 || (type == 7 && (u32)v.val == 0)) return porf_to_str(v);
  return hedyn_textOf(type == 72 ? "[object Array]" : "#<Object>");
}
__attribute__((cold, noinline, noreturn)) static void hedyn_throwWrong(jsval v, const char* what) {
  hedyn_throwTypeError(porf_str_concat(hedyn_describe(v), hedyn_textOf(what)));
}
`;

const KEY = String.raw`((?:p\d+___ecma262_ToPropertyKey\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))|porf_box\(\d+u, 195\))`;
const BY_NAME = new RegExp(
  String.raw`^(\t+)if \(porf_jv_type\((\w+)\) == 0\) \{\n\1\tporf_throw_new\(39, \d+u\);\n(\1\} else \{\n\1\t.*___Porffor_object_(get|setStrict|set)(?:_ic|_withHash)?\(\2, ${KEY}[,)])`,
  'gm',
);
const BY_TYPE = /case 0: \{\n\t+porf_throw_new\(39, \d+u\);\n/g;
const READ_AFTER = new RegExp(String.raw`___Porffor_object_(get|setStrict|set)(?:_ic|_withHash)?\((\w+), ${KEY}[,)]`);
const FUNCTION_END = '\n}\n';
/** How far behind the case of undefined, in letters, the read of any other object may stand. */
const READ_DISTANCE_MAX = 6000;

/** The functions of Porffor that read or write a property: their errors are about null, undefined being caught before. */
const ACCESS =
  /^(?:PORF_NOINLINE )?jsval p\d+___Porffor_object_(get|set)\w*\(jsval _obj, jsval key[^\n]*\) \{\n[\s\S]*?\n\}\n/gm;
const NULL_ERROR = /(if \((?:\(u32\)\(u32\)\w+\.val == 0u|trueType == 0)\) \{\n\t+)porf_throw_new\(39, \d+u\);/g;

/** `new X`: Porffor reads the prototype of X before it looks whether X can be called with new. */
const PROTOTYPE_OF_NEW =
  /^(\t+\w+ = p\d+___Porffor_object_new\(\d+\);\n(\t+)if \(porf_jv_type\((\w+)\) == 0\) \{\n\t+)porf_throw_new\(39, \d+u\);/gm;
const NO_CONSTRUCTOR =
  /^(\t+if \(porf_falsy\(p\d+___ecma262_IsConstructor\((\w+)\)\)\) \{\n\t+)porf_throw_new\(39, \d+u\);/gm;
const NO_CALLBACK = /^(\t+if \(porf_jv_type\((callbackFn)\) != 6\) \{\n\t+)porf_throw_new\(39, \d+u\);/gm;
const NO_FUNCTION = /^( {2}if \(porf_jv_type\((fn)\) != 6\) )porf_throw_new\(39, 0\);/gm;

/** A variable of the program is named, of anything else the value is told. */
const throwNoConstructor = (value: string): string => {
  const name = value.replace(/_24\w*$/, '');
  return /^_23|^kept_24at/.test(value)
    ? `hedyn_throwWrong(${value}, " is not a constructor");`
    : `hedyn_throwTypeError(hedyn_textOf("${name} is not a constructor"));`;
};

/** Returns `c` with the errors that properties of undefined and null throw naming the property, and what cannot be called told. */
export const nameMissingObjects = (c: string): string => {
  const named = c
    .replace(PROTOTYPE_OF_NEW, (_, head, _indent, value) => `${head}${throwNoConstructor(value)}`)
    .replace(NO_CONSTRUCTOR, (_, head, value) => `${head}${throwNoConstructor(value)}`)
    .replace(NO_CALLBACK, '$1hedyn_throwWrong($2, " is not a function");')
    .replace(NO_FUNCTION, '$1hedyn_throwWrong($2, " is not a function");')
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

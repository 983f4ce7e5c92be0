// The glue between the planes, for exactly what a program uses.
//
//   control plane ─▶ glue function in JavaScript: its inline C checks and unboxes the arguments, calls, and boxes the result
//                         └─▶ machine function, or an accessor in C that knows the record's layout (appended to machine.c)
//
// A record, or a record inside one, is known to JavaScript as a handle: the index into a table of { address, class } in machine.c, which is
// checked at every use. One record has one handle, so that === means there what it means on Node.

import { atPanicText } from './at-panic.ts';
import { initializer } from './emit.ts';
import { isZero } from './initial.ts';
import { INLINE_FUNCTIONS } from './intrinsics.ts';
import type { MachineFunction, Parameter } from './module.ts';
import { cString, localName } from './names.ts';
import {
  type InitialValue,
  type IntegerType,
  integerNamed,
  type MachineType,
  type RecordType,
  typeName,
  VOID,
  valueType,
} from './types.ts';

/** One step of a path into a record: a field, or an element whose index comes as an argument. */
export type PathStep = { readonly field: string } | { readonly length: number };

/** A number, boolean or record inside a record that the control plane reads. */
export interface Getter {
  readonly name: string;
  readonly record: RecordType;
  readonly path: readonly PathStep[];
  readonly type: MachineType;
}

/** The two texts of the glue: `js` goes before the program, `c` behind machine.c. */
export interface GlueText {
  readonly js: string;
  readonly c: string;
}

/** Notes a use once more. */
export type GlueUse = (glue: Glue) => void;

/** Collects what a program uses of its machine modules. */
export interface Glue {
  /** Notes the use of a function or method. Returns the name of its glue function; a method's takes the record first. */
  useFunction(definition: MachineFunction): string;
  /** Notes that records of a class are made. Returns the name of the glue function that makes one. */
  useAllocation(record: RecordType): string;
  /** Notes that records of a class are made new again. Returns the name of the glue function that does it. */
  useRenewal(record: RecordType): string;
  /** Notes that a value inside a record is read. Returns the name of the glue function, which takes the record and the indices. */
  useGetter(record: RecordType, path: readonly PathStep[], type: MachineType): string;
  /** Returns what was noted since it was asked last, as functions that note it in this or another collection. */
  takeUses(): readonly GlueUse[];
  /** Returns whether the use of a function was noted. */
  uses(definition: MachineFunction): boolean;
  /** Returns the glue for everything noted so far, with what calls the `atPanic` of machine modules. */
  text(atPanic: readonly MachineFunction[]): GlueText;
}

/** Returns an empty collection. */
export const createGlue = (): Glue => {
  const functions = new Map<MachineFunction, string>();
  const allocations = new Map<RecordType, string>();
  const renewals = new Map<RecordType, string>();
  const getters = new Map<string, Getter>();
  const classes = new Map<RecordType, number>();
  let taken = new Map<string, GlueUse>();
  const classOf = (record: RecordType): number => {
    const known = classes.get(record);
    if (known !== undefined) return known;
    classes.set(record, classes.size + 1);
    return classes.size;
  };
  return {
    useFunction(definition) {
      const name = `glue_${definition.cName}`;
      functions.set(definition, name);
      taken.set(name, (other) => other.useFunction(definition));
      return name;
    },
    useAllocation(record) {
      const name = `glue_new_${record.cName}`;
      allocations.set(record, name);
      taken.set(name, (other) => other.useAllocation(record));
      return name;
    },
    useRenewal(record) {
      const name = `glue_renew_${record.cName}`;
      renewals.set(record, name);
      taken.set(name, (other) => other.useRenewal(record));
      return name;
    },
    useGetter(record, path, type) {
      const steps = path.map((step) => ('field' in step ? localName(step.field) : 'at'));
      const name = `glue_get_${record.cName}_${steps.join('_')}`;
      getters.set(name, { name, record, path, type });
      taken.set(name, (other) => other.useGetter(record, path, type));
      return name;
    },
    takeUses() {
      const uses = [...taken.values()];
      taken = new Map();
      return uses;
    },
    uses: (definition) => functions.has(definition),
    text: (atPanic) => ({
      js: [
        `${inlineC(jsHead([...functions.keys()], [...getters.values()], [...allocations.keys()], [...renewals.keys()]))};`,
        ...[...functions].map(([definition, name]) => functionGlue(definition, name, classOf)),
        ...[...allocations].map(([record, name]) => allocationGlue(record, name, classOf)),
        ...[...renewals].map(([record, name]) => renewalGlue(record, name, classOf)),
        ...[...getters.values()].map((getter) => getterGlue(getter, classOf)),
        '',
      ].join('\n'),
      c: [
        C_HEAD,
        ...[...allocations.keys()].map(allocator),
        renewals.size > 0 ? CLEAR_HELPER : '',
        ...[...renewals.keys()].map(renewer),
        ...[...getters.values()].map(accessor),
        atPanicText(atPanic, classes),
      ].join('\n'),
    }),
  };
};

/** Returns true for a function that the control plane may call: its arguments can cross the border. A result always can. */
export const crossesBorder = (definition: MachineFunction): boolean =>
  definition.parameters.every(({ type }) => type.kind !== 'array');

const HELPERS = `
#define HED_JSVAL(x) _Generic((x), jsval: hed_jsvalOfJsval, double: hed_jsvalOfDouble, default: hed_jsvalOfInteger)(x)
static inline jsval hed_jsvalOfJsval(jsval value) { return value; }
static inline jsval hed_jsvalOfDouble(double value) { return porf_box_num(value); }
static inline jsval hed_jsvalOfInteger(int64_t value) { return porf_box_num((double)value); }
#define HED_SET_NUMBER(x, value) _Generic((x), jsval: hed_setJsval, double: hed_setDouble, u32: hed_setU32, default: hed_setI32)((void *)&(x), value)
static inline void hed_setJsval(void *target, double value) { *(jsval *)target = porf_box_num(value); }
static inline void hed_setDouble(void *target, double value) { *(double *)target = value; }
static inline void hed_setI32(void *target, double value) { *(i32 *)target = (i32)value; }
static inline void hed_setU32(void *target, double value) { *(u32 *)target = (u32)value; }
#define HED_SET_BOOL(x, value) ((x) = porf_box((double)((value) ? 1 : 0), HED_TYPE_BOOL))
#define HED_TYPE_NUMBER 1
#define HED_TYPE_BOOL 2
#define HED_TYPE_LATIN1 195
#define HED_TYPE_UTF16 67
struct hed_bytes { uint8_t *data; uint32_t length; };
extern __attribute__((noreturn)) void hal_trap(const char *what, const char *where);
struct hed_handle { void *record; uint32_t class; };
extern struct hed_handle *hed_handles;
extern uint32_t hed_handleCount;
extern void *hed_record(double handle, uint32_t class, const char *where);
extern double hed_handle(void *record, uint32_t class);
__attribute__((cold, noinline, noreturn)) static void hed_badArgument(const char *what, const char *where) { hal_trap(what, where); }
typedef double hed_pair __attribute__((vector_size(16)));
static inline int64_t hed_whole(jsval value) { return __builtin_ia32_cvttsd2si64((hed_pair){ value.val, 0 }); }
static inline uint64_t hed_bits(double value) { uint64_t bits; memcpy(&bits, &value, 8); return bits; }
/* The bits of 0 or -0 when the value is this integer, others when it is not. */
static inline uint64_t hed_rest(jsval value, int64_t whole) { return hed_bits((double)whole - value.val); }
__attribute__((cold, noinline)) static void hed_checkInteger(jsval value, double low, double high, const char *what, const char *where) {
  if (value.type != HED_TYPE_NUMBER || !(value.val >= low && value.val <= high) || value.val != __builtin_trunc(value.val)) hed_badArgument(what, where);
}
__attribute__((cold, noinline)) static void hed_checkType(jsval value, int type, const char *what, const char *where) {
  if (value.type != type) hed_badArgument(what, where);
}
static __attribute__((noinline)) void *hed_argumentRecord(jsval value, uint32_t class, const char *where) {
  return hed_record(value.type == HED_TYPE_NUMBER ? value.val : 0, class, where);
}
/* The same in line, for what is hot (scripts/patch/hot.ts): a handle is a whole number, as hed_handle has made it. */
static inline void *hed_quickRecord(jsval value, uint32_t class, const char *where) {
  const uint64_t index = (uint64_t)hed_whole(value) - 1;
  const int isRight = value.type == HED_TYPE_NUMBER && index < hed_handleCount && hed_handles[index].class == class;
  return __builtin_expect(isRight, 1) ? hed_handles[index].record : hed_argumentRecord(value, class, where);
}
`;

const BYTES_HELPER = `
#define HED_TYPE_UINT8ARRAY 81
static struct hed_bytes hed_argumentBytes(jsval value, const char *where) {
  if (value.type != HED_TYPE_UINT8ARRAY) hed_badArgument("an argument is no Uint8Array", where);
  const u8 *const array = MEM + (u32)value.val;
  return (struct hed_bytes){ MEM + *(const u32 *)(array + 4) + 4, *(const u32 *)array };
}
`;

// Text crosses as UTF-8, in a buffer that grows and is used again: the callee is done with it when it returns.
const TEXT_HELPER = `
struct hed_textBuffer { u8 *bytes; size_t room; };
static struct hed_textBuffer hed_textBuffers[2];
static u8 *hed_textRoom(int slot, size_t room, const char *where) {
  struct hed_textBuffer *const buffer = &hed_textBuffers[slot];
  if (buffer->room >= room) return buffer->bytes;
  u8 *const bytes = realloc(buffer->bytes, room);
  if (!bytes) hed_badArgument("no memory for a text", where);
  *buffer = (struct hed_textBuffer){ bytes, room };
  return bytes;
}
static size_t hed_utf8(u8 *target, u32 code) {
  if (code < 0x80) { target[0] = (u8)code; return 1; }
  if (code < 0x800) { target[0] = (u8)(0xc0 | code >> 6); target[1] = (u8)(0x80 | (code & 63)); return 2; }
  if (code < 0x10000) { target[0] = (u8)(0xe0 | code >> 12); target[1] = (u8)(0x80 | (code >> 6 & 63)); target[2] = (u8)(0x80 | (code & 63)); return 3; }
  target[0] = (u8)(0xf0 | code >> 18); target[1] = (u8)(0x80 | (code >> 12 & 63)); target[2] = (u8)(0x80 | (code >> 6 & 63)); target[3] = (u8)(0x80 | (code & 63));
  return 4;
}
static u32 hed_unit(const u8 *text, u32 index) { u16 unit; memcpy(&unit, text + (size_t)index * 2, 2); return unit; }
static size_t hed_argumentText(jsval value, int slot, const char *where) {
  if (value.type != HED_TYPE_LATIN1 && value.type != HED_TYPE_UTF16) hed_badArgument("an argument is no string", where);
  const u8 *const text = MEM + (u32)value.val + 4;
  const u32 length = *(const u32 *)(MEM + (u32)value.val);
  u8 *const target = hed_textRoom(slot, (size_t)length * 3 + 1, where);
  size_t at = 0;
  for (u32 i = 0; i < length; i++) {
    u32 code = value.type == HED_TYPE_LATIN1 ? text[i] : hed_unit(text, i);
    if (code >= 0xd800 && code < 0xe000) {
      const u32 low = code < 0xdc00 && i + 1 < length ? hed_unit(text, i + 1) : 0;
      if (low >= 0xdc00 && low < 0xe000) { code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00); i++; } else code = 0xfffd;
    }
    at += hed_utf8(target + at, code);
  }
  return at;
}
`;

/** The inline C at the head of Porffor's file: helpers, and declarations of what the glue calls. */
const jsHead = (
  functions: readonly MachineFunction[],
  getters: readonly Getter[],
  allocations: readonly RecordType[],
  renewals: readonly RecordType[],
): string => {
  const kinds = new Set(functions.flatMap((definition) => definition.parameters.map(({ type }) => type.kind)));
  const prototypes = [
    ...functions.map(foreignPrototype),
    ...allocations.map((record) => `extern void *hed_new_${record.cName}(void);`),
    ...renewals.map((record) => `extern void hed_renew_${record.cName}(void *record);`),
    ...getters.map(
      (getter) => `extern ${accessorType(getter)}${accessorName(getter)}(void *record${indexParameters(getter)});`,
    ),
  ];
  return [
    HELPERS,
    kinds.has('bytes') ? BYTES_HELPER : '',
    kinds.has('string') ? TEXT_HELPER : '',
    ...prototypes,
    '',
  ].join('\n');
};

/** Porffor's C does not know the structs, so a record is a void pointer there. */
const foreignType = (type: MachineType): string =>
  type.kind === 'record' ? 'void *' : type.kind === 'bool' ? '_Bool' : valueType(type);

const targetName = (definition: MachineFunction): string =>
  (definition.body === undefined ? INLINE_FUNCTIONS.get(definition.name)?.outOfLine : undefined) ?? definition.cName;

const foreignPrototype = (definition: MachineFunction): string => {
  const isDeclared = definition.body === undefined;
  const receiver = definition.receiver === undefined ? [] : ['void *'];
  const parameters = definition.parameters.map(({ type }) => {
    if (type.kind === 'string') return 'const uint8_t *, size_t';
    return isDeclared && type.kind === 'bytes' ? 'uint8_t *, uint32_t' : foreignType(type);
  });
  const list = [...receiver, ...parameters].join(', ');
  return `extern ${foreignType(definition.result)} ${targetName(definition)}(${list === '' ? 'void' : list});`;
};

/** The glue function of a machine function. Its parameters have neutral names: a TypeScript one could be a word of C. */
const functionGlue = (definition: MachineFunction, name: string, classOf: (record: RecordType) => number): string => {
  const receiver: readonly Parameter[] =
    definition.receiver === undefined ? [] : [{ name: 'this', type: definition.receiver, symbol: undefined }];
  const isDeclared = definition.body === undefined;
  let texts = 0;
  const operands = [...receiver, ...definition.parameters].map((parameter, index) => {
    const slot = parameter.type.kind === 'string' ? texts++ % 2 : 0;
    const where = cString(`argument ${parameter.name} of ${definition.name}`);
    return operand({ type: parameter.type, index, where, slot, isDeclared }, classOf);
  });
  const call = `${targetName(definition)}(${operands.map(({ value }) => value).join(', ')})`;
  return glueFunction(name, operands, call, definition.result, classOf);
};

/** An argument of a glue function in C. */
interface Operand {
  /** What is computed of every argument before anything is decided. */
  readonly setup: string;
  /** Not 0 when the argument has a wrong type or is out of range. */
  readonly doubt: string | undefined;
  /** The bits of what is left of a number without its integer part; its sign bit means nothing. */
  readonly rest?: string;
  /** A statement that stops the machine when the argument is wrong. */
  readonly check: string;
  /** What is taken of the argument once all are right. */
  readonly take: string;
  readonly value: string;
}

interface OperandKind {
  readonly type: MachineType;
  readonly index: number;
  readonly where: string;
  /** The buffer that a text goes to. */
  readonly slot: number;
  readonly isDeclared: boolean;
  /** What is said of a number that is out of range. */
  readonly what?: string;
}

/** How wide the integers of a type are, as a test that yields 0: nothing above the low bits, or the same after sign extension. */
const outOfRange = (type: IntegerType, whole: string): string =>
  type.range.low < 0n
    ? `(uint64_t)(${whole} ^ (${type.c})${whole})`
    : `(uint64_t)${whole} >> ${bitLength(type.range.high)}`;

const bitLength = (value: bigint): number => value.toString(2).length;

/** One condition decides for all numbers and booleans of a call; when it fails, each is looked at in turn, so that the first bad one is named. */
const operand = (kind: OperandKind, classOf: (record: RecordType) => number): Operand => {
  const { type, index, where, slot } = kind;
  const [value, whole] = [`hed_argument${index}`, `hed_whole${index}`];
  const setup = `const jsval ${value} = HED_JSVAL(a${index});`;
  const made = `hed_value${index}`;
  switch (type.kind) {
    case 'integer': {
      const what = kind.what ?? `an argument is no ${typeName(type)}`;
      return {
        setup: `${setup} const int64_t ${whole} = hed_whole(${value});`,
        doubt: `(uint32_t)(${value}.type ^ HED_TYPE_NUMBER) | ${outOfRange(type, whole)}`,
        rest: `hed_rest(${value}, ${whole})`,
        check: `hed_checkInteger(${value}, ${type.range.low}.0, ${type.range.high}.0, "${what}", ${where});`,
        take: '',
        value: `(${type.c})${whole}`,
      };
    }
    case 'float':
      return {
        setup,
        doubt: `(uint32_t)(${value}.type ^ HED_TYPE_NUMBER)`,
        check: `hed_checkType(${value}, HED_TYPE_NUMBER, "an argument is no number", ${where});`,
        take: '',
        value: `${value}.val`,
      };
    case 'bool':
      return {
        setup,
        doubt: `(uint32_t)(${value}.type ^ HED_TYPE_BOOL)`,
        check: `hed_checkType(${value}, HED_TYPE_BOOL, "an argument is no boolean", ${where});`,
        take: '',
        value: `(hed_whole(${value}) != 0)`,
      };
    case 'record': {
      const take = `hed_argumentRecord(${value}, ${classOf(type)}, ${where});`;
      return { setup, doubt: undefined, check: take, take: `void *const ${made} = ${take}`, value: made };
    }
    case 'bytes': {
      const take = `hed_argumentBytes(${value}, ${where});`;
      const parts = kind.isDeclared ? `${made}.data, ${made}.length` : made;
      return { setup, doubt: undefined, check: take, take: `const struct hed_bytes ${made} = ${take}`, value: parts };
    }
    case 'string': {
      const take = `hed_argumentText(${value}, ${slot}, ${where});`;
      const parts = `hed_textBuffers[${slot}].bytes, ${made}`;
      return { setup, doubt: undefined, check: take, take: `const size_t ${made} = ${take}`, value: parts };
    }
    default:
      throw new Error(`${typeName(type)} does not cross the border`);
  }
};

/** Returns inline C as an expression of JavaScript. */
const inlineC = (text: string): string => `Porffor.c\`${text.replace(/[\\`$]/g, '\\$&')}\``;

const glueFunction = (
  name: string,
  operands: readonly Operand[],
  call: string,
  result: MachineType,
  classOf: (record: RecordType) => number,
): string => {
  const head = `const ${name} = (${operands.map((_, index) => `a${index}`).join(', ')}) => {`;
  const rests = operands.flatMap(({ rest }) => rest ?? []);
  const doubts = operands.flatMap(({ doubt }) => doubt ?? []);
  if (rests.length > 0) doubts.push(`(${rests.join(' | ')}) << 1`);
  const checks = operands.map(({ check }) => check).join(' ');
  const before = [
    ...operands.map(({ setup }) => setup),
    ...(doubts.length === 0
      ? []
      : [`if (__builtin_expect((${doubts.join(' | ')}) != 0, 0)) { ${checks} __builtin_unreachable(); }`]),
    ...operands.map(({ take }) => take),
  ].join(' ');
  if (result.kind === 'void' || result.kind === 'never') return `${head} ${inlineC(`{ ${before} ${call}; }`)}; };`;
  const [initial, box] = result.kind === 'bool' ? ['false', 'HED_SET_BOOL'] : ['0', 'HED_SET_NUMBER'];
  const value = result.kind === 'record' ? `hed_handle(${call}, ${classOf(result)})` : call;
  return `${head} let result = ${initial}; ${inlineC(`{ ${before} ${box}(result, ${value}); }`)}; return result; };`;
};

const allocationGlue = (record: RecordType, name: string, classOf: (record: RecordType) => number): string =>
  glueFunction(name, [], `hed_new_${record.cName}()`, record, classOf);

const renewalGlue = (record: RecordType, name: string, classOf: (record: RecordType) => number): string => {
  const where = cString('argument record of renew');
  const operands = [operand({ type: record, index: 0, where, slot: 0, isDeclared: false }, classOf)];
  const call = `hed_renew_${record.cName}(${operands.map(({ value }) => value).join(', ')})`;
  return glueFunction(name, operands, call, VOID, classOf);
};

const getterGlue = (getter: Getter, classOf: (record: RecordType) => number): string => {
  const path = getter.path.map((step) => ('field' in step ? `.${step.field}` : '[]')).join('');
  const shared = { where: cString(`${getter.record.name}${path}`), slot: 0, isDeclared: false };
  const operands = [
    operand({ ...shared, type: getter.record, index: 0 }, classOf),
    ...indexLengths(getter).map((length, index) => indexOperand({ ...shared, type: INDEX, index: index + 1 }, length)),
  ];
  const call = `${accessorName(getter)}(${operands.map(({ value }) => value).join(', ')})`;
  return glueFunction(getter.name, operands, call, getter.type, classOf);
};

const INDEX = integerNamed('u32');

/** An index is checked against the length of its own array. */
const indexOperand = (kind: OperandKind, length: number): Operand => {
  const whole = `hed_whole${kind.index}`;
  const base = operand({ ...kind, what: `an index is outside an array of ${length}` }, () => 0);
  return {
    ...base,
    doubt: `(uint32_t)(hed_argument${kind.index}.type ^ HED_TYPE_NUMBER) | (uint64_t)((uint64_t)${whole} >= ${length})`,
    check: base.check.replace(`${INDEX.range.high}.0`, `${length - 1}.0`),
  };
};

const indexLengths = (getter: Getter): number[] =>
  getter.path.flatMap((step) => ('length' in step ? [step.length] : []));
const indexParameters = (getter: Getter): string =>
  indexLengths(getter)
    .map((_, index) => `, uint32_t i${index}`)
    .join('');
const accessorName = (getter: Getter): string => getter.name.replace(/^glue_get_/, 'hed_get_');

const accessorType = (getter: Getter): string => (getter.type.kind === 'record' ? 'void *' : 'double ');

/** The C function behind a getter: it knows the layout. */
const accessor = (getter: Getter): string => {
  let index = 0;
  const path = getter.path.map((step) => ('field' in step ? `.${localName(step.field)}` : `[i${index++}]`)).join('');
  const { cName } = getter.record;
  const value = `${getter.type.kind === 'record' ? '&' : '(double)'}(*record)${path}`;
  return `${accessorType(getter)}${accessorName(getter)}(struct ${cName} *record${indexParameters(getter)}) { return ${value}; }`;
};

const C_HEAD = `
#include <sys/mman.h>
#line 1 "machine glue"
/* Returns zeroed memory for a record, for ever. A large one comes straight from the kernel: calloc would look at every word of it, and so make
   every page of a table that is mostly never used. */
static void *hed_zeroed(size_t length) {
  if (length < 0x10000) return calloc(1, length);
  void *const memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}
struct hed_handle { void *record; uint32_t class; };
struct hed_handle *hed_handles;
uint32_t hed_handleCount;
static uint32_t hed_handleRoom;

/* Returns the record behind a handle, or stops the machine. Handles start at 1. */
void *hed_record(double handle, uint32_t class, const char *where) {
  const hed_wide index = handle >= 1 && handle <= hed_handleCount ? (hed_wide)handle : 0;
  if (HED_RARELY(index == 0 || (double)index != handle || hed_handles[index - 1].class != class)) hed_stop("this is no record of the class that is asked for", where);
  return hed_handles[index - 1].record;
}
static uint32_t *hed_slots; /* Where to find a record's handle: open addressing, twice as many slots as handles, 0 for an empty one. */
static uint32_t hed_slotOf(const void *record, uint32_t class) {
  return (uint32_t)(((uint64_t)(uintptr_t)record * 0x9e3779b97f4a7c15ull + class) >> 32) & (hed_handleRoom * 2 - 1);
}
static uint32_t *hed_findSlot(const void *record, uint32_t class) {
  uint32_t at = hed_slotOf(record, class);
  while (hed_slots[at] != 0 && (hed_handles[hed_slots[at] - 1].record != record || hed_handles[hed_slots[at] - 1].class != class))
    at = (at + 1) & (hed_handleRoom * 2 - 1);
  return &hed_slots[at];
}
static __attribute__((noinline)) void hed_growHandles(void) {
  hed_handleRoom = hed_handleRoom == 0 ? 64 : hed_handleRoom * 2;
  hed_handles = realloc(hed_handles, hed_handleRoom * sizeof *hed_handles);
  free(hed_slots);
  hed_slots = calloc(hed_handleRoom * 2, sizeof *hed_slots);
  if (hed_handles == NULL || hed_slots == NULL) hed_stop("no memory for the handle of a record", "the border");
  for (uint32_t i = 0; i < hed_handleCount; i++) *hed_findSlot(hed_handles[i].record, hed_handles[i].class) = i + 1;
}
/* Returns the handle of a record: a new one when the control plane sees it for the first time. */
double hed_handle(void *record, uint32_t class) {
  if (hed_handleCount == hed_handleRoom) hed_growHandles();
  uint32_t *const slot = hed_findSlot(record, class);
  if (*slot == 0) {
    hed_handles[hed_handleCount++] = (struct hed_handle){ record, class };
    *slot = hed_handleCount;
  }
  return *slot;
}
`;

const allocator = (record: RecordType): string => {
  const check = 'if (record == NULL) hed_stop("no memory for a record", "new");';
  const fill = fillText({ kind: 'record', type: record }, '(*record)', 0);
  return `void *hed_new_${record.cName}(void) { struct ${record.cName} *record = hed_zeroed(sizeof *record); ${check} ${fill} return record; }`;
};

const CLEAR_HELPER = `
/* Makes memory zero. The whole pages of a large piece go back to the kernel, which gives zeroed ones when they are used again. */
static void hed_clear(unsigned char *memory, size_t length) {
  const size_t before = -(uintptr_t)memory & 4095;
  if (length < 0x10000) { memset(memory, 0, length); return; }
  const size_t pages = (length - before) & ~(size_t)4095;
  memset(memory, 0, before);
  if (madvise(memory + before, pages, MADV_DONTNEED) != 0) memset(memory + before, 0, pages);
  memset(memory + before + pages, 0, length - before - pages);
}
`;

/** Makes a record what its allocator made it. */
const renewer = (record: RecordType): string => {
  const fill = fillText({ kind: 'record', type: record }, '(*record)', 0);
  return `void hed_renew_${record.cName}(struct ${record.cName} *record) { hed_clear((unsigned char *)record, sizeof *record); ${fill} }`;
};

/** Statements that store what is not zero. Written out as a constant, a record of many parts would lie in the image a second time. */
const fillText = (initial: InitialValue, place: string, depth: number): string => {
  if (isZero(initial)) return '';
  if (initial.kind === 'constant') return `${place} = ${initializer(initial)};`;
  if (initial.kind === 'record') {
    const fields = [...initial.type.fields.values()];
    return fields.map((field) => fillText(field.initial, `${place}.${localName(field.name)}`, depth)).join(' ');
  }
  const index = `i${depth}`;
  const element = fillText(initial.element, `${place}[${index}]`, depth + 1);
  return `for (uint32_t ${index} = 0; ${index} < ${initial.count}; ${index}++) { ${element} }`;
};

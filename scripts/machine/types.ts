// The types of the machine language and their C counterparts.

import type ts from 'typescript';
import { type Interval, interval, SAFE } from './interval.ts';

/** An integer of known width. `u53` is a uint64_t below 2^53; `WIDE` is the type of an intermediate result. */
export interface IntegerType {
  readonly kind: 'integer';
  readonly name: string;
  readonly range: Interval;
  readonly c: string;
}

/** f64. */
export interface FloatType {
  readonly kind: 'float';
}

/** bool. */
export interface BoolType {
  readonly kind: 'bool';
}

/** A FixedArray. */
export interface ArrayType {
  readonly kind: 'array';
  readonly element: MachineType;
  readonly length: number;
}

/** A record class. One object for each class, so that types compare by identity. */
export interface RecordType {
  readonly kind: 'record';
  readonly name: string;
  /** The C struct's tag. */
  readonly cName: string;
  readonly declaration: ts.ClassDeclaration;
  readonly exported: boolean;
  readonly fields: Map<string, RecordField>;
}

/** One field of a record. */
export interface RecordField {
  readonly name: string;
  readonly type: MachineType;
  readonly initial: InitialValue;
}

/** What a field or module variable holds before any code runs. */
export type InitialValue =
  | { readonly kind: 'constant'; readonly value: number | boolean }
  | { readonly kind: 'record'; readonly type: RecordType }
  | { readonly kind: 'repeat'; readonly count: number; readonly element: InitialValue };

/** A Uint8Array lent for the duration of a call. */
export interface BytesType {
  readonly kind: 'bytes';
}

/** Text for the machine layer: a parameter of declared functions only. */
export interface StringType {
  readonly kind: 'string';
}

/** The result of a function that returns nothing. */
export interface VoidType {
  readonly kind: 'void';
}

/** The result of a function that does not return. */
export interface NeverType {
  readonly kind: 'never';
}

/** Every type that a machine module can name. */
export type MachineType =
  | IntegerType
  | FloatType
  | BoolType
  | ArrayType
  | RecordType
  | BytesType
  | StringType
  | VoidType
  | NeverType;

const integer = (name: string, c: string, low: number, high: number): IntegerType => ({
  kind: 'integer',
  name,
  c,
  range: interval(low, high),
});

export const FLOAT: FloatType = { kind: 'float' };
export const BOOL: BoolType = { kind: 'bool' };
export const BYTES: BytesType = { kind: 'bytes' };
export const STRING: StringType = { kind: 'string' };
export const VOID: VoidType = { kind: 'void' };
export const NEVER: NeverType = { kind: 'never' };
/** The type of an intermediate integer: as exact as a double, 64 bits in C. */
export const WIDE: IntegerType = { kind: 'integer', name: 'integer below 2^53', c: 'hed_wide', range: SAFE };

/** The integer types by their TypeScript names, narrow before wide. */
export const INTEGERS: readonly IntegerType[] = [
  integer('u8', 'uint8_t', 0, 0xff),
  integer('i8', 'int8_t', -0x80, 0x7f),
  integer('u16', 'uint16_t', 0, 0xffff),
  integer('i16', 'int16_t', -0x8000, 0x7fff),
  integer('u32', 'uint32_t', 0, 0xffffffff),
  integer('i32', 'int32_t', -0x80000000, 0x7fffffff),
  integer('u53', 'uint64_t', 0, Number.MAX_SAFE_INTEGER),
];

/** Returns the integer type called `name`, or throws when there is none. */
export const integerNamed = (name: string): IntegerType => {
  const found = INTEGERS.find((type) => type.name === name);
  if (found === undefined) throw new Error(`no integer type ${name}`);
  return found;
};

/** Returns true for types whose values are copied: integers, f64 and bool. */
export const isScalar = (type: MachineType): type is IntegerType | FloatType | BoolType =>
  type.kind === 'integer' || type.kind === 'float' || type.kind === 'bool';

/** Returns true when a value of `from` may stand where `to` is expected, apart from the range of numbers. */
export const isSameKind = (from: MachineType, to: MachineType): boolean => {
  if (from.kind === 'record' || to.kind === 'record') return from === to;
  if (from.kind === 'array' && to.kind === 'array') {
    return (
      from.length === to.length &&
      (isScalar(from.element) ? from.element === to.element : isSameKind(from.element, to.element))
    );
  }
  if (from.kind === 'float' || from.kind === 'integer') return to.kind === 'float' || to.kind === 'integer';
  return from.kind === to.kind;
};

/** Returns the type's name for messages and file names: `u16`, `FixedArray<u16, 8>`, `SplitQueue`. */
export const typeName = (type: MachineType): string => {
  switch (type.kind) {
    case 'integer':
    case 'record':
      return type.name;
    case 'array':
      return `FixedArray<${typeName(type.element)}, ${type.length}>`;
    case 'float':
      return 'f64';
    case 'bytes':
      return 'Uint8Array';
    default:
      return type.kind;
  }
};

/** Returns the C declaration of `name` with `type`, as a field or static; records and arrays lie in place. */
export const declareInPlace = (type: MachineType, name: string): string => {
  if (type.kind === 'array') return declareInPlace(type.element, `${name}[${type.length}]`);
  if (type.kind === 'record') return `struct ${type.cName} ${name}`;
  return `${valueType(type)} ${name}`;
};

/** Returns the C declaration of `name` with `type`, as a parameter or local; records and arrays are pointers to their places. */
export const declareLocal = (type: MachineType, name: string): string => {
  if (type.kind === 'array')
    return declareInPlace(type.element, type.element.kind === 'array' ? `(*${name})` : `*${name}`);
  return `${valueType(type)} ${name}`.replace('* ', '*');
};

/** Returns the C type of a value of `type` in a local or result. */
export const valueType = (type: MachineType): string => {
  switch (type.kind) {
    case 'integer':
      return type.c;
    case 'float':
      return 'double';
    case 'bool':
      return 'bool';
    case 'record':
      return `struct ${type.cName} *`;
    case 'array':
      return `${valueType(type.element)} *`;
    case 'bytes':
      return 'struct hed_bytes';
    case 'string':
      return 'const uint8_t *';
    case 'void':
    case 'never':
      return 'void';
  }
};

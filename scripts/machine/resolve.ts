// From TypeScript's types to machine types.

import ts from 'typescript';
import { contains, interval, union } from './interval.ts';
import {
  BOOL,
  BYTES,
  FLOAT,
  INTEGERS,
  type IntegerType,
  integerNamed,
  type MachineType,
  NEVER,
  type RecordType,
  STRING,
  VOID,
} from './types.ts';

/** Returns the record of a class symbol, or undefined when the class belongs to no machine module. */
export type RecordOf = (symbol: ts.Symbol) => RecordType | undefined;

/** Returns the machine type that `type` stands for, or undefined when it has none (a plain number, a string, a union …). */
export const machineTypeOf = (checker: ts.TypeChecker, type: ts.Type, recordOf: RecordOf): MachineType | undefined => {
  if (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) return VOID;
  if (type.flags & ts.TypeFlags.Never) return NEVER;
  if (type.flags & ts.TypeFlags.BooleanLike) return BOOL;
  if (type.flags & ts.TypeFlags.String) return STRING;
  const values = literalValues(type);
  if (values !== undefined) return smallestInteger(values);

  const phantom = type.getProperty('__machine');
  if (phantom !== undefined) return phantomType(checker.getTypeOfSymbol(phantom));
  const symbol = type.getSymbol();
  if (symbol === undefined) return undefined;
  if (symbol.name === 'FixedArray') return fixedArrayType(checker, type as ts.TypeReference, recordOf);
  if (symbol.name === 'Uint8Array') return BYTES;
  return symbol.flags & ts.SymbolFlags.Class ? recordOf(symbol) : undefined;
};

/** Returns the smallest integer type that holds all of `values`, or undefined when none does. */
export const smallestInteger = (values: readonly number[]): IntegerType | undefined => {
  if (values.length === 0 || !values.every(Number.isSafeInteger)) return undefined;
  const all = values.map((value) => interval(value, value)).reduce(union);
  return INTEGERS.find(({ range }) => range.low <= all.low && all.high <= range.high);
};

/** Returns the numbers of an enum or of a union of number literals. */
const literalValues = (type: ts.Type): number[] | undefined => {
  if (type.isNumberLiteral()) return [type.value];
  if (!type.isUnion() || !type.types.every((member) => member.isNumberLiteral())) return undefined;
  return type.types.map((member) => (member as ts.NumberLiteralType).value);
};

/**
 * The phantom member's type is `'u16' | 'u8' | undefined`: the type itself and all that fit into it. A union of machine types of which none holds
 * the others is none.
 */
const phantomType = (type: ts.Type): MachineType | undefined => {
  const members = type.isUnion() ? type.types : [type];
  const names = members.filter((member) => member.isStringLiteral()).map((member) => member.value);
  if (names.includes('f64')) return FLOAT;
  const types = names.map(integerNamed);
  return types.find(({ range }) => types.every((other) => contains(range, other.range)));
};

const fixedArrayType = (
  checker: ts.TypeChecker,
  type: ts.TypeReference,
  recordOf: RecordOf,
): MachineType | undefined => {
  const [elementType, lengthType] = checker.getTypeArguments(type);
  if (elementType === undefined || lengthType === undefined || !lengthType.isNumberLiteral()) return undefined;
  const element = machineTypeOf(checker, elementType, recordOf);
  if (element === undefined || !Number.isSafeInteger(lengthType.value) || lengthType.value < 1) return undefined;
  const nests =
    element.kind === 'integer' ||
    element.kind === 'float' ||
    element.kind === 'bool' ||
    element.kind === 'array' ||
    element.kind === 'record';
  return nests ? { kind: 'array', element, length: lengthType.value } : undefined;
};

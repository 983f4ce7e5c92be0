// What a checked type can be at run time, as far as operators and printing care.

import ts from 'typescript';

/** One bit for each kind of value. */
export const Kind = {
  string: 1,
  number: 2,
  boolean: 4,
  nullish: 8,
  bigint: 16,
  symbol: 32,
  object: 64,
  /** `any`, `unknown`, or a type parameter without a bound: nothing is known. */
  unknown: 128,
} as const;

/** Values that print and join without running code of the program. */
export const PRIMITIVE = Kind.string | Kind.number | Kind.boolean | Kind.nullish;

/** Returns the kinds that a value of `type` can have, as bits of `Kind`. `never` has none. */
export const kindsOf = (type: ts.Type, checker: ts.TypeChecker): number => {
  if (type.isUnion()) return type.types.reduce((kinds, member) => kinds | kindsOf(member, checker), 0);
  const { flags } = type;
  if (flags & ts.TypeFlags.Never) return 0;
  if (flags & ts.TypeFlags.StringLike) return Kind.string;
  if (flags & ts.TypeFlags.NumberLike) return Kind.number;
  if (flags & ts.TypeFlags.BooleanLike) return Kind.boolean;
  if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void)) return Kind.nullish;
  if (flags & ts.TypeFlags.BigIntLike) return Kind.bigint;
  if (flags & ts.TypeFlags.ESSymbolLike) return Kind.symbol;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return Kind.unknown;
  if (type.isIntersection()) return kindsOfIntersection(type, checker);
  if (flags & ts.TypeFlags.Instantiable) {
    const bound = checker.getBaseConstraintOfType(type);
    return bound === undefined || bound === type ? Kind.unknown : kindsOf(bound, checker);
  }
  return Kind.object;
};

/** A branded number (`number & { … }`) is a number. */
const kindsOfIntersection = (type: ts.IntersectionType, checker: ts.TypeChecker): number => {
  const members = type.types.map((member) => kindsOf(member, checker)).filter((kinds) => kinds !== Kind.object);
  const known = members.find((kinds) => kinds !== Kind.unknown);
  return known ?? members[0] ?? Kind.object;
};

/** Tells whether `kinds` is not empty and has nothing outside `allowed`. */
export const onlyKinds = (kinds: number, allowed: number): boolean => kinds !== 0 && (kinds & ~allowed) === 0;

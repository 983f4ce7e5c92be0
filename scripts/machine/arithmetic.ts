// Integer operators on C expressions. Values are int64_t (hed_wide); their intervals decide which checks are needed.
//
//   checked builds   every intermediate result stays within ±(2^53 − 1), where a double is exact, or the machine stops
//   release builds   an intermediate result wraps at 64 bits

import ts from 'typescript';
import { type FunctionContext, type IntegerValue, PURE, sequence, type Value, where } from './context.ts';
import * as range from './interval.ts';
import { contains, INT32, INT64, type Interval, includes, SAFE, UINT32 } from './interval.ts';

/** How a quotient becomes an integer. `bits` is what the bitwise operators do: towards zero, and 0 when divided by 0. */
export type Rounding = 'exact' | 'floor' | 'ceil' | 'trunc' | 'bits';

/** Returns an integer constant. */
export const integerConstant = (value: bigint | number): IntegerValue => {
  const exact = BigInt(value);
  const suffix = contains(INT32, { low: exact, high: exact }) ? '' : 'LL';
  return {
    text: exact < 0n ? `(${exact}${suffix})` : `${exact}${suffix}`,
    effects: PURE,
    range: { low: exact, high: exact },
  };
};

/** Returns `left operator right`, or undefined for an operator that is none of integers. `node` is the place that a trap names. */
export const integerBinary = (
  context: FunctionContext,
  node: ts.Node,
  operator: ts.SyntaxKind,
  left: IntegerValue,
  right: IntegerValue,
): IntegerValue | undefined => {
  switch (operator) {
    case ts.SyntaxKind.PlusToken:
      return bounded(context, node, join(context, left, right, '+'), range.add(left.range, right.range));
    case ts.SyntaxKind.MinusToken:
      return bounded(context, node, join(context, left, right, '-'), range.subtract(left.range, right.range));
    case ts.SyntaxKind.AsteriskToken:
      return product(context, node, left, right);
    case ts.SyntaxKind.SlashToken:
      return quotient(context, node, 'exact', left, right);
    case ts.SyntaxKind.PercentToken:
      return remainder(context, node, left, right);
    case ts.SyntaxKind.AmpersandToken:
      return bitwiseAnd(context, left, right);
    case ts.SyntaxKind.BarToken:
      return bitwiseOr(context, left, right, '|');
    case ts.SyntaxKind.CaretToken:
      return bitwiseOr(context, left, right, '^');
    case ts.SyntaxKind.LessThanLessThanToken:
      return shiftLeft(context, left, right);
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
      return shiftRight(context, toInt32(left), right);
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return shiftRight(context, toUint32(left), right);
    default:
      return undefined;
  }
};

const join = (context: FunctionContext, left: Value, right: Value, operator: string): Value =>
  sequence(context, [left, right], ([a, b]) => `(${a} ${operator} ${b})`);

/** Gives a result its interval, with a check where it could leave the exact range. */
const bounded = (context: FunctionContext, node: ts.Node, value: Value, exact: Interval): IntegerValue => {
  if (contains(SAFE, exact)) return { ...value, range: exact };
  if (!context.program.checked) return { ...value, range: contains(INT64, exact) ? exact : INT64 };
  return { ...value, text: `hed_safe(${value.text}, ${where(context, node)})`, range: range.clamp(exact, SAFE) };
};

const product = (context: FunctionContext, node: ts.Node, left: IntegerValue, right: IntegerValue): IntegerValue => {
  const exact = range.multiply(left.range, right.range);
  if (!context.program.checked || contains(INT64, exact))
    return bounded(context, node, join(context, left, right, '*'), exact);
  const value = sequence(context, [left, right], ([a, b]) => `hed_multiply(${a}, ${b}, ${where(context, node)})`);
  return { ...value, range: range.clamp(exact, SAFE) };
};

const NEGATIVE_ONE = -1n;

/** True when the processor's division gives the answer: no division by zero, and no −2^63 / −1 (release builds can get there). */
const dividesPlainly = (left: IntegerValue, right: IntegerValue): boolean =>
  !includes(right.range, 0n) && !(includes(right.range, NEGATIVE_ONE) && includes(left.range, INT64.low));

/** Returns the quotient of two integers, rounded. */
export const quotient = (
  context: FunctionContext,
  node: ts.Node,
  rounding: Rounding,
  left: IntegerValue,
  right: IntegerValue,
): IntegerValue => {
  const exact = range.clamp(range.divide(left.range, right.range), INT64);
  const sameDirection =
    rounding === 'trunc' ||
    rounding === 'bits' ||
    (rounding === 'floor' && left.range.low >= 0n && right.range.low >= 0n);
  if (dividesPlainly(left, right) && (sameDirection || (rounding === 'exact' && !context.program.checked))) {
    return { ...join(context, left, right, '/'), range: exact };
  }
  const value = sequence(
    context,
    [left, right],
    ([a, b]) => `hed_divide_${rounding}(${a}, ${b}, ${where(context, node)})`,
  );
  return { ...value, range: exact };
};

const remainder = (context: FunctionContext, node: ts.Node, left: IntegerValue, right: IntegerValue): IntegerValue => {
  const exact = range.remainder(left.range, right.range);
  if (dividesPlainly(left, right)) return { ...join(context, left, right, '%'), range: exact };
  const value = sequence(context, [left, right], ([a, b]) => `hed_remainder(${a}, ${b}, ${where(context, node)})`);
  return { ...value, range: exact };
};

/** Returns the value modulo 2^32 as JavaScript's bitwise operators see it, from −2^31 to 2^31 − 1. */
const toInt32 = (value: IntegerValue): IntegerValue =>
  contains(INT32, value.range) ? value : { ...value, text: `(hed_wide)(int32_t)${value.text}`, range: INT32 };

/** Returns the value modulo 2^32, from 0 to 2^32 − 1. */
const toUint32 = (value: IntegerValue): IntegerValue =>
  contains(UINT32, value.range) ? value : { ...value, text: `(hed_wide)(uint32_t)${value.text}`, range: UINT32 };

const isMask = (value: IntegerValue): boolean => value.range.low >= 0n && value.range.high <= INT32.high;

const bitwiseAnd = (context: FunctionContext, left: IntegerValue, right: IntegerValue): IntegerValue => {
  // A mask below 2^31 keeps none of the bits in which a value and its int32 differ.
  const a = isMask(right) ? left : toInt32(left);
  const b = isMask(left) ? right : toInt32(right);
  const known = isMask(left) || isMask(right);
  const bounds = known ? { low: 0n, high: maskHigh(left, right) } : range.and(a.range, b.range);
  return { ...join(context, a, b, '&'), range: bounds };
};

const maskHigh = (left: IntegerValue, right: IntegerValue): bigint => {
  if (!isMask(left)) return right.range.high;
  if (!isMask(right)) return left.range.high;
  return range.minimum(left.range, right.range).high;
};

const bitwiseOr = (
  context: FunctionContext,
  left: IntegerValue,
  right: IntegerValue,
  operator: '|' | '^',
): IntegerValue => {
  const a = toInt32(left);
  const b = toInt32(right);
  return { ...join(context, a, b, operator), range: range.or(a.range, b.range) };
};

/** Returns the constant shift count, or undefined. */
const constantCount = (count: IntegerValue): bigint | undefined =>
  count.range.low === count.range.high ? BigInt.asUintN(5, count.range.low) : undefined;

const countText = (count: string, constant: bigint | undefined): string =>
  constant === undefined ? `(${count} & 31)` : `${constant}`;

const shiftLeft = (context: FunctionContext, left: IntegerValue, count: IntegerValue): IntegerValue => {
  const constant = constantCount(count);
  if (constant === 0n) return toInt32(left);
  const exact = constant === undefined ? INT64 : { low: left.range.low << constant, high: left.range.high << constant };
  if (contains(INT32, exact) && left.range.low >= 0n) {
    return { ...sequence(context, [left, count], ([a]) => `(${a} << ${constant})`), range: exact };
  }
  const value = sequence(
    context,
    [left, count],
    ([a, n]) => `(hed_wide)(int32_t)((uint32_t)${a} << ${countText(n!, constant)})`,
  );
  return { ...value, range: INT32 };
};

/** Shifts an operand that is already int32 (`>>`) or uint32 (`>>>`). */
const shiftRight = (context: FunctionContext, left: IntegerValue, count: IntegerValue): IntegerValue => {
  const constant = constantCount(count);
  if (constant === 0n) return left;
  const bounds =
    constant === undefined
      ? { low: left.range.low < 0n ? left.range.low : 0n, high: left.range.high < 0n ? -1n : left.range.high }
      : { low: left.range.low >> constant, high: left.range.high >> constant };
  return { ...sequence(context, [left, count], ([a, n]) => `(${a} >> ${countText(n!, constant)})`), range: bounds };
};

/** Returns `~value`. */
export const bitwiseNot = (value: IntegerValue): IntegerValue => {
  const operand = toInt32(value);
  return {
    ...operand,
    text: `(~${operand.text})`,
    range: { low: -1n - operand.range.high, high: -1n - operand.range.low },
  };
};

/** Returns `-value`. */
export const negation = (context: FunctionContext, node: ts.Node, value: IntegerValue): IntegerValue =>
  bounded(context, node, { ...value, text: `(-${value.text})` }, range.negate(value.range));

// Interval arithmetic over integers: what the compiler knows about the value of an expression.
// A check that the interval proves is not emitted. Bounds are BigInt, so that nothing here is rounded.

/** All integers from `low` to `high`, both included. */
export interface Interval {
  readonly low: bigint;
  readonly high: bigint;
}

/** Returns the interval from `low` to `high`. */
export const interval = (low: bigint | number, high: bigint | number): Interval => ({
  low: BigInt(low),
  high: BigInt(high),
});

/** What a double holds exactly: −(2^53 − 1) to 2^53 − 1. Checked builds keep every intermediate result inside. */
export const SAFE = interval(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
/** What an int64_t holds. Release builds let intermediate results wrap here. */
export const INT64 = interval(-(1n << 63n), (1n << 63n) - 1n);
export const INT32 = interval(-(1n << 31n), (1n << 31n) - 1n);
export const UINT32 = interval(0n, (1n << 32n) - 1n);

/** Returns true when every value of `inner` is one of `outer`. */
export const contains = (outer: Interval, inner: Interval): boolean =>
  outer.low <= inner.low && inner.high <= outer.high;

/** Returns true when the two share no value. */
export const disjoint = (a: Interval, b: Interval): boolean => a.high < b.low || b.high < a.low;

/** Returns true when `value` lies in the interval. */
export const includes = (range: Interval, value: bigint): boolean => range.low <= value && value <= range.high;

/** Returns the values that both have, or `outer` when they share none (code behind a check that always fails). */
export const clamp = (range: Interval, outer: Interval): Interval =>
  disjoint(range, outer) ? outer : { low: larger(range.low, outer.low), high: smaller(range.high, outer.high) };

/** Returns the smallest interval that has the values of both. */
export const union = (a: Interval, b: Interval): Interval => hull([a.low, a.high, b.low, b.high]);

/** Returns the sums of a value of `a` and one of `b`. */
export const add = (a: Interval, b: Interval): Interval => ({ low: a.low + b.low, high: a.high + b.high });

/** Returns the differences of a value of `a` and one of `b`. */
export const subtract = (a: Interval, b: Interval): Interval => ({ low: a.low - b.high, high: a.high - b.low });

/** Returns the products of a value of `a` and one of `b`. */
export const multiply = (a: Interval, b: Interval): Interval =>
  hull([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);

/** Returns the interval of a quotient rounded in any direction. A division by zero counts as 0. */
export const divide = (a: Interval, b: Interval): Interval => {
  if (a.low >= 0n && b.low >= 0n) {
    const high = a.high / larger(b.low, 1n);
    return { low: b.low === 0n ? 0n : a.low / larger(b.high, 1n), high: high + 1n > a.high ? high : high + 1n };
  }
  const divisors = [b.low, b.high, -1n, 1n].filter((divisor) => divisor !== 0n && includes(b, divisor));
  const exact = hull([0n, ...divisors.flatMap((divisor) => [a.low / divisor, a.high / divisor])]);
  return { low: exact.low - 1n, high: exact.high + 1n };
};

/** Returns the interval of a remainder, whose sign is the dividend's. */
export const remainder = (a: Interval, b: Interval): Interval => {
  const magnitude = larger(abs(b).high - 1n, 0n);
  const low = a.low >= 0n ? 0n : larger(a.low, -magnitude);
  const high = a.high <= 0n ? 0n : smaller(a.high, magnitude);
  return { low, high };
};

/** Returns the negatives of the values. */
export const negate = (a: Interval): Interval => ({ low: -a.high, high: -a.low });

/** Returns the magnitudes of the values. */
export const abs = (a: Interval): Interval => {
  const low = a.low < 0n ? -a.low : a.low;
  const high = a.high < 0n ? -a.high : a.high;
  return includes(a, 0n) ? { low: 0n, high: larger(low, high) } : { low: smaller(low, high), high: larger(low, high) };
};

/** Returns the smaller ones of a value of `a` and one of `b`. */
export const minimum = (a: Interval, b: Interval): Interval => ({
  low: smaller(a.low, b.low),
  high: smaller(a.high, b.high),
});

/** Returns the larger ones of a value of `a` and one of `b`. */
export const maximum = (a: Interval, b: Interval): Interval => ({
  low: larger(a.low, b.low),
  high: larger(a.high, b.high),
});

/** Returns the interval of `a & b` of two int32 operands. */
export const and = (a: Interval, b: Interval): Interval => {
  if (a.low >= 0n && b.low >= 0n) return { low: 0n, high: smaller(a.high, b.high) };
  if (a.low >= 0n) return { low: 0n, high: a.high };
  if (b.low >= 0n) return { low: 0n, high: b.high };
  return INT32;
};

/** Returns the interval of `a | b` and of `a ^ b` of two int32 operands. */
export const or = (a: Interval, b: Interval): Interval =>
  a.low >= 0n && b.low >= 0n ? { low: 0n, high: allOnes(larger(a.high, b.high)) } : INT32;

const allOnes = (value: bigint): bigint => (1n << BigInt(value.toString(2).length)) - 1n;
const hull = (values: readonly bigint[]): Interval => ({ low: values.reduce(smaller), high: values.reduce(larger) });
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

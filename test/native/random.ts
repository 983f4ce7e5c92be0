// Random numbers that can be repeated, and operands where types end and bits change.

import type { ScalarName } from './calls.ts';

/** Picks from what `seed` determines. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Returns a number from 0 up to 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  }

  /** Returns an integer from 0 up to `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

/** The lowest and the highest value of each integer type. */
export const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32768, 32767],
  u16: [0, 65535],
  i32: [-2147483648, 2147483647],
  u32: [0, 4294967295],
  u53: [0, Number.MAX_SAFE_INTEGER],
};

export const SCALARS: readonly ScalarName[] = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'u53', 'f64', 'bool'];

const SPECIAL_DOUBLES = [
  0,
  -0,
  0.5,
  -0.5,
  1,
  -1,
  1.5,
  2.5,
  -2.5,
  7,
  255,
  256,
  65536,
  2147483647,
  2147483648,
  -2147483649,
  4294967296.5,
  Number.MAX_SAFE_INTEGER,
  -(2 ** 53),
  2 ** 53 + 2,
  1e21,
  -1e300,
  1e-300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

/** Returns an operand of a type: often small, often at an end of its range. */
export const randomOperand = (random: Random, type: ScalarName): number | boolean => {
  if (type === 'bool') return random.chance(0.5);
  if (type === 'f64') {
    return random.chance(0.6) ? random.pick(SPECIAL_DOUBLES) : (random.next() - 0.5) * 2 ** random.below(60);
  }
  const [low, high] = LIMITS[type]!;
  if (random.chance(0.4)) return Math.min(high, random.below(12) - (low < 0 ? 4 : 0));
  const ends = [low, low + 1, high, high - 1, Math.floor(high / 2), Math.floor(high / 2) + 1];
  return random.chance(0.5) ? random.pick(ends) : Math.floor(low + random.next() * (high - low));
};

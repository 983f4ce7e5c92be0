'use machine';
// One of everything in the machine language that the random modules do not write. Each exported function takes and returns numbers.

import { assert } from '../../kernel/base/assert.ts';
import {
  type bool,
  type FixedArray,
  type f64,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';

enum Color {
  Red = 3,
  Green,
  Blue = 200,
}
enum Flags {
  None = 0,
  First = 1 << 0,
  Second = 1 << 1,
  Both = First | Second,
}
type Width = 8 | 16 | 32;
const TABLE_SIZE = 4;
const RATIO = 2.5;
const MASK = (1 << 4) - 1;

class Pair {
  low: u32 = 1;
  high: u32 = 2;

  sum(): u32 {
    return this.low + this.high;
  }

  add(other: Pair): void {
    this.low = this.low + other.low;
    this.high += other.high;
  }
}

class Shelf {
  readonly pairs: FixedArray<Pair, 4> = fixedArray(TABLE_SIZE, Pair);
  private used: FixedArray<bool, 4> = fixedArray(4, false);
  weights: FixedArray<f64, 4> = fixedArray(4, 0.5);
  kind: Color = Color.Green;
  last = new Pair();

  /** Returns the first free place, or -1. */
  take(): i32 {
    for (let i: u8 = 0; i < this.used.length; i++) {
      if (this.used[i]) continue;
      this.used[i] = true;
      return i + 0;
    }
    return -1;
  }

  at(index: u32): Pair {
    return this.pairs[index];
  }

  clear(): void {
    for (let i: u32 = 0; i < 4; i++) this.used[i] = false;
  }
}

const shelf = new Shelf();
const spare: FixedArray<u16, 3> = fixedArray(3, 9);

export const whileLoops = (n: u8): u32 => {
  let a: u32 = 0;
  let i: u8 = n;
  while (i > 0) {
    i--;
    if (i === 100) continue;
    if (a > 1000) break;
    a += i;
  }
  do {
    a++;
  } while (a < 10);
  return a;
};

export const labels = (n: u8): u32 => {
  let count: u32 = 0;
  outer: for (let i: u32 = 0; i < n; i++) {
    for (let j: u32 = 0; j < n; j++) {
      if (j === 3) continue outer;
      if (i === 7) break outer;
      count += j;
    }
    count += 100;
  }
  // biome-ignore lint/suspicious/noConfusingLabels: a label may stand before any statement.
  block: {
    if (count > 500) break block;
    count += 7;
  }
  outer: for (;;) {
    while (true) break outer;
  }
  return count;
};

export const twoCounters = (n: u8): u32 => {
  let result: u32 = 0;
  for (let i: u32 = 0, j: u32 = n + 0; i < j; i++, j--) result = result * 2 + 1;
  return result;
};

const twice = (values: FixedArray<u16, 3>, by: u16): void => {
  for (let i: u32 = 0; i < values.length; i++) values[i] = values[i] * by;
};

export const arrays = (by: u8): u32 => {
  spare[0] = 1;
  spare[1] = 2;
  spare[2] = 3;
  twice(spare, by + 0);
  const alias = spare;
  alias[1] += 5;
  return spare[0] + spare[1] * 1000 + alias[2] * 1000000;
};

export const records = (n: u8): u32 => {
  shelf.clear();
  for (let i: u32 = 0; i < 4; i++) {
    shelf.pairs[i].low = i + n;
    shelf.at(i).high = i * 2;
  }
  const place: i32 = shelf.take();
  const next: i32 = shelf.take();
  let pair = shelf.pairs[place];
  pair.add(shelf.pairs[next]);
  pair = n > 100 ? shelf.last : shelf.at(3);
  pair.add(pair);
  const isSame: bool = pair === shelf.pairs[3];
  shelf.last.low = 1;
  shelf.last.high = 2;
  return shelf.pairs[0].sum() + pair.sum() + (isSame ? 1000 : 0) + shelf.take() + shelf.take() + shelf.take();
};

const factorial = (n: u8): u53 => (n < 2 ? 1 : n * factorial(n - 1));

export const recursion = (n: u8): u53 => factorial(n & MASK);

export const enums = (n: u8): u32 => {
  shelf.kind = n > 5 ? Color.Blue : Color.Red;
  const width: Width = n > 9 ? 32 : 8;
  switch (shelf.kind) {
    case Color.Red:
      return Flags.Both + width;
    case Color.Blue: {
      const inner = 5;
      return (n & Flags.Second) !== 0 ? inner + width : Flags.None;
    }
    default:
      return 99;
  }
};

export const floats = (x: f64, n: i32): f64 => {
  shelf.weights[n & 3] = x;
  let total: f64 = 0;
  for (let i: u32 = 0; i < 4; i++) total += shelf.weights[i] * RATIO;
  shelf.weights[n & 3] = 0.5;
  total -= n;
  total++;
  return total / (n % 3);
};

export const casts = (n: u32): u32 => {
  const byte = (n & 0xff) as u8;
  const chained: u32 = (n as number) & 7;
  let a: u32 = 0;
  let b: u32 = 0;
  a = b = byte + 0;
  return a + b + chained;
};

export const conditions = (a: i32, b: bool): bool => {
  assert(a > -2147483649, 'an i32 is in its range');
  if (a && b) return !(a > 3) || !b;
  return (a | 0) !== 0 ? b === a < 0 : !a;
};

export function declared(a: u8): u16 {
  return a * 257;
}

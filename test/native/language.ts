'use machine';
// One of everything in the machine language that the random modules do not write. Each exported function takes and returns numbers.

import { assert } from '../../kernel/base/assert.ts';
import {
  type bool,
  type FixedArray,
  type f64,
  fixedArray,
  type i8,
  type i16,
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
      return i;
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
  for (let i: u32 = 0, j: u32 = n; i < j; i++, j--) result = result * 2 + 1;
  return result;
};

const twice = (values: FixedArray<u16, 3>, by: u16): void => {
  for (let i: u32 = 0; i < values.length; i++) values[i] = values[i] * by;
};

export const arrays = (by: u8): u32 => {
  spare[0] = 1;
  spare[1] = 2;
  spare[2] = 3;
  twice(spare, by);
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
  a = b = byte;
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

const widest = (a: u53): u53 => a;
const middle = (a: u32): u53 => widest(a);
const asSigned = (a: i16): i32 => a;
const asDouble = (a: i32): f64 => a;
const narrowOf = (a: u16): u8 => a & 0xff;

/** No value is lost on the way from a narrow type to one that holds it: as argument, result, store, field, choice or operand. */
export const widening = (a: u8, b: u16, c: i8): f64 => {
  const low: u8 = narrowOf(b);
  let sum: u32 = a;
  sum = b;
  let signed: i32 = c;
  signed = low;
  signed = asSigned(c);
  const chosen: u32 = a > 3 ? a : b;
  shelf.last.low = a;
  shelf.last.high = chosen;
  const isSame: bool = a === b || sum !== low;
  return middle(sum) + asSigned(a) + asDouble(b) + shelf.last.sum() + signed + (isSame ? 1 : 0);
};

class Tally {
  count: u32 = 0;
  steps: FixedArray<Pair, 64> = fixedArray(64, Pair);
}

class Journal {
  length: u32 = 0;
  entries: FixedArray<u32, 4096> = fixedArray(4096, 0);
  isOpen: bool = false;
}

const tally = new Tally();
const journal = new Journal();

/** Returns the one journal of the module. */
export const theJournal = (): Journal => journal;

const entryPair = (place: u8): Pair => tally.steps[place & 63];

export const moduleRecords = (n: u8): u32 => {
  tally.count = tally.count + 1;
  const open = theJournal();
  open.entries[open.length & 4095] = n;
  const last: u32 = open.entries[open.length & 4095];
  open.length = (open.length + 1) & 4095;
  const pair = entryPair(n);
  pair.low = n;
  const low: u32 = entryPair(n).low;
  pair.low = 1;
  return last * 1000 + low + (theJournal() === journal ? 1 : 0);
};

export const byteSwitch = (n: u8): u32 => {
  switch (n) {
    case 0:
      return 10;
    case 1:
    case 2:
      return 20;
    case 255:
      return 30;
    default:
      return n;
  }
};

export const wordSwitch = (n: u32): u32 => {
  let found: u32 = 0;
  switch (n >>> 0) {
    case 0x80000000:
      found = 1;
      break;
    case 0xffffffff:
    case 7:
      found += 5;
      break;
    default:
      found = 9;
  }
  return found;
};

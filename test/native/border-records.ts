'use machine';
// Machine side of border-app.ts: one of everything that the control plane may use.

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

export const LIMIT: u32 = 8;
export const LOW: i32 = -5;
export const HALF: f64 = 0.5;
export const READY: bool = true;

export enum Kind {
  Disk = 1,
  Net = 2,
}

export class Slot {
  size: u16 = 0;
  ok: bool = true;
}

export class Queue {
  size: u16 = 7;
  first = new Slot();
  ring: FixedArray<u16, 8> = fixedArray(8, 3);
  slots: FixedArray<Slot, 4> = fixedArray(4, Slot);
  ratio: f64 = 0.5;
  big: u53 = 9007199254740991;
  low: i8 = -7;

  bump(by: u16): u16 {
    this.size += by;
    return this.size;
  }

  /** Returns the slot at `index`, as a reference. */
  at(index: u32): Slot {
    return this.slots[index];
  }
}

/** A list whose entries nest, and which the module has one of. */
export class Shelf {
  count: u32 = 0;
  queues: FixedArray<Queue, 3> = fixedArray(3, Queue);
  spare = new Queue();
}

/** More than 64 KiB: it comes straight from the system. */
export class Large {
  first: u32 = 1;
  numbers: FixedArray<u32, 50000> = fixedArray(50000, 0);
  queues: FixedArray<Queue, 1000> = fixedArray(1000, Queue);
  last: u16 = 2;
}

/** Fills what is at the ends, and in the middle. */
export const fillLarge = (large: Large): void => {
  large.first = 10;
  for (let i: u32 = 0; i < 50000; i++) large.numbers[i] = i + 1;
  for (let i: u16 = 0; i < 1000; i++) grow(large.queues[i], i);
  large.last = 20;
};

/** Adds up all that is in it. */
export const sumLarge = (large: Large): u53 => {
  let total: u53 = large.first + large.last;
  for (let i: u32 = 0; i < 50000; i++) total += large.numbers[i];
  for (let i: u32 = 0; i < 1000; i++) total += large.queues[i].size + large.queues[i].ring[7];
  return total;
};

class Nothing {}

export class Nothings {
  first = new Nothing();
  second = new Nothing();
  many: FixedArray<Nothing, 2> = fixedArray(2, Nothing);
}

const theShelf = new Shelf();

/** Returns the one shelf of the module. */
export const shelf = (): Shelf => {
  theShelf.count = theShelf.count + 1;
  return theShelf;
};

export const queueAt = (from: Shelf, index: u32): Queue => from.queues[index];
export const slotSize = (slot: Slot): u16 => slot.size;
export const setSize = (slot: Slot, size: u16): void => {
  slot.size = size;
};
export const isSameSlot = (a: Slot, b: Slot): bool => a === b;
export const isFirst = (from: Shelf, queue: Queue): bool => from.queues[0] === queue;

export const grow = (queue: Queue, by: u16): u16 => {
  queue.size = queue.size + by;
  return queue.size;
};

export const setSlot = (queue: Queue, index: u32, value: u16): void => {
  queue.slots[index].size = value;
  queue.ring[index] = value;
};

export const add3 = (a: i32, b: i32, c: i32): i32 => a + b + c;
export const half = (a: f64): f64 => a / 2;
export const isBig = (a: u53): bool => a > 4294967296;
export const not = (a: bool): bool => !a;
export const negate = (a: i8): i8 => -a;
export const low16 = (a: i16): u8 => a & 255;
export const ten = (): u8 => 10;

export const sum = (bytes: Uint8Array): u32 => {
  let total: u32 = 0;
  for (let i: u32 = 0; i < bytes.length; i++) total = total + bytes[i]!;
  return total;
};

export const fillBytes = (bytes: Uint8Array, value: u8): void => {
  for (let i: u32 = 0; i < bytes.length; i++) bytes[i] = value;
};

'use machine';
// The machine half of debug.ts: a record with arrays and an inner record, and functions to stop in.

import {
  type bool,
  type FixedArray,
  fixedArray,
  type i16,
  type u8,
  type u16,
  type u32,
} from '../../../kernel/base/machine.ts';

/** A record in a record. */
export class Corner {
  x: i16 = -3;
  y: i16 = 4;
}

/** A record with a field of each kind. */
export class Box {
  count: u32 = 0;
  isOpen: bool = false;
  sizes: FixedArray<u16, 3> = fixedArray(3, 7);
  bytes: FixedArray<u8, 4> = fixedArray(4, 200);
  corner: Corner = new Corner();
}

let total: u32 = 0;

/** Adds `step` to the count of the box, and returns the sum of all steps. */
export const addTo = (box: Box, step: u8): u32 => {
  const before: u32 = box.count;
  box.count = before + step;
  box.isOpen = true;
  total = total + step;
  return total;
};

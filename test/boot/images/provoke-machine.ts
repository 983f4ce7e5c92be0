'use machine';
// The failures of machine modules, for provoke.ts.

import { assert } from '../../../kernel/base/assert.ts';
import { type FixedArray, fixedArray, type u8, type u32 } from '../../../kernel/base/machine.ts';
import { mmioRead32 } from '../../../kernel/hal/mmio.ts';

/** Four cells, and no fifth. */
export class Cells {
  values: FixedArray<u32, 4> = fixedArray(4, 0);
}

/** Returns the sum, which must fit a byte: 200 + 100 does not. */
export const addBytes = (a: u8, b: u8): u8 => {
  const sum: u8 = a + b;
  return sum;
};

/** Returns a cell; `index` 4 is none. */
export const indexPastEnd = (cells: Cells, index: u32): u32 => cells.values[index];

/** Reads a register where nothing is mapped. */
export const readPastMmio = (): u32 => mmioRead32(0x7ffffff0);

/** Returns `value`, which must not be 0. */
export const refuseZero = (value: u32): u32 => {
  assert(value !== 0, 'the value is not zero');
  return value;
};

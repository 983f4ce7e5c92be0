'use machine';
// Which functions answer on a bus. PCI Local Bus 3.0 §3.2.2.3.4. Hot for enumeration: a bus has 256 places, and nearly all are empty.

import type { bool, u32 } from '../base/machine.ts';
import { configRead8, configRead16 } from '../hal/config.ts';
import { HEADER_MULTI_FUNCTION, HEADER_TYPE, VENDOR_ABSENT, VENDOR_ID } from './registers.ts';

/** What `findFunction` returns when there is none. */
export const NO_FUNCTION: u32 = 0xffffffff;

const FUNCTION_MASK: u32 = 7;

/** Returns the address of the first function from `from` up to and without `end` that answers, or NO_FUNCTION. */
export const findFunction = (from: u32, end: u32): u32 => {
  for (let address: u32 = from; address < end; address++) {
    if ((address & FUNCTION_MASK) !== 0 && !isMultiFunction(address - (address & FUNCTION_MASK))) continue;
    if (configRead16(address, VENDOR_ID) !== VENDOR_ABSENT) return address;
  }
  return NO_FUNCTION;
};

/**
 * Returns whether the device whose function 0 is at `address` has other functions. One without function 0 is no device, and one with the bit
 * clear may answer for its other seven functions with copies of itself, so they must not be asked.
 */
const isMultiFunction = (address: u32): bool =>
  configRead16(address, VENDOR_ID) !== VENDOR_ABSENT &&
  (configRead8(address, HEADER_TYPE) & HEADER_MULTI_FUNCTION) !== 0;

'use machine';
// The device side of BARs: reads every register and what sticks of ones written to it. PCI Local Bus 3.0 §6.2.5.1. What the values mean
// is decided in bar.ts; here nothing can go wrong half-way, so everything is restored on every path.

import { type bool, type FixedArray, fixedArray, type u16, type u32 } from '../base/machine.ts';
import { configRead16, configRead32, configWrite16, configWrite32 } from '../hal/config.ts';
import { BAR_0, BAR_IO, BAR_MEMORY_FLAGS, BAR_SIZE, COMMAND, COMMAND_IO, COMMAND_MEMORY } from './registers.ts';

const ALL_ONES: u32 = 0xffffffff;

/** The registers of one function: what they hold, and which bits of them can be written. */
export class BarRegisters {
  values: FixedArray<u32, 6> = fixedArray(6, 0);
  masks: FixedArray<u32, 6> = fixedArray(6, 0);
}

/** Reads the first `count` registers of the function at `address`. While ones are in them it decodes nothing. */
export const readBarRegisters = (registers: BarRegisters, address: u32, count: u32): void => {
  const command: u16 = configRead16(address, COMMAND);
  const silent: u16 = command & ~(COMMAND_IO | COMMAND_MEMORY);
  if (silent !== command) configWrite16(address, COMMAND, silent);
  for (let i: u32 = 0; i < count; i++) {
    const offset: u32 = BAR_0 + i * BAR_SIZE;
    const value: u32 = configRead32(address, offset);
    configWrite32(address, offset, ALL_ONES);
    registers.values[i] = value;
    registers.masks[i] = configRead32(address, offset);
    configWrite32(address, offset, value);
  }
  if (silent !== command) configWrite16(address, COMMAND, command);
};

/** Returns what register `index` holds. */
export const barValue = (registers: BarRegisters, index: u32): u32 => registers.values[index];

/** Returns what register `index` reads after ones were written to it. */
export const barMask = (registers: BarRegisters, index: u32): u32 => registers.masks[index];

/** Returns whether one of the first `count` registers is that of memory and holds an address. Writes nothing. */
export const holdsMemoryAddress = (address: u32, count: u32): bool => {
  for (let i: u32 = 0; i < count; i++) {
    const value: u32 = configRead32(address, BAR_0 + i * BAR_SIZE);
    if ((value & BAR_IO) === 0 && (value & ~BAR_MEMORY_FLAGS) !== 0) return true;
  }
  return false;
};

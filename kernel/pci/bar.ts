'use machine';
// Base address registers: what a function decodes, where and how much of it. PCI Local Bus 3.0 §6.2.5.1.
//
//   31                                     4   3      2 1    0
//   address                                 prefetch  type   0      memory; type 64 takes the next register for bits 63:32
//   address                                          2  0    1      I/O, from bit 2
//
// The size is found by writing ones and reading which stuck. Meanwhile the function must not decode, so each is sized once and remembered; and
// not before somebody asks where firmware is done with it, because an emulator lays out all memory anew for each BAR that comes or goes.
//
// A register gets its value back before the next one is looked at, and the command register at the only way out: whatever a device shows,
// nothing stays changed.

import { HIGH_WORD_LIMIT, highWord, isPowerOfTwo, joinWords, lowWord, WORD_VALUES } from '../base/bits.ts';
import type { bool, u8, u16, u32, u53 } from '../base/machine.ts';
import { configRead16, configRead32, configWrite16, configWrite32 } from '../hal/config.ts';
import {
  FAULT_BAR_BEYOND_53_BITS,
  FAULT_BAR_MASK,
  FAULT_BAR_SIZE,
  FAULT_BAR_TYPE_RESERVED,
  FAULT_BAR_WITHOUT_SECOND,
  failWith,
} from './fault.ts';
import {
  BAR_KIND_IO,
  BAR_KIND_MEMORY1M,
  BAR_KIND_MEMORY32,
  BAR_KIND_MEMORY64,
  BAR_KIND_NONE,
  type Bar,
  type PciFunction,
} from './function.ts';
import {
  BAR_0,
  BAR_COUNT_BRIDGE,
  BAR_COUNT_DEVICE,
  BAR_IO,
  BAR_IO_FLAGS,
  BAR_MEMORY_FLAGS,
  BAR_PREFETCHABLE,
  BAR_SIZE,
  BAR_TYPE_1M,
  BAR_TYPE_64,
  BAR_TYPE_MASK,
  COMMAND,
  COMMAND_IO,
  COMMAND_MEMORY,
  HEADER_BRIDGE,
  HEADER_DEVICE,
  ROM_ADDRESS_MASK,
  ROM_BRIDGE,
  ROM_DEVICE,
  ROM_ENABLE,
} from './registers.ts';

const ALL_ONES: u32 = 0xffffffff;

/** Ports have 16 bits, so a device may leave the upper half of an I/O BAR's mask zero. §6.2.5.1 */
const PORT_VALUES: u32 = 0x10000;

/**
 * Reads kind, place and size of every BAR, once. A function of an unknown header type has none that we know of. False when one is not as it
 * must be: that one counts as absent, and `fault` says which it was.
 */
export const sizeBars = (pciFunction: PciFunction): bool => {
  if (pciFunction.hasBars) return true;
  const count: u32 = barCount(pciFunction);
  const command: u16 = configRead16(pciFunction.address, COMMAND);
  const silent: u16 = command & ~(COMMAND_IO | COMMAND_MEMORY);
  if (silent !== command) configWrite16(pciFunction.address, COMMAND, silent);
  let good: bool = true;
  let index: u32 = 0;
  while (index < count) {
    const value: u32 = configRead32(pciFunction.address, BAR_0 + index * BAR_SIZE);
    if (!sizeBar(pciFunction, index, count, value)) good = false;
    index += takesTwo(value) ? 2 : 1;
  }
  sizeRom(pciFunction);
  if (silent !== command) configWrite16(pciFunction.address, COMMAND, command);
  pciFunction.hasBars = good;
  return good;
};

/** Sizes the expansion ROM, and makes sure that it is not decoded: it may share its decoder with a BAR. §6.2.5.2 */
const sizeRom = (pciFunction: PciFunction): void => {
  if (barCount(pciFunction) === 0) return;
  const offset: u32 = pciFunction.headerLayout === HEADER_BRIDGE ? ROM_BRIDGE : ROM_DEVICE;
  const value: u32 = (configRead32(pciFunction.address, offset) & ~ROM_ENABLE) >>> 0;
  configWrite32(pciFunction.address, offset, ROM_ADDRESS_MASK);
  const mask: u32 = (configRead32(pciFunction.address, offset) & ROM_ADDRESS_MASK) >>> 0;
  configWrite32(pciFunction.address, offset, value);
  const size: u53 = WORD_VALUES - mask;
  const isThere: bool = mask !== 0 && isPowerOfTwo(lowWord(size));
  pciFunction.rom.kind = isThere ? BAR_KIND_MEMORY32 : BAR_KIND_NONE;
  pciFunction.rom.address = (value & ROM_ADDRESS_MASK) >>> 0;
  pciFunction.rom.size = isThere ? size : 0;
};

/**
 * Returns whether firmware is done with a function: it decodes, and each of its BARs that shows a kind has an address. One that shows nothing at
 * all is no BAR or was forgotten, and only sizeBars can tell. Writes nothing.
 */
export const isConfigured = (pciFunction: PciFunction): bool => {
  if ((configRead32(pciFunction.address, COMMAND) & (COMMAND_IO | COMMAND_MEMORY)) === 0) return false;
  const count: u32 = barCount(pciFunction);
  for (let index: u32 = 0; index < count; index++) {
    const value: u32 = configRead32(pciFunction.address, BAR_0 + index * BAR_SIZE);
    let address: u32 = (value & ~BAR_MEMORY_FLAGS) >>> 0;
    if (takesTwo(value) && index + 1 < count) {
      index++;
      if (address === 0) address = configRead32(pciFunction.address, BAR_0 + index * BAR_SIZE);
    }
    if (value !== 0 && address === 0) return false;
  }
  return true;
};

/** Returns whether the BAR decodes memory, not ports. */
export const isMemoryBar = (bar: Bar): bool => bar.kind > BAR_KIND_IO;

/** Moves a BAR to `address`, a multiple of its size. While it moves the function decodes nothing. */
export const placeBar = (pciFunction: PciFunction, index: u32, address: u53): void => {
  const bar: Bar = pciFunction.bars[index];
  const offset: u32 = BAR_0 + index * BAR_SIZE;
  const command: u16 = configRead16(pciFunction.address, COMMAND);
  const silent: u16 = command & ~(COMMAND_IO | COMMAND_MEMORY);
  if (silent !== command) configWrite16(pciFunction.address, COMMAND, silent);
  configWrite32(pciFunction.address, offset, lowWord(address));
  if (bar.kind === BAR_KIND_MEMORY64) configWrite32(pciFunction.address, offset + BAR_SIZE, highWord(address));
  if (silent !== command) configWrite16(pciFunction.address, COMMAND, command);
  bar.address = address;
};

/** Returns how many base address registers a header has. */
const barCount = (pciFunction: PciFunction): u32 => {
  if (pciFunction.headerLayout === HEADER_DEVICE) return BAR_COUNT_DEVICE;
  return pciFunction.headerLayout === HEADER_BRIDGE ? BAR_COUNT_BRIDGE : 0;
};

/** Returns which bits of a register can be written. It holds `value` before and after. */
const probe = (address: u32, offset: u32, value: u32): u32 => {
  configWrite32(address, offset, ALL_ONES);
  const mask: u32 = configRead32(address, offset);
  configWrite32(address, offset, value);
  return mask;
};

/** Returns whether a register that holds `value` is the lower half of a BAR of 64 bits. */
const takesTwo = (value: u32): bool => (value & (BAR_IO | BAR_TYPE_MASK)) === BAR_TYPE_64;

/** Reads BAR `index` of `count`, whose register holds `value`. */
const sizeBar = (pciFunction: PciFunction, index: u32, count: u32, value: u32): bool => {
  const bar: Bar = pciFunction.bars[index];
  const mask: u32 = probe(pciFunction.address, BAR_0 + index * BAR_SIZE, value);
  bar.kind = BAR_KIND_NONE;
  bar.isPrefetchable = (value & (BAR_IO | BAR_PREFETCHABLE)) === BAR_PREFETCHABLE;
  if ((value & BAR_IO) !== 0) {
    const ports: u32 = (mask & ~BAR_IO_FLAGS) >>> 0;
    const size: u53 = (ports < PORT_VALUES ? PORT_VALUES : WORD_VALUES) - ports;
    return ports === 0 || noteBar(pciFunction, index, BAR_KIND_IO, (value & ~BAR_IO_FLAGS) >>> 0, size);
  }
  const type: u32 = value & BAR_TYPE_MASK;
  if (takesTwo(value)) return sizeWideBar(pciFunction, index, count, value, mask);
  if (type === BAR_TYPE_MASK) return failWith(pciFunction, FAULT_BAR_TYPE_RESERVED, index, value, 0);
  const kind: u8 = type === BAR_TYPE_1M ? BAR_KIND_MEMORY1M : BAR_KIND_MEMORY32;
  const size: u53 = WORD_VALUES - ((mask & ~BAR_MEMORY_FLAGS) >>> 0);
  return mask === 0 || noteBar(pciFunction, index, kind, (value & ~BAR_MEMORY_FLAGS) >>> 0, size);
};

/** Reads a BAR of two registers, of which the lower one held `value` and has the writable bits `mask`. */
const sizeWideBar = (pciFunction: PciFunction, index: u32, count: u32, value: u32, mask: u32): bool => {
  if (index + 1 >= count) return failWith(pciFunction, FAULT_BAR_WITHOUT_SECOND, index, value, 0);
  const offset: u32 = BAR_0 + index * BAR_SIZE + BAR_SIZE;
  const high: u32 = configRead32(pciFunction.address, offset);
  const highMask: u32 = probe(pciFunction.address, offset, high);
  const lowMask: u32 = (mask & ~BAR_MEMORY_FLAGS) >>> 0;
  if (lowMask === 0 && highMask === 0) return true;
  if (high >= HIGH_WORD_LIMIT) return failWith(pciFunction, FAULT_BAR_BEYOND_53_BITS, index, value, high);
  // 2^64 less the mask: from 4 GiB up the lower half of the mask is zero, below it the upper half is all ones.
  const highSize: u53 = (lowMask === 0 ? WORD_VALUES : ALL_ONES) - highMask;
  const lowSize: u53 = WORD_VALUES - lowMask;
  if (lowMask !== 0 ? highSize !== 0 : highSize >= HIGH_WORD_LIMIT) {
    return failWith(pciFunction, FAULT_BAR_MASK, index, mask, highMask);
  }
  const address: u53 = joinWords((value & ~BAR_MEMORY_FLAGS) >>> 0, high);
  return noteBar(pciFunction, index, BAR_KIND_MEMORY64, address, lowMask !== 0 ? lowSize : highSize * WORD_VALUES);
};

/** Notes a BAR. False when its size is no power of two, or more than its kind can have: then the mask is not one. */
const noteBar = (pciFunction: PciFunction, index: u32, kind: u8, address: u53, size: u53): bool => {
  const bar: Bar = pciFunction.bars[index];
  const isLarge: bool = size >= WORD_VALUES;
  if (!isPowerOfTwo(isLarge ? highWord(size) : lowWord(size)) || (isLarge && kind !== BAR_KIND_MEMORY64))
    return failWith(pciFunction, FAULT_BAR_SIZE, index, size, 0);
  bar.kind = kind;
  bar.address = address;
  bar.size = size;
  return true;
};

// Base address registers: what a function decodes, where and how much of it. PCI Local Bus 3.0 §6.2.5.1.
//
//   31                                     4   3      2 1    0
//   address                                 prefetch  type   0      memory; type 64 takes the next register for bits 63:32
//   address                                          2  0    1      I/O, from bit 2
//
// The size is found by writing ones and reading which stuck, in bar-registers.ts. While that happens the function must not decode, so each is
// sized once and remembered.

import { HIGH_WORD_LIMIT, joinWords, WORD_VALUES } from '../base/bits.ts';
import { formatBytes, hex } from '../base/hex.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { BarRegisters, barMask, barValue, holdsMemoryAddress, readBarRegisters } from './bar-registers.ts';
import type { PciFunction } from './function.ts';
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
  BAR_TYPE_32,
  BAR_TYPE_64,
  BAR_TYPE_MASK,
  COMMAND,
  COMMAND_MEMORY,
  HEADER_BRIDGE,
  HEADER_DEVICE,
} from './registers.ts';

/** What a BAR decodes: ports, or memory addressed by 32 bits, by 64, or below 1 MiB. */
export type BarSpace = 'io' | 'memory32' | 'memory64' | 'memory1m';

/** One implemented BAR. `address` 0 means that nobody has placed it. Both numbers are in bytes. */
export interface Bar {
  readonly index: number;
  readonly space: BarSpace;
  readonly prefetchable: boolean;
  /** Changed by placeBar and by nothing else. */
  address: number;
  readonly size: number;
}

/** A register that cannot be what it says: `value` is what was read. The message does not name the device. */
export interface BarError {
  readonly kind: 'bar-type-reserved' | 'bar-64-without-second' | 'bar-beyond-53-bits';
  readonly index: number;
  readonly value: number;
  readonly message: string;
}

const ALL_ONES = 0xffffffff;

/** Where the registers of the function at hand are read to. */
const registers = new BarRegisters();

/** Returns the BARs that `pciFunction` implements, by index. A function of an unknown header type has none that we know of. */
export const readBars = (pciFunction: PciFunction): Result<readonly Bar[], BarError> => {
  pciFunction.bars ??= sizeBars(pciFunction);
  return pciFunction.bars;
};

/** Returns whether a memory BAR of `pciFunction` has an address. Nothing is written. */
export const hasPlacedBar = (pciFunction: PciFunction): boolean =>
  holdsMemoryAddress(pciFunction.address, barCount(pciFunction));

/** Returns whether the BAR decodes memory, not ports. */
export const isMemoryBar = (bar: Bar): boolean => bar.space !== 'io';

/** Moves a memory BAR to `address`, a multiple of its size. */
export const placeBar = (pciFunction: PciFunction, bar: Bar, address: number): void => {
  const offset = BAR_0 + bar.index * BAR_SIZE;
  const command = pciFunction.read16(COMMAND);
  // Between the two halves of a 64-bit BAR it would decode a third place.
  if ((command & COMMAND_MEMORY) !== 0) pciFunction.write16(COMMAND, command - COMMAND_MEMORY);
  pciFunction.write32(offset, address % WORD_VALUES);
  if (bar.space === 'memory64') pciFunction.write32(offset + BAR_SIZE, Math.floor(address / WORD_VALUES));
  if ((command & COMMAND_MEMORY) !== 0) pciFunction.write16(COMMAND, command);
  bar.address = address;
};

/** Returns `bar4 memory64 prefetchable 0xfe000000 16 KiB`. */
export const formatBar = (bar: Bar): string =>
  `bar${bar.index} ${bar.space}${bar.prefetchable ? ' prefetchable' : ''} 0x${hex(bar.address, 8)} ${formatBytes(bar.size)}`;

const barCount = (pciFunction: PciFunction): number => {
  if (pciFunction.headerLayout === HEADER_DEVICE) return BAR_COUNT_DEVICE;
  return pciFunction.headerLayout === HEADER_BRIDGE ? BAR_COUNT_BRIDGE : 0;
};

const sizeBars = (pciFunction: PciFunction): Result<readonly Bar[], BarError> => {
  const bars: Bar[] = [];
  const count = barCount(pciFunction);
  readBarRegisters(registers, pciFunction.address, count);
  let index = 0;
  while (index < count) {
    const read = decodeBar(index, count);
    if (!read.ok) return read;
    if (read.value !== undefined) bars.push(read.value);
    index += read.value?.space === 'memory64' ? 2 : 1;
  }
  return ok(bars);
};

/** Returns the BAR that register `index` is, undefined where none is implemented. */
const decodeBar = (index: number, count: number): Result<Bar | undefined, BarError> => {
  const value = barValue(registers, index);
  const mask = barMask(registers, index);
  const type = value & BAR_TYPE_MASK;
  if ((value & BAR_IO) !== 0) return ok(ioBar(index, value, withoutFlags(mask, BAR_IO_FLAGS)));
  if (type === BAR_TYPE_64) {
    if (index + 1 < count) return decodeWideBar(index, value, withoutFlags(mask, BAR_MEMORY_FLAGS));
    return fail(barError('bar-64-without-second', index, value, '64 bits wide, but it is the last register'));
  }
  if (type !== BAR_TYPE_32 && type !== BAR_TYPE_1M) {
    return fail(barError('bar-type-reserved', index, value, 'memory type 3 is reserved, expected 0, 1 or 2'));
  }
  if (mask === 0) return ok(undefined);
  const size = WORD_VALUES - withoutFlags(mask, BAR_MEMORY_FLAGS);
  const address = withoutFlags(value, BAR_MEMORY_FLAGS);
  return ok(memoryBar(index, type === BAR_TYPE_32 ? 'memory32' : 'memory1m', value, address, size));
};

/** Returns a BAR of two registers. */
const decodeWideBar = (index: number, value: number, mask: number): Result<Bar | undefined, BarError> => {
  const high = barValue(registers, index + 1);
  const highMask = barMask(registers, index + 1);
  if (mask === 0 && highMask === 0) return ok(undefined);
  // size = 2^64 - mask, and the two's complement of a mask is that of its lowest non-zero word below the ones of the other.
  const highSize = mask === 0 ? WORD_VALUES - highMask : ALL_ONES - highMask;
  if (high >= HIGH_WORD_LIMIT || highSize >= HIGH_WORD_LIMIT) {
    const problem = `the upper half 0x${hex(high, 8)} places or sizes it beyond 2^53`;
    return fail(barError('bar-beyond-53-bits', index, value, problem));
  }
  const size = joinWords(mask === 0 ? 0 : WORD_VALUES - mask, highSize);
  return ok(memoryBar(index, 'memory64', value, joinWords(withoutFlags(value, BAR_MEMORY_FLAGS), high), size));
};

const memoryBar = (index: number, space: BarSpace, value: number, address: number, size: number): Bar => ({
  index,
  space,
  prefetchable: (value & BAR_PREFETCHABLE) !== 0,
  address,
  size,
});

/** Returns an I/O BAR. A device may leave the upper 16 bits of its mask zero, since ports have 16 bits. §6.2.5.1 */
const ioBar = (index: number, value: number, mask: number): Bar | undefined => {
  if (mask === 0) return undefined;
  const size = mask < 0x10000 ? 0x10000 - mask : WORD_VALUES - mask;
  return { index, space: 'io', prefetchable: false, address: withoutFlags(value, BAR_IO_FLAGS), size };
};

const barError = (kind: BarError['kind'], index: number, value: number, problem: string): BarError => ({
  kind,
  index,
  value,
  message: `BAR ${index} reads 0x${hex(value, 8)}: ${problem}`,
});

/** Clears the low bits `flags` of a register that may have bit 31 set, where `&` would turn it negative. */
const withoutFlags = (value: number, flags: number): number => value - (value & flags);

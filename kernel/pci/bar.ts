// Base address registers: what a function decodes, where and how much of it. PCI Local Bus 3.0 §6.2.5.1.
//
//   31                                     4   3      2 1    0
//   address                                 prefetch  type   0      memory; type 64 takes the next register for bits 63:32
//   address                                          2  0    1      I/O, from bit 2
//
// The size is found by writing ones and reading which stuck. While that happens the function must not decode: its registers would
// appear wherever the ones point to. Decoding and every register are restored on each path, also where the register turns out wrong.

import { HIGH_WORD_LIMIT, joinWords, WORD_VALUES } from '../base/bits.ts';
import { formatBytes, hex } from '../base/hex.ts';
import { fail, ok, type Result } from '../base/result.ts';
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
  COMMAND_IO,
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
  readonly address: number;
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

/** Returns the BARs that `pciFunction` implements, by index. A function of an unknown header type has none that we know of. */
export const readBars = (pciFunction: PciFunction): Result<Bar[], BarError> => {
  const command = pciFunction.read16(COMMAND);
  const decoding = command & (COMMAND_IO | COMMAND_MEMORY);
  if (decoding !== 0) pciFunction.write16(COMMAND, command - decoding);
  const bars = readAll(pciFunction);
  if (decoding !== 0) pciFunction.write16(COMMAND, command);
  return bars;
};

/** Returns whether a memory BAR of `pciFunction` has an address. Nothing is written. */
export const hasPlacedBar = (pciFunction: PciFunction): boolean => {
  for (let index = 0; index < barCount(pciFunction); index++) {
    const value = pciFunction.read32(barOffset(index));
    if ((value & BAR_IO) === 0 && withoutFlags(value, BAR_MEMORY_FLAGS) !== 0) return true;
  }
  return false;
};

/** Returns whether the BAR decodes memory, not ports. */
export const isMemoryBar = (bar: Bar): boolean => bar.space !== 'io';

/** Writes `address` into the register or the two registers of `bar`. The function must not be decoding. */
export const writeBarAddress = (pciFunction: PciFunction, bar: Bar, address: number): void => {
  const offset = barOffset(bar.index);
  pciFunction.write32(offset, address % WORD_VALUES);
  if (bar.space === 'memory64') pciFunction.write32(offset + BAR_SIZE, Math.floor(address / WORD_VALUES));
};

/** Returns `bar4 memory64 prefetchable 0xfe000000 16 KiB`. */
export const formatBar = (bar: Bar): string =>
  `bar${bar.index} ${bar.space}${bar.prefetchable ? ' prefetchable' : ''} 0x${hex(bar.address, 8)} ${formatBytes(bar.size)}`;

const barOffset = (index: number): number => BAR_0 + index * BAR_SIZE;

const barCount = (pciFunction: PciFunction): number => {
  if (pciFunction.headerLayout === HEADER_DEVICE) return BAR_COUNT_DEVICE;
  return pciFunction.headerLayout === HEADER_BRIDGE ? BAR_COUNT_BRIDGE : 0;
};

const readAll = (pciFunction: PciFunction): Result<Bar[], BarError> => {
  const bars: Bar[] = [];
  const count = barCount(pciFunction);
  let index = 0;
  while (index < count) {
    const read = readBar(pciFunction, index, count);
    if (!read.ok) return read;
    if (read.value !== undefined) bars.push(read.value);
    index += read.value?.space === 'memory64' ? 2 : 1;
  }
  return ok(bars);
};

/** Returns BAR `index`, undefined where no register is implemented. Decoding is off. */
const readBar = (pciFunction: PciFunction, index: number, count: number): Result<Bar | undefined, BarError> => {
  const offset = barOffset(index);
  const value = pciFunction.read32(offset);
  const type = value & BAR_TYPE_MASK;
  if ((value & BAR_IO) !== 0) return ok(readIoBar(pciFunction, index, value));
  if (type === BAR_TYPE_64 && index + 1 === count) {
    return fail(barError('bar-64-without-second', index, value, '64 bits wide, but it is the last register'));
  }
  if (type === BAR_TYPE_64) return readWideBar(pciFunction, index, value);
  if (type !== BAR_TYPE_32 && type !== BAR_TYPE_1M) {
    return fail(barError('bar-type-reserved', index, value, 'memory type 3 is reserved, expected 0, 1 or 2'));
  }

  const mask = probe(pciFunction, offset, value);
  if (mask === 0) return ok(undefined);
  return ok({
    index,
    space: type === BAR_TYPE_32 ? 'memory32' : 'memory1m',
    prefetchable: (value & BAR_PREFETCHABLE) !== 0,
    address: withoutFlags(value, BAR_MEMORY_FLAGS),
    size: WORD_VALUES - withoutFlags(mask, BAR_MEMORY_FLAGS),
  });
};

/** Returns an I/O BAR. A device may leave the upper 16 bits of its mask zero, since ports have 16 bits. §6.2.5.1 */
const readIoBar = (pciFunction: PciFunction, index: number, value: number): Bar | undefined => {
  const mask = withoutFlags(probe(pciFunction, barOffset(index), value), BAR_IO_FLAGS);
  if (mask === 0) return undefined;
  const size = mask < 0x10000 ? 0x10000 - mask : WORD_VALUES - mask;
  return { index, space: 'io', prefetchable: false, address: withoutFlags(value, BAR_IO_FLAGS), size };
};

/** Returns a BAR of two registers. */
const readWideBar = (pciFunction: PciFunction, index: number, value: number): Result<Bar | undefined, BarError> => {
  const offset = barOffset(index);
  const high = pciFunction.read32(offset + BAR_SIZE);
  const mask = withoutFlags(probe(pciFunction, offset, value), BAR_MEMORY_FLAGS);
  const highMask = probe(pciFunction, offset + BAR_SIZE, high);
  if (mask === 0 && highMask === 0) return ok(undefined);
  // size = 2^64 - mask, and the two's complement of a mask is that of its lowest non-zero word below the ones of the other.
  const highSize = mask === 0 ? WORD_VALUES - highMask : ALL_ONES - highMask;
  if (high >= HIGH_WORD_LIMIT || highSize >= HIGH_WORD_LIMIT) {
    return fail(
      barError('bar-beyond-53-bits', index, value, `the upper half 0x${hex(high, 8)} places or sizes it beyond 2^53`),
    );
  }
  return ok({
    index,
    space: 'memory64',
    prefetchable: (value & BAR_PREFETCHABLE) !== 0,
    address: joinWords(withoutFlags(value, BAR_MEMORY_FLAGS), high),
    size: joinWords(mask === 0 ? 0 : WORD_VALUES - mask, highSize),
  });
};

/** Returns what the register at `offset` reads after a write of ones, and puts `value` back. */
const probe = (pciFunction: PciFunction, offset: number, value: number): number => {
  pciFunction.write32(offset, ALL_ONES);
  const mask = pciFunction.read32(offset);
  pciFunction.write32(offset, value);
  return mask;
};

const barError = (kind: BarError['kind'], index: number, value: number, problem: string): BarError => ({
  kind,
  index,
  value,
  message: `BAR ${index} reads 0x${hex(value, 8)}: ${problem}`,
});

/** Clears the low bits `flags` of a register that may have bit 31 set, where `&` would turn it negative. */
const withoutFlags = (value: number, flags: number): number => value - (value & flags);

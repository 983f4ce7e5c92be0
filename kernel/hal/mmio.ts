'use machine';
// The MMIO window: where registers of devices are mapped, uncached.
//
// A mapping is reached by byte offsets into the window, never by address. Every access is checked against the end of the last mapping
// and must be aligned; its width is the register's own, because devices answer differently to another one.

import type { MmioOffset, PhysicalAddress, u8, u16, u32 } from '../base/machine.ts';

/** What `mmioMap` returns when the window is full or the range is not one of devices (RAM, or beyond the address width). */
export const MMIO_MAP_FAILED: u32 = 0xffffffff;

/** Maps `length` bytes from `address`, both of any alignment, uncached. Returns the offset of the first byte, or MMIO_MAP_FAILED. For ever: the same again is the same. */
export declare const mmioMap: (address: PhysicalAddress, length: u32) => MmioOffset;

/** Returns an 8-bit register. */
export declare const mmioRead8: (offset: MmioOffset) => u8;

/** Returns a 16-bit register. */
export declare const mmioRead16: (offset: MmioOffset) => u16;

/** Returns a 32-bit register. */
export declare const mmioRead32: (offset: MmioOffset) => u32;

/** Writes an 8-bit register. */
export declare const mmioWrite8: (offset: MmioOffset, value: u8) => void;

/** Writes a 16-bit register. */
export declare const mmioWrite16: (offset: MmioOffset, value: u16) => void;

/** Writes a 32-bit register. */
export declare const mmioWrite32: (offset: MmioOffset, value: u32) => void;

'use machine';
// The window of device memory: memory that belongs to devices, mapped cached, as RAM is.
//
// A mapping is reached by byte offsets into the window, of any alignment, never by address. One beyond the end of the last mapping stops the machine with
// EXIT_WINDOW_BOUNDS. Values are little endian.

import type { PhysicalAddress, u8, u16, u32, u53 } from '../base/machine.ts';

/** What `deviceMemoryMap` returns when it does not map. */
export const DEVICE_MEMORY_MAP_FAILED: u53 = 9007199254740991;

/**
 * Maps `length` bytes from `address`, both of any alignment. Returns the offset of the first byte; DEVICE_MEMORY_MAP_FAILED where RAM, registers of the chipset or
 * configuration space are among them, beyond the address width, or where free RAM is short for the page tables. For ever.
 */
export declare const deviceMemoryMap: (address: PhysicalAddress, length: u53) => u53;

/** Returns the byte at `offset`. */
export declare const deviceMemoryRead8: (offset: u53) => u8;

/** Returns the 16-bit value at `offset`. */
export declare const deviceMemoryRead16: (offset: u53) => u16;

/** Returns the 32-bit value at `offset`. */
export declare const deviceMemoryRead32: (offset: u53) => u32;

/** Stores a byte. */
export declare const deviceMemoryWrite8: (offset: u53, value: u8) => void;

/** Stores a 16-bit value. */
export declare const deviceMemoryWrite16: (offset: u53, value: u16) => void;

/** Stores a 32-bit value. */
export declare const deviceMemoryWrite32: (offset: u53, value: u32) => void;

/** Copies `target.length` bytes from the window into `target`. */
export declare const deviceMemoryReadBytes: (offset: u53, target: Uint8Array) => void;

/** Copies `source.length` bytes from `source` into the window. */
export declare const deviceMemoryWriteBytes: (offset: u53, source: Uint8Array) => void;

'use machine';
// The DMA window: one physically contiguous region of RAM that devices may read and write.
//
// It is reached by byte offsets, and every access is checked against `dmaLength`; one outside stops the machine with EXIT_WINDOW_BOUNDS.
// Values are little endian, offsets are multiples of the width. Where in the window a thing lies is decided in dma-pool.ts.

import type { DmaOffset, u8, u16, u32, u53 } from '../base/machine.ts';

/** Returns the length of the window in bytes: a multiple of 4 KiB. */
export declare const dmaLength: () => u32;

/** Returns the byte at `offset`. */
export declare const dmaRead8: (offset: DmaOffset) => u8;

/** Returns the 16-bit value at `offset`. */
export declare const dmaRead16: (offset: DmaOffset) => u16;

/** Returns the 32-bit value at `offset`. */
export declare const dmaRead32: (offset: DmaOffset) => u32;

/** Stores a byte. */
export declare const dmaWrite8: (offset: DmaOffset, value: u8) => void;

/** Stores a 16-bit value. */
export declare const dmaWrite16: (offset: DmaOffset, value: u16) => void;

/** Stores a 32-bit value. */
export declare const dmaWrite32: (offset: DmaOffset, value: u32) => void;

/** Stores `value` in 64 bits. */
export declare const dmaWrite64: (offset: DmaOffset, value: u53) => void;

/** Stores `value` into `length` bytes from `offset`. */
export declare const dmaFill: (offset: DmaOffset, length: u32, value: u8) => void;

/** Copies `target.length` bytes from the window into `target`. */
export declare const dmaReadBytes: (offset: DmaOffset, target: Uint8Array) => void;

/** Copies `source.length` bytes from `source` into the window. */
export declare const dmaWriteBytes: (offset: DmaOffset, source: Uint8Array) => void;

/** Returns the address of `offset` in memory, by which a device reaches it that no IOMMU translates for. The only place where an offset becomes an address. */
export declare const dmaBusAddress: (offset: DmaOffset) => u53;

/** Orders memory: every load and store before it, of RAM and of devices, is seen by all before any that comes after it. */
export declare const fence: () => void;

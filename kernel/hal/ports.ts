'use machine';
// The processor's port space: devices of the PC's first decade, and BARs of the I/O kind.

import type { u8, u16, u32 } from '../base/machine.ts';

/** Returns an 8-bit port; all ones where nothing answers. */
export declare const portRead8: (port: u16) => u8;

/** Returns a 16-bit port. */
export declare const portRead16: (port: u16) => u16;

/** Returns a 32-bit port. */
export declare const portRead32: (port: u16) => u32;

/** Writes an 8-bit port. */
export declare const portWrite8: (port: u16, value: u8) => void;

/** Writes a 16-bit port. */
export declare const portWrite16: (port: u16, value: u16) => void;

/** Writes a 32-bit port. */
export declare const portWrite32: (port: u16, value: u32) => void;

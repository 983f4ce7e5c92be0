'use machine';
// PCI configuration space. PCI Express Base 5.0 §7.2.2 (memory mapped, ECAM) and PCI Local Bus 3.0 §3.2.2.3.2 (ports), behind one interface.
//
//   address = bus << 8 | device << 3 | function        offset = 0 … 4095, a multiple of the width
//
// An address outside the buses that the machine has, an offset outside the space and an unaligned offset stop the machine with
// EXIT_WINDOW_BOUNDS: they are our mistakes. A function that does not exist reads as all ones. Behind ports only the first
// 256 bytes exist: what lies above reads as all ones and writes to it are lost.

import type { u8, u16, u32, u53 } from '../base/machine.ts';

/** What `configMechanism` may answer. */
export const CONFIG_NONE: u8 = 0;
export const CONFIG_ECAM: u8 = 1;
export const CONFIG_PORTS: u8 = 2;

/** Returns how configuration space is reached: one of the CONFIG_ constants. CONFIG_NONE: there is no PCI. */
export declare const configMechanism: () => u8;

/** Returns the physical address at which bus 0 is or would be (MCFG); 0 behind ports. */
export declare const configBase: () => u53;

/** Returns the number of the first bus behind the mechanism. */
export declare const configFirstBus: () => u8;

/** Returns the number of the last bus behind the mechanism, inclusive. */
export declare const configLastBus: () => u8;

/** Returns the byte at `offset`. */
export declare const configRead8: (address: u32, offset: u32) => u8;

/** Returns the 16-bit register at `offset`. */
export declare const configRead16: (address: u32, offset: u32) => u16;

/** Returns the 32-bit register at `offset`. */
export declare const configRead32: (address: u32, offset: u32) => u32;

/** Writes the byte at `offset`, and only that byte. */
export declare const configWrite8: (address: u32, offset: u32, value: u8) => void;

/** Writes the 16-bit register at `offset`, and only that one. */
export declare const configWrite16: (address: u32, offset: u32, value: u16) => void;

/** Writes the 32-bit register at `offset`. */
export declare const configWrite32: (address: u32, offset: u32, value: u32) => void;

'use machine';
// RAM that comes and goes while the machine runs, in blocks. boot/plugged.zig.

import type { bool, PhysicalAddress, u32, u53 } from '../base/machine.ts';

/** What blocks are multiples of. */
export const PLUGGED_GRANULE: u32 = 262144;

/**
 * Notes a region of addresses in which blocks may come; the same one again is nothing new. False: it has no place, because it is not aligned, out of reach, or in something that
 * the memory map shows; or there are too many.
 */
export declare const pluggedOpen: (address: PhysicalAddress, length: u53) => bool;

/** Takes a block into use: its pages are free memory from now on. False: there is no memory at its ends, or none left for its page tables. */
export declare const pluggedAdd: (address: PhysicalAddress, length: u53) => bool;

/** Takes a block out of use, and nobody can reach it any more. False: a page of it is in use, and nothing is changed. */
export declare const pluggedRemove: (address: PhysicalAddress, length: u53) => bool;

/** Returns whether the block at `address` is in use. */
export declare const pluggedHas: (address: PhysicalAddress) => bool;

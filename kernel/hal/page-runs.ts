'use machine';
// Free pages by the run, for those who give them to the host: pages that lie one behind the other, never touched on the way. boot/pages.zig, boot/balloon.zig.
//
// A run is one number: the address of its first page, and in the low 12 bits how many more pages follow. NO_RUN stands for none.

import type { bool, PhysicalAddress, u8, u32, u53 } from '../base/machine.ts';

export const PAGE_SIZE: u32 = 4096;

export const NO_RUN: u53 = 0;

/** Pages of the longest run. */
export const RUN_PAGES_MAX: u32 = 4096;

// Where pages are that are with the host.
/** In the balloon. */
export const HELD_BALLOON: u8 = 0;
/** Were in the balloon, and were taken out of it because memory was short. They are in use; noted until the host is told. */
export const HELD_LENT: u8 = 1;
/** Free, and named to a host that copies the machine. */
export const HELD_HINTED: u8 = 2;

/** Runs that one call of `heldPrepare` makes room for, at most. */
export const HELD_RUNS_MAX: u32 = 511;

/** Returns the number of a run's first page: its address by PAGE_SIZE. */
export const runPageNumber = (run: u53): u53 => Math.floor(run / PAGE_SIZE);

/** Returns the address of a run's first byte. */
export const runAddress = (run: u53): PhysicalAddress => Math.floor(run / PAGE_SIZE) * PAGE_SIZE;

/** Returns how many pages a run has. */
export const runPageCount = (run: u53): u32 => (run % PAGE_SIZE) + 1;

/**
 * Takes up to `pageCountMax` free pages of the machine's own RAM: first those that were used before, then those that never were, and with `withUntouched` at last those
 * that the host keeps no memory for. Returns the run, which is the caller's, or NO_RUN.
 */
export declare const pageRunTake: (pageCountMax: u32, withUntouched: bool) => u53;

/** Gives a run back whose content may be lost. Its pages are zeroed when they are allocated, as all are. */
export declare const pageRunGive: (run: u53) => void;

/** Makes room in a list, HELD_…, for `runCount` runs. False: memory is short. */
export declare const heldPrepare: (list: u8, runCount: u32) => bool;

/** Puts a run into a list that has room. False: it has none. */
export declare const heldPut: (list: u8, run: u53) => bool;

/** Takes up to `pageCountMax` pages out of a list, those put last. Returns the run, or NO_RUN. */
export declare const heldTake: (list: u8, pageCountMax: u32) => u53;

/** Returns how many pages are in a list. */
export declare const heldPageCount: (list: u8) => u53;

/** Says whether an allocation that would fail takes pages out of the balloon first, before the host knows. They are in HELD_LENT then. */
export declare const heldSetLending: (mayLend: bool) => void;

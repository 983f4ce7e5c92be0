'use machine';
// Physical memory as the boot loader described it. PVH start info.

import type { u32, u53 } from '../base/machine.ts';

/** What `memoryRegionType` may answer (PVH and E820 use the same numbers). */
export const MEMORY_RAM: u32 = 1;
export const MEMORY_RESERVED: u32 = 2;
export const MEMORY_ACPI: u32 = 3;
export const MEMORY_ACPI_NVS: u32 = 4;
export const MEMORY_UNUSABLE: u32 = 5;

/** Returns the bytes of usable RAM that the machine has. */
export declare const memoryTotal: () => u53;

/** Returns the bytes of usable RAM that nothing has taken yet. */
export declare const memoryFree: () => u53;

/** Returns how many of these bytes the host may keep memory for: those that it did not take back, and that were not plugged in. */
export declare const memoryTouched: () => u53;

/** Returns how many regions the memory map has. */
export declare const memoryRegionCount: () => u32;

/** Returns the physical address of the first byte of region `index`, which is below `memoryRegionCount()`. */
export declare const memoryRegionStart: (index: u32) => u53;

/** Returns the length in bytes of region `index`. */
export declare const memoryRegionLength: (index: u32) => u53;

/** Returns the type of region `index`: one of the MEMORY_ constants, or a number that only the firmware knows. */
export declare const memoryRegionType: (index: u32) => u32;

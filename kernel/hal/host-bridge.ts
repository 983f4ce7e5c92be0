'use machine';
// The windows of the PCI host bridge: the addresses that it passes on to PCI, and in which BARs may therefore be placed. The DSDT states them
// (_CRS of PNP0A08 or PNP0A03; QEMU's q35, pc and microvm do); where it does not, they are what a PC's chipset passes on: below 4 GiB what is
// free from 3 GiB to the interrupt controllers, above it what is free behind RAM.
//
// Nothing in the memory map, no configuration space and nothing beyond the processor's address width is in a window; memory windows are
// whole MiB, the I/O window whole 4 KiB, as bridges behind the host's need it. Asking costs some 50 µs the first time.

import type { bool, u8, u53 } from '../base/machine.ts';

/** The windows: I/O ports, memory below 4 GiB, memory above. */
export const HOST_WINDOW_IO: u8 = 0;
export const HOST_WINDOW_MEMORY32: u8 = 1;
export const HOST_WINDOW_MEMORY64: u8 = 2;

/** Returns the first address of a window, or 0 when the bridge has none. */
export declare const hostWindowStart: (window: u8) => u53;

/** Returns the address behind the last one of a window, or 0 when the bridge has none. */
export declare const hostWindowEnd: (window: u8) => u53;

/** Returns true where ACPI states the windows, false where they are the chipset's rule. */
export declare const hostWindowsAreFromAcpi: () => bool;

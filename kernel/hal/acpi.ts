'use machine';
// What the boot stage found of ACPI. The tables that boot needs are read there; TypeScript sees the results (config.ts), and the bytes of any other table.

import type { u8, u32, u53 } from '../base/machine.ts';

/** The length in bytes of the OEM identification. ACPI 6.4 §5.2.5.3. */
export const ACPI_OEM_LENGTH: u32 = 6;

/** Returns the physical address of the RSDP, 0 where the machine has none (`acpi=off`). */
export declare const acpiRsdp: () => u53;

/** Returns byte `index` (0 to 5) of the RSDP's OEM identification, padded with spaces; 0 where there is no RSDP. */
export declare const acpiOemByte: (index: u32) => u8;

/**
 * Returns the length in bytes of the first table with a signature (its four letters as a little-endian word), header included; 0 where there is none whose
 * length and checksum hold. §5.2.6
 */
export declare const acpiTableLength: (signature: u32) => u32;

/** Copies the first `target.length` bytes of that table into `target`. What lies behind the table's end stays as it is. */
export declare const acpiTableBytes: (signature: u32, target: Uint8Array) => void;

/** Returns how many virtio-mmio devices the DSDT of a hardware-reduced machine lists (_HID "LNRO0005"; QEMU's microvm), in its order. */
export declare const acpiVirtioMmioCount: () => u32;

/** Returns the physical address of the registers of device `index`, which is below `acpiVirtioMmioCount()`; else 0. */
export declare const acpiVirtioMmioBase: (index: u32) => u53;

/** Returns how many bytes of registers device `index` has; 0 beyond the list. */
export declare const acpiVirtioMmioLength: (index: u32) => u32;

/** Returns the number of the interrupt line of device `index`; 0 beyond the list. */
export declare const acpiVirtioMmioInterrupt: (index: u32) => u32;

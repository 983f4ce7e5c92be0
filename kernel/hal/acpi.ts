'use machine';
// What the boot stage found of ACPI. The tables themselves are read there; TypeScript sees the results (config.ts).

import type { u8, u32, u53 } from '../base/machine.ts';

/** The length in bytes of the OEM identification. ACPI 6.4 §5.2.5.3. */
export const ACPI_OEM_LENGTH: u32 = 6;

/** Returns the physical address of the RSDP, 0 where the machine has none (`acpi=off`). */
export declare const acpiRsdp: () => u53;

/** Returns byte `index` (0 to 5) of the RSDP's OEM identification, padded with spaces; 0 where there is no RSDP. */
export declare const acpiOemByte: (index: u32) => u8;

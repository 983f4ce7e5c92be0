// A machine without ACPI.

export * from '../../../kernel/hal/acpi.ts';

export const acpiRsdp = (): number => 0;

export const acpiOemByte = (_index: number): number => 0;

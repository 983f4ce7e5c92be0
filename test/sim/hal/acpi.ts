// The simulated machine has no ACPI tables of its own; what they would list, a test puts into `mmioSlots`, and whole tables into `acpiTables`.

import { type SimMmioSlot, theMachine } from '../machine.ts';

export * from '../../../kernel/hal/acpi.ts';

export const acpiRsdp = (): number => 0;

export const acpiOemByte = (_index: number): number => 0;

export const acpiTableLength = (signature: number): number => tableOf(signature).length;

export const acpiTableBytes = (signature: number, target: Uint8Array): void => {
  target.set(tableOf(signature).subarray(0, target.length));
};

const tableOf = (signature: number): Uint8Array => {
  const letters = [0, 8, 16, 24].map((shift) => String.fromCharCode((signature >>> shift) & 0xff)).join('');
  return theMachine().acpiTables[letters] ?? new Uint8Array(0);
};

export const acpiVirtioMmioCount = (): number => theMachine().mmioSlots.length;

export const acpiVirtioMmioBase = (index: number): number => slot(index)?.base ?? 0;

export const acpiVirtioMmioLength = (index: number): number => slot(index)?.length ?? 0;

export const acpiVirtioMmioInterrupt = (index: number): number => slot(index)?.interrupt ?? 0;

const slot = (index: number): SimMmioSlot | undefined => theMachine().mmioSlots[index];

// The slots of virtio-mmio: where the machine says that there may be a device.

import { smaller } from '../kernel/base/bits.ts';
import { mmioDevices } from '../kernel/base/command-line-mmio.ts';
import { log } from '../kernel/base/log.ts';
import {
  acpiVirtioMmioBase,
  acpiVirtioMmioCount,
  acpiVirtioMmioInterrupt,
  acpiVirtioMmioLength,
} from '../kernel/hal/acpi.ts';
import { readOptions } from '../kernel/hal/options.ts';

/** Where the registers of a virtio-mmio device may be: a slot can be empty. */
export interface Slot {
  readonly address: number;
  readonly length: number;
  /** The number of its interrupt line; 0: nothing says one. */
  readonly interrupt: number;
}

/** More of a slot is of no use: no device has so many registers and so much configuration. */
const SLOT_LENGTH_MAX = 0x10000;

/** Returns where virtio-mmio devices may be: what ACPI lists, and what only the command line names. */
export const mmioSlots = (): Slot[] => {
  const slots: Slot[] = [];
  for (let i = 0; i < acpiVirtioMmioCount(); i++) {
    const interrupt = acpiVirtioMmioInterrupt(i);
    slots.push({ address: acpiVirtioMmioBase(i), length: acpiVirtioMmioLength(i), interrupt });
  }
  const named = mmioDevices(readOptions());
  if (!named.ok) {
    log('error', 'command line', named.error);
    return slots;
  }
  for (const { address, length, interrupt } of named.value) {
    if (!isListed(slots, address)) slots.push({ address, length: smaller(length, SLOT_LENGTH_MAX), interrupt });
  }
  return slots;
};

const isListed = (slots: readonly Slot[], address: number): boolean => {
  for (const slot of slots) {
    if (slot.address === address) return true;
  }
  return false;
};

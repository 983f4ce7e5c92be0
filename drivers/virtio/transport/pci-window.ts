'use machine';
// The PCI_CFG window: a way to a device's registers through its configuration space, which needs no BAR to be mapped. VIRTIO 1.2 §4.1.4.9.
//
//   capability:  BAR ─ offset ─ length (1, 2 or 4) ─ data      data reads and writes that many bytes there
//
// Slow, five configuration cycles an access, so it is used where there is no other way, and once per device to see that both ways lead to the
// same registers.

import type { u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import {
  configRead8,
  configRead16,
  configRead32,
  configWrite8,
  configWrite16,
  configWrite32,
} from '../../../kernel/hal/config.ts';
import { CAP_BAR, CAP_OFFSET, CAP_REGION_LENGTH, CAP_WINDOW_DATA } from './pci-registers.ts';

/** Returns the byte at `offset` of a BAR. `pciAddress` and `capability` are those of the window. */
export const windowRead8 = (pciAddress: u32, capability: u16, bar: u8, offset: u53): u8 => {
  aim(pciAddress, capability, bar, offset, 1);
  return configRead8(pciAddress, capability + CAP_WINDOW_DATA);
};

/** Returns the 16-bit register at `offset` of a BAR. */
export const windowRead16 = (pciAddress: u32, capability: u16, bar: u8, offset: u53): u16 => {
  aim(pciAddress, capability, bar, offset, 2);
  return configRead16(pciAddress, capability + CAP_WINDOW_DATA);
};

/** Returns the 32-bit register at `offset` of a BAR. */
export const windowRead32 = (pciAddress: u32, capability: u16, bar: u8, offset: u53): u32 => {
  aim(pciAddress, capability, bar, offset, 4);
  return configRead32(pciAddress, capability + CAP_WINDOW_DATA);
};

/** Writes the byte at `offset` of a BAR. */
export const windowWrite8 = (pciAddress: u32, capability: u16, bar: u8, offset: u53, value: u8): void => {
  aim(pciAddress, capability, bar, offset, 1);
  configWrite8(pciAddress, capability + CAP_WINDOW_DATA, value);
};

/** Writes the 16-bit register at `offset` of a BAR. */
export const windowWrite16 = (pciAddress: u32, capability: u16, bar: u8, offset: u53, value: u16): void => {
  aim(pciAddress, capability, bar, offset, 2);
  configWrite16(pciAddress, capability + CAP_WINDOW_DATA, value);
};

/** Writes the 32-bit register at `offset` of a BAR. */
export const windowWrite32 = (pciAddress: u32, capability: u16, bar: u8, offset: u53, value: u32): void => {
  aim(pciAddress, capability, bar, offset, 4);
  configWrite32(pciAddress, capability + CAP_WINDOW_DATA, value);
};

/** Points the window at `length` bytes. The offset is a multiple of the length and lies in a region that a capability describes. */
const aim = (pciAddress: u32, capability: u16, bar: u8, offset: u53, length: u32): void => {
  configWrite8(pciAddress, capability + CAP_BAR, bar);
  configWrite32(pciAddress, capability + CAP_OFFSET, offset + 0);
  configWrite32(pciAddress, capability + CAP_REGION_LENGTH, length);
};

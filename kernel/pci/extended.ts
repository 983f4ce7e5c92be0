'use machine';
// Extended capabilities of a PCI Express function, from 0x100 on. PCI Express Base 5.0 §7.6.
//
//   31        20 19     16 15                0
//   next          version    id
//
// A chain written by the device, as the other list is. It is not read at every boot, and so not kept in the function.

import { type bool, type FixedArray, fixedArray, type u32 } from '../base/machine.ts';
import { configRead32 } from '../hal/config.ts';
import { findCapability } from './capability.ts';
import { FAULT_EXTENDED_LOOP, FAULT_EXTENDED_POINTER, failWith } from './fault.ts';
import { Capability, type PciFunction } from './function.ts';
import { CAPABILITY_PCI_EXPRESS, CONFIG_SPACE_SIZE } from './registers.ts';

/** How many elements a list may have. Some fifty kinds are defined, and a function has few of them: one more is taken for a loop. */
export const EXTENDED_COUNT_MAX: u32 = 64;

/** The list of one function. */
export class ExtendedCapabilities {
  count: u32 = 0;
  items: FixedArray<Capability, 64> = fixedArray(64, Capability);
}

/** What a place reads as that does not exist: an older function, or configuration space behind ports. */
const ABSENT: u32 = 0xffffffff;

/** Reads the whole list, in device order; an absent list is an empty one. False, and the list is empty, when it cannot be one. */
export const readExtendedCapabilities = (pciFunction: PciFunction, list: ExtendedCapabilities): bool => {
  list.count = 0;
  // Without that capability the space is not there, or shows the first 256 bytes again.
  if (findCapability(pciFunction, CAPABILITY_PCI_EXPRESS) === 0) return true;
  let count: u32 = 0;
  let offset: u32 = CONFIG_SPACE_SIZE;
  while (offset !== 0) {
    if (offset < CONFIG_SPACE_SIZE) return failWith(pciFunction, FAULT_EXTENDED_POINTER, offset, 0, 0);
    if (count === EXTENDED_COUNT_MAX) return failWith(pciFunction, FAULT_EXTENDED_LOOP, offset, count, 0);
    const header: u32 = configRead32(pciFunction.address, offset);
    if (header === ABSENT) break;
    const item: Capability = list.items[count];
    item.id = header & 0xffff;
    item.version = (header >>> 16) & 0xf;
    item.offset = offset & 0xffff;
    // An empty list is an element of id 0 in the first place.
    if (item.id !== 0 || offset !== CONFIG_SPACE_SIZE) count++;
    offset = (header >>> 20) & 0xffc;
  }
  list.count = count;
  return true;
};

const found = new ExtendedCapabilities();

/** Returns where the first extended capability `id` (EXTENDED_…) starts, 0 when there is none or the list could not be read. */
export const findExtendedCapability = (pciFunction: PciFunction, id: u32): u32 => {
  if (!readExtendedCapabilities(pciFunction, found)) return 0;
  for (let i: u32 = 0; i < found.count; i++) {
    if (found.items[i].id === id) return found.items[i].offset;
  }
  return 0;
};

'use machine';
// Capability list of one PCI function. PCI Local Bus 3.0 §6.7.
// The list is a chain of one-byte offsets written by the device, so it is input, not fact. It is read once; what is kept is our own copy.

import type { bool, u16, u32 } from '../base/machine.ts';
import { configRead8, configRead16 } from '../hal/config.ts';
import { FAULT_CAPABILITY_IN_HEADER, FAULT_CAPABILITY_LOOP, failWith } from './fault.ts';
import { CAPABILITY_COUNT_MAX, type PciFunction } from './function.ts';
import {
  CAPABILITIES_POINTER,
  CAPABILITY_POINTER_MASK,
  HEADER_SIZE,
  STATUS,
  STATUS_CAPABILITIES_LIST,
} from './registers.ts';

/** Reads the whole list, in device order, once. An absent list is an empty one. False, and none is kept, when it cannot be one. */
export const readCapabilities = (pciFunction: PciFunction): bool => {
  if (pciFunction.hasCapabilities) return true;
  pciFunction.capabilityCount = 0;
  let offset: u32 = 0;
  if ((configRead16(pciFunction.address, STATUS) & STATUS_CAPABILITIES_LIST) !== 0) {
    offset = configRead8(pciFunction.address, CAPABILITIES_POINTER) & CAPABILITY_POINTER_MASK;
  }
  let count: u32 = 0;
  while (offset !== 0) {
    if (offset < HEADER_SIZE) return failWith(pciFunction, FAULT_CAPABILITY_IN_HEADER, offset, 0, 0);
    if (count === CAPABILITY_COUNT_MAX) return failWith(pciFunction, FAULT_CAPABILITY_LOOP, offset, count, 0);
    const idAndNext: u32 = configRead16(pciFunction.address, offset);
    pciFunction.capabilities[count].id = idAndNext & 0xff;
    pciFunction.capabilities[count].offset = offset as u16;
    offset = (idAndNext >>> 8) & CAPABILITY_POINTER_MASK;
    count++;
  }
  pciFunction.capabilityCount = count;
  pciFunction.hasCapabilities = true;
  return true;
};

/** Returns where the first capability `id` starts, 0 when there is none or the list could not be read. */
export const findCapability = (pciFunction: PciFunction, id: u32): u32 => {
  if (!readCapabilities(pciFunction)) return 0;
  for (let i: u32 = 0; i < pciFunction.capabilityCount; i++) {
    if (pciFunction.capabilities[i].id === id) return pciFunction.capabilities[i].offset;
  }
  return 0;
};

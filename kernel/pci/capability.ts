// Capability list of one PCI function. PCI Local Bus 3.0 §6.7.
// The list is a chain of one-byte offsets written by the device, so it is input, not fact.

import { hex } from '../base/hex.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { PciFunction } from './function.ts';
import {
  CAPABILITIES_POINTER,
  CAPABILITY_NEXT,
  CAPABILITY_POINTER_MASK,
  HEADER_SIZE,
  STATUS,
  STATUS_CAPABILITIES_LIST,
} from './registers.ts';

export const CAPABILITY_COUNT_MAX = 48; // (256 - 64) / 4; one more means a loop.

/** One element of the list: its id (CAPABILITY_…) and where in configuration space it starts. */
export interface Capability {
  readonly id: number;
  readonly offset: number;
}

/** Why the list could not be read. `offset` is the pointer that was followed last. The message does not name the device. */
export interface CapabilityError {
  readonly kind: 'capability-in-header' | 'capability-list-loops';
  readonly offset: number;
  readonly message: string;
}

/** Reads the whole list, in device order. An absent list is an empty one. */
export const readCapabilities = (pciFunction: PciFunction): Result<Capability[], CapabilityError> => {
  const capabilities: Capability[] = [];
  if ((pciFunction.read16(STATUS) & STATUS_CAPABILITIES_LIST) === 0) return ok(capabilities);

  let offset = pciFunction.read8(CAPABILITIES_POINTER) & CAPABILITY_POINTER_MASK;
  while (offset !== 0) {
    if (offset < HEADER_SIZE) {
      return fail(capabilityError('capability-in-header', offset, 'it points into the header, expected 0x40 or above'));
    }
    if (capabilities.length === CAPABILITY_COUNT_MAX) {
      return fail(
        capabilityError(
          'capability-list-loops',
          offset,
          `the list loops, it has more than ${CAPABILITY_COUNT_MAX} elements`,
        ),
      );
    }
    capabilities.push({ id: pciFunction.read8(offset), offset });
    offset = pciFunction.read8(offset + CAPABILITY_NEXT) & CAPABILITY_POINTER_MASK;
  }
  return ok(capabilities);
};

const capabilityError = (kind: CapabilityError['kind'], offset: number, problem: string): CapabilityError => ({
  kind,
  offset,
  message: `capability pointer 0x${hex(offset, 2)}: ${problem}`,
});

'use machine';
// Device-specific configuration: fields of 8, 16 and 32 bits, each at its own width. VIRTIO 1.2 §2.5.
//
// Fields that belong together are read between two looks at the generation, again when it has changed meanwhile:
//
//   for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
//     const generation: u32 = configGeneration(transport);
//     …
//     if (configGeneration(transport) === generation) return true;
//   }
//   return failUnstable(transport);
//
// What is beyond a device's own fields reads as all ones, so a field is read only with the feature that it belongs to.

import { assert } from '../../kernel/base/assert.ts';
import type { bool, u8, u16, u32 } from '../../kernel/base/machine.ts';
import { mmioRead8, mmioRead16, mmioRead32, mmioWrite8, mmioWrite16, mmioWrite32 } from '../../kernel/hal/mmio.ts';
import { portRead8, portRead16, portRead32, portWrite8, portWrite16, portWrite32 } from '../../kernel/hal/ports.ts';
import { FAULT_CONFIG_LENGTH, FAULT_CONFIG_MISSING, FAULT_CONFIG_UNSTABLE, setFault } from './transport/fault.ts';
import { legacyConfigPort } from './transport/legacy-pci.ts';
import { MMIO_CONFIG, MMIO_CONFIG_GENERATION } from './transport/mmio-registers.ts';
import { readPciGeneration } from './transport/pci.ts';
import {
  regionRead8,
  regionRead16,
  regionRead32,
  regionWrite8,
  regionWrite16,
  regionWrite32,
} from './transport/pci-access.ts';
import { TRANSPORT_MMIO, TRANSPORT_PCI, TRANSPORT_PCI_LEGACY, type Transport } from './transport/record.ts';

/** A device that changes its configuration more often than this during one reading never lets it be read. */
export const CONFIG_READ_COUNT_MAX: u32 = 16;

/** How much of a legacy device's configuration stands for its generation: more than any of them has. */
const LEGACY_COMPARED_LENGTH: u32 = 64;

/** Returns whether the device shows at least `length` bytes of configuration. */
export const requireConfig = (transport: Transport, length: u32): bool => {
  if (transport.configLength >= length) return true;
  if (transport.configLength === 0) return setFault(transport.fault, FAULT_CONFIG_MISSING, 0, 0, length);
  return setFault(transport.fault, FAULT_CONFIG_LENGTH, 0, transport.configLength, length);
};

/**
 * Returns a number that changes whenever the configuration does. Legacy devices have none: there it is made of the configuration itself, since
 * reading twice is all that one can do. §2.5.1, §2.5.4
 */
export const configGeneration = (transport: Transport): u32 => {
  if (transport.kind === TRANSPORT_PCI) return readPciGeneration(transport);
  if (transport.kind === TRANSPORT_MMIO) return mmioRead32(transport.registers + MMIO_CONFIG_GENERATION);
  let sum: u32 = 0;
  for (let offset: u32 = 0; offset < transport.configLength && offset < LEGACY_COMPARED_LENGTH; offset++) {
    sum = (Math.imul(sum, 31) + readConfig8(transport, offset)) >>> 0;
  }
  return sum;
};

/** Notes that the configuration changed during each of CONFIG_READ_COUNT_MAX readings. Returns false. */
export const failUnstable = (transport: Transport): bool =>
  setFault(transport.fault, FAULT_CONFIG_UNSTABLE, 0, 0, CONFIG_READ_COUNT_MAX);

/** Returns an 8-bit field. It lies within what requireConfig has seen. */
export const readConfig8 = (transport: Transport, offset: u32): u8 => {
  checkField(transport, offset, 1);
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return regionRead8(transport, transport.config, offset);
    case TRANSPORT_PCI_LEGACY:
      return portRead8(legacyConfigPort(transport) + offset);
    default:
      return mmioRead8(transport.registers + MMIO_CONFIG + offset);
  }
};

/** Returns a 16-bit field. */
export const readConfig16 = (transport: Transport, offset: u32): u16 => {
  checkField(transport, offset, 2);
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return regionRead16(transport, transport.config, offset);
    case TRANSPORT_PCI_LEGACY:
      return portRead16(legacyConfigPort(transport) + offset);
    default:
      return mmioRead16(transport.registers + MMIO_CONFIG + offset);
  }
};

/** Returns a 32-bit field; one of 64 bits is two of them. */
export const readConfig32 = (transport: Transport, offset: u32): u32 => {
  checkField(transport, offset, 4);
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return regionRead32(transport, transport.config, offset);
    case TRANSPORT_PCI_LEGACY:
      return portRead32(legacyConfigPort(transport) + offset);
    default:
      return mmioRead32(transport.registers + MMIO_CONFIG + offset);
  }
};

/** Writes an 8-bit field. */
export const writeConfig8 = (transport: Transport, offset: u32, value: u8): void => {
  checkField(transport, offset, 1);
  switch (transport.kind) {
    case TRANSPORT_PCI:
      regionWrite8(transport, transport.config, offset, value);
      break;
    case TRANSPORT_PCI_LEGACY:
      portWrite8(legacyConfigPort(transport) + offset, value);
      break;
    default:
      mmioWrite8(transport.registers + MMIO_CONFIG + offset, value);
  }
};

/** Writes a 16-bit field. */
export const writeConfig16 = (transport: Transport, offset: u32, value: u16): void => {
  checkField(transport, offset, 2);
  switch (transport.kind) {
    case TRANSPORT_PCI:
      regionWrite16(transport, transport.config, offset, value);
      break;
    case TRANSPORT_PCI_LEGACY:
      portWrite16(legacyConfigPort(transport) + offset, value);
      break;
    default:
      mmioWrite16(transport.registers + MMIO_CONFIG + offset, value);
  }
};

/** Writes a 32-bit field. */
export const writeConfig32 = (transport: Transport, offset: u32, value: u32): void => {
  checkField(transport, offset, 4);
  switch (transport.kind) {
    case TRANSPORT_PCI:
      regionWrite32(transport, transport.config, offset, value);
      break;
    case TRANSPORT_PCI_LEGACY:
      portWrite32(legacyConfigPort(transport) + offset, value);
      break;
    default:
      mmioWrite32(transport.registers + MMIO_CONFIG + offset, value);
  }
};

/** An offset that is outside or not aligned is our own mistake: requireConfig has said how much there is. */
const checkField = (transport: Transport, offset: u32, width: u32): void => {
  assert(offset % width === 0, 'a field of the configuration lies at a multiple of its width');
  assert(offset + width <= transport.configLength, 'a field lies in the configuration that requireConfig has checked');
};

// Where the structures of a virtio PCI device lie. VIRTIO 1.2 §4.1.4.
//
//   capability list ─▶ virtio_pci_cap: type, BAR, offset, length ─▶ region of a BAR ─▶ MMIO window
//
// A device may list a structure more than once; the driver takes the first that it can use. §4.1.4.1

import { hex } from '../../../kernel/base/hex.ts';
import { fail, ok, type Result } from '../../../kernel/base/result.ts';
import { configRead8, configRead32 } from '../../../kernel/hal/config.ts';
import { isMemoryBar } from '../../../kernel/pci/bar.ts';
import { BAR_KIND_NONE, type Bar, type PciFunction } from '../../../kernel/pci/function.ts';
import { CAPABILITY_VENDOR, CONFIG_SPACE_SIZE } from '../../../kernel/pci/registers.ts';
import {
  CAP_BAR,
  CAP_BAR_MAX,
  CAP_LENGTH,
  CAP_NOTIFY_OFF_MULTIPLIER,
  CAP_NOTIFY_SIZE,
  CAP_OFFSET,
  CAP_REGION_LENGTH,
  CAP_SIZE,
  CAP_TYPE,
  CAP_TYPE_COMMON,
  CAP_TYPE_DEVICE,
  CAP_TYPE_ISR,
  CAP_TYPE_NOTIFY,
  COMMON_LENGTH,
  NOTIFICATION_SIZE,
} from './pci-registers.ts';
import type { TransportError } from './transport.ts';

/** What a structure must be like to be of use. */
export interface Structure {
  readonly type: number;
  readonly name: string;
  /** Bytes of the capability, and of the region that it describes. */
  readonly capabilitySize: number;
  readonly lengthMin: number;
  readonly alignment: number;
}

export const COMMON: Structure = {
  type: CAP_TYPE_COMMON,
  name: 'COMMON_CFG',
  capabilitySize: CAP_SIZE,
  lengthMin: COMMON_LENGTH,
  alignment: 4,
};
export const NOTIFY: Structure = {
  type: CAP_TYPE_NOTIFY,
  name: 'NOTIFY_CFG',
  capabilitySize: CAP_NOTIFY_SIZE,
  lengthMin: NOTIFICATION_SIZE,
  alignment: 2,
};
export const ISR: Structure = {
  type: CAP_TYPE_ISR,
  name: 'ISR_CFG',
  capabilitySize: CAP_SIZE,
  lengthMin: 1,
  alignment: 1,
};
export const DEVICE: Structure = {
  type: CAP_TYPE_DEVICE,
  name: 'DEVICE_CFG',
  capabilitySize: CAP_SIZE,
  lengthMin: 1,
  alignment: 4,
};

/** A virtio_pci_cap as the device wrote it. */
export interface VirtioCapability {
  readonly type: number;
  /** Bytes of the capability. */
  readonly size: number;
  readonly bar: number;
  readonly offset: number;
  readonly length: number;
  /** Of CAP_TYPE_NOTIFY that is long enough to have it; else 0. */
  readonly notifyOffMultiplier: number;
}

/** A usable structure: physical address and length in bytes. */
export interface Region {
  readonly address: number;
  readonly length: number;
  readonly notifyOffMultiplier: number;
}

/** Returns the virtio capabilities of a function whose list has been read, in order. Those with a reserved BAR number are left out. §4.1.4 */
export const readVirtioCapabilities = (pciFunction: PciFunction): VirtioCapability[] => {
  const found: VirtioCapability[] = [];
  const address = pciFunction.address;
  for (let i = 0; i < pciFunction.capabilityCount; i++) {
    const offset: number = pciFunction.capabilities[i].offset;
    if (pciFunction.capabilities[i].id !== CAPABILITY_VENDOR || offset + CAP_SIZE > CONFIG_SPACE_SIZE) continue;
    const bar = configRead8(address, offset + CAP_BAR);
    if (bar > CAP_BAR_MAX) continue;
    const type = configRead8(address, offset + CAP_TYPE);
    const size = configRead8(address, offset + CAP_LENGTH);
    const hasMultiplier = type === CAP_TYPE_NOTIFY && offset + CAP_NOTIFY_SIZE <= CONFIG_SPACE_SIZE;
    found.push({
      type,
      size,
      bar,
      offset: configRead32(address, offset + CAP_OFFSET),
      length: configRead32(address, offset + CAP_REGION_LENGTH),
      notifyOffMultiplier: hasMultiplier ? configRead32(address, offset + CAP_NOTIFY_OFF_MULTIPLIER) : 0,
    });
  }
  return found;
};

/** Returns the first usable region of `structure`; undefined when none is listed. Fails when all that are listed are unusable. */
export const findRegion = (
  structure: Structure,
  capabilities: readonly VirtioCapability[],
  pciFunction: PciFunction,
): Result<Region | undefined, TransportError> => {
  let refused: TransportError | undefined;
  for (const capability of capabilities) {
    if (capability.type !== structure.type) continue;
    const bar = pciFunction.bars[capability.bar];
    const reason = whyUnusable(structure, capability, bar);
    if (reason === undefined) {
      const { offset, length, notifyOffMultiplier } = capability;
      return ok({ address: bar.address + offset, length, notifyOffMultiplier });
    }
    refused ??= { kind: 'unusable-capability', message: `capability ${structure.name}: ${reason}` };
  }
  return refused === undefined ? ok(undefined) : fail(refused);
};

/** Returns why `capability` cannot be used, undefined when it can. */
const whyUnusable = (structure: Structure, capability: VirtioCapability, bar: Bar): string | undefined => {
  const { size, offset, length, notifyOffMultiplier } = capability;
  const index = capability.bar;
  if (size < structure.capabilitySize) return `it has ${size} bytes, expected at least ${structure.capabilitySize}`;
  if (bar.kind === BAR_KIND_NONE) return `BAR ${index} is not implemented`;
  if (!isMemoryBar(bar)) return `BAR ${index} is an I/O BAR, expected a memory BAR`;
  if (bar.address === 0) return `BAR ${index} has no address`;
  // Both are below 2^32 and their sum is exact, so an offset near the top cannot wrap around into the BAR.
  if (offset + length > bar.size) {
    return `offset 0x${hex(offset, 1)} + length 0x${hex(length, 1)} is beyond BAR ${index} of 0x${hex(bar.size, 1)} bytes`;
  }
  if (length < structure.lengthMin) return `length ${length}, expected at least ${structure.lengthMin}`;
  if (offset % structure.alignment !== 0) {
    return `offset 0x${hex(offset, 1)} is not a multiple of ${structure.alignment}`;
  }
  if (notifyOffMultiplier % NOTIFICATION_SIZE !== 0) {
    return `notify_off_multiplier ${notifyOffMultiplier} is not a multiple of ${NOTIFICATION_SIZE}`;
  }
  return undefined;
};

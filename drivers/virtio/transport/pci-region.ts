'use machine';
// Where the structures of a virtio PCI device lie. VIRTIO 1.2 §4.1.4. Every boot looks for four of them in every device.
//
//   capability list ─▶ virtio_pci_cap: type, BAR, offset, length ─▶ region of a BAR ─▶ MMIO window
//
// A device may list a structure more than once; the driver takes the first that it can use. §4.1.4.1

import { HIGH_WORD_LIMIT, isPowerOfTwo, joinWords } from '../../../kernel/base/bits.ts';
import type { bool, u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { configRead8, configRead32 } from '../../../kernel/hal/config.ts';
import { isMemoryBar } from '../../../kernel/pci/bar.ts';
import { BAR_KIND_NONE, type Bar, type PciFunction } from '../../../kernel/pci/function.ts';
import { CAPABILITY_VENDOR, CONFIG_SPACE_SIZE, VENDOR_ID } from '../../../kernel/pci/registers.ts';
import {
  FAULT_BAR_NOT_ALLOCATED,
  FAULT_IO_BAR,
  FAULT_MISALIGNED,
  FAULT_MISSING_CAPABILITY,
  FAULT_NOTIFY_MULTIPLIER,
  FAULT_OUT_OF_BAR,
  FAULT_PCI,
  FAULT_TOO_SHORT,
  setFault,
  type VirtioFault,
} from './fault.ts';
import {
  CAP_64_SIZE,
  CAP_BAR,
  CAP_BAR_MAX,
  CAP_ID,
  CAP_LENGTH,
  CAP_NOTIFY_OFF_MULTIPLIER,
  CAP_NOTIFY_SIZE,
  CAP_OFFSET,
  CAP_OFFSET_HIGH,
  CAP_REGION_LENGTH,
  CAP_REGION_LENGTH_HIGH,
  CAP_SIZE,
  CAP_TYPE,
  CAP_TYPE_COMMON,
  CAP_TYPE_DEVICE,
  CAP_TYPE_NOTIFY,
  CAP_TYPE_PCI,
  CAP_TYPE_SHARED_MEMORY,
  CAP_WINDOW_SIZE,
  COMMON_LENGTH,
  NOTIFICATION_SIZE,
} from './pci-registers.ts';
import { type Region, SHARED_MEMORY_COUNT_MAX, type Transport } from './record.ts';

/** The host bridge: 0000:00:00.0. */
const HOST_BRIDGE: u32 = 0;

/** Device and vendor of QEMU's generic host bridge. QEMU 10.0 ends with a failed assertion when a window behind it is used (microvm; 7.2 does not). */
const GENERIC_HOST_BRIDGE: u32 = 0x00081b36;

/** The highest number that a u53 holds. */
const ADDRESS_MAX: u53 = 0x1fffffffffffff;

/**
 * Finds the first usable structure of a type (CAP_TYPE_…) and fills `region`. False when none is listed (FAULT_MISSING_CAPABILITY), or none of
 * them can be used: then the facts are those of the first, which the device prefers.
 */
export const findRegion = (pciFunction: PciFunction, type: u8, region: Region, fault: VirtioFault): bool => {
  let first: u16 = 0;
  for (let i: u32 = 0; i < pciFunction.capabilityCount; i++) {
    const capability: u16 = pciFunction.capabilities[i].offset;
    if (pciFunction.capabilities[i].id !== CAPABILITY_VENDOR) continue;
    if (!readRegion(pciFunction, capability, type, region)) continue;
    if (isUsable(pciFunction, type, region, fault)) return true;
    if (first === 0) first = capability;
  }
  region.capability = 0;
  if (first === 0) {
    setFault(fault, FAULT_MISSING_CAPABILITY, 0, 0, 0);
  } else {
    readRegion(pciFunction, first, type, region);
    isUsable(pciFunction, type, region, fault);
    region.capability = 0;
  }
  fault.structure = type;
  return false;
};

/**
 * Returns where the first PCI_CFG capability is, 0 where there is none that can be used. Its BAR, offset and length are ours to write. §4.1.4.9
 */
export const findWindow = (pciFunction: PciFunction): u16 => {
  if (configRead32(HOST_BRIDGE, VENDOR_ID) === GENERIC_HOST_BRIDGE) return 0;
  for (let i: u32 = 0; i < pciFunction.capabilityCount; i++) {
    const capability: u16 = pciFunction.capabilities[i].offset;
    if (pciFunction.capabilities[i].id === CAPABILITY_VENDOR && isOfType(pciFunction, capability, CAP_TYPE_PCI)) {
      return capability;
    }
  }
  return 0;
};

/** Notes every usable shared-memory region. One that is not usable is as if it were not there: who needs it will miss it. §4.1.4.7 */
export const findSharedMemory = (pciFunction: PciFunction, transport: Transport): void => {
  transport.sharedCount = 0;
  for (let i: u32 = 0; i < pciFunction.capabilityCount; i++) {
    if (transport.sharedCount === SHARED_MEMORY_COUNT_MAX) return;
    if (pciFunction.capabilities[i].id !== CAPABILITY_VENDOR) continue;
    const region: Region = transport.shared[transport.sharedCount];
    if (!readRegion(pciFunction, pciFunction.capabilities[i].offset, CAP_TYPE_SHARED_MEMORY, region)) continue;
    if (isUsable(pciFunction, CAP_TYPE_SHARED_MEMORY, region, transport.fault)) transport.sharedCount++;
  }
};

/**
 * Reads the capability into `region`. False when it is to be passed over: it is of another type, shorter than its type is, cut off by the end of
 * configuration space, or names a reserved BAR.
 */
const readRegion = (pciFunction: PciFunction, capability: u16, type: u8, region: Region): bool => {
  if (!isOfType(pciFunction, capability, type)) return false;
  const address: u32 = pciFunction.address;
  const bar: u8 = configRead8(address, capability + CAP_BAR);
  if (bar > CAP_BAR_MAX) return false;
  region.capability = capability;
  region.bar = bar;
  region.id = configRead8(address, capability + CAP_ID);
  region.offset = configRead32(address, capability + CAP_OFFSET) + 0;
  region.length = configRead32(address, capability + CAP_REGION_LENGTH) + 0;
  region.multiplier = type === CAP_TYPE_NOTIFY ? configRead32(address, capability + CAP_NOTIFY_OFF_MULTIPLIER) : 0;
  return type !== CAP_TYPE_SHARED_MEMORY || readHighHalves(address, capability, region);
};

/** Adds the upper halves that virtio_pci_cap64 has. False when a sum could leave 53 bits: no BAR reaches that far. */
const readHighHalves = (address: u32, capability: u16, region: Region): bool => {
  const offsetHigh: u32 = configRead32(address, capability + CAP_OFFSET_HIGH);
  const lengthHigh: u32 = configRead32(address, capability + CAP_REGION_LENGTH_HIGH);
  if (offsetHigh >= HIGH_WORD_LIMIT / 2 || lengthHigh >= HIGH_WORD_LIMIT / 2) return false;
  region.offset = joinWords(region.offset + 0, offsetHigh);
  region.length = joinWords(region.length + 0, lengthHigh);
  return true;
};

/** Returns whether the capability is of `type`, and long enough to be. A longer one is fine. §4.1.4 */
const isOfType = (pciFunction: PciFunction, capability: u16, type: u8): bool => {
  const size: u32 = sizeOf(type);
  if (capability + size > CONFIG_SPACE_SIZE) return false;
  if (configRead8(pciFunction.address, capability + CAP_TYPE) !== type) return false;
  return configRead8(pciFunction.address, capability + CAP_LENGTH) >= size;
};

/** Returns the bytes of a capability of `type`. */
const sizeOf = (type: u8): u32 => {
  if (type === CAP_TYPE_NOTIFY) return CAP_NOTIFY_SIZE;
  if (type === CAP_TYPE_PCI) return CAP_WINDOW_SIZE;
  return type === CAP_TYPE_SHARED_MEMORY ? CAP_64_SIZE : CAP_SIZE;
};

/** Returns whether the driver can use what the capability describes, and completes `region`; else the facts are in `fault`. */
const isUsable = (pciFunction: PciFunction, type: u8, region: Region, fault: VirtioFault): bool => {
  const bar: Bar = pciFunction.bars[region.bar];
  if (region.multiplier !== 0 && !(isPowerOfTwo(region.multiplier) && region.multiplier >= NOTIFICATION_SIZE)) {
    return setFault(fault, FAULT_NOTIFY_MULTIPLIER, 0, region.multiplier, 0);
  }
  if (bar.kind === BAR_KIND_NONE) return setFault(fault, whyNoBar(pciFunction, region.bar), region.bar, 0, 0);
  if (!isMemoryBar(bar)) return setFault(fault, FAULT_IO_BAR, region.bar, 0, 0);
  // One that ends beyond 2^53 is nowhere that we could reach.
  const isPlaced: bool = bar.address !== 0 && bar.address <= ADDRESS_MAX - bar.size;
  if (!isPlaced) return setFault(fault, FAULT_BAR_NOT_ALLOCATED, region.bar, 0, 0);
  // Both are below 2^53 and their sum is exact, so an offset near the top cannot wrap around into the BAR.
  if (region.offset + region.length > bar.size) {
    setFault(fault, FAULT_OUT_OF_BAR, region.bar, region.offset, bar.size);
    fault.detail = region.length;
    return false;
  }
  const lengthMin: u32 = shortest(type);
  if (region.length < lengthMin) return setFault(fault, FAULT_TOO_SHORT, region.bar, region.length, lengthMin);
  region.address = bar.address + region.offset;
  const alignment: u32 = alignmentOf(type);
  if (region.address % alignment !== 0) {
    return setFault(fault, FAULT_MISALIGNED, region.bar, region.address, alignment);
  }
  return true;
};

/** Returns whether the BAR is not there, or is there and cannot be what it says. */
const whyNoBar = (pciFunction: PciFunction, bar: u8): u8 =>
  pciFunction.fault.code !== 0 && pciFunction.fault.first === bar ? FAULT_PCI : FAULT_BAR_NOT_ALLOCATED;

/** Returns the bytes that a structure must have. A device need not have any configuration, but an empty region is none. */
const shortest = (type: u8): u32 => {
  if (type === CAP_TYPE_COMMON) return COMMON_LENGTH;
  return type === CAP_TYPE_NOTIFY ? NOTIFICATION_SIZE : 1;
};

/** Returns the alignment that §4.1.4.3 to §4.1.4.6 ask for. */
const alignmentOf = (type: u8): u32 => {
  if (type === CAP_TYPE_NOTIFY) return 2;
  return type === CAP_TYPE_COMMON || type === CAP_TYPE_DEVICE ? 4 : 1;
};

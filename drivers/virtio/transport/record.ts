'use machine';
// One virtio device as its transport sees it: where its registers are and what was agreed on. VIRTIO 1.2 §4.
//
// Everything that a device says about itself is checked while the transport is opened or a queue is enabled, and kept here; after that it is not
// asked again.

import {
  type bool,
  type FixedArray,
  fixedArray,
  type MmioOffset,
  type PhysicalAddress,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../../../kernel/base/machine.ts';
import { FEATURE_ACCESS_PLATFORM, Features, hasFeature } from '../features.ts';
import { VirtioFault } from './fault.ts';

// How a device is reached.
export const TRANSPORT_NONE: u8 = 0;
/** Registers in memory BARs, listed as capabilities. §4.1.4 */
export const TRANSPORT_PCI: u8 = 1;
/** Registers in I/O BAR 0: what devices before VIRTIO 1.0 have. §4.1.4.10 */
export const TRANSPORT_PCI_LEGACY: u8 = 2;
/** A block of registers at a known address. §4.2.2 */
export const TRANSPORT_MMIO: u8 = 3;
/** The same before VIRTIO 1.0. §4.2.4 */
export const TRANSPORT_MMIO_LEGACY: u8 = 4;

/** Shared-memory regions that a PCI device can list: 192 bytes of capabilities, 24 each. */
export const SHARED_MEMORY_COUNT_MAX: u32 = 8;

/** A part of a BAR that a capability describes, checked. Before it is found, all is zero. */
export class Region {
  /** Where in configuration space the capability is; 0 where the device lists none. */
  capability: u16 = 0;
  bar: u8 = 0;
  /** `id` of the capability: which shared-memory region it is. */
  id: u8 = 0;
  /** Bytes from the start of the BAR, and bytes in all. */
  offset: u53 = 0;
  length: u53 = 0;
  /** Where the region begins on the bus. */
  address: PhysicalAddress = 0;
  /** notify_off_multiplier of a notification region. */
  multiplier: u32 = 0;
  /** Where it is in the MMIO window, once it has been mapped. */
  mapped: MmioOffset = 0;
}

/** Pieces of memory that one device may have: a console with all its ports has 64 queues, each with buffers. */
export const TAKEN_COUNT_MAX: u32 = 256;

/** What one device has of the pool: memory.ts. */
export class TakenMemory {
  count: u32 = 0;
  offsets: FixedArray<u32, 256> = fixedArray(256, 0);
  lengths: FixedArray<u32, 256> = fixedArray(256, 0);
}

/** One open device. */
export class Transport {
  /** TRANSPORT_… */
  kind: u8 = 0;
  /** TYPE_… of ids.ts. */
  deviceType: u32 = 0;
  /** PCI: bus << 8 | device << 3 | function. */
  pciAddress: u32 = 0;
  /** virtio-mmio: where its registers are on the bus. */
  address: PhysicalAddress = 0;
  /** virtio-mmio: the same in the MMIO window. */
  registers: MmioOffset = 0;
  /** Legacy PCI: the first port of BAR 0, and where the MSI-X capability is, 0 for none: the configuration moves when it is enabled. */
  port: u16 = 0;
  msixCapability: u16 = 0;
  /** Bytes of device-specific configuration that can be read; 0 when the device has none. */
  configLength: u32 = 0;
  /** Queues that the device has; an upper limit where the transport does not say. */
  queueCount: u32 = 0;
  /**
   * What is added to an address of memory so that the device reaches it. Other than 0 where an IOMMU translates for it: shiftAddresses, before it comes up.
   */
  addressShift: u53 = 0;

  // PCI, modern.
  common = new Region();
  notify = new Region();
  isr = new Region();
  config = new Region();
  shared: FixedArray<Region, 8> = fixedArray(8, Region);
  sharedCount: u32 = 0;
  /** Where the PCI_CFG capability is, 0 for none; and whether every register is reached through it, because the BARs could not be mapped. */
  windowCapability: u16 = 0;
  isWindowed: bool = false;

  // What was agreed on, in initialize.ts.
  offered = new Features();
  required = new Features();
  accepted = new Features();
  /** What the driver requires and the device does not offer, after FAULT_FEATURES_MISSING. */
  missing = new Features();

  /** Of a device that can be closed. */
  memory = new TakenMemory();

  /** Why the last function that returned false did. */
  fault = new VirtioFault();
}

/** Has a device reach memory by addresses that are `shift` above those of memory. Before it comes up: its queues keep it. */
export const shiftAddresses = (transport: Transport, shift: u53): void => {
  transport.addressShift = shift;
};

/** Takes the shift back of a device that has not agreed on ACCESS_PLATFORM: it reaches memory itself. §6.1 */
export const settleAddresses = (transport: Transport): void => {
  if (!hasFeature(transport.accepted, FEATURE_ACCESS_PLATFORM)) transport.addressShift = 0;
};

/** Returns whether the device is driven by the rules of the time before VIRTIO 1.0. */
export const isLegacy = (transport: Transport): bool =>
  transport.kind === TRANSPORT_PCI_LEGACY || transport.kind === TRANSPORT_MMIO_LEGACY;

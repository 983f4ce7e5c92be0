'use machine';
// The PCI transport of devices from before VIRTIO 1.0: ports of I/O BAR 0. VIRTIO 1.2 §4.1.4.10.
//
// QEMU: -device virtio-blk-pci,drive=x0,disable-modern=on,disable-legacy=off
//
// 32 features, no FEATURES_OK, a queue as long as the device says and where it wants it (legacy-layout.ts).

import type { bool, u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { configRead16 } from '../../../kernel/hal/config.ts';
import { portRead8, portRead16, portRead32, portWrite8, portWrite16, portWrite32 } from '../../../kernel/hal/ports.ts';
import { findCapability } from '../../../kernel/pci/capability.ts';
import { enableCommand } from '../../../kernel/pci/command.ts';
import { BAR_KIND_IO, type PciFunction } from '../../../kernel/pci/function.ts';
import { CAPABILITY_MSIX, COMMAND_IO } from '../../../kernel/pci/registers.ts';
import { attach } from '../queue/doorbell.ts';
import { DOORBELL_PORT16, type Queue } from '../queue/record.ts';
import { FAULT_BAR_NOT_ALLOCATED, FAULT_LEGACY_BAR, setFault } from './fault.ts';
import { legacyPage } from './legacy-layout.ts';
import {
  LEGACY_CONFIG,
  LEGACY_CONFIG_MSIX,
  LEGACY_DEVICE_FEATURES,
  LEGACY_DRIVER_FEATURES,
  LEGACY_ISR,
  LEGACY_QUEUE_NOTIFY,
  LEGACY_QUEUE_PFN,
  LEGACY_QUEUE_SELECT,
  LEGACY_QUEUE_SIZE,
  LEGACY_STATUS,
  MSIX_CONTROL,
  MSIX_ENABLE,
} from './legacy-registers.ts';
import { TRANSPORT_PCI_LEGACY, type Transport } from './record.ts';

/** Ports have 16 bits. */
const PORT_COUNT: u32 = 65536;

/** The interface does not say how many queues there are; an index has 16 bits. */
const QUEUE_COUNT_MAX: u32 = 65536;

/** Returns whether BAR 0 is one of ports, as a device with a legacy interface has it. */
export const hasLegacyBar = (pciFunction: PciFunction): bool => pciFunction.bars[0].kind === BAR_KIND_IO;

/** Opens the legacy interface of a function whose BAR 0 is one of ports. The device is not touched yet, except that it decodes them. */
export const openLegacyPci = (pciFunction: PciFunction, transport: Transport): bool => {
  const address: u53 = pciFunction.bars[0].address;
  const size: u53 = pciFunction.bars[0].size;
  if (address === 0) return setFault(transport.fault, FAULT_BAR_NOT_ALLOCATED, 0, 0, 0);
  if (size < LEGACY_CONFIG_MSIX || address + size > PORT_COUNT) {
    return setFault(transport.fault, FAULT_LEGACY_BAR, 0, size, LEGACY_CONFIG_MSIX);
  }
  enableCommand(pciFunction, COMMAND_IO);
  transport.kind = TRANSPORT_PCI_LEGACY;
  transport.port = address + 0;
  transport.msixCapability = findCapability(pciFunction, CAPABILITY_MSIX) + 0;
  transport.configLength = size - LEGACY_CONFIG_MSIX + 0; // What is there also when MSI-X is enabled later.
  transport.queueCount = QUEUE_COUNT_MAX;
  return true;
};

/** Returns the device status. */
export const readLegacyStatus = (transport: Transport): u8 => portRead8(transport.port + LEGACY_STATUS);

/** Writes the device status. */
export const writeLegacyStatus = (transport: Transport, status: u8): void =>
  portWrite8(transport.port + LEGACY_STATUS, status);

/** Returns the 32 features that the device offers. */
export const readLegacyFeatures = (transport: Transport): u32 => portRead32(transport.port + LEGACY_DEVICE_FEATURES);

/** Writes those that the driver accepts. */
export const writeLegacyFeatures = (transport: Transport, bits: u32): void =>
  portWrite32(transport.port + LEGACY_DRIVER_FEATURES, bits);

/** Returns the size that queue `index` has, 0 when there is no such queue. */
export const legacyQueueSize = (transport: Transport, index: u16): u32 => {
  portWrite16(transport.port + LEGACY_QUEUE_SELECT, index);
  return portRead16(transport.port + LEGACY_QUEUE_SIZE);
};

/** Returns whether queue `index` is enabled. */
export const isLegacyQueueEnabled = (transport: Transport, index: u16): bool => {
  portWrite16(transport.port + LEGACY_QUEUE_SELECT, index);
  return portRead32(transport.port + LEGACY_QUEUE_PFN) !== 0;
};

/** Writes the place of a queue that was checked, which enables it. */
export const programLegacyQueue = (transport: Transport, queue: Queue): void => {
  portWrite16(transport.port + LEGACY_QUEUE_SELECT, queue.index);
  portWrite32(transport.port + LEGACY_QUEUE_PFN, legacyPage(queue) + 0);
  attach(queue, DOORBELL_PORT16, transport.port + LEGACY_QUEUE_NOTIFY, queue.index, false);
};

/** Stops queue `index`. */
export const stopLegacyQueue = (transport: Transport, index: u16): void => {
  portWrite16(transport.port + LEGACY_QUEUE_SELECT, index);
  portWrite32(transport.port + LEGACY_QUEUE_PFN, 0);
};

/** Returns why the device interrupts; reading takes the interrupt back. */
export const acknowledgeLegacy = (transport: Transport): u8 => portRead8(transport.port + LEGACY_ISR);

/** Returns the port of the configuration's first byte: 4 higher while MSI-X is enabled. It is asked for each time, since it may change. */
export const legacyConfigPort = (transport: Transport): u16 => {
  if (transport.msixCapability === 0) return transport.port + LEGACY_CONFIG;
  const control: u16 = configRead16(transport.pciAddress, transport.msixCapability + MSIX_CONTROL);
  return transport.port + ((control & MSIX_ENABLE) !== 0 ? LEGACY_CONFIG_MSIX : LEGACY_CONFIG);
};

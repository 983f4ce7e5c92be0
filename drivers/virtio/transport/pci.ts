'use machine';
// The PCI transport. VIRTIO 1.2 §4.1. Every boot opens each virtio device with it.
//
// QEMU: -device virtio-blk-pci,drive=x0,disable-legacy=on (and any other -pci device; transitional ones work through their modern half).
//
// Everything that a device says about itself is checked while the transport is opened or a queue is enabled; after that a notification
// is one write to an offset that is known to be good.

import { smaller, WORD_VALUES } from '../../../kernel/base/bits.ts';
import type { bool, u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { configRead16, configWrite16 } from '../../../kernel/hal/config.ts';
import { MMIO_MAP_FAILED, mmioMap } from '../../../kernel/hal/mmio.ts';
import { sizeBars } from '../../../kernel/pci/bar.ts';
import { readCapabilities } from '../../../kernel/pci/capability.ts';
import { enableCommand } from '../../../kernel/pci/command.ts';
import type { PciFunction } from '../../../kernel/pci/function.ts';
import { wake } from '../../../kernel/pci/power.ts';
import {
  COMMAND,
  COMMAND_BUS_MASTER,
  COMMAND_IO,
  COMMAND_MEMORY,
  VENDOR_ABSENT,
  VENDOR_ID,
} from '../../../kernel/pci/registers.ts';
import { FEATURE_NOTIF_CONFIG_DATA, FEATURE_NOTIFICATION_DATA, hasFeature } from '../features.ts';
import { deviceType, isTransitionalId, TYPE_NONE, VIRTIO_VENDOR_ID } from '../ids.ts';
import { attach, attachWindow } from '../queue/doorbell.ts';
import { DOORBELL_MMIO16, DOORBELL_MMIO32, DOORBELL_WINDOW16, deviceAddress, type Queue } from '../queue/record.ts';
import {
  FAULT_DEVICE_ID,
  FAULT_MAP,
  FAULT_MISSING_CAPABILITY,
  FAULT_NONE,
  FAULT_NOTIFY_RANGE,
  FAULT_PCI,
  FAULT_QUEUE_NOT_ENABLED,
  FAULT_VENDOR_ID,
  FAULT_WINDOW,
  setFault,
  type VirtioFault,
} from './fault.ts';
import { hasLegacyBar, openLegacyPci } from './legacy-pci.ts';
import {
  regionRead8,
  regionRead16,
  regionRead32,
  regionWrite8,
  regionWrite16,
  regionWrite32,
  regionWrite64,
} from './pci-access.ts';
import { findRegion, findSharedMemory, findWindow } from './pci-region.ts';
import {
  CAP_TYPE_COMMON,
  CAP_TYPE_DEVICE,
  CAP_TYPE_ISR,
  CAP_TYPE_NOTIFY,
  COMMON_LENGTH_ADMIN_VQ,
  CONFIG_GENERATION,
  DEVICE_FEATURE,
  DEVICE_FEATURE_SELECT,
  DEVICE_STATUS,
  DRIVER_FEATURE,
  DRIVER_FEATURE_SELECT,
  NOTIFICATION_DATA_SIZE,
  NOTIFICATION_SIZE,
  NUM_QUEUES,
  QUEUE_DESC,
  QUEUE_DEVICE,
  QUEUE_DRIVER,
  QUEUE_ENABLE,
  QUEUE_NOTIF_CONFIG_DATA,
  QUEUE_NOTIFY_OFF,
  QUEUE_RESET,
  QUEUE_SELECT,
  QUEUE_SIZE,
} from './pci-registers.ts';
import { windowRead8, windowRead16 } from './pci-window.ts';
import { type Region, TRANSPORT_PCI, type Transport } from './record.ts';

/** More of a device's own configuration is not mapped: the longest that VIRTIO defines has far less. */
const CONFIG_LENGTH_MAX: u32 = 4096;

/** The whole region is mapped: 65536 queues, a page each, is what a device may ask for at most (page-per-vq). */
const NOTIFY_LENGTH_MAX: u32 = 0x10000000;

/**
 * Opens a PCI function whose BARs have addresses; through its legacy interface where it has no other. The device is not touched yet, except that
 * it decodes memory or ports. False when it cannot be driven: the facts are in the transport's fault, or with FAULT_PCI in the function's.
 */
export const openPci = (pciFunction: PciFunction, transport: Transport): bool => {
  const fault: VirtioFault = transport.fault;
  fault.step = 0;
  if (pciFunction.vendorId !== VIRTIO_VENDOR_ID) {
    return setFault(fault, FAULT_VENDOR_ID, 0, pciFunction.vendorId, VIRTIO_VENDOR_ID);
  }
  transport.deviceType = deviceType(pciFunction.deviceId);
  transport.pciAddress = pciFunction.address;
  if (transport.deviceType === TYPE_NONE) return setFault(fault, FAULT_DEVICE_ID, 0, pciFunction.deviceId, 0);
  if (!readCapabilities(pciFunction) || !wake(pciFunction)) return setFault(fault, FAULT_PCI, 0, 0, 0);
  sizeBars(pciFunction); // One that cannot be counts as none, which matters only where a capability names it.

  if (findRegion(pciFunction, CAP_TYPE_COMMON, transport.common, fault)) return openModern(pciFunction, transport);
  // A device that lists none of them is a legacy one. §4.1.5.1.1.1
  const isListed: bool = fault.code !== FAULT_MISSING_CAPABILITY;
  if (isListed || !isTransitionalId(pciFunction.deviceId) || !hasLegacyBar(pciFunction)) return false;
  return openLegacyPci(pciFunction, transport);
};

/** Returns whether a PCI device is not where it was any more: nothing answers there, or one that nobody has set up yet. */
export const isPciGone = (transport: Transport): bool =>
  configRead16(transport.pciAddress, VENDOR_ID) === VENDOR_ABSENT ||
  (configRead16(transport.pciAddress, COMMAND) & (COMMAND_IO | COMMAND_MEMORY)) === 0;

/** Lets a PCI device reach memory, or forbids it. */
export const setBusMaster = (transport: Transport, isAllowed: bool): void => {
  const command: u16 = configRead16(transport.pciAddress, COMMAND);
  const wanted: u16 = isAllowed ? command | COMMAND_BUS_MASTER : command & ~COMMAND_BUS_MASTER;
  if (wanted !== command) configWrite16(transport.pciAddress, COMMAND, wanted);
};

/** Returns device_status. */
export const readPciStatus = (transport: Transport): u8 => regionRead8(transport, transport.common, DEVICE_STATUS);

/** Writes device_status. */
export const writePciStatus = (transport: Transport, status: u8): void =>
  regionWrite8(transport, transport.common, DEVICE_STATUS, status);

/** Returns config_generation. */
export const readPciGeneration = (transport: Transport): u8 =>
  regionRead8(transport, transport.common, CONFIG_GENERATION);

/** Returns why the device interrupts; reading takes the interrupt back. */
export const acknowledgePci = (transport: Transport): u8 => regionRead8(transport, transport.isr, 0);

/** Returns word `word` of the features that the device offers. */
export const readPciFeatures = (transport: Transport, word: u32): u32 => {
  regionWrite32(transport, transport.common, DEVICE_FEATURE_SELECT, word);
  return regionRead32(transport, transport.common, DEVICE_FEATURE);
};

/** Writes word `word` of the features that the driver accepts. */
export const writePciFeatures = (transport: Transport, word: u32, bits: u32): void => {
  regionWrite32(transport, transport.common, DRIVER_FEATURE_SELECT, word);
  regionWrite32(transport, transport.common, DRIVER_FEATURE, bits);
};

/** Returns queue_size of queue `index`: before it is enabled, the most that it may have; 0 when there is no such queue. */
export const pciQueueSizeMax = (transport: Transport, index: u16): u32 => {
  if (index >= transport.queueCount) return 0;
  regionWrite16(transport, transport.common, QUEUE_SELECT, index);
  return regionRead16(transport, transport.common, QUEUE_SIZE);
};

/** Returns queue_enable of queue `index`; false when there is no such queue. */
export const isPciQueueEnabled = (transport: Transport, index: u16): bool => {
  if (index >= transport.queueCount) return false;
  regionWrite16(transport, transport.common, QUEUE_SELECT, index);
  return regionRead16(transport, transport.common, QUEUE_ENABLE) !== 0;
};

/** Writes size and place of a queue that was checked, and enables it last. False when its notifications have no place in the region. */
export const programPciQueue = (transport: Transport, queue: Queue): bool => {
  const common: Region = transport.common;
  regionWrite16(transport, common, QUEUE_SELECT, queue.index);
  if (!attachDoorbell(transport, queue)) return false;
  regionWrite16(transport, common, QUEUE_SIZE, queue.size + 0);
  regionWrite64(transport, common, QUEUE_DESC, deviceAddress(queue, queue.descriptors));
  regionWrite64(transport, common, QUEUE_DRIVER, deviceAddress(queue, queue.driver));
  regionWrite64(transport, common, QUEUE_DEVICE, deviceAddress(queue, queue.device));
  regionWrite16(transport, common, QUEUE_ENABLE, 1);
  const enabled: u16 = regionRead16(transport, common, QUEUE_ENABLE);
  return enabled === 1 || setFault(transport.fault, FAULT_QUEUE_NOT_ENABLED, queue.index, enabled, 1);
};

/** Begins the reset of queue `index`, with RING_RESET. §4.1.4.3.2 */
export const startPciQueueReset = (transport: Transport, index: u16): void => {
  regionWrite16(transport, transport.common, QUEUE_SELECT, index);
  regionWrite16(transport, transport.common, QUEUE_RESET, 1);
};

/** Returns queue_reset of queue `index`: 0 when its reset is over. */
export const readPciQueueReset = (transport: Transport, index: u16): u32 => {
  regionWrite16(transport, transport.common, QUEUE_SELECT, index);
  return regionRead16(transport, transport.common, QUEUE_RESET);
};

/** Works out where the notifications of the selected queue go, once and for all. §4.1.4.4: exact in 48 bits. */
const attachDoorbell = (transport: Transport, queue: Queue): bool => {
  const notify: Region = transport.notify;
  const notifyOff: u16 = regionRead16(transport, transport.common, QUEUE_NOTIFY_OFF);
  const offset: u53 = notifyOff * notify.multiplier;
  const hasData: bool = hasFeature(transport.accepted, FEATURE_NOTIFICATION_DATA);
  const size: u32 = hasData ? NOTIFICATION_DATA_SIZE : NOTIFICATION_SIZE;
  if (offset + size > smaller(notify.length, NOTIFY_LENGTH_MAX)) {
    setFault(transport.fault, FAULT_NOTIFY_RANGE, queue.index, notifyOff, notify.length);
    transport.fault.detail = notify.multiplier;
    return false;
  }
  const hasValue: bool = hasFeature(transport.accepted, FEATURE_NOTIF_CONFIG_DATA);
  const value: u16 = hasValue ? regionRead16(transport, transport.common, QUEUE_NOTIF_CONFIG_DATA) : queue.index;
  if (transport.isWindowed) {
    attachWindow(queue, transport.pciAddress, transport.windowCapability, notify.bar);
    attach(queue, DOORBELL_WINDOW16, notify.offset + offset, value, hasData);
  } else {
    attach(queue, hasData ? DOORBELL_MMIO32 : DOORBELL_MMIO16, notify.mapped + offset, value, hasData);
  }
  return true;
};

/** Opens a function whose common configuration was found. */
const openModern = (pciFunction: PciFunction, transport: Transport): bool => {
  const fault: VirtioFault = transport.fault;
  if (!findRegion(pciFunction, CAP_TYPE_NOTIFY, transport.notify, fault)) return false;
  if (!findRegion(pciFunction, CAP_TYPE_ISR, transport.isr, fault)) return false;
  // Not every type of device has a configuration of its own.
  const hasConfig: bool = findRegion(pciFunction, CAP_TYPE_DEVICE, transport.config, fault);
  if (!hasConfig && fault.code !== FAULT_MISSING_CAPABILITY) return false;
  findSharedMemory(pciFunction, transport);
  transport.windowCapability = findWindow(pciFunction);

  enableCommand(pciFunction, COMMAND_MEMORY);
  transport.isWindowed = false;
  if (!mapRegions(transport, hasConfig)) {
    if (!isInWindow(transport, transport.common) || !isInWindow(transport, transport.notify)) return false;
    if (!isInWindow(transport, transport.isr) || !isInWindow(transport, transport.config)) return false;
    transport.isWindowed = true; // Through configuration space, then.
  }
  transport.kind = TRANSPORT_PCI;
  transport.configLength = hasConfig ? smaller(transport.config.length, CONFIG_LENGTH_MAX) + 0 : 0;
  transport.queueCount = regionRead16(transport, transport.common, NUM_QUEUES);
  setFault(fault, FAULT_NONE, 0, 0, 0);
  return transport.isWindowed || !isInWindow(transport, transport.common) || agreesWithWindow(transport);
};

/** Returns whether the PCI_CFG window reaches all of a region: its offsets have 32 bits. */
const isInWindow = (transport: Transport, region: Region): bool =>
  transport.windowCapability !== 0 && region.offset + region.length <= WORD_VALUES;

const mapRegions = (transport: Transport, hasConfig: bool): bool =>
  mapRegion(transport.common, CAP_TYPE_COMMON, COMMON_LENGTH_ADMIN_VQ, transport.fault) &&
  mapRegion(transport.notify, CAP_TYPE_NOTIFY, NOTIFY_LENGTH_MAX, transport.fault) &&
  mapRegion(transport.isr, CAP_TYPE_ISR, 1, transport.fault) &&
  (!hasConfig || mapRegion(transport.config, CAP_TYPE_DEVICE, CONFIG_LENGTH_MAX, transport.fault));

/** Maps up to `lengthMax` bytes of a region. */
const mapRegion = (region: Region, type: u8, lengthMax: u32, fault: VirtioFault): bool => {
  const length: u32 = smaller(region.length, lengthMax) + 0;
  region.mapped = mmioMap(region.address, length);
  if (region.mapped !== MMIO_MAP_FAILED) return true;
  setFault(fault, FAULT_MAP, 0, region.address, length);
  fault.structure = type;
  return false;
};

/** Returns whether both ways to the common configuration lead to the same registers; else BARs and capabilities do not mean what they say. */
const agreesWithWindow = (transport: Transport): bool => {
  const common: Region = transport.common;
  const count: u16 = windowRead16(
    transport.pciAddress,
    transport.windowCapability,
    common.bar,
    common.offset + NUM_QUEUES,
  );
  if (count !== transport.queueCount) {
    return setFault(transport.fault, FAULT_WINDOW, NUM_QUEUES, count, transport.queueCount);
  }
  const status: u8 = windowRead8(
    transport.pciAddress,
    transport.windowCapability,
    common.bar,
    common.offset + DEVICE_STATUS,
  );
  const mapped: u8 = readPciStatus(transport);
  return status === mapped || setFault(transport.fault, FAULT_WINDOW, DEVICE_STATUS, status, mapped);
};

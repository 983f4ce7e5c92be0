'use machine';
// The virtio-mmio transport, version 2 and, for what came before VIRTIO 1.0, version 1. VIRTIO 1.2 §4.2.
//
// QEMU: -M microvm -device virtio-blk-device,drive=x0      version 1; version 2 with -global virtio-mmio.force-legacy=false
//
// There is nothing to enumerate: the machine says where such devices are (drivers/table.ts), and a slot may be empty.

import { highWord, lowWord, smaller } from '../../../kernel/base/bits.ts';
import type { bool, MmioOffset, PhysicalAddress, u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { MMIO_MAP_FAILED, mmioMap, mmioRead32, mmioWrite32 } from '../../../kernel/hal/mmio.ts';
import { FEATURE_NOTIFICATION_DATA, FEATURE_WORD_COUNT_COMMON, hasFeature } from '../features.ts';
import { TYPE_NONE } from '../ids.ts';
import { attach } from '../queue/doorbell.ts';
import { DOORBELL_MMIO32, deviceAddress, type Queue } from '../queue/record.ts';
import {
  FAULT_MAP,
  FAULT_MMIO_EMPTY,
  FAULT_MMIO_LENGTH,
  FAULT_MMIO_MAGIC,
  FAULT_MMIO_VERSION,
  setFault,
  type VirtioFault,
} from './fault.ts';
import { LEGACY_PAGE_SIZE, legacyPage } from './legacy-layout.ts';
import {
  MMIO_CONFIG,
  MMIO_DEVICE_FEATURES,
  MMIO_DEVICE_FEATURES_SELECT,
  MMIO_DEVICE_ID,
  MMIO_DRIVER_FEATURES,
  MMIO_DRIVER_FEATURES_SELECT,
  MMIO_GUEST_PAGE_SIZE,
  MMIO_INTERRUPT_ACK,
  MMIO_INTERRUPT_STATUS,
  MMIO_MAGIC,
  MMIO_MAGIC_VALUE,
  MMIO_QUEUE_ALIGN,
  MMIO_QUEUE_DESC,
  MMIO_QUEUE_DEVICE,
  MMIO_QUEUE_DRIVER,
  MMIO_QUEUE_NOTIFY,
  MMIO_QUEUE_PFN,
  MMIO_QUEUE_READY,
  MMIO_QUEUE_RESET,
  MMIO_QUEUE_SELECT,
  MMIO_QUEUE_SIZE,
  MMIO_QUEUE_SIZE_MAX,
  MMIO_STATUS,
  MMIO_VERSION,
  MMIO_VERSION_LEGACY,
  MMIO_VERSION_MODERN,
} from './mmio-registers.ts';
import { TRANSPORT_MMIO, TRANSPORT_MMIO_LEGACY, type Transport } from './record.ts';

/** More of a device's configuration is not mapped: the longest that VIRTIO defines has far less. */
const CONFIG_LENGTH_MAX: u32 = 4096;

/** The transport does not say how many queues there are; an index has 16 bits. */
const QUEUE_COUNT_MAX: u32 = 65536;

/** The bits of InterruptStatus that mean something: a queue, the configuration. §4.2.2 */
const INTERRUPT_BITS: u32 = 3;

/**
 * Opens the device whose registers are the `length` bytes at `address`. The device is not touched otherwise. Fails when there is none
 * (FAULT_MMIO_EMPTY, not to be reported), or none that we can drive.
 */
export const openMmio = (address: PhysicalAddress, length: u32, transport: Transport): bool => {
  const fault: VirtioFault = transport.fault;
  fault.step = 0;
  if (length < MMIO_CONFIG) return setFault(fault, FAULT_MMIO_LENGTH, 0, length, MMIO_CONFIG);
  const mappedLength: u32 = smaller(length, MMIO_CONFIG + CONFIG_LENGTH_MAX) + 0;
  const registers: MmioOffset = mmioMap(address, mappedLength);
  if (registers === MMIO_MAP_FAILED) return setFault(fault, FAULT_MAP, 0, address, length);

  const magic: u32 = mmioRead32(registers + MMIO_MAGIC);
  if (magic !== MMIO_MAGIC_VALUE) return setFault(fault, FAULT_MMIO_MAGIC, 0, magic, MMIO_MAGIC_VALUE);
  const version: u32 = mmioRead32(registers + MMIO_VERSION);
  if (version !== MMIO_VERSION_MODERN && version !== MMIO_VERSION_LEGACY) {
    return setFault(fault, FAULT_MMIO_VERSION, 0, version, MMIO_VERSION_MODERN);
  }
  const deviceType: u32 = mmioRead32(registers + MMIO_DEVICE_ID);
  if (deviceType === TYPE_NONE) return setFault(fault, FAULT_MMIO_EMPTY, 0, 0, 0);

  transport.kind = version === MMIO_VERSION_LEGACY ? TRANSPORT_MMIO_LEGACY : TRANSPORT_MMIO;
  transport.deviceType = deviceType;
  transport.address = address;
  transport.registers = registers;
  transport.configLength = mappedLength - MMIO_CONFIG;
  transport.queueCount = QUEUE_COUNT_MAX;
  return true;
};

/** Returns the device status. */
export const readMmioStatus = (transport: Transport): u8 => mmioRead32(transport.registers + MMIO_STATUS) & 0xff;

/** Writes the device status. */
export const writeMmioStatus = (transport: Transport, status: u8): void =>
  mmioWrite32(transport.registers + MMIO_STATUS, status);

/**
 * Returns word `word` of the features that the device offers. QEMU takes every selection but 0 for 1, so a word that reads as word 1 again, its
 * VERSION_1 included, is not there.
 */
export const readMmioFeatures = (transport: Transport, word: u32): u32 => {
  const bits: u32 = selectedFeatures(transport, word);
  return word >= FEATURE_WORD_COUNT_COMMON && bits === selectedFeatures(transport, 1) ? 0 : bits;
};

/** Writes word `word` of the features that the driver accepts. */
export const writeMmioFeatures = (transport: Transport, word: u32, bits: u32): void => {
  mmioWrite32(transport.registers + MMIO_DRIVER_FEATURES_SELECT, word);
  mmioWrite32(transport.registers + MMIO_DRIVER_FEATURES, bits);
};

/** Tells a device of version 1 the unit of QueuePFN. Before any queue is used. §4.2.4 */
export const writeMmioPageSize = (transport: Transport): void =>
  mmioWrite32(transport.registers + MMIO_GUEST_PAGE_SIZE, LEGACY_PAGE_SIZE);

/** Returns the size up to which queue `index` may be enabled, 0 when there is no such queue. */
export const mmioQueueSizeMax = (transport: Transport, index: u16): u32 => {
  mmioWrite32(transport.registers + MMIO_QUEUE_SELECT, index);
  return mmioRead32(transport.registers + MMIO_QUEUE_SIZE_MAX);
};

/** Returns whether queue `index` is enabled. */
export const isMmioQueueEnabled = (transport: Transport, index: u16): bool => {
  mmioWrite32(transport.registers + MMIO_QUEUE_SELECT, index);
  return mmioRead32(transport.registers + readyRegister(transport)) !== 0;
};

/** Writes size and place of a queue that was checked, and enables it last. §4.2.3.2 */
export const programMmioQueue = (transport: Transport, queue: Queue): void => {
  const registers: MmioOffset = transport.registers;
  mmioWrite32(registers + MMIO_QUEUE_SELECT, queue.index);
  mmioWrite32(registers + MMIO_QUEUE_SIZE, queue.size);
  if (transport.kind === TRANSPORT_MMIO_LEGACY) {
    mmioWrite32(registers + MMIO_QUEUE_ALIGN, LEGACY_PAGE_SIZE);
    mmioWrite32(registers + MMIO_QUEUE_PFN, legacyPage(queue) + 0);
  } else {
    write64(registers + MMIO_QUEUE_DESC, deviceAddress(queue, queue.descriptors));
    write64(registers + MMIO_QUEUE_DRIVER, deviceAddress(queue, queue.driver));
    write64(registers + MMIO_QUEUE_DEVICE, deviceAddress(queue, queue.device));
    mmioWrite32(registers + MMIO_QUEUE_READY, 1);
  }
  const hasData: bool = hasFeature(transport.accepted, FEATURE_NOTIFICATION_DATA);
  attach(queue, DOORBELL_MMIO32, registers + MMIO_QUEUE_NOTIFY, queue.index, hasData);
};

/** Asks for queue `index` to be stopped. It is when isMmioQueueEnabled says so. §4.2.2.2 */
export const stopMmioQueue = (transport: Transport, index: u16): void => {
  mmioWrite32(transport.registers + MMIO_QUEUE_SELECT, index);
  mmioWrite32(transport.registers + readyRegister(transport), 0);
};

/** Begins the reset of queue `index`. §4.2.2.2 */
export const startMmioQueueReset = (transport: Transport, index: u16): void => {
  mmioWrite32(transport.registers + MMIO_QUEUE_SELECT, index);
  mmioWrite32(transport.registers + MMIO_QUEUE_RESET, 1);
};

/** Returns QueueReset of queue `index`: 0 when its reset is over. */
export const readMmioQueueReset = (transport: Transport, index: u16): u32 => {
  mmioWrite32(transport.registers + MMIO_QUEUE_SELECT, index);
  return mmioRead32(transport.registers + MMIO_QUEUE_RESET);
};

/** Returns why the device interrupts, and takes the interrupt back. Bits without a meaning are ignored. §4.2.3.4.1 */
export const acknowledgeMmio = (transport: Transport): u8 => {
  const reasons: u8 = mmioRead32(transport.registers + MMIO_INTERRUPT_STATUS) & INTERRUPT_BITS;
  if (reasons !== 0) mmioWrite32(transport.registers + MMIO_INTERRUPT_ACK, reasons);
  return reasons;
};

/** Returns the register that says whether the selected queue is enabled, and stops it when 0 is written. */
const readyRegister = (transport: Transport): u32 =>
  transport.kind === TRANSPORT_MMIO_LEGACY ? MMIO_QUEUE_PFN : MMIO_QUEUE_READY;

const selectedFeatures = (transport: Transport, word: u32): u32 => {
  mmioWrite32(transport.registers + MMIO_DEVICE_FEATURES_SELECT, word);
  return mmioRead32(transport.registers + MMIO_DEVICE_FEATURES);
};

const write64 = (register: MmioOffset, value: u53): void => {
  mmioWrite32(register, lowWord(value));
  mmioWrite32(register + 4, highWord(value));
};

'use machine';
// The common configuration of a virtio PCI device, register by register. VIRTIO 1.2 §4.1.4.3.
// `common` is where it lies in the MMIO window. Every register is reached at its own width; the 64-bit ones as two halves. §4.1.3.1

import { highWord, lowWord } from '../../../kernel/base/bits.ts';
import type { bool, MmioOffset, u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { mmioRead8, mmioRead16, mmioRead32, mmioWrite8, mmioWrite16, mmioWrite32 } from '../../../kernel/hal/mmio.ts';
import {
  CONFIG_GENERATION,
  DEVICE_FEATURE,
  DEVICE_FEATURE_SELECT,
  DEVICE_STATUS,
  DRIVER_FEATURE,
  DRIVER_FEATURE_SELECT,
  NUM_QUEUES,
  QUEUE_DESC,
  QUEUE_DEVICE,
  QUEUE_DRIVER,
  QUEUE_ENABLE,
  QUEUE_NOTIFY_OFF,
  QUEUE_SELECT,
  QUEUE_SIZE,
} from './pci-registers.ts';

/** Returns device_status. */
export const readDeviceStatus = (common: MmioOffset): u8 => mmioRead8(common + DEVICE_STATUS);

/** Writes device_status. */
export const writeDeviceStatus = (common: MmioOffset, status: u8): void => mmioWrite8(common + DEVICE_STATUS, status);

/** Returns config_generation. */
export const readConfigGeneration = (common: MmioOffset): u8 => mmioRead8(common + CONFIG_GENERATION);

/** Returns word `word` of the features that the device offers. */
export const readFeatureWord = (common: MmioOffset, word: u32): u32 => {
  mmioWrite32(common + DEVICE_FEATURE_SELECT, word);
  return mmioRead32(common + DEVICE_FEATURE);
};

/** Writes word `word` of the features that the driver accepts. */
export const writeFeatureWord = (common: MmioOffset, word: u32, bits: u32): void => {
  mmioWrite32(common + DRIVER_FEATURE_SELECT, word);
  mmioWrite32(common + DRIVER_FEATURE, bits);
};

/** Returns queue_size of queue `index`: before it is enabled, the most that it may have; 0 when there is no such queue. */
export const readQueueSize = (common: MmioOffset, index: u16): u16 => {
  if (index >= mmioRead16(common + NUM_QUEUES)) return 0;
  mmioWrite16(common + QUEUE_SELECT, index);
  return mmioRead16(common + QUEUE_SIZE);
};

/** Returns queue_enable of queue `index`, which exists. */
export const isQueueEnabled = (common: MmioOffset, index: u16): bool => {
  mmioWrite16(common + QUEUE_SELECT, index);
  return mmioRead16(common + QUEUE_ENABLE) !== 0;
};

/** Returns queue_notify_off of queue `index`, which exists. */
export const readQueueNotifyOff = (common: MmioOffset, index: u16): u16 => {
  mmioWrite16(common + QUEUE_SELECT, index);
  return mmioRead16(common + QUEUE_NOTIFY_OFF);
};

/** Writes size and places (bus addresses) of queue `index`, and enables it last. */
export const writeQueue = (
  common: MmioOffset,
  index: u16,
  size: u16,
  descriptors: u53,
  driver: u53,
  device: u53,
): void => {
  mmioWrite16(common + QUEUE_SELECT, index);
  mmioWrite16(common + QUEUE_SIZE, size);
  write64(common + QUEUE_DESC, descriptors);
  write64(common + QUEUE_DRIVER, driver);
  write64(common + QUEUE_DEVICE, device);
  mmioWrite16(common + QUEUE_ENABLE, 1);
};

const write64 = (register: MmioOffset, value: u53): void => {
  mmioWrite32(register, lowWord(value));
  mmioWrite32(register + 4, highWord(value));
};

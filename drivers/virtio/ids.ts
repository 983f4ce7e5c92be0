// Which virtio device a PCI function is. VIRTIO 1.2 §4.1.2 and §5.

import type { PciFunction } from '../../kernel/pci/function.ts';

export const VIRTIO_VENDOR_ID = 0x1af4;

/** The id of a device whose type is n is this plus n. §4.1.2.1 */
const MODERN_ID_BASE = 0x1040;

// Device types. §5
export const TYPE_NET = 1;
export const TYPE_BLOCK = 2;
export const TYPE_CONSOLE = 3;
export const TYPE_ENTROPY = 4;
export const TYPE_BALLOON = 5;
export const TYPE_SCSI = 8;
export const TYPE_9P = 9;
export const TYPE_GPU = 16;
export const TYPE_INPUT = 18;

/** type, name. */
const TYPE_NAMES: readonly (readonly [number, string])[] = [
  [TYPE_NET, 'virtio-net'],
  [TYPE_BLOCK, 'virtio-blk'],
  [TYPE_CONSOLE, 'virtio-console'],
  [TYPE_ENTROPY, 'virtio-rng'],
  [TYPE_BALLOON, 'virtio-balloon'],
  [6, 'virtio-io-memory'],
  [7, 'virtio-rpmsg'],
  [TYPE_SCSI, 'virtio-scsi'],
  [TYPE_9P, 'virtio-9p'],
  [10, 'virtio-mac80211'],
  [11, 'virtio-rproc-serial'],
  [12, 'virtio-caif'],
  [13, 'virtio-memory-balloon'],
  [TYPE_GPU, 'virtio-gpu'],
  [17, 'virtio-rtc'],
  [TYPE_INPUT, 'virtio-input'],
  [19, 'virtio-vsock'],
  [20, 'virtio-crypto'],
  [21, 'virtio-signal'],
  [22, 'virtio-pstore'],
  [23, 'virtio-iommu'],
  [24, 'virtio-mem'],
  [25, 'virtio-sound'],
  [26, 'virtio-fs'],
  [27, 'virtio-pmem'],
];

/** PCI device id of a transitional device, type. §4.1.2.3 */
const TRANSITIONAL_IDS: readonly (readonly [number, number])[] = [
  [0x1000, TYPE_NET],
  [0x1001, TYPE_BLOCK],
  [0x1002, TYPE_BALLOON],
  [0x1003, TYPE_CONSOLE],
  [0x1004, TYPE_SCSI],
  [0x1005, TYPE_ENTROPY],
  [0x1009, TYPE_9P],
];

/** Returns the type of virtio device that a PCI device id of the virtio vendor means, or undefined when it means none that we know. */
export const deviceType = (pciDeviceId: number): number | undefined => {
  for (const [id, type] of TRANSITIONAL_IDS) {
    if (id === pciDeviceId) return type;
  }
  for (const [type] of TYPE_NAMES) {
    if (pciDeviceId === MODERN_ID_BASE + type) return type;
  }
  return undefined;
};

/** Returns the type of virtio device that a PCI function is, or undefined when it is none. */
export const virtioDeviceType = (pciFunction: PciFunction): number | undefined =>
  pciFunction.vendorId === VIRTIO_VENDOR_ID ? deviceType(pciFunction.deviceId) : undefined;

/** Returns `virtio-blk` for TYPE_BLOCK, `virtio-77` for a type without a name. */
export const typeName = (type: number): string => {
  for (const [known, name] of TYPE_NAMES) {
    if (known === type) return name;
  }
  return `virtio-${type}`;
};

'use machine';
// Which virtio device a PCI function is. VIRTIO 1.2 §4.1.2 and §5. The names of the types are in names.ts.

import type { bool, u16, u32 } from '../../kernel/base/machine.ts';
import type { PciFunction } from '../../kernel/pci/function.ts';

export const VIRTIO_VENDOR_ID: u16 = 0x1af4;

/** The id of a device whose type is n is this plus n. §4.1.2.1 */
const MODERN_ID_BASE: u16 = 0x1040;

/** The lowest id that a virtio device may have; those below MODERN_ID_BASE are of transitional devices. §4.1.2 */
const DEVICE_ID_MIN: u16 = 0x1000;

// Device types. §5
/** No device: the id that an empty virtio-mmio slot shows, and what the functions below return for what they do not know. */
export const TYPE_NONE: u32 = 0;
export const TYPE_NET: u32 = 1;
export const TYPE_BLOCK: u32 = 2;
export const TYPE_CONSOLE: u32 = 3;
export const TYPE_ENTROPY: u32 = 4;
export const TYPE_BALLOON: u32 = 5;
export const TYPE_SCSI: u32 = 8;
export const TYPE_9P: u32 = 9;
export const TYPE_GPU: u32 = 16;
export const TYPE_RTC: u32 = 17;
export const TYPE_INPUT: u32 = 18;
export const TYPE_VSOCK: u32 = 19;
export const TYPE_CRYPTO: u32 = 20;
export const TYPE_IOMMU: u32 = 23;
export const TYPE_MEM: u32 = 24;
export const TYPE_SOUND: u32 = 25;
export const TYPE_PMEM: u32 = 27;
export const TYPE_CAN: u32 = 36;

/** The types that have a meaning: 1 to 13 and 16 to 27. What came later has no driver anywhere near, only a name. */
const TYPE_GAP_FIRST: u32 = 14;
const TYPE_GAP_LAST: u32 = 15;
const TYPE_MAX: u32 = 27;

/** Returns the type of virtio device that a PCI device id of the virtio vendor means, TYPE_NONE when it means none that we know. */
export const deviceType = (pciDeviceId: u16): u32 => {
  if (pciDeviceId <= MODERN_ID_BASE) return transitionalType(pciDeviceId);
  const type: u32 = pciDeviceId - MODERN_ID_BASE;
  return type > TYPE_MAX || (type >= TYPE_GAP_FIRST && type <= TYPE_GAP_LAST) ? TYPE_NONE : type;
};

/** Returns the type of virtio device that a PCI function is, TYPE_NONE when it is none. */
export const virtioDeviceType = (pciFunction: PciFunction): u32 =>
  pciFunction.vendorId === VIRTIO_VENDOR_ID ? deviceType(pciFunction.deviceId) : TYPE_NONE;

/** Returns whether the id is one that a device with a legacy interface has. §4.1.2.3 */
export const isTransitionalId = (pciDeviceId: u16): bool =>
  pciDeviceId >= DEVICE_ID_MIN && pciDeviceId < MODERN_ID_BASE;

/** Returns the type that the id of a transitional device means. §4.1.2.1 */
const transitionalType = (pciDeviceId: u16): u32 => {
  switch (pciDeviceId) {
    case 0x1000:
      return TYPE_NET;
    case 0x1001:
      return TYPE_BLOCK;
    case 0x1002:
      return TYPE_BALLOON;
    case 0x1003:
      return TYPE_CONSOLE;
    case 0x1004:
      return TYPE_SCSI;
    case 0x1005:
      return TYPE_ENTROPY;
    case 0x1009:
      return TYPE_9P;
    default:
      return TYPE_NONE;
  }
};

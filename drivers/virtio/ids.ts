// Which virtio device a PCI function is. VIRTIO 1.2 §4.1.2 and §5.

import { lookUp } from '../../kernel/base/table.ts';
import type { PciFunction } from '../../kernel/pci/function.ts';

export const VIRTIO_VENDOR_ID = 0x1af4;

/** The id of a device whose type is n is this plus n. §4.1.2.1 */
const MODERN_ID_BASE = 0x1040;

/** The last id that a virtio device may have. §4.1.2 */
const MODERN_ID_MAX = 0x107f;

// Device types. §5
export const TYPE_NET = 1;
export const TYPE_BLOCK = 2;
export const TYPE_CONSOLE = 3;
export const TYPE_ENTROPY = 4;
export const TYPE_BALLOON = 5;
export const TYPE_SCSI = 8;
export const TYPE_9P = 9;

/** type, name. */
const TYPE_NAMES = `
1 virtio-net
2 virtio-blk
3 virtio-console
4 virtio-rng
5 virtio-balloon
6 virtio-io-memory
7 virtio-rpmsg
8 virtio-scsi
9 virtio-9p
10 virtio-mac80211
11 virtio-rproc-serial
12 virtio-caif
13 virtio-memory-balloon
16 virtio-gpu
17 virtio-rtc
18 virtio-input
19 virtio-vsock
20 virtio-crypto
21 virtio-signal
22 virtio-pstore
23 virtio-iommu
24 virtio-mem
25 virtio-sound
26 virtio-fs
27 virtio-pmem
`;

/** Returns the type of virtio device that a PCI device id of the virtio vendor means, or undefined when it means none that we know. */
export const deviceType = (pciDeviceId: number): number | undefined => {
  if (pciDeviceId <= MODERN_ID_BASE || pciDeviceId > MODERN_ID_MAX) return transitionalType(pciDeviceId);
  const type = pciDeviceId - MODERN_ID_BASE;
  return lookUp(TYPE_NAMES, `${type}`) === undefined ? undefined : type;
};

/** Returns the type that the id of a transitional device means. §4.1.2.3 */
const transitionalType = (pciDeviceId: number): number | undefined => {
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
      return undefined;
  }
};

/** Returns the type of virtio device that a PCI function is, or undefined when it is none. */
export const virtioDeviceType = (pciFunction: PciFunction): number | undefined =>
  pciFunction.vendorId === VIRTIO_VENDOR_ID ? deviceType(pciFunction.deviceId) : undefined;

/** Returns `virtio-blk` for TYPE_BLOCK, `virtio-77` for a type without a name. */
export const typeName = (type: number): string => lookUp(TYPE_NAMES, `${type}`) ?? `virtio-${type}`;

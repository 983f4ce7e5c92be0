'use machine';
// Registers of the PCI transport. VIRTIO 1.2 §4.1.4.
//
// The width in a table is the width of every access: a device may answer wrongly to another one. The 64-bit fields are written as two
// halves of 32 bits. §4.1.3.1

import type { u8, u16, u32 } from '../../../kernel/base/machine.ts';

//    common configuration                       offset   width  access   §4.1.4.3
export const DEVICE_FEATURE_SELECT: u32 = 0x00; //        32     RW
export const DEVICE_FEATURE: u32 = 0x04; //               32     R
export const DRIVER_FEATURE_SELECT: u32 = 0x08; //        32     RW
export const DRIVER_FEATURE: u32 = 0x0c; //               32     RW
export const CONFIG_MSIX_VECTOR: u32 = 0x10; //           16     RW
export const NUM_QUEUES: u32 = 0x12; //                   16     R
export const DEVICE_STATUS: u32 = 0x14; //                8      RW
export const CONFIG_GENERATION: u32 = 0x15; //            8      R
export const QUEUE_SELECT: u32 = 0x16; //                 16     RW
export const QUEUE_SIZE: u32 = 0x18; //                   16     RW
export const QUEUE_MSIX_VECTOR: u32 = 0x1a; //            16     RW
export const QUEUE_ENABLE: u32 = 0x1c; //                 16     RW
export const QUEUE_NOTIFY_OFF: u32 = 0x1e; //             16     R
export const QUEUE_DESC: u32 = 0x20; //                   64     RW
export const QUEUE_DRIVER: u32 = 0x28; //                 64     RW
export const QUEUE_DEVICE: u32 = 0x30; //                 64     RW
//       from here on only with a feature, and only where the structure is long enough
export const QUEUE_NOTIF_CONFIG_DATA: u32 = 0x38; //      16     R       NOTIF_CONFIG_DATA
export const QUEUE_RESET: u32 = 0x3a; //                  16     RW      RING_RESET
export const ADMIN_QUEUE_INDEX: u32 = 0x3c; //            16     R       ADMIN_VQ, VIRTIO 1.3
export const ADMIN_QUEUE_NUM: u32 = 0x3e; //              16     R       ADMIN_VQ
export const COMMON_LENGTH: u32 = 0x38;
export const COMMON_LENGTH_NOTIF_CONFIG_DATA: u32 = 0x3a;
export const COMMON_LENGTH_RING_RESET: u32 = 0x3c;
export const COMMON_LENGTH_ADMIN_VQ: u32 = 0x40;

//    virtio_pci_cap, in configuration space      offset   width           §4.1.4
export const CAP_LENGTH: u32 = 2; //                       8      of the capability itself
export const CAP_TYPE: u32 = 3; //                         8
export const CAP_BAR: u32 = 4; //                          8
export const CAP_ID: u32 = 5; //                           8
export const CAP_OFFSET: u32 = 8; //                       32
export const CAP_REGION_LENGTH: u32 = 12; //               32
export const CAP_SIZE: u32 = 16;

//    virtio_pci_notify_cap: behind it                             §4.1.4.4
export const CAP_NOTIFY_OFF_MULTIPLIER: u32 = 16; //       32
export const CAP_NOTIFY_SIZE: u32 = 20;

//    virtio_pci_cfg_cap: behind it                                §4.1.4.9
export const CAP_WINDOW_DATA: u32 = 16; //                 32     or 16, or 8: as many bits as the window is set to
export const CAP_WINDOW_SIZE: u32 = 20;

//    virtio_pci_cap64: behind it                                  §4.1.4
export const CAP_OFFSET_HIGH: u32 = 16; //                 32
export const CAP_REGION_LENGTH_HIGH: u32 = 20; //          32
export const CAP_64_SIZE: u32 = 24;

/** BARs above this one are reserved, a capability that names one is to be ignored. §4.1.4 */
export const CAP_BAR_MAX: u8 = 5;

// CAP_TYPE. §4.1.4. What is not listed is to be ignored; VENDOR_CFG (9) is for debugging only.
export const CAP_TYPE_COMMON: u8 = 1;
export const CAP_TYPE_NOTIFY: u8 = 2;
export const CAP_TYPE_ISR: u8 = 3;
export const CAP_TYPE_DEVICE: u8 = 4;
export const CAP_TYPE_PCI: u8 = 5;
export const CAP_TYPE_SHARED_MEMORY: u8 = 8;

/** The value of a vector register that means none. §4.1.5.1.2 */
export const NO_VECTOR: u16 = 0xffff;

/** Bytes of one notification: what says which queue, and with NOTIFICATION_DATA its position too. §4.1.5.2 */
export const NOTIFICATION_SIZE: u32 = 2;
export const NOTIFICATION_DATA_SIZE: u32 = 4;

'use machine';
// The legacy interface of a virtio PCI device: ports of BAR 0. VIRTIO 1.2 §4.1.4.10.
//
// The width in the table is the width of every access. Values are in the guest's byte order, which is little endian here.

import type { u16, u32 } from '../../../kernel/base/machine.ts';

//    field                                      offset   width  access
export const LEGACY_DEVICE_FEATURES: u16 = 0x00; //       32     R
export const LEGACY_DRIVER_FEATURES: u16 = 0x04; //       32     RW
export const LEGACY_QUEUE_PFN: u16 = 0x08; //             32     RW     address of the queue / 4096
export const LEGACY_QUEUE_SIZE: u16 = 0x0c; //            16     R
export const LEGACY_QUEUE_SELECT: u16 = 0x0e; //          16     RW
export const LEGACY_QUEUE_NOTIFY: u16 = 0x10; //          16     RW
export const LEGACY_STATUS: u16 = 0x12; //                8      RW
export const LEGACY_ISR: u16 = 0x13; //                   8      R
//       while MSI-X is enabled
export const LEGACY_CONFIG_VECTOR: u16 = 0x14; //         16     RW
export const LEGACY_QUEUE_VECTOR: u16 = 0x16; //          16     RW
/** The configuration begins here, or 4 bytes later while MSI-X is enabled: then two vector registers lie in between. */
export const LEGACY_CONFIG: u16 = 0x14;
export const LEGACY_CONFIG_MSIX: u16 = 0x18;

/** Message control of the MSI-X capability, and its enable bit. PCI Local Bus 3.0 §6.8.2.3 */
export const MSIX_CONTROL: u32 = 2;
export const MSIX_ENABLE: u16 = 0x8000;

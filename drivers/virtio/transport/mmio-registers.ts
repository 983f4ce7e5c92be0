'use machine';
// Registers of the virtio-mmio transport. VIRTIO 1.2 §4.2.2 (version 2) and §4.2.4 (version 1).
//
// All are 32 bits wide and are accessed so; only the configuration behind them has fields of other widths.

import type { u32 } from '../../../kernel/base/machine.ts';

//    both versions                              offset   access
export const MMIO_MAGIC: u32 = 0x000; //                  R
export const MMIO_VERSION: u32 = 0x004; //                R
export const MMIO_DEVICE_ID: u32 = 0x008; //              R
export const MMIO_DEVICE_FEATURES: u32 = 0x010; //        R
export const MMIO_DEVICE_FEATURES_SELECT: u32 = 0x014; // W
export const MMIO_DRIVER_FEATURES: u32 = 0x020; //        W
export const MMIO_DRIVER_FEATURES_SELECT: u32 = 0x024; // W
export const MMIO_QUEUE_SELECT: u32 = 0x030; //           W
export const MMIO_QUEUE_SIZE_MAX: u32 = 0x034; //         R
export const MMIO_QUEUE_SIZE: u32 = 0x038; //             W
export const MMIO_QUEUE_NOTIFY: u32 = 0x050; //           W
export const MMIO_INTERRUPT_STATUS: u32 = 0x060; //       R
export const MMIO_INTERRUPT_ACK: u32 = 0x064; //          W
export const MMIO_STATUS: u32 = 0x070; //                 RW
export const MMIO_CONFIG: u32 = 0x100;

//    version 2, §4.2.2
export const MMIO_QUEUE_READY: u32 = 0x044; //            RW
export const MMIO_QUEUE_DESC: u32 = 0x080; //             W      64 bits, as two halves
export const MMIO_QUEUE_DRIVER: u32 = 0x090; //           W      64 bits
export const MMIO_QUEUE_DEVICE: u32 = 0x0a0; //           W      64 bits
export const MMIO_SHM_SELECT: u32 = 0x0ac; //             W
export const MMIO_SHM_LENGTH: u32 = 0x0b0; //             R      64 bits
export const MMIO_SHM_BASE: u32 = 0x0b8; //               R      64 bits
export const MMIO_QUEUE_RESET: u32 = 0x0c0; //            RW
export const MMIO_CONFIG_GENERATION: u32 = 0x0fc; //      R

//    version 1, §4.2.4
export const MMIO_GUEST_PAGE_SIZE: u32 = 0x028; //        W
export const MMIO_QUEUE_ALIGN: u32 = 0x03c; //            W
export const MMIO_QUEUE_PFN: u32 = 0x040; //              RW

/** `virt`, little endian. */
export const MMIO_MAGIC_VALUE: u32 = 0x74726976;
export const MMIO_VERSION_LEGACY: u32 = 1;
export const MMIO_VERSION_MODERN: u32 = 2;

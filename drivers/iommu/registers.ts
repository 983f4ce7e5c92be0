'use machine';
// Configuration, requests and events of a virtio IOMMU. VIRTIO 1.2 §5.13.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.13.3
export const FEATURE_INPUT_RANGE: u32 = 0;
export const FEATURE_DOMAIN_RANGE: u32 = 1;
export const FEATURE_MAP_UNMAP: u32 = 2;
export const FEATURE_BYPASS: u32 = 3;
export const FEATURE_PROBE: u32 = 4;
export const FEATURE_MMIO: u32 = 5;
export const FEATURE_BYPASS_CONFIG: u32 = 6;

// Queues. §5.13.2
export const REQUEST_QUEUE: u16 = 0;
export const EVENT_QUEUE: u16 = 1;
export const QUEUE_COUNT: u32 = 2;

//    virtio_iommu_config                        offset   width   only with        §5.13.4
export const CONFIG_PAGE_SIZE_MASK: u32 = 0x00; //        64                       a bit for each size that a mapping may be made of
export const CONFIG_INPUT_START: u32 = 0x08; //           64      INPUT_RANGE
export const CONFIG_INPUT_END: u32 = 0x10; //             64      INPUT_RANGE        inclusive
export const CONFIG_DOMAIN_START: u32 = 0x18; //          32      DOMAIN_RANGE
export const CONFIG_DOMAIN_END: u32 = 0x1c; //            32      DOMAIN_RANGE       inclusive
export const CONFIG_PROBE_SIZE: u32 = 0x20; //            32      PROBE              bytes of the properties in an answer
export const CONFIG_BYPASS: u32 = 0x24; //                 8      BYPASS_CONFIG      may be written
/** Without BYPASS_CONFIG. */
export const CONFIG_LENGTH_MIN: u32 = 0x24;

//    the head of every request, and the tail of every answer              §5.13.6
export const HEAD_TYPE: u32 = 0; //                        8
export const HEAD_SIZE: u32 = 4;
export const TAIL_STATUS: u32 = 0; //                      8
export const TAIL_SIZE: u32 = 4;

// HEAD_TYPE
export const TYPE_ATTACH: u8 = 1;
export const TYPE_DETACH: u8 = 2;
export const TYPE_MAP: u8 = 3;
export const TYPE_UNMAP: u8 = 4;
export const TYPE_PROBE: u8 = 5;

// TAIL_STATUS
export const STATUS_OK: u8 = 0;
export const STATUS_IO_ERROR: u8 = 1;
export const STATUS_UNSUPPORTED: u8 = 2;
export const STATUS_DEVICE_ERROR: u8 = 3;
export const STATUS_INVALID: u8 = 4;
export const STATUS_RANGE: u8 = 5;
export const STATUS_NO_ENTRY: u8 = 6;
export const STATUS_FAULT: u8 = 7;
export const STATUS_NO_MEMORY: u8 = 8;

//    virtio_iommu_req_attach, _detach           offset   width            §5.13.6.3, §5.13.6.4
export const ATTACH_DOMAIN: u32 = 4; //                   32
export const ATTACH_ENDPOINT: u32 = 8; //                 32
export const ATTACH_FLAGS: u32 = 12; //                   32      BYPASS alone
export const ATTACH_SIZE: u32 = 20;
export const ATTACH_BYPASS: u32 = 1;

//    virtio_iommu_req_map                       offset   width            §5.13.6.5
export const MAP_DOMAIN: u32 = 4; //                      32
export const MAP_VIRTUAL_START: u32 = 8; //               64
export const MAP_VIRTUAL_END: u32 = 16; //                64      inclusive
export const MAP_PHYSICAL_START: u32 = 24; //             64
export const MAP_FLAGS: u32 = 32; //                      32
export const MAP_SIZE: u32 = 36;
export const MAP_READ: u32 = 1;
export const MAP_WRITE: u32 = 2;
/** Not memory but registers, or where messages go. With the feature MMIO. */
export const MAP_MMIO: u32 = 4;

//    virtio_iommu_req_unmap                     offset   width            §5.13.6.6
export const UNMAP_DOMAIN: u32 = 4; //                    32
export const UNMAP_VIRTUAL_START: u32 = 8; //             64
export const UNMAP_VIRTUAL_END: u32 = 16; //              64      inclusive
export const UNMAP_SIZE: u32 = 28;

//    virtio_iommu_req_probe                     offset   width            §5.13.6.7
export const PROBE_ENDPOINT: u32 = 4; //                  32
export const PROBE_SIZE: u32 = 72;

//    virtio_iommu_probe_property                offset   width            §5.13.6.7
export const PROPERTY_TYPE: u32 = 0; //                   16
export const PROPERTY_LENGTH: u32 = 2; //                 16      without the four bytes up to here
export const PROPERTY_HEADER_SIZE: u32 = 4;
/** The bits of PROPERTY_TYPE that are the type; 0 ends the list. */
export const PROPERTY_TYPE_MASK: u32 = 0xfff;
export const PROPERTY_NONE: u32 = 0;
export const PROPERTY_RESERVED_MEMORY: u32 = 1;

//    virtio_iommu_probe_resv_mem                offset   width            §5.13.6.8
export const RESERVED_SUBTYPE: u32 = 4; //                 8
export const RESERVED_START: u32 = 8; //                  64
export const RESERVED_END: u32 = 16; //                   64      inclusive
export const RESERVED_SIZE: u32 = 24;
/** Where messages of interrupts go, which the IOMMU passes on by itself. */
export const SUBTYPE_MSI: u8 = 1;

//    virtio_iommu_fault                         offset   width            §5.13.6.9
export const EVENT_REASON: u32 = 0; //                     8
export const EVENT_FLAGS: u32 = 4; //                     32
export const EVENT_ENDPOINT: u32 = 8; //                  32
export const EVENT_ADDRESS: u32 = 16; //                  64      with EVENT_HAS_ADDRESS
export const EVENT_SIZE: u32 = 24;

// EVENT_REASON
export const REASON_DOMAIN: u8 = 1;
export const REASON_MAPPING: u8 = 2;

// EVENT_FLAGS
export const EVENT_READ: u32 = 1;
export const EVENT_WRITE: u32 = 2;
export const EVENT_EXECUTE: u32 = 4;
export const EVENT_HAS_ADDRESS: u32 = 0x100;

'use machine';
// Configuration and requests of a virtio memory device. VIRTIO 1.2 §5.15.

import type { u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.15.3
export const FEATURE_ACPI_PXM: u32 = 0;
export const FEATURE_UNPLUGGED_INACCESSIBLE: u32 = 1;

//    device configuration                       offset   width   only with                 §5.15.4
export const CONFIG_BLOCK_SIZE: u32 = 0x00; //            64
export const CONFIG_NODE_ID: u32 = 0x08; //               16      FEATURE_ACPI_PXM
export const CONFIG_ADDRESS: u32 = 0x10; //               64      the field `addr`
export const CONFIG_REGION_SIZE: u32 = 0x18; //           64
export const CONFIG_USABLE_REGION_SIZE: u32 = 0x20; //    64
export const CONFIG_PLUGGED_SIZE: u32 = 0x28; //          64
export const CONFIG_REQUESTED_SIZE: u32 = 0x30; //        64
export const CONFIG_LENGTH: u32 = 0x38;

/** The queue for requests. §5.15.2 */
export const REQUEST_QUEUE: u16 = 0;

//    virtio_mem_req                             offset   width            §5.15.6
export const REQUEST_TYPE: u32 = 0; //                    16
export const REQUEST_ADDRESS: u32 = 8; //                 64
export const REQUEST_BLOCK_COUNT: u32 = 16; //            16
export const REQUEST_SIZE: u32 = 24;

// REQUEST_TYPE
export const TYPE_PLUG: u16 = 0;
export const TYPE_UNPLUG: u16 = 1;
export const TYPE_UNPLUG_ALL: u16 = 2;
export const TYPE_STATE: u16 = 3;

//    virtio_mem_resp                            offset   width            §5.15.6
export const RESPONSE_TYPE: u32 = 0; //                   16
export const RESPONSE_STATE: u32 = 8; //                  16      for TYPE_STATE
export const RESPONSE_SIZE: u32 = 10;

// RESPONSE_TYPE
export const RESPONSE_ACK: u16 = 0;
export const RESPONSE_NACK: u16 = 1;
export const RESPONSE_BUSY: u16 = 2;
export const RESPONSE_ERROR: u16 = 3;

// RESPONSE_STATE. §5.15.6.5
export const STATE_PLUGGED: u16 = 0;
export const STATE_UNPLUGGED: u16 = 1;
export const STATE_MIXED: u16 = 2;

'use machine';
// Configuration, requests, task management and events of a virtio SCSI host. VIRTIO 1.2 §5.6.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.6.3
export const FEATURE_HOTPLUG: u32 = 1;
export const FEATURE_CHANGE: u32 = 2;

// Queues; what follows the first one for requests are further ones. §5.6.2
export const CONTROL_QUEUE: u16 = 0;
export const EVENT_QUEUE: u16 = 1;
export const REQUEST_QUEUE: u16 = 2;

//    device configuration                  offset   width  access   §5.6.4
export const CONFIG_SEGMENT_MAX: u32 = 0x04; //         32     R     pieces of a request's data
export const CONFIG_SECTORS_MAX: u32 = 0x08; //         32     R     of 512 bytes: of a request
export const CONFIG_COMMANDS_PER_LUN: u32 = 0x0c; //    32     R
export const CONFIG_EVENT_INFO_SIZE: u32 = 0x10; //     32     R
export const CONFIG_SENSE_SIZE: u32 = 0x14; //          32     RW
export const CONFIG_CDB_SIZE: u32 = 0x18; //            32     RW
export const CONFIG_TARGET_MAX: u32 = 0x1e; //          16     R
export const CONFIG_LUN_MAX: u32 = 0x20; //             32     R
export const CONFIG_LENGTH: u32 = 0x24;

/** The lengths of a command and of sense data that we have the device use: those that it has after each reset. §5.6.4 */
export const CDB_SIZE: u32 = 32;
export const SENSE_SIZE: u32 = 96;

//    virtio_scsi_req_cmd, read             offset   width            §5.6.6.1
export const REQUEST_LUN: u32 = 0; //                 8*8
export const REQUEST_TAG: u32 = 8; //                  64
export const REQUEST_ATTRIBUTE: u32 = 16; //            8      SIMPLE; then priority and reference number, 8 each
export const REQUEST_CDB: u32 = 19;
export const REQUEST_SIZE: u32 = 51; // with CDB_SIZE

//    virtio_scsi_req_cmd, written          offset   width            §5.6.6.1
export const RESPONSE_SENSE_LENGTH: u32 = 0; //        32
export const RESPONSE_RESIDUAL: u32 = 4; //            32
export const RESPONSE_STATUS: u32 = 10; //              8
export const RESPONSE_CODE: u32 = 11; //                8
export const RESPONSE_SENSE: u32 = 12;
export const RESPONSE_SIZE: u32 = 108; // with SENSE_SIZE

// RESPONSE_CODE, and the response to task management. §5.6.6.1, §5.6.6.2
export const RESPONSE_OK: u8 = 0; // Of task management: the function is complete.
export const RESPONSE_OVERRUN: u8 = 1;
export const RESPONSE_ABORTED: u8 = 2;
export const RESPONSE_BAD_TARGET: u8 = 3;
export const RESPONSE_RESET: u8 = 4;
export const RESPONSE_BUSY: u8 = 5;
export const RESPONSE_TRANSPORT_FAILURE: u8 = 6;
export const RESPONSE_TARGET_FAILURE: u8 = 7;
export const RESPONSE_NEXUS_FAILURE: u8 = 8;
export const RESPONSE_FAILURE: u8 = 9;
export const RESPONSE_FUNCTION_SUCCEEDED: u8 = 10;
/** No device writes this one: what the driver puts there before, to see whether the device has written. */
export const RESPONSE_UNWRITTEN: u8 = 0xff;

//    virtio_scsi_ctrl_tmf                  offset   width            §5.6.6.2
export const TASK_MANAGEMENT_SUBTYPE: u32 = 4; //      32      behind the type, 32, which is 0
export const TASK_MANAGEMENT_LUN: u32 = 8; //         8*8
export const TASK_MANAGEMENT_TAG: u32 = 16; //         64
export const TASK_MANAGEMENT_SIZE: u32 = 24;
export const ABORT_TASK: u32 = 0;
export const LOGICAL_UNIT_RESET: u32 = 5;

//    virtio_scsi_event                     offset   width            §5.6.6.3
export const EVENT_CODE: u32 = 0; //                   32
export const EVENT_LUN: u32 = 4; //                   8*8
export const EVENT_REASON: u32 = 12; //                32
export const EVENT_SIZE: u32 = 16;

// EVENT_CODE, and the bit that says that events were dropped. §5.6.6.3
export const EVENTS_MISSED: u32 = 0x80000000;
export const EVENT_NONE: u32 = 0;
export const EVENT_TRANSPORT_RESET: u32 = 1;
export const EVENT_ASYNC_NOTIFY: u32 = 2;
export const EVENT_PARAMETER_CHANGE: u32 = 3;

// EVENT_REASON of EVENT_TRANSPORT_RESET. §5.6.6.3
export const REASON_HARD: u32 = 0;
export const REASON_RESCAN: u32 = 1;
export const REASON_REMOVED: u32 = 2;

// LUNs: byte 0 is 1, then the target, then the number of the logical unit in flat space. §5.6.6.1
export const LUN_SIZE: u32 = 8;
export const LUN_FLAT: u8 = 0x40;
export const TARGET_LIMIT: u32 = 255;
export const LUN_LIMIT: u32 = 16383;

// Status of a command. SAM-5 §5.3.1
export const STATUS_GOOD: u8 = 0x00;
export const STATUS_CHECK_CONDITION: u8 = 0x02;
export const STATUS_CONDITION_MET: u8 = 0x04;
export const STATUS_BUSY: u8 = 0x08;
export const STATUS_RESERVATION_CONFLICT: u8 = 0x18;
export const STATUS_TASK_SET_FULL: u8 = 0x28;

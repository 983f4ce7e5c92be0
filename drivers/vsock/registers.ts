'use machine';
// Configuration, queues and packets of a virtio socket device. VIRTIO 1.2 §5.10, NO_IMPLIED_STREAM of 1.3.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.10.3
export const FEATURE_STREAM: u32 = 0;
export const FEATURE_SEQPACKET: u32 = 1;
export const FEATURE_NO_IMPLIED_STREAM: u32 = 2;

//    device configuration                     offset   width             §5.10.4
export const CONFIG_GUEST_CID: u32 = 0x00; //           64, the high half is reserved
export const CONFIG_LENGTH: u32 = 0x08;

// Context ids that no guest has. §5.10.4
export const CID_RESERVED: u32 = 1; // and 0
export const CID_HOST: u32 = 2;
export const CID_ANY: u32 = 0xffffffff;

/** The port that stands for any, which nobody has. */
export const PORT_ANY: u32 = 0xffffffff;

// Queues. §5.10.2
export const RECEIVE_QUEUE: u16 = 0;
export const TRANSMIT_QUEUE: u16 = 1;
export const EVENT_QUEUE: u16 = 2;
export const QUEUE_COUNT: u16 = 3;

//    virtio_vsock_hdr                         offset   width             §5.10.6
export const HEADER_SOURCE_CID: u32 = 0; //             64
export const HEADER_TARGET_CID: u32 = 8; //             64
export const HEADER_SOURCE_PORT: u32 = 16; //           32
export const HEADER_TARGET_PORT: u32 = 20; //           32
export const HEADER_LENGTH: u32 = 24; //                32      of what is behind the header
export const HEADER_TYPE: u32 = 28; //                  16
export const HEADER_OPERATION: u32 = 30; //             16
export const HEADER_FLAGS: u32 = 32; //                 32
export const HEADER_BUFFER_LENGTH: u32 = 36; //         32      the field `buf_alloc`
export const HEADER_FORWARDED: u32 = 40; //             32      the field `fwd_cnt`
export const HEADER_SIZE: u32 = 44;

// HEADER_TYPE. §5.10.6.2
export const TYPE_STREAM: u16 = 1;
export const TYPE_SEQPACKET: u16 = 2;

// HEADER_OPERATION. §5.10.6
export const OPERATION_REQUEST: u16 = 1;
export const OPERATION_RESPONSE: u16 = 2;
export const OPERATION_RST: u16 = 3;
export const OPERATION_SHUTDOWN: u16 = 4;
export const OPERATION_RW: u16 = 5;
export const OPERATION_CREDIT_UPDATE: u16 = 6;
export const OPERATION_CREDIT_REQUEST: u16 = 7;

// HEADER_FLAGS of OPERATION_SHUTDOWN. §5.10.6.5
export const SHUTDOWN_RECEIVE: u8 = 1;
export const SHUTDOWN_SEND: u8 = 2;
export const SHUTDOWN_BOTH: u8 = 3;

// HEADER_FLAGS of OPERATION_RW, of a seqpacket connection. §5.10.6.6.1
export const END_OF_MESSAGE: u32 = 1;

//    virtio_vsock_event                       offset   width             §5.10.6.7
export const EVENT_ID: u32 = 0; //                      32
export const EVENT_SIZE: u32 = 4;
export const EVENT_TRANSPORT_RESET: u32 = 0;

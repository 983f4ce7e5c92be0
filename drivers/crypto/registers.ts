'use machine';
// Configuration and requests of a virtio crypto device. VIRTIO 1.2 §5.9. Requests are of the layout that every revision has: fixed parts of one length, whatever is in them.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

//    device configuration                     offset   width                     §5.9.5
export const CONFIG_STATUS: u32 = 0x00; //              32
export const CONFIG_DATA_QUEUE_COUNT: u32 = 0x04; //    32      the field `max_dataqueues`
export const CONFIG_SERVICES: u32 = 0x08; //            32
export const CONFIG_CIPHERS: u32 = 0x0c; //             32      and the high half behind it
export const CONFIG_CIPHER_KEY_LENGTH: u32 = 0x24; //   32
export const CONFIG_SIZE_MAX: u32 = 0x30; //            64
export const CONFIG_LENGTH: u32 = 0x38;

/** CONFIG_STATUS: the device takes requests. */
export const STATUS_READY: u32 = 1;

// Services and ciphers: numbers in requests, bits in the configuration. §5.9.4
export const SERVICE_CIPHER: u32 = 0;
export const CIPHER_AES_CBC: u32 = 3;

/** The first data queue; the control queue is behind the last one. §5.9.2 */
export const DATA_QUEUE: u16 = 0;

/** Data queues that a device may have here: behind them is the control queue, which must have an interrupt, as 128 queues of a device can. */
export const DATA_QUEUE_COUNT_MAX: u32 = 127;

// Operations: 256 times the service, and a number. §5.9.7.2, §5.9.7.3
export const OPERATION_ENCRYPT: u32 = 0x000;
export const OPERATION_DECRYPT: u32 = 0x001;
export const OPERATION_CREATE_SESSION: u32 = 0x002;
export const OPERATION_DESTROY_SESSION: u32 = 0x003;

//    virtio_crypto_op_ctrl_req                offset   width                     §5.9.7.2
export const CONTROL_OPERATION: u32 = 0; //             32
export const CONTROL_ALGORITHM: u32 = 4; //             32
export const CONTROL_FIXED: u32 = 16; //                       56 bytes
export const CONTROL_SIZE: u32 = 72; //                        the key is behind it

//    the fixed part of a session's creation   offset   width                     §5.9.7.2.1
export const SESSION_ALGORITHM: u32 = 0; //             32
export const SESSION_KEY_LENGTH: u32 = 4; //            32
export const SESSION_DIRECTION: u32 = 8; //             32
export const SESSION_KIND: u32 = 48; //                 32      the field `op_type`

/** SESSION_DIRECTION */
export const DIRECTION_ENCRYPT: u32 = 1;
export const DIRECTION_DECRYPT: u32 = 2;

/** SESSION_KIND and DATA_KIND: a cipher alone, without a hash. */
export const KIND_CIPHER: u32 = 1;

//    virtio_crypto_create_session_input       offset   width
export const CREATED_ID: u32 = 0; //                    64
export const CREATED_STATUS: u32 = 8; //                32
export const CREATED_SIZE: u32 = 16;

/** virtio_crypto_destroy_session_input: a status of 8 bits, as behind the data of every data request. */
export const STATUS_SIZE: u32 = 1;

//    virtio_crypto_op_data_req                offset   width                     §5.9.7.3
export const DATA_OPERATION: u32 = 0; //                32
export const DATA_ALGORITHM: u32 = 4; //                32
export const DATA_SESSION: u32 = 8; //                  64
export const DATA_IV_LENGTH: u32 = 24; //               32
export const DATA_SOURCE_LENGTH: u32 = 28; //           32
export const DATA_TARGET_LENGTH: u32 = 32; //           32
export const DATA_KIND: u32 = 64; //                    32      the field `op_type`
export const DATA_SIZE: u32 = 72; //                           iv and source are behind it

// The device's answers. §5.9.7.1
export const ANSWER_OK: u8 = 0;
export const ANSWER_NOT_SUPPORTED: u8 = 3;
export const ANSWER_NO_SPACE: u8 = 5;

'use machine';
// Configuration, queues and events of a virtio input device. VIRTIO 1.2 §5.8. It has no feature bits of its own.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

// Queues. §5.8.2
export const EVENT_QUEUE: u16 = 0;
export const STATUS_QUEUE: u16 = 1;
export const QUEUE_COUNT: u32 = 2;

//    virtio_input_config                        offset   width   access    §5.8.4
export const CONFIG_SELECT: u32 = 0; //                    8       RW       what is asked for: SELECT_…
export const CONFIG_SUBSEL: u32 = 1; //                    8       RW       and which of them
export const CONFIG_SIZE: u32 = 2; //                      8       R        bytes of the answer; 0: there is none
export const CONFIG_ANSWER: u32 = 8; //                    8 × n   R

/** Bytes of the longest answer. */
export const ANSWER_LENGTH_MAX: u32 = 128;

// CONFIG_SELECT. In brackets: CONFIG_SUBSEL, and the answer. §5.8.4
export const SELECT_ID_NAME: u8 = 0x01; // (0, text)
export const SELECT_ID_SERIAL: u8 = 0x02; // (0, text)
export const SELECT_ID_DEVIDS: u8 = 0x03; // (0, virtio_input_devids)
export const SELECT_PROP_BITS: u8 = 0x10; // (0, a bit for each INPUT_PROP_…)
export const SELECT_EV_BITS: u8 = 0x11; // (EV_…, a bit for each code)
export const SELECT_ABS_INFO: u8 = 0x12; // (ABS_…, virtio_input_absinfo)

//    virtio_input_devids                        offset   width
export const DEVIDS_BUSTYPE: u32 = 0; //                   16
export const DEVIDS_VENDOR: u32 = 2; //                    16
export const DEVIDS_PRODUCT: u32 = 4; //                   16
export const DEVIDS_VERSION: u32 = 6; //                   16
export const DEVIDS_SIZE: u32 = 8;

//    virtio_input_absinfo                       offset   width   signed where not said
export const ABSINFO_MIN: u32 = 0; //                      32
export const ABSINFO_MAX: u32 = 4; //                      32
export const ABSINFO_FUZZ: u32 = 8; //                     32
export const ABSINFO_FLAT: u32 = 12; //                    32
export const ABSINFO_RES: u32 = 16; //                     32
export const ABSINFO_SIZE: u32 = 20;

//    virtio_input_event, of both queues         offset   width            §5.8.6
export const EVENT_TYPE: u32 = 0; //                       16
export const EVENT_CODE: u32 = 2; //                       16
export const EVENT_VALUE: u32 = 4; //                      32      signed
export const EVENT_SIZE: u32 = 8;

/** Types of events and codes of axes that there can be: what is beyond is nothing that a program knows. */
export const TYPE_COUNT: u32 = 32;
export const AXIS_COUNT: u32 = 64;

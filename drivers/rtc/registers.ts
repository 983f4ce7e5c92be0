'use machine';
// Queues and messages of a virtio real-time clock device. VIRTIO 1.4 §5.22. It has no configuration.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

export const FEATURE_ALARM: u32 = 0;

// Queues. The second is there with FEATURE_ALARM.
export const REQUEST_QUEUE: u16 = 0;
export const ALARM_QUEUE: u16 = 1;

//    request                                  offset   width
export const REQUEST_TYPE: u32 = 0; //                  16      then 6 reserved bytes
export const REQUEST_CLOCK: u32 = 8; //                 16
export const REQUEST_COUNTER: u32 = 10; //              8       of the cross requests
export const REQUEST_SIZE: u32 = 16;

//    virtio_rtc_req_set_alarm                 offset   width
export const SET_ALARM_TIME: u32 = 8; //                64
export const SET_ALARM_CLOCK: u32 = 16; //              16
export const SET_ALARM_FLAGS: u32 = 18; //              8
export const SET_ALARM_SIZE: u32 = 24;

//    answer                                   offset   width
export const ANSWER_STATUS: u32 = 0; //                 8       then 7 reserved bytes
export const ANSWER_HEADER_SIZE: u32 = 8;
export const CONFIG_CLOCK_COUNT: u32 = 8; //            16
export const CAPABILITY_TYPE: u32 = 8; //               8
export const CAPABILITY_SMEARING: u32 = 9; //           8
export const CAPABILITY_FLAGS: u32 = 10; //             8
export const CROSS_FLAGS: u32 = 8; //                   8
export const READING: u32 = 8; //                       64      clock_reading and alarm_time
export const CROSS_COUNTER: u32 = 16; //                64
export const ALARM_FLAGS: u32 = 16; //                  8

/** Bytes of the answers: the short ones, and those with two fields of 64 bits. */
export const ANSWER_SIZE: u32 = 16;
export const LONG_ANSWER_SIZE: u32 = 24;

// REQUEST_TYPE
export const TYPE_READ: u16 = 0x0001;
export const TYPE_READ_CROSS: u16 = 0x0002;
export const TYPE_CONFIG: u16 = 0x1000;
export const TYPE_CLOCK_CAPABILITY: u16 = 0x1001;
export const TYPE_CROSS_CAPABILITY: u16 = 0x1002;
export const TYPE_READ_ALARM: u16 = 0x1003;
export const TYPE_SET_ALARM: u16 = 0x1004;

/** REQUEST_COUNTER: the time-stamp counter of x86. */
export const COUNTER_TSC: u8 = 1;

/** CAPABILITY_FLAGS: the clock has an alarm; CROSS_FLAGS: it is read together with the counter; ALARM_FLAGS: the alarm is on. */
export const FLAG_SET: u8 = 1;

// ANSWER_STATUS
export const STATUS_OK: u8 = 0;
export const STATUS_NOT_SUPPORTED: u8 = 2;

//    virtio_rtc_notif_alarm                   offset   width
export const NOTIFICATION_TYPE: u32 = 0; //             16      then 6 reserved bytes
export const NOTIFICATION_CLOCK: u32 = 8; //            16      then 6 reserved bytes
export const NOTIFICATION_SIZE: u32 = 16;
export const TYPE_ALARM: u16 = 0x2000;

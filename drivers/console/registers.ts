'use machine';
// Configuration, queues and control messages of a virtio console. VIRTIO 1.2 §5.3.

import type { u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.3.3
export const FEATURE_SIZE: u32 = 0;
export const FEATURE_MULTIPORT: u32 = 1;
export const FEATURE_EMERGENCY_WRITE: u32 = 2;

//    device configuration                       offset   width   only with                 §5.3.4
export const CONFIG_COLUMNS: u32 = 0x00; //               16      FEATURE_SIZE
export const CONFIG_ROWS: u32 = 0x02; //                  16      FEATURE_SIZE
export const CONFIG_PORT_COUNT_MAX: u32 = 0x04; //        32      FEATURE_MULTIPORT
export const CONFIG_EMERGENCY_WRITE: u32 = 0x08; //       32      FEATURE_EMERGENCY_WRITE

/** Bytes of the configuration that must be there for each feature. */
export const CONFIG_LENGTH_SIZE: u32 = 0x04;
export const CONFIG_LENGTH_MULTIPORT: u32 = 0x08;
export const CONFIG_LENGTH_EMERGENCY_WRITE: u32 = 0x0c;

// Queues. Those of port 0 come before the control queues, those of the others behind them. §5.3.2
export const CONTROL_RECEIVE_QUEUE: u16 = 2;
export const CONTROL_TRANSMIT_QUEUE: u16 = 3;

/** Returns the number of a port's receive queue; its transmit queue is the next one. */
export const receiveQueueOf = (port: u16): u16 => (port === 0 ? 0 : 2 + 2 * port);

/** Returns how many queues there are for `portCount` ports; without MULTIPORT there are two. */
export const queueCountOf = (portCount: u16, isMultiport: boolean): u16 => (isMultiport ? 2 + 2 * portCount : 2);

//    virtio_console_control                     offset   width            §5.3.6.3
export const MESSAGE_PORT: u32 = 0; //                    32      the field `id`
export const MESSAGE_EVENT: u32 = 4; //                   16
export const MESSAGE_VALUE: u32 = 6; //                   16
export const MESSAGE_SIZE: u32 = 8;
// Behind it, with EVENT_RESIZE:
export const MESSAGE_COLUMNS: u32 = 8; //                 16
export const MESSAGE_ROWS: u32 = 10; //                   16
export const RESIZE_SIZE: u32 = 12;

// MESSAGE_EVENT. §5.3.6.3
export const EVENT_DEVICE_READY: u16 = 0; // to the device
export const EVENT_DEVICE_ADD: u16 = 1; // from the device
export const EVENT_DEVICE_REMOVE: u16 = 2; // from the device
export const EVENT_PORT_READY: u16 = 3; // to the device
export const EVENT_CONSOLE_PORT: u16 = 4; // from the device
export const EVENT_RESIZE: u16 = 5; // from the device
export const EVENT_PORT_OPEN: u16 = 6; // both ways
export const EVENT_PORT_NAME: u16 = 7; // from the device

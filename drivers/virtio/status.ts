'use machine';
// Device status: how far driver and device have come with each other. VIRTIO 1.2 §2.1.

import type { u8 } from '../../kernel/base/machine.ts';

/** Written, it resets the device; read, the device is reset. */
export const STATUS_RESET: u8 = 0;
/** The driver has noticed the device. */
export const STATUS_ACKNOWLEDGE: u8 = 1;
/** The driver knows how to drive it. */
export const STATUS_DRIVER: u8 = 2;
/** The driver is set up, the device may work. */
export const STATUS_DRIVER_OK: u8 = 4;
/** Features are agreed on. */
export const STATUS_FEATURES_OK: u8 = 8;
/** The device has met an error from which only a reset brings it back. */
export const STATUS_DEVICE_NEEDS_RESET: u8 = 64;
/** The driver has given up. */
export const STATUS_FAILED: u8 = 128;

/** What the status reads as where no device is. */
export const STATUS_ALL_ONES: u8 = 255;

'use machine';
// Configuration, requests and status of a virtio block device. VIRTIO 1.2 §5.2.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

/** Bytes in a sector, whatever the device's block size is. §5.2.4 */
export const BLK_SECTOR_SIZE: u32 = 512;

// Feature bits. §5.2.3
export const FEATURE_READ_ONLY: u32 = 5;
export const FEATURE_BLOCK_SIZE: u32 = 6;
export const FEATURE_FLUSH: u32 = 9;

//    device configuration                       offset   width   only with        §5.2.4
export const CONFIG_CAPACITY: u32 = 0x00; //              64                       in sectors
export const CONFIG_BLOCK_SIZE: u32 = 0x14; //            32      FEATURE_BLOCK_SIZE
export const CONFIG_LENGTH_MIN: u32 = 0x18;

/** The queue for requests. There are more only with a feature that is not negotiated here. §5.2.2 */
export const REQUEST_QUEUE: u16 = 0;

//    virtio_blk_req                             offset   width            §5.2.6
export const REQUEST_TYPE: u32 = 0; //                    32
export const REQUEST_SECTOR: u32 = 8; //                  64      0 where the request has no place
export const REQUEST_HEADER_SIZE: u32 = 16;

// REQUEST_TYPE. §5.2.6
export const TYPE_IN: u32 = 0; // read
export const TYPE_OUT: u32 = 1; // write
export const TYPE_FLUSH: u32 = 4;
export const TYPE_GET_ID: u32 = 8;

/** Bytes of the serial number; a shorter one ends with a zero byte. §5.2.6.1 */
export const SERIAL_NUMBER_LENGTH: u32 = 20;

// The status byte that ends every request. §5.2.6
export const STATUS_OK: u8 = 0;
export const STATUS_IO_ERROR: u8 = 1;
export const STATUS_UNSUPPORTED: u8 = 2;
/** No device writes this one: what the driver puts there before, to see whether the device has written. */
export const STATUS_UNWRITTEN: u8 = 0xff;

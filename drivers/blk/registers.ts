'use machine';
// Configuration, requests and status of a virtio block device. VIRTIO 1.2 §5.2.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

/** Bytes in a sector, whatever the device's block size is. §5.2.4 */
export const BLK_SECTOR_SIZE: u32 = 512;

// Feature bits. §5.2.3
export const FEATURE_SIZE_MAX: u32 = 1;
export const FEATURE_SEGMENT_MAX: u32 = 2;
export const FEATURE_READ_ONLY: u32 = 5;
export const FEATURE_BLOCK_SIZE: u32 = 6;
export const FEATURE_FLUSH: u32 = 9;
export const FEATURE_TOPOLOGY: u32 = 10;
export const FEATURE_CONFIG_WRITE_CACHE: u32 = 11;
export const FEATURE_MULTIQUEUE: u32 = 12;
export const FEATURE_DISCARD: u32 = 13;
export const FEATURE_WRITE_ZEROES: u32 = 14;
export const FEATURE_LIFETIME: u32 = 15;
export const FEATURE_SECURE_ERASE: u32 = 16;

//    device configuration                       offset   width   only with        §5.2.4
export const CONFIG_CAPACITY: u32 = 0x00; //              64                       in sectors
export const CONFIG_SIZE_MAX: u32 = 0x08; //              32      SIZE_MAX           bytes of a segment
export const CONFIG_SEGMENT_MAX: u32 = 0x0c; //           32      SEGMENT_MAX        segments of a request
export const CONFIG_BLOCK_SIZE: u32 = 0x14; //            32      BLOCK_SIZE         in bytes
export const CONFIG_PHYSICAL_BLOCK_EXPONENT: u32 = 0x18; // 8     TOPOLOGY           blocks of a physical one: 2 to the power of it
export const CONFIG_ALIGNMENT_OFFSET: u32 = 0x19; //       8      TOPOLOGY           in blocks, as the two below
export const CONFIG_IO_SIZE_MIN: u32 = 0x1a; //           16      TOPOLOGY
export const CONFIG_IO_SIZE_OPTIMAL: u32 = 0x1c; //       32      TOPOLOGY
export const CONFIG_WRITEBACK: u32 = 0x20; //              8      CONFIG_WRITE_CACHE may be written
export const CONFIG_QUEUE_COUNT: u32 = 0x22; //           16      MULTIQUEUE
export const CONFIG_DISCARD: u32 = 0x24; //             3*32      DISCARD            sectors and segments at most, alignment
export const CONFIG_WRITE_ZEROES: u32 = 0x30; //        2*32      WRITE_ZEROES       sectors and segments at most
export const CONFIG_MAY_UNMAP: u32 = 0x38; //              8      WRITE_ZEROES
export const CONFIG_SECURE_ERASE: u32 = 0x3c; //        3*32      SECURE_ERASE       as for DISCARD
/** Without any of the features below BLOCK_SIZE. */
export const CONFIG_LENGTH_MIN: u32 = 0x18;

/** The first queue for requests. §5.2.2 */
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
export const TYPE_GET_LIFETIME: u32 = 10;
// These have segments for data, and no sector of their own.
export const TYPE_DISCARD: u32 = 11;
export const TYPE_WRITE_ZEROES: u32 = 13;
export const TYPE_SECURE_ERASE: u32 = 14;

//    virtio_blk_discard_write_zeroes            offset   width            §5.2.6
export const RANGE_SECTOR: u32 = 0; //                    64
export const RANGE_SECTOR_COUNT: u32 = 8; //              32
export const RANGE_FLAGS: u32 = 12; //                    32      RANGE_UNMAP, for TYPE_WRITE_ZEROES alone
export const RANGE_SIZE: u32 = 16;
export const RANGE_UNMAP: u32 = 1;

/** Bytes of virtio_blk_lifetime: three fields of 16 bits. §5.2.6 */
export const LIFETIME_LENGTH: u32 = 6;

/** Bytes of the serial number; a shorter one ends with a zero byte. §5.2.6.1 */
export const SERIAL_NUMBER_LENGTH: u32 = 20;

// The status byte that ends every request. §5.2.6
export const STATUS_OK: u8 = 0;
export const STATUS_IO_ERROR: u8 = 1;
export const STATUS_UNSUPPORTED: u8 = 2;
/** No device writes this one: what the driver puts there before, to see whether the device has written. */
export const STATUS_UNWRITTEN: u8 = 0xff;

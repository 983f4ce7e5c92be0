'use machine';
// Command descriptor blocks: what SCSI commands look like. SPC-5, SBC-4, MMC-6. Numbers are big-endian.
//
// Each function fills a block of CDB_LENGTH zeroes.

import type { bool, u8, u16, u32, u53 } from '../../kernel/base/machine.ts';

/** Bytes of the longest command that is used here. */
export const CDB_LENGTH: u32 = 16;

// Operation codes.
const TEST_UNIT_READY: u8 = 0x00;
const INQUIRY: u8 = 0x12;
const MODE_SENSE_6: u8 = 0x1a;
const MODE_SELECT_6: u8 = 0x15;
const READ_CAPACITY_10: u8 = 0x25;
const READ_10: u8 = 0x28;
const SYNCHRONIZE_CACHE_10: u8 = 0x35;
const UNMAP: u8 = 0x42;
const READ_16: u8 = 0x88;
const WRITE_16: u8 = 0x8a;
const SYNCHRONIZE_CACHE_16: u8 = 0x91;
const WRITE_SAME_16: u8 = 0x93;
const SERVICE_ACTION_IN_16: u8 = 0x9e;
const REPORT_LUNS: u8 = 0xa0;

/** With SERVICE_ACTION_IN_16. */
const READ_CAPACITY_16: u8 = 0x10;

/** Of INQUIRY: a page of vital product data is asked for. */
const ENABLE_VITAL_PRODUCT_DATA: u8 = 1;
/** Of WRITE SAME. */
const UNMAP_BIT: u8 = 0x08;
/** Of MODE SENSE: no block descriptors in the answer. */
const DISABLE_BLOCK_DESCRIPTORS: u8 = 0x08;
/** Of MODE SELECT: what follows is pages. */
const PAGE_FORMAT: u8 = 0x10;

/** Asks whether the unit is ready. */
export const fillTestUnitReady = (cdb: Uint8Array): void => {
  cdb[0] = TEST_UNIT_READY;
};

/** Asks a unit what it is. SPC-5 §6.6 */
export const fillInquiry = (cdb: Uint8Array, length: u16): void => {
  cdb[0] = INQUIRY;
  putU16(cdb, 3, length);
};

/** The same for a page of vital product data. */
export const fillInquiryPage = (cdb: Uint8Array, page: u8, length: u16): void => {
  fillInquiry(cdb, length);
  cdb[1] = ENABLE_VITAL_PRODUCT_DATA;
  cdb[2] = page;
};

/** Asks a target for its logical units. SPC-5 §6.33 */
export const fillReportLuns = (cdb: Uint8Array, length: u32): void => {
  cdb[0] = REPORT_LUNS;
  putU32(cdb, 6, length);
};

/** Asks for a page of modes. SPC-5 §6.13 */
export const fillModeSense = (cdb: Uint8Array, page: u8, length: u8): void => {
  cdb[0] = MODE_SENSE_6;
  cdb[1] = DISABLE_BLOCK_DESCRIPTORS;
  cdb[2] = page;
  cdb[4] = length;
};

/** Sets one. SPC-5 §6.11 */
export const fillModeSelect = (cdb: Uint8Array, length: u8): void => {
  cdb[0] = MODE_SELECT_6;
  cdb[1] = PAGE_FORMAT;
  cdb[4] = length;
};

/** Asks for the capacity of a CD, or of a disk that knows no other way. SBC-4 §5.15 */
export const fillReadCapacity10 = (cdb: Uint8Array): void => {
  cdb[0] = READ_CAPACITY_10;
};

/** Asks for the capacity of a disk. SBC-4 §5.16 */
export const fillReadCapacity16 = (cdb: Uint8Array, length: u32): void => {
  cdb[0] = SERVICE_ACTION_IN_16;
  cdb[1] = READ_CAPACITY_16;
  putU32(cdb, 10, length);
};

/** Reads `count` blocks from `block` on. SBC-4 §5.18 */
export const fillRead16 = (cdb: Uint8Array, block: u53, count: u32): void => {
  cdb[0] = READ_16;
  putPlace(cdb, block, count);
};

/** Writes them. SBC-4 §5.40 */
export const fillWrite16 = (cdb: Uint8Array, block: u53, count: u32): void => {
  cdb[0] = WRITE_16;
  putPlace(cdb, block, count);
};

/** Reads blocks of a CD: below 2^32, fewer than 2^16. MMC-6 §6.15 */
export const fillRead10 = (cdb: Uint8Array, block: u32, count: u16): void => {
  cdb[0] = READ_10;
  putU32(cdb, 2, block);
  putU16(cdb, 7, count);
};

/** Has the whole cache written to the medium. SBC-4 §5.28 */
export const fillSynchronizeCache = (cdb: Uint8Array, is16: bool): void => {
  cdb[0] = is16 ? SYNCHRONIZE_CACHE_16 : SYNCHRONIZE_CACHE_10;
};

/** Bytes of a list for UNMAP with one range. */
export const UNMAP_LIST_LENGTH: u16 = 24;

/** Frees blocks, which a list of UNMAP_LIST_LENGTH bytes names. SBC-4 §5.35 */
export const fillUnmap = (cdb: Uint8Array): void => {
  cdb[0] = UNMAP;
  putU16(cdb, 7, UNMAP_LIST_LENGTH);
};

/** Fills that list. SBC-4 §5.35.2 */
export const fillUnmapList = (list: Uint8Array, block: u53, count: u32): void => {
  putU16(list, 0, UNMAP_LIST_LENGTH - 2);
  putU16(list, 2, UNMAP_LIST_LENGTH - 8);
  putU53(list, 8, block);
  putU32(list, 16, count);
};

/** Writes one block of data to each of `count` blocks, which may be freed where that reads the same. SBC-4 §5.51 */
export const fillWriteSame16 = (cdb: Uint8Array, block: u53, count: u32, mayUnmap: bool): void => {
  cdb[0] = WRITE_SAME_16;
  cdb[1] = mayUnmap ? UNMAP_BIT : 0;
  putPlace(cdb, block, count);
};

/** Returns the 16 bits at `offset`. */
export const bigU16 = (bytes: Uint8Array, offset: u32): u16 => (bytes[offset] << 8) | bytes[offset + 1];

/** Returns the 32 bits at `offset`. */
export const bigU32 = (bytes: Uint8Array, offset: u32): u32 =>
  ((bigU16(bytes, offset) << 16) | bigU16(bytes, offset + 2)) >>> 0;

/** Returns the 64 bits at `offset`; 2^53 - 1 for more. */
export const bigU53 = (bytes: Uint8Array, offset: u32): u53 => {
  const high: u32 = bigU32(bytes, offset);
  return high > HIGH_MAX ? U53_MAX : high * WORD + bigU32(bytes, offset + 4);
};

const WORD: u53 = 4294967296;
const HIGH_MAX: u32 = 0x1fffff;
const U53_MAX: u53 = 9007199254740991;

const putPlace = (cdb: Uint8Array, block: u53, count: u32): void => {
  putU53(cdb, 2, block);
  putU32(cdb, 10, count);
};

const putU16 = (bytes: Uint8Array, offset: u32, value: u16): void => {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value & 0xff;
};

const putU32 = (bytes: Uint8Array, offset: u32, value: u32): void => {
  putU16(bytes, offset, value >>> 16);
  putU16(bytes, offset + 2, value & 0xffff);
};

const putU53 = (bytes: Uint8Array, offset: u32, value: u53): void => {
  putU32(bytes, offset, Math.floor(value / WORD));
  putU32(bytes, offset + 4, value >>> 0);
};

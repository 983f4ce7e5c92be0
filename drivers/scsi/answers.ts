// What logical units say of themselves: answers to INQUIRY, READ CAPACITY, MODE SENSE and REPORT LUNS. SPC-5, SBC-4.
//
// `bytes` is as much of an answer as was transferred. What is too short or cannot be is undefined, never a guess.

import { hex, printableLetter } from '../../kernel/base/hex.ts';
import { SECTOR_SIZE } from '../../kernel/device/block.ts';
import { bigU16, bigU32, bigU53 } from './cdbs.ts';
import { LUN_FLAT, LUN_SIZE } from './registers.ts';

// Peripheral device types. SPC-5 table 137
const TYPE_DISK = 0;
const TYPE_CD = 5;

// Pages of vital product data.
export const PAGE_SUPPORTED = 0x00;
export const PAGE_SERIAL_NUMBER = 0x80;
export const PAGE_IDENTIFICATION = 0x83;
export const PAGE_BLOCK_LIMITS = 0xb0;
export const PAGE_PROVISIONING = 0xb2;

/** The page of modes with the write cache. SBC-4 §6.5.6 */
export const MODE_PAGE_CACHING = 0x08;

/** Bytes that are asked for: the answers' own lengths, or as many as is of use. */
export const INQUIRY_LENGTH = 36;
export const PAGE_LENGTH = 252;
export const CAPACITY_10_LENGTH = 8;
export const CAPACITY_16_LENGTH = 32;
export const MODE_LENGTH = 192;

/** Blocks may be as long as in kernel/device/block.ts, or this long. */
const BLOCK_SIZE_MAX = 65_536;

/** No disk has as many sectors. */
const SECTORS_LIMIT = 2 ** 44;

/** A physical block of more blocks than two to the power of this is none. */
const PHYSICAL_BLOCK_EXPONENT_MAX = 15;

/** Names of one unit that are kept. */
const ID_COUNT_MAX = 16;

const PAGE_HEADER = 4;

/** What a unit is. */
export interface Inquiry {
  /** Undefined: it is nothing that can be read block by block. */
  readonly kind: 'disk' | 'cd' | undefined;
  readonly type: number;
  readonly isRemovable: boolean;
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
}

/** Reads the answer to INQUIRY. Undefined: there is no unit. SPC-5 §6.6.2 */
export const readInquiry = (bytes: Uint8Array): Inquiry | undefined => {
  if (bytes.length < INQUIRY_LENGTH || bytes[0]! >= 0x20) return undefined; // The qualifier: nothing is connected there.
  const type = bytes[0]!;
  return {
    kind: type === TYPE_DISK ? 'disk' : type === TYPE_CD ? 'cd' : undefined,
    type,
    isRemovable: (bytes[1]! & 0x80) !== 0,
    vendor: textOf(bytes, 8, 16),
    product: textOf(bytes, 16, 32),
    revision: textOf(bytes, 32, 36),
  };
};

/** Returns what a page of vital product data holds behind its header; undefined when it is another page. SPC-5 §7.7.1 */
export const readPage = (bytes: Uint8Array, page: number): Uint8Array | undefined => {
  if (bytes.length < PAGE_HEADER || bytes[1] !== page) return undefined;
  return bytes.subarray(PAGE_HEADER, Math.min(bytes.length, PAGE_HEADER + bigU16(bytes, 2)));
};

/** Returns bytes as text, without what is not printable at either end. */
export const readText = (bytes: Uint8Array): string => textOf(bytes, 0, bytes.length);

const textOf = (bytes: Uint8Array, from: number, to: number): string => {
  let start = from;
  let end = to;
  while (end > start && isBlank(bytes[end - 1]!)) end--;
  while (start < end && isBlank(bytes[start]!)) start++;
  let text = '';
  for (let i = start; i < end; i++) text += printableLetter(bytes[i]!);
  return text;
};

const isBlank = (code: number): boolean => code === 0 || code === 0x20;

/** Reads the names of a unit out of page PAGE_IDENTIFICATION. Those of its ports are left out. SPC-5 §7.7.6 */
export const readIds = (page: Uint8Array): string[] => {
  const ids: string[] = [];
  let at = 0;
  while (at + PAGE_HEADER <= page.length && ids.length < ID_COUNT_MAX) {
    const end = at + PAGE_HEADER + page[at + 3]!;
    const isOfUnit = (page[at + 1]! & 0x30) === 0;
    if (end > page.length) break;
    const name = isOfUnit ? idOf(page[at + 1]! & 0x0f, page.subarray(at + PAGE_HEADER, end)) : '';
    if (name !== '') ids.push(name);
    at = end;
  }
  return ids;
};

const idOf = (type: number, bytes: Uint8Array): string => {
  switch (type) {
    case 0:
      return `vendor.${readText(bytes)}`;
    case 1:
      return `t10.${readText(bytes)}`;
    case 2:
      return `eui.${digitsOf(bytes)}`;
    case 3:
      return `naa.${digitsOf(bytes)}`;
    case 8:
      return readText(bytes); // Which begins with such a word itself.
    default:
      return '';
  }
};

const digitsOf = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += hex(bytes[i]!, 2);
  return text;
};

/** What a unit takes at a time, in blocks. 0: it does not say. */
export interface BlockLimits {
  readonly transferMax: number;
  readonly transferMin: number;
  readonly transferOptimal: number;
  readonly unmapMax: number;
  /** Where a range is cut best: multiples of the first, plus the second. */
  readonly unmapGranularity: number;
  readonly unmapAlignment: number;
  readonly sameMax: number;
}

/** Of a unit that says nothing. */
export const NO_LIMITS: BlockLimits = {
  transferMax: 0,
  transferMin: 0,
  transferOptimal: 0,
  unmapMax: 0,
  unmapGranularity: 0,
  unmapAlignment: 0,
  sameMax: 0,
};

/** Reads page PAGE_BLOCK_LIMITS. SBC-4 §6.6.4 */
export const readLimits = (page: Uint8Array): BlockLimits => {
  if (page.length < 12) return NO_LIMITS;
  const transfers = { transferMin: bigU16(page, 2), transferMax: bigU32(page, 4), transferOptimal: bigU32(page, 8) };
  if (page.length < 40) return { ...NO_LIMITS, ...transfers };
  const alignment: number = bigU32(page, 28);
  return {
    ...transfers,
    unmapMax: bigU32(page, 20) === 0 ? 0 : bigU32(page, 16), // Without a descriptor there are no blocks either.
    unmapGranularity: bigU32(page, 24),
    unmapAlignment: alignment >= 2 ** 31 ? alignment - 2 ** 31 : 0,
    sameMax: bigU53(page, 32),
  };
};

/** How a unit frees blocks. */
export interface Provisioning {
  readonly canUnmap: boolean;
  /** By WRITE SAME with the bit for it. */
  readonly canUnmapBySame: boolean;
}

/** Of a unit that does not. */
export const NO_PROVISIONING: Provisioning = { canUnmap: false, canUnmapBySame: false };

/** Reads page PAGE_PROVISIONING. SBC-4 §6.6.6 */
export const readProvisioning = (page: Uint8Array): Provisioning =>
  page.length < 2 ? NO_PROVISIONING : { canUnmap: (page[1]! & 0x80) !== 0, canUnmapBySame: (page[1]! & 0x40) !== 0 };

/** How many blocks a unit has, and how long they are. */
export interface Capacity {
  readonly blockCount: number;
  readonly blockSize: number;
  /** Blocks of a physical block, and the first block that begins one. */
  readonly physicalBlocks: number;
  readonly firstAlignedBlock: number;
}

/** Reads the answer to READ CAPACITY (10). Undefined also for one that says: ask the longer way. SBC-4 §5.15.2 */
export const readCapacity10 = (bytes: Uint8Array): Capacity | undefined =>
  bytes.length < CAPACITY_10_LENGTH || bigU32(bytes, 0) === 0xffffffff
    ? undefined
    : capacityOf(bigU32(bytes, 0) + 1, bigU32(bytes, 4), 1, 0);

/** Reads that to READ CAPACITY (16). SBC-4 §5.16.2 */
export const readCapacity16 = (bytes: Uint8Array): Capacity | undefined => {
  if (bytes.length < 16) return undefined;
  const exponent = bytes[13]! & 0x0f;
  const physicalBlocks = exponent > PHYSICAL_BLOCK_EXPONENT_MAX ? 1 : 2 ** exponent;
  const first: number = bigU16(bytes, 14) & 0x3fff;
  const lastBlock: number = bigU53(bytes, 0);
  return capacityOf(lastBlock + 1, bigU32(bytes, 8), physicalBlocks, first < physicalBlocks ? first : 0);
};

const capacityOf = (
  blockCount: number,
  blockSize: number,
  physicalBlocks: number,
  firstAlignedBlock: number,
): Capacity | undefined => {
  const isPossible = blockSize >= SECTOR_SIZE && blockSize <= BLOCK_SIZE_MAX && (blockSize & (blockSize - 1)) === 0;
  if (!isPossible || blockCount > SECTORS_LIMIT / (blockSize / SECTOR_SIZE)) return undefined;
  return { blockCount, blockSize, physicalBlocks, firstAlignedBlock };
};

/** What modes say. */
export interface Modes {
  readonly isWriteProtected: boolean;
  /** The page of the write cache, as it is set; undefined where there is none. */
  readonly caching: Uint8Array | undefined;
}

/** Reads the answer to MODE SENSE (6) for MODE_PAGE_CACHING. SPC-5 §7.5 */
export const readModes = (bytes: Uint8Array): Modes => {
  if (bytes.length < PAGE_HEADER) return { isWriteProtected: false, caching: undefined };
  const isWriteProtected = (bytes[2]! & 0x80) !== 0;
  const at = PAGE_HEADER + bytes[3]!;
  const end = Math.min(bytes.length, bytes[0]! + 1);
  const hasPage = at + 3 <= end && (bytes[at]! & 0x7f & 0x3f) === MODE_PAGE_CACHING && at + 2 + bytes[at + 1]! <= end;
  return { isWriteProtected, caching: hasPage ? bytes.slice(at, at + 2 + bytes[at + 1]!) : undefined };
};

const WRITE_CACHE_ENABLED = 0x04;

/** Returns whether a caching page says that writes are cached. */
export const isCachingOf = (page: Uint8Array): boolean => page.length > 2 && (page[2]! & WRITE_CACHE_ENABLED) !== 0;

/** Returns what MODE SELECT (6) is to set, so that writes are cached or not: a header, and the page. */
export const modesWithCache = (page: Uint8Array, isCaching: boolean): Uint8Array => {
  const list = new Uint8Array(PAGE_HEADER + page.length);
  list.set(page, PAGE_HEADER);
  list[PAGE_HEADER] = MODE_PAGE_CACHING; // Without the bit that says whether it can be saved.
  const flags = page[2]!;
  list[PAGE_HEADER + 2] = isCaching ? flags | WRITE_CACHE_ENABLED : flags & ~WRITE_CACHE_ENABLED & 0xff;
  return list;
};

/** How many logical units a target has by the answer to REPORT LUNS, also those that the answer had no room for. SPC-5 §6.33 */
export const lunCountOf = (bytes: Uint8Array): number =>
  bytes.length < 8 ? 0 : Math.floor(bigU32(bytes, 0) / LUN_SIZE);

/** Returns the numbers of the units in such an answer, up to `lunMax`, each once. Those in other spaces than ours are left out. SAM-5 §4.7 */
export const readLuns = (bytes: Uint8Array, lunMax: number): number[] => {
  const luns: number[] = [];
  const end = Math.min(bytes.length, 8 + lunCountOf(bytes) * LUN_SIZE);
  for (let at = 8; at + LUN_SIZE <= end; at += LUN_SIZE) {
    const method = bytes[at]! & 0xc0;
    if (method !== 0 && method !== LUN_FLAT) continue;
    const lun: number = bigU16(bytes, at) & 0x3fff;
    if (lun <= lunMax && !luns.includes(lun)) luns.push(lun);
  }
  return luns.sort((a, b) => a - b);
};

'use machine';
// What a block device can take at a time, and what it says of what suits it. VIRTIO 1.2 §5.2.4, §5.2.5.
//
// A limit is the device's word: one that cannot be is not believed, and one that leaves nothing to do makes the device unable to do it. All are read
// once, when it comes up: after a reset it has the same features, and is held to what it said.

import type { bool, u8, u32, u53 } from '../../kernel/base/machine.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig8,
  readConfig16,
  readConfig32,
  requireConfig,
} from '../virtio/config.ts';
import { addFeature, type Features, hasFeature } from '../virtio/features.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  BLK_SECTOR_SIZE,
  CONFIG_ALIGNMENT_OFFSET,
  CONFIG_DISCARD,
  CONFIG_IO_SIZE_MIN,
  CONFIG_IO_SIZE_OPTIMAL,
  CONFIG_LENGTH_MIN,
  CONFIG_MAY_UNMAP,
  CONFIG_PHYSICAL_BLOCK_EXPONENT,
  CONFIG_SECURE_ERASE,
  CONFIG_SEGMENT_MAX,
  CONFIG_SIZE_MAX,
  CONFIG_WRITE_ZEROES,
  CONFIG_WRITEBACK,
  FEATURE_CONFIG_WRITE_CACHE,
  FEATURE_DISCARD,
  FEATURE_LIFETIME,
  FEATURE_SECURE_ERASE,
  FEATURE_SEGMENT_MAX,
  FEATURE_SIZE_MAX,
  FEATURE_TOPOLOGY,
  FEATURE_WRITE_ZEROES,
  RANGE_SIZE,
} from './registers.ts';
import { FRAME_COUNT, SEGMENT_COUNT_MAX } from './request.ts';

/** A request cannot have `expected` bytes, a block: it has `found` segments at most, as long as size_max says. */
export const FAULT_SEGMENTS: u8 = FAULT_OF_DRIVER + 2;

/** Segments that one request for ranges names at most: a page of them. */
const RANGE_COUNT_MAX: u32 = 256;

/** Bytes of as many. */
export const RANGES_LENGTH_MAX: u32 = 4096;

/** What a request has at most that has the device write: 128 MiB, which a slow disk writes in good time. Discarding is bookkeeping. */
const ERASED_SECTORS_MAX: u32 = 262144;

const NO_LIMIT: u32 = 0xffffffff;

/** No disk has as many. */
const SECTORS_LIMIT: u53 = 17592186044416;

/** A physical block of more blocks than two to the power of this is none. */
const PHYSICAL_BLOCK_EXPONENT_MAX: u32 = 16;

/** What the device takes of one kind of request for ranges of sectors. */
export class RangeLimits {
  /** Sectors of a segment: whole blocks. 0: the device cannot do it. */
  sectorsMax: u32 = 0;
  /** Segments of a request. */
  countMax: u32 = 0;
  /** Sectors of all segments of a request. */
  totalMax: u53 = 0;
  /** Where a range is cut best, in sectors. At least 1. */
  alignment: u32 = 1;
}

/** What the device takes. */
export class Limits {
  /** Bytes of a segment: whole blocks, or a power of two below. */
  segmentLengthMax: u32 = 0;
  /** Segments of a request. Where a block is several, as many as whole blocks have. */
  segmentCountMax: u32 = 0;
  discard = new RangeLimits();
  writeZeroes = new RangeLimits();
  secureErase = new RangeLimits();
  /** Writing zeroes may free the sectors. */
  mayUnmap: bool = false;

  // What suits the device, in blocks. §5.2.4
  /** Blocks of a physical block, and the first block that begins one. */
  physicalBlocks: u32 = 1;
  firstAlignedBlock: u32 = 0;
  /** 0: it does not say. */
  ioBlocksMin: u32 = 0;
  ioBlocksOptimal: u32 = 0;
}

/** Adds the features that have something here to those that are wanted. */
export const addLimitFeatures = (wanted: Features): void => {
  addFeature(wanted, FEATURE_SIZE_MAX);
  addFeature(wanted, FEATURE_SEGMENT_MAX);
  addFeature(wanted, FEATURE_TOPOLOGY);
  addFeature(wanted, FEATURE_CONFIG_WRITE_CACHE);
  addFeature(wanted, FEATURE_DISCARD);
  addFeature(wanted, FEATURE_WRITE_ZEROES);
  addFeature(wanted, FEATURE_LIFETIME);
  addFeature(wanted, FEATURE_SECURE_ERASE);
};

/** Reads what a device with blocks of `blockSize` bytes and a queue of `queueSize` elements to be used says. False when it cannot be used so: see the fault. */
export const readLimits = (transport: Transport, blockSize: u32, queueSize: u32, limits: Limits): bool => {
  if (!requireConfig(transport, configLengthOf(transport.accepted))) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    readSegmentLimits(transport, blockSize, queueSize, limits);
    readRangeLimits(transport, blockSize, limits);
    readTopology(transport, limits);
    if (configGeneration(transport) === generation) return holdBlock(transport, blockSize, limits);
  }
  return failUnstable(transport);
};

/** Returns how much configuration there must be: what is beyond a device's own fields reads as anything. §2.5 */
const configLengthOf = (features: Features): u32 => {
  if (hasFeature(features, FEATURE_SECURE_ERASE)) return CONFIG_SECURE_ERASE + 12;
  if (hasFeature(features, FEATURE_WRITE_ZEROES)) return CONFIG_MAY_UNMAP + 1;
  if (hasFeature(features, FEATURE_DISCARD)) return CONFIG_DISCARD + 12;
  if (hasFeature(features, FEATURE_CONFIG_WRITE_CACHE)) return CONFIG_WRITEBACK + 1;
  return hasFeature(features, FEATURE_TOPOLOGY) ? CONFIG_WRITEBACK : CONFIG_LENGTH_MIN;
};

const readSegmentLimits = (transport: Transport, blockSize: u32, queueSize: u32, limits: Limits): void => {
  const features: Features = transport.accepted;
  let length: u32 = hasFeature(features, FEATURE_SIZE_MAX) ? readConfig32(transport, CONFIG_SIZE_MAX) : NO_LIMIT;
  let count: u32 = hasFeature(features, FEATURE_SEGMENT_MAX) ? readConfig32(transport, CONFIG_SEGMENT_MAX) : NO_LIMIT;
  count = Math.min(Math.max(count, 1), SEGMENT_COUNT_MAX, queueSize - FRAME_COUNT); // None at all would be a disk without bytes.
  if (length >= blockSize) length -= length % blockSize;
  else {
    let power: u32 = blockSize;
    while (power > length) power = Math.floor(power / 2);
    length = power;
    if (length !== 0) count -= count % Math.floor(blockSize / length);
  }
  limits.segmentLengthMax = length;
  limits.segmentCountMax = count;
};

/** A device must take a block, and the header of a request in one piece. */
const holdBlock = (transport: Transport, blockSize: u32, limits: Limits): bool =>
  (limits.segmentCountMax !== 0 && limits.segmentLengthMax >= RANGE_SIZE) ||
  setFault(transport.fault, FAULT_SEGMENTS, 0, limits.segmentCountMax, blockSize);

const readRangeLimits = (transport: Transport, blockSize: u32, limits: Limits): void => {
  const features: Features = transport.accepted;
  const longest: u32 = limits.segmentLengthMax;
  if (hasFeature(features, FEATURE_DISCARD)) {
    readRange(transport, CONFIG_DISCARD, blockSize, longest, limits.discard);
    limits.discard.alignment = readAlignment(transport, CONFIG_DISCARD + 8, blockSize);
    limits.discard.totalMax = SECTORS_LIMIT;
  }
  if (hasFeature(features, FEATURE_WRITE_ZEROES)) {
    readRange(transport, CONFIG_WRITE_ZEROES, blockSize, longest, limits.writeZeroes);
    limits.mayUnmap = readConfig8(transport, CONFIG_MAY_UNMAP) !== 0;
  }
  if (hasFeature(features, FEATURE_SECURE_ERASE)) {
    readRange(transport, CONFIG_SECURE_ERASE, blockSize, longest, limits.secureErase);
    limits.secureErase.alignment = readAlignment(transport, CONFIG_SECURE_ERASE + 8, blockSize);
  }
};

/** Reads two limits at `offset`. A device that takes no segments is taken to mean one; one that takes no sectors cannot do it. */
const readRange = (transport: Transport, offset: u32, blockSize: u32, longest: u32, range: RangeLimits): void => {
  const sectors: u32 = readConfig32(transport, offset);
  range.sectorsMax = sectors - (sectors % Math.floor(blockSize / BLK_SECTOR_SIZE));
  const count: u32 = Math.max(readConfig32(transport, offset + 4), 1);
  range.countMax = Math.min(count, RANGE_COUNT_MAX, Math.floor(longest / RANGE_SIZE));
  range.totalMax = ERASED_SECTORS_MAX;
};

/** A range is cut between blocks: an alignment that is no multiple of a block is none. */
const readAlignment = (transport: Transport, offset: u32, blockSize: u32): u32 => {
  const alignment: u32 = readConfig32(transport, offset);
  const isPossible: bool = alignment !== 0 && alignment % Math.floor(blockSize / BLK_SECTOR_SIZE) === 0;
  return isPossible ? alignment : 1;
};

const readTopology = (transport: Transport, limits: Limits): void => {
  if (!hasFeature(transport.accepted, FEATURE_TOPOLOGY)) return;
  const exponent: u32 = readConfig8(transport, CONFIG_PHYSICAL_BLOCK_EXPONENT);
  const first: u32 = readConfig8(transport, CONFIG_ALIGNMENT_OFFSET);
  limits.physicalBlocks = exponent > PHYSICAL_BLOCK_EXPONENT_MAX ? 1 : (1 << exponent) >>> 0;
  limits.firstAlignedBlock = first < limits.physicalBlocks ? first : 0;
  limits.ioBlocksMin = readConfig16(transport, CONFIG_IO_SIZE_MIN);
  limits.ioBlocksOptimal = readConfig32(transport, CONFIG_IO_SIZE_OPTIMAL);
};

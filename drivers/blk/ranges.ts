'use machine';
// Requests for ranges of sectors: discard, write zeroes, secure erase. VIRTIO 1.2 §5.2.6.
//
//   ┌ header 16 ┐ ┌ segment 16 ┬ segment ┬ … ┐ ┌ status 1 ┐       sector, count of sectors, flags: a segment is a part of the range
//
// A range is cut where the device's limits say, at multiples of its alignment where there is one in reach.

import type { bool, DmaOffset, u32, u53 } from '../../kernel/base/machine.ts';
import { dmaWrite32, dmaWrite64 } from '../../kernel/hal/dma.ts';
import type { Limits, RangeLimits } from './limits.ts';
import {
  RANGE_FLAGS,
  RANGE_SECTOR,
  RANGE_SECTOR_COUNT,
  RANGE_SIZE,
  RANGE_UNMAP,
  TYPE_DISCARD,
  TYPE_WRITE_ZEROES,
} from './registers.ts';

/** Returns what the device takes of requests of `type`. */
export const rangeLimitsOf = (limits: Limits, type: u32): RangeLimits => {
  if (type === TYPE_DISCARD) return limits.discard;
  return type === TYPE_WRITE_ZEROES ? limits.writeZeroes : limits.secureErase;
};

/** What one request does. */
export class RangePart {
  sectorCount: u53 = 0;
  /** Bytes of its segments. */
  length: u32 = 0;
}

/**
 * Writes the segments of one request for `sectorCount` sectors from `sector` on to `memory`, which has RANGES_LENGTH_MAX bytes: for the first ones, as many as
 * a request takes. `part` says how many.
 */
export const writeSegments = (
  range: RangeLimits,
  sector: u53,
  sectorCount: u53,
  mayUnmap: bool,
  memory: DmaOffset,
  part: RangePart,
): void => {
  part.sectorCount = 0;
  part.length = 0;
  for (let i: u32 = 0; i < range.countMax && part.sectorCount < Math.min(sectorCount, range.totalMax); i++) {
    const at: DmaOffset = memory + part.length;
    const start: u53 = sector + part.sectorCount;
    const count: u32 = lengthOfSegment(range, start, sectorCount - part.sectorCount, range.totalMax - part.sectorCount);
    dmaWrite64(at + RANGE_SECTOR, start);
    dmaWrite32(at + RANGE_SECTOR_COUNT, count);
    dmaWrite32(at + RANGE_FLAGS, mayUnmap ? RANGE_UNMAP : 0);
    part.sectorCount += count;
    part.length += RANGE_SIZE;
  }
};

/** Returns the sectors of the next segment: `left` are to be done, and there is room for `room` of them. */
const lengthOfSegment = (range: RangeLimits, sector: u53, left: u53, room: u53): u32 => {
  const longest: u53 = Math.min(range.sectorsMax, room);
  if (left <= longest) return left as u32;
  const end: u53 = sector + longest;
  const aligned: u53 = end - (end % range.alignment);
  return (aligned > sector ? aligned - sector : longest) as u32;
};

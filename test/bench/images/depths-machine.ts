'use machine';
// Where the reads of a batch begin: as in loads-machine.ts.

import type { u32, u53 } from '../../../kernel/base/machine.ts';
import { addPlace, type BlockPlaces, clearPlaces } from '../../../kernel/device/block-places.ts';

/**
 * Fills in `count` places, each `stride` sectors behind the one before, the first at `sector`, on a disk of `sectorCount`, with `strideBytes` of memory each.
 * Returns where the next one begins.
 */
export const spreadPlaces = (
  places: BlockPlaces,
  strideBytes: u32,
  count: u32,
  sector: u53,
  stride: u32,
  sectorCount: u53,
): u53 => {
  let next: u53 = sector;
  clearPlaces(places, strideBytes);
  for (let i: u32 = 0; i < count; i++) {
    addPlace(places, next);
    next += stride;
    while (next >= sectorCount) next -= sectorCount;
  }
  return next;
};

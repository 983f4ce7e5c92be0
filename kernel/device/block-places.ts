'use machine';
// Places on a disk, each of which a piece of memory is read from or written to: readManyDma and writeManyDma of block.ts. A record, so that who has many
// to name does it in a machine module.

import { type bool, type FixedArray, fixedArray, type u32, type u53 } from '../base/machine.ts';

/** Places that one call has at most. */
export const PLACE_COUNT_MAX: u32 = 1024;

/** The places of one call. They may be changed as soon as the call has returned its promise. */
export class BlockPlaces {
  count: u32 = 0;
  /** The first sector of each. */
  sectors: FixedArray<u53, 1024> = fixedArray(1024, 0);
  /**
   * Bytes from one piece of memory to the next; 0: one begins where the other ends. Where it is more than their length, the byte behind each piece
   * is the device's, too, and a read costs it less.
   */
  strideBytes: u32 = 0;
}

/** Empties it, for pieces of memory `strideBytes` apart. */
export const clearPlaces = (places: BlockPlaces, strideBytes: u32): void => {
  places.count = 0;
  places.strideBytes = strideBytes;
};

/** Puts a place behind the others. Returns whether there was room: PLACE_COUNT_MAX. */
export const addPlace = (places: BlockPlaces, sector: u53): bool => {
  if (places.count === PLACE_COUNT_MAX) return false;
  places.sectors[places.count] = sector;
  places.count++;
  return true;
};

'use machine';
// The bytes that the soak writes: each sector says where it belongs and how often it was written. Hot, because every byte is made and looked at.

import type { bool, i32, u8, u32 } from '../../../kernel/base/machine.ts';

const SECTOR_SIZE: u32 = 512;

/** Fills whole sectors with what belongs into them from `sector` on, the `generation`th time. */
export const fillSectors = (bytes: Uint8Array, sector: u32, generation: u8): void => {
  const count: u32 = Math.floor(bytes.length / SECTOR_SIZE);
  for (let index: u32 = 0; index < count; index++) {
    const seed: u32 = seedOf(sector + index, generation);
    for (let at: u32 = 0; at < SECTOR_SIZE; at++) bytes[index * SECTOR_SIZE + at] = (seed + at * 7) & 0xff;
  }
};

/** Returns the index of the first sector in which other bytes are than `generations`, from `first` on, say; -1 when all are right. */
export const wrongSector = (bytes: Uint8Array, sector: u32, generations: Uint8Array, first: u32): i32 => {
  const count: u32 = Math.floor(bytes.length / SECTOR_SIZE);
  for (let index: u32 = 0; index < count; index++) {
    if (!isRight(bytes, index * SECTOR_SIZE, seedOf(sector + index, generations[first + index]))) return index as i32;
  }
  return -1;
};

const isRight = (bytes: Uint8Array, start: u32, seed: u32): bool => {
  for (let at: u32 = 0; at < SECTOR_SIZE; at++) {
    if (bytes[start + at] !== ((seed + at * 7) & 0xff)) return false;
  }
  return true;
};

const seedOf = (sector: u32, generation: u8): u32 => (sector * 31 + generation * 131) & 0xffffff;

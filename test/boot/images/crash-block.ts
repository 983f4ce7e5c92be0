'use machine';
// A numbered block of the image crash.ts: every byte of it follows from its number. Written by the image and looked at by crash.ts of the tests, hot in both.
//
//   sector   [ number of the block, 4 bytes │ number of the sector in it, 1 byte │ bytes that follow from both … ]

import type { bool, u32 } from '../../../kernel/base/machine.ts';

/** Bytes of a block: several pages, so that one can be torn. */
export const BLOCK_BYTES: u32 = 8192;

const SECTOR_BYTES: u32 = 512;
const HEADER_BYTES: u32 = 5;

/** Fills `bytes`, one block, with what belongs into the block of that number, below 2^24. */
export const fillBlock = (bytes: Uint8Array, number: u32): void => {
  for (let at: u32 = 0; at < BLOCK_BYTES; at++) bytes[at] = byteAt(number, at);
};

/** Whether the block at `start` of `bytes` is the one of that number, whole. */
export const isBlock = (bytes: Uint8Array, start: u32, number: u32): bool => {
  for (let at: u32 = 0; at < BLOCK_BYTES; at++) {
    if (bytes[start + at] !== byteAt(number, at)) return false;
  }
  return true;
};

const byteAt = (number: u32, at: u32): u32 => {
  const sector: u32 = Math.floor(at / SECTOR_BYTES);
  const within: u32 = at % SECTOR_BYTES;
  if (within < 4) return (number >>> (8 * within)) & 0xff;
  if (within < HEADER_BYTES) return sector;
  return (number * 31 + sector * 7 + within * 13) & 0xff;
};

'use machine';
// A hash that is quick on both sides: FNV-1a over words of 32 bits, with the high half folded in, as a multiplication moves nothing down. Hot: a file of 1 GiB goes through it.

import { readU32 } from '../../../kernel/base/bytes.ts';
import type { DmaOffset, u32 } from '../../../kernel/base/machine.ts';
import { dmaRead32 } from '../../../kernel/hal/dma.ts';

const PRIME: u32 = 0x01000193;

/** What a hash begins with. */
export const HASH_START: u32 = 0x811c9dc5;

const mix = (hash: u32, word: u32): u32 => {
  const product: u32 = Math.imul(hash ^ word, PRIME) >>> 0;
  return (product ^ (product >>> 15)) >>> 0;
};

/** Returns the hash with whole words of DMA memory behind it. */
export const hashDma = (hash: u32, offset: DmaOffset, length: u32): u32 => {
  let value: u32 = hash;
  for (let at: u32 = 0; at + 4 <= length; at += 4) value = mix(value, dmaRead32(offset + at));
  return value;
};

/** The same with bytes; those that make no word count as one each. */
export const hashBytes = (hash: u32, bytes: Uint8Array): u32 => {
  let value: u32 = hash;
  const whole: u32 = bytes.length - (bytes.length % 4);
  for (let at: u32 = 0; at < whole; at += 4) value = mix(value, readU32(bytes, at));
  for (let at: u32 = whole; at < bytes.length; at++) value = mix(value, bytes[at]);
  return value;
};

/** Returns the sum of two hashes, which does not depend on the order of more. */
export const sumOf = (left: u32, right: u32): u32 => (left + right) >>> 0;

/** Fills bytes with what belongs at `position` of a file. */
export const fillContent = (bytes: Uint8Array, position: u32): void => {
  for (let at: u32 = 0; at < bytes.length; at++) bytes[at] = (((position + at) >>> 7) * 31 + (position + at)) & 0xff;
};

'use machine';
// Arithmetic on widths and alignments.

import type { bool, u32, u53 } from './machine.ts';

/** 2^32: how many values a 32-bit register has. */
export const WORD_VALUES: u53 = 4294967296;

/** The high half of a 64-bit register above which its value is 2^53 or more, which a `u53` cannot hold. */
export const HIGH_WORD_LIMIT: u32 = 0x200000;

/** Returns whether exactly one bit of `value` is set. */
export const isPowerOfTwo = (value: u32): bool => value !== 0 && (value & (value - 1)) === 0;

/** Returns whether bit `index` (0 to 31) of `word` is set. */
export const hasBit = (word: u32, index: u32): bool => ((word >>> index) & 1) !== 0;

/** Returns `word` with bit `index` (0 to 31) set. */
export const withBit = (word: u32, index: u32): u32 => (word | (1 << index)) >>> 0;

/** Returns the smaller of two. */
export const smaller = (left: u53, right: u53): u53 => Math.min(left, right);

/** Returns the larger of two. */
export const larger = (left: u53, right: u53): u53 => Math.max(left, right);

/** Returns the smallest multiple of `alignment` that is not below `value`. `alignment` is at least 1. */
export const alignUp = (value: u53, alignment: u53): u53 => {
  const excess: u53 = value % alignment;
  return excess === 0 ? value : value - excess + alignment;
};

/** Returns bits 0 to 31 of `value`. */
export const lowWord = (value: u53): u32 => value >>> 0;

/** Returns bits 32 and up of `value`. */
export const highWord = (value: u53): u32 => Math.floor(value / WORD_VALUES);

/** Returns the value of a 64-bit register from its halves. `high` is below HIGH_WORD_LIMIT. */
export const joinWords = (low: u32, high: u32): u53 => high * WORD_VALUES + low;

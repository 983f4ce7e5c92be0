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

/** Returns what is left of `value` divided by `divisor`, which is not 0. For the control plane, whose `%` is a loop. */
export const remainder = (value: u53, divisor: u53): u53 => value % divisor;

/** Returns the smallest multiple of `alignment` that is not below `value`. `alignment` is at least 1. */
export const alignUp = (value: u53, alignment: u53): u53 => {
  const excess: u53 = value % alignment;
  return excess === 0 ? value : value - excess + alignment;
};

/** Returns how many hexadecimal digits `value` has; 0 has none. */
export const hexDigitCount = (value: u53): u32 => {
  let count: u32 = 0;
  for (let rest: u53 = value; rest !== 0; rest = Math.floor(rest / 16)) count++;
  return count;
};

/** Returns the hexadecimal digit `place` of `value`, 0 to 15; place 0 is the last one. */
export const hexDigit = (value: u53, place: u32): u32 => {
  let rest: u53 = value;
  for (let i: u32 = 0; i < place && rest !== 0; i++) rest = Math.floor(rest / 16);
  return rest % 16;
};

/** Returns how often `value` can be divided by 1024 without a rest, at most 3 times; 0 for 0. */
export const binaryUnit = (value: u53): u32 => {
  let unit: u32 = 0;
  for (let rest: u53 = value; unit < 3 && rest !== 0 && rest % 1024 === 0; rest = Math.floor(rest / 1024)) unit++;
  return unit;
};

/** Returns bits 0 to 31 of `value`. */
export const lowWord = (value: u53): u32 => value >>> 0;

/** Returns bits 32 and up of `value`. */
export const highWord = (value: u53): u32 => Math.floor(value / WORD_VALUES);

/** Returns the value of a 64-bit register from its halves. `high` is below HIGH_WORD_LIMIT. */
export const joinWords = (low: u32, high: u32): u53 => high * WORD_VALUES + low;

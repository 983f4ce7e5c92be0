'use machine';
// Nanoseconds of 64 bits, which no number here holds, as seconds and nanoseconds, and back. VIRTIO 1.4 §5.22.6.3

import type { u32, u53 } from '../../kernel/base/machine.ts';

/** High halves below it are of times before the year 2248: more is no time that a clock shows. */
export const HIGH_LIMIT: u32 = 0x7a000000;

/** Seconds of such times are below it. */
export const SECONDS_LIMIT: u53 = 8700000000;

// 2^32 nanoseconds are so many microseconds, and so many nanoseconds more.
const WORD_MICROSECONDS: u53 = 4294967;
const WORD_REST: u53 = 296;

const MICROSECONDS: u53 = 1000000;
const NANOSECONDS: u53 = 1000000000;
const HALF_WORD: u53 = 65536;

/** Returns the whole microseconds of `high` and `low`, `high` below HIGH_LIMIT. */
export const microsecondsOf = (high: u32, low: u32): u53 =>
  high * WORD_MICROSECONDS + Math.floor((high * WORD_REST + low) / 1000);

/** Returns the seconds. */
export const secondsOf = (high: u32, low: u32): u53 => Math.floor(microsecondsOf(high, low) / MICROSECONDS);

/** Returns the nanoseconds behind the seconds. */
export const nanosecondsOf = (high: u32, low: u32): u32 =>
  ((microsecondsOf(high, low) % MICROSECONDS) * 1000 + ((high * WORD_REST + low) % 1000)) as u32;

/** Returns the high half of a time, `seconds` below SECONDS_LIMIT. */
export const highOf = (seconds: u53, nanoseconds: u32): u32 =>
  Math.floor(upperOf(seconds, nanoseconds) / HALF_WORD) as u32;

/** Returns the low half. */
export const lowOf = (seconds: u53, nanoseconds: u32): u32 =>
  ((upperOf(seconds, nanoseconds) % HALF_WORD) * HALF_WORD + (lowerOf(seconds, nanoseconds) % HALF_WORD)) as u32;

/** The time in units of 2^16 nanoseconds. */
const upperOf = (seconds: u53, nanoseconds: u32): u53 =>
  Math.floor(seconds / HALF_WORD) * NANOSECONDS + Math.floor(lowerOf(seconds, nanoseconds) / HALF_WORD);

/** What the low 16 bits of the seconds come to. */
const lowerOf = (seconds: u53, nanoseconds: u32): u53 => (seconds % HALF_WORD) * NANOSECONDS + nanoseconds;

'use machine';
// Looks at many bytes at once: whether memory that came back is zero, and keeps what is put there.

import type { bool, u32 } from '../../../kernel/base/machine.ts';

const STRIDE: u32 = 61;

/** Returns whether all bytes are zero, of those that are looked at: several in each line of a cache. */
export const isZero = (bytes: Uint8Array): bool => {
  for (let i: u32 = 0; i < bytes.length; i += STRIDE) if (bytes[i] !== 0) return false;
  return true;
};

/** Fills the bytes with a pattern in which no two pages are alike. */
export const fillPattern = (bytes: Uint8Array, seed: u32): void => {
  for (let i: u32 = 0; i < bytes.length; i += STRIDE) bytes[i] = patternAt(i, seed);
};

/** Returns whether the pattern is still there. */
export const hasPattern = (bytes: Uint8Array, seed: u32): bool => {
  for (let i: u32 = 0; i < bytes.length; i += STRIDE) if (bytes[i] !== patternAt(i, seed)) return false;
  return true;
};

const patternAt = (at: u32, seed: u32): u32 => (Math.imul(at ^ seed, 0x9e3779b1) >>> 24) & 0xff;

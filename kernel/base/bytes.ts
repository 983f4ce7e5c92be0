'use machine';
// Little-endian fields in borrowed bytes, and the loops over bytes that are too long for the control plane.

import type { bool, u8, u16, u32 } from './machine.ts';

/** Returns the 16-bit value at `offset`. */
export const readU16 = (bytes: Uint8Array, offset: u32): u16 => bytes[offset] | (bytes[offset + 1] << 8);

/** Returns the 32-bit value at `offset`. */
export const readU32 = (bytes: Uint8Array, offset: u32): u32 =>
  (bytes[offset] | (bytes[offset + 1] << 8) | (bytes[offset + 2] << 16) | (bytes[offset + 3] << 24)) >>> 0;

/** Returns whether both hold the same bytes. */
export const equalBytes = (left: Uint8Array, right: Uint8Array): bool => {
  const length: u32 = left.length;
  if (right.length !== length) return false;
  for (let i: u32 = 0; i < length; i++) {
    if (left[i] !== right[i]) return false;
  }
  return true;
};

/** Fills `bytes` with a pattern that starts at `seed` and repeats only after 251 bytes, so that shifted data does not compare equal. */
export const fillPattern = (bytes: Uint8Array, seed: u8): void => {
  const length: u32 = bytes.length;
  for (let i: u32 = 0; i < length; i++) bytes[i] = (seed + i) % 251;
};

/** Copies `length` bytes of `source`, from `sourceAt` on, to `targetAt` in `target`. */
export const copyBytes = (target: Uint8Array, targetAt: u32, source: Uint8Array, sourceAt: u32, length: u32): void => {
  for (let i: u32 = 0; i < length; i++) target[targetAt + i] = source[sourceAt + i];
};

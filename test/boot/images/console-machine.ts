'use machine';
// A stream of bytes that guest and host know: made by a seed, and long enough before it repeats that a byte lost, doubled or out of place shows.

import type { i32, u32 } from '../../../kernel/base/machine.ts';

/** Where in a stream somebody is. */
export class Stream {
  state: u32 = 0;
  /** Bytes of it so far. */
  position: u32 = 0;
}

/** Starts at the beginning of the stream of a seed. */
export const startStream = (stream: Stream, seed: u32): void => {
  stream.state = (Math.imul(seed + 1, 2654435761) | 1) >>> 0;
  stream.position = 0;
};

/** Fills `target` with the next bytes. */
export const fillStream = (stream: Stream, target: Uint8Array): void => {
  for (let i: u32 = 0; i < target.length; i++) target[i] = next(stream);
};

/** Returns how many of the bytes are not the next ones of the stream. */
export const countWrong = (stream: Stream, bytes: Uint8Array): i32 => {
  let wrong: i32 = 0;
  for (let i: u32 = 0; i < bytes.length; i++) if (bytes[i] !== next(stream)) wrong++;
  return wrong;
};

/** xorshift32, of which each step gives four bytes. */
const next = (stream: Stream): u32 => {
  const place: u32 = stream.position & 3;
  if (place === 0) {
    let x: u32 = stream.state;
    x = (x ^ (x << 13)) >>> 0;
    x = (x ^ (x >>> 17)) >>> 0;
    stream.state = (x ^ (x << 5)) >>> 0;
  }
  stream.position++;
  return (stream.state >>> (place * 8)) & 0xff;
};

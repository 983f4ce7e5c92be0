'use machine';
// The ChaCha20 block function. RFC 8439 §2.3. Hot for every random byte.
//
//   words 0–3    "expand 32-byte k"
//   words 4–11   key
//   word 12      block counter
//   words 13–15  nonce

import { type FixedArray, fixedArray, type i32, type u32 } from './machine.ts';

/** Words of a key, and of a block. */
export const CHACHA_KEY_WORDS: u32 = 8;
export const CHACHA_BLOCK_WORDS: u32 = 16;

/** A key with a counter and a nonce, and the block that they make. */
export class ChaCha20 {
  key: FixedArray<u32, 8> = fixedArray(8, 0);
  counter: u32 = 0;
  nonce: FixedArray<u32, 3> = fixedArray(3, 0);
  /** The last block: its words are little endian in a stream of bytes. */
  block: FixedArray<u32, 16> = fixedArray(16, 0);
  start: FixedArray<u32, 16> = fixedArray(16, 0);
}

const DOUBLE_ROUNDS: u32 = 10;

/** Makes the block of the counter, and counts. After 2^32 blocks the counter begins anew. §2.3.1 */
export const chachaBlock = (cipher: ChaCha20): void => {
  setStart(cipher);
  for (let word: u32 = 0; word < CHACHA_BLOCK_WORDS; word++) cipher.block[word] = cipher.start[word];
  for (let round: u32 = 0; round < DOUBLE_ROUNDS; round++) {
    quarterRound(cipher, 0, 4, 8, 12);
    quarterRound(cipher, 1, 5, 9, 13);
    quarterRound(cipher, 2, 6, 10, 14);
    quarterRound(cipher, 3, 7, 11, 15);
    quarterRound(cipher, 0, 5, 10, 15);
    quarterRound(cipher, 1, 6, 11, 12);
    quarterRound(cipher, 2, 7, 8, 13);
    quarterRound(cipher, 3, 4, 9, 14);
  }
  for (let word: u32 = 0; word < CHACHA_BLOCK_WORDS; word++) {
    cipher.block[word] = (cipher.block[word] + cipher.start[word]) >>> 0;
  }
  cipher.counter = (cipher.counter + 1) >>> 0;
};

const setStart = (cipher: ChaCha20): void => {
  cipher.start[0] = 0x61707865;
  cipher.start[1] = 0x3320646e;
  cipher.start[2] = 0x79622d32;
  cipher.start[3] = 0x6b206574;
  for (let word: u32 = 0; word < CHACHA_KEY_WORDS; word++) cipher.start[4 + word] = cipher.key[word];
  cipher.start[12] = cipher.counter;
  for (let word: u32 = 0; word < 3; word++) cipher.start[13 + word] = cipher.nonce[word];
};

/** §2.1 */
const quarterRound = (cipher: ChaCha20, ia: u32, ib: u32, ic: u32, id: u32): void => {
  let a: u32 = cipher.block[ia];
  let b: u32 = cipher.block[ib];
  let c: u32 = cipher.block[ic];
  let d: u32 = cipher.block[id];
  a = (a + b) >>> 0;
  d = rotated(d ^ a, 16);
  c = (c + d) >>> 0;
  b = rotated(b ^ c, 12);
  a = (a + b) >>> 0;
  d = rotated(d ^ a, 8);
  c = (c + d) >>> 0;
  b = rotated(b ^ c, 7);
  cipher.block[ia] = a;
  cipher.block[ib] = b;
  cipher.block[ic] = c;
  cipher.block[id] = d;
};

const rotated = (word: i32, count: u32): u32 => ((word << count) | (word >>> (32 - count))) >>> 0;

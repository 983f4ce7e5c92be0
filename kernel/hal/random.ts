'use machine';
// The machine's generator of random bytes: ChaCha20 with fast key erasure (D. J. Bernstein, "Fast-key-erasure random-number generators", 2017).
//
//   key ─▶ 8 blocks ─▶ ├ 32 bytes: the next key ┤├ 480 bytes: handed out, each erased as it goes ┤ ─▶ key ─▶ …
//
// What is always true:
//  - What was handed out cannot be found again in memory, nor from what is there: the key that made it is overwritten before the first byte goes out.
//  - Nothing is handed out before 256 bits of entropy are in. A seed is added to the key (exclusive or) and hides behind a new one: it never makes the key weaker.
//
// Seeds come from the processor by themselves, where it has RDRAND, again after each MiB; and from whoever has some (addSeed).

import { CHACHA_BLOCK_WORDS, CHACHA_KEY_WORDS, ChaCha20, chachaBlock } from '../base/chacha20.ts';
import { type bool, type FixedArray, fixedArray, type u8, type u32, type u53 } from '../base/machine.ts';
import { NO_RANDOM, pause, rdrand, rdseed } from './cpu.ts';

/** Bytes that one seed has at least: the length of a key. */
export const SEED_LENGTH_MIN: u32 = 32;

/** Bytes handed out after which a new seed is wanted. */
const RESEED_AFTER: u53 = 1048576;

/** Blocks made at a time, and their bytes. */
const BLOCK_COUNT: u32 = 8;
const BLOCK_LENGTH: u32 = 64;
const BATCH_LENGTH: u32 = 512;
const KEY_LENGTH: u32 = 32;

/** Words that one seed takes from the processor: twice a key. */
const PROCESSOR_WORDS: u32 = 16;

/** So often one word is asked for: a generator that works has one at the first time, or soon (Intel's guide to it says ten). */
const TRY_COUNT: u32 = 10;

/** The generator's state. */
export class Generator {
  cipher = new ChaCha20();
  /** The batch: from `at` on, what was not handed out. */
  batch: FixedArray<u8, 512> = fixedArray(512, 0);
  at: u32 = 512;
  isSeeded: bool = false;
  /** Bytes handed out since the last seed, and of those how many before the processor is asked for another. */
  handedOut: u53 = 0;
  reseedAt: u53 = 0;
  /** The processor's words of the last seed, for as long as it takes to add them. */
  words: FixedArray<u32, 16> = fixedArray(16, 0);
  /** What of a seed is not a whole key yet. */
  chunk: FixedArray<u32, 8> = fixedArray(8, 0);
}

const generator = new Generator();

/** Fills `target` with random bytes. False, and nothing is written: there is no entropy yet. */
export const fillRandom = (target: Uint8Array): bool => {
  if (!isRandomReady()) return false;
  if (generator.handedOut >= generator.reseedAt && !seedFromProcessor()) generator.reseedAt += RESEED_AFTER;
  for (let i: u32 = 0; i < target.length; i++) {
    if (generator.at === BATCH_LENGTH) refill();
    target[i] = generator.batch[generator.at];
    generator.batch[generator.at] = 0;
    generator.at++;
  }
  generator.handedOut += target.length;
  return true;
};

/** Returns whether fillRandom would fill. The first call asks the processor. */
export const isRandomReady = (): bool => generator.isSeeded || seedFromProcessor();

/** Returns whether so much was handed out that a new seed would be good, and the processor has none. */
export const wantsSeed = (): bool => generator.handedOut >= RESEED_AFTER;

/** Adds a seed. With SEED_LENGTH_MIN bytes or more, of which nobody knows anything, the generator is ready; with fewer it is not weaker than before. */
export const addSeed = (seed: Uint8Array): void => {
  for (let start: u32 = 0; start < seed.length; start += KEY_LENGTH) {
    for (let word: u32 = 0; word < CHACHA_KEY_WORDS; word++) generator.chunk[word] = wordAt(seed, start + word * 4);
    addChunk();
  }
  if (seed.length >= SEED_LENGTH_MIN) noteSeeded();
};

/** Returns four bytes from `start` on, little endian; those behind the end are 0. */
const wordAt = (bytes: Uint8Array, start: u32): u32 => {
  let word: u32 = 0;
  for (let i: u32 = 0; i < 4 && start + i < bytes.length; i++) word = (word | (bytes[start + i] << (8 * i))) >>> 0;
  return word;
};

/** Seeds the generator with the processor's. False: it has none, or one that is stuck. */
const seedFromProcessor = (): bool => {
  if (!takeWords(false)) return false;
  addWords();
  if (takeWords(true)) addWords(); // RDSEED, where there is one: what RDRAND itself is seeded from.
  noteSeeded();
  return true;
};

const noteSeeded = (): void => {
  generator.isSeeded = true;
  generator.handedOut = 0;
  generator.reseedAt = RESEED_AFTER;
};

/**
 * Takes PROCESSOR_WORDS words of RDSEED or RDRAND. False: there is no such instruction, it has nothing after TRY_COUNT times, or it is stuck: two
 * neighbours of 64 bits are the same. Some processors gave all ones for ever after they had slept; a good one does so once in 2^61 times.
 */
const takeWords = (isSeed: bool): bool => {
  for (let word: u32 = 0; word < PROCESSOR_WORDS; word++) {
    const taken: u53 = takeWord(isSeed);
    if (taken === NO_RANDOM) return false;
    generator.words[word] = taken as u32;
  }
  for (let word: u32 = 2; word < PROCESSOR_WORDS; word += 2) {
    if (
      generator.words[word] === generator.words[word - 2] &&
      generator.words[word + 1] === generator.words[word - 1]
    ) {
      return false;
    }
  }
  return true;
};

const takeWord = (isSeed: bool): u53 => {
  for (let attempt: u32 = 0; attempt < TRY_COUNT; attempt++) {
    const word: u53 = isSeed ? rdseed() : rdrand();
    if (word !== NO_RANDOM) return word;
    pause();
  }
  return NO_RANDOM;
};

const addWords = (): void => {
  for (let start: u32 = 0; start < PROCESSOR_WORDS; start += CHACHA_KEY_WORDS) {
    for (let word: u32 = 0; word < CHACHA_KEY_WORDS; word++) {
      generator.chunk[word] = generator.words[start + word];
      generator.words[start + word] = 0;
    }
    addChunk();
  }
};

/** Adds a chunk to the key, and erases it. What was not handed out yet of the old key is dropped. */
const addChunk = (): void => {
  const cipher: ChaCha20 = generator.cipher;
  for (let word: u32 = 0; word < CHACHA_KEY_WORDS; word++) {
    cipher.key[word] = (cipher.key[word] ^ generator.chunk[word]) >>> 0;
    generator.chunk[word] = 0;
  }
  refill();
};

/** Makes a new batch, and the next key of its first bytes. */
const refill = (): void => {
  const cipher: ChaCha20 = generator.cipher;
  cipher.counter = 0;
  for (let block: u32 = 0; block < BLOCK_COUNT; block++) {
    chachaBlock(cipher);
    for (let word: u32 = 0; word < CHACHA_BLOCK_WORDS; word++) {
      storeWord(block * BLOCK_LENGTH + word * 4, cipher.block[word]);
    }
  }
  for (let word: u32 = 0; word < CHACHA_KEY_WORDS; word++) cipher.key[word] = takeKeyWord(word * 4);
  for (let word: u32 = 0; word < CHACHA_BLOCK_WORDS; word++) {
    cipher.block[word] = 0;
    cipher.start[word] = 0; // The old key is in it.
  }
  generator.at = KEY_LENGTH;
};

const storeWord = (at: u32, word: u32): void => {
  for (let i: u32 = 0; i < 4; i++) generator.batch[at + i] = (word >>> (8 * i)) & 0xff;
};

const takeKeyWord = (at: u32): u32 => {
  let word: u32 = 0;
  for (let i: u32 = 0; i < 4; i++) {
    word = (word | (generator.batch[at + i] << (8 * i))) >>> 0;
    generator.batch[at + i] = 0;
  }
  return word;
};

/** Returns the state. For tests, which look at what is left in memory. */
export const theGenerator = (): Generator => generator;

/** Forgets everything, as if the machine had just started. For tests, which have many in one process. */
export const forgetRandom = (): void => {
  for (let word: u32 = 0; word < CHACHA_KEY_WORDS; word++) generator.cipher.key[word] = 0;
  for (let i: u32 = 0; i < BATCH_LENGTH; i++) generator.batch[i] = 0;
  generator.at = BATCH_LENGTH;
  generator.isSeeded = false;
  generator.handedOut = 0;
};

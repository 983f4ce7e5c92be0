import { createCipheriv, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { NO_RANDOM } from '../../../../kernel/hal/cpu.ts';
import {
  addSeed,
  fillRandom,
  forgetRandom,
  isRandomReady,
  theGenerator,
  wantsSeed,
} from '../../../../kernel/hal/random.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { chiSquare, LIMIT, monobit, runs } from '../../../statistics.ts';

const KEY_LENGTH = 32;
const BATCH_LENGTH = 512;
const MIB = 1024 * 1024;

let machine: SimMachine;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  forgetRandom();
});

/** The generator as its construction says, over Node's own ChaCha20. */
class Expected {
  private key = Buffer.alloc(KEY_LENGTH);
  private batch = Buffer.alloc(0);

  seed(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; start += KEY_LENGTH) {
      bytes.subarray(start, start + KEY_LENGTH).forEach((byte, i) => {
        this.key[i]! ^= byte;
      });
      this.refill();
    }
  }

  take(length: number): Buffer {
    const taken = Buffer.alloc(length);
    for (let i = 0; i < length; i++) {
      if (this.batch.length === 0) this.refill();
      taken[i] = this.batch[0]!;
      this.batch = this.batch.subarray(1);
    }
    return taken;
  }

  private refill(): void {
    const stream = createCipheriv('chacha20', this.key, Buffer.alloc(16)).update(Buffer.alloc(BATCH_LENGTH));
    this.key = Buffer.from(stream.subarray(0, KEY_LENGTH));
    this.batch = stream.subarray(KEY_LENGTH);
  }
}

const drawn = (length: number): Buffer => {
  const bytes = new Uint8Array(length);
  expect(fillRandom(bytes)).toBe(true);
  return Buffer.from(bytes);
};

/** A generator of the processor's that works: its words are 1, 2, 3, … times a constant. */
const counting = (): (() => number) => {
  let word = 0;
  return () => Math.imul(++word, 0x9e3779b1) >>> 0;
};

/** The bytes of the next `count` words of it. */
const seedOf = (next: () => number, count = 16): Buffer => {
  const bytes = Buffer.alloc(4 * count);
  for (let i = 0; i < count; i++) bytes.writeUInt32LE(next(), 4 * i);
  return bytes;
};

describe('the generator', () => {
  it('gives nothing before there is entropy', () => {
    const bytes = new Uint8Array(16).fill(7);
    expect([fillRandom(bytes), isRandomReady(), bytes.every((byte) => byte === 7)]).toEqual([false, false, true]);
    addSeed(new Uint8Array(31).fill(1));
    expect([fillRandom(bytes), bytes[0]]).toEqual([false, 7]);
  });

  it('is ChaCha20 whose key is replaced before its bytes go out', () => {
    const expected = new Expected();
    const seed = randomBytes(64);
    addSeed(seed);
    expected.seed(seed);
    for (const length of [1, 31, 447, 1, 1000, 480, 5]) expect(drawn(length)).toEqual(expected.take(length));
    const more = randomBytes(40); // Not a whole number of keys.
    addSeed(more);
    expected.seed(more);
    expect(drawn(100)).toEqual(expected.take(100));
  });

  it('leaves nothing of what it handed out, nor of the keys before, in memory', () => {
    addSeed(randomBytes(32));
    drawn(700);
    const { batch, at, cipher, chunk, words } = theGenerator();
    const isZero = (values: { readonly [index: number]: number }, from: number, to: number): boolean => {
      for (let i = from; i < to; i++) if (values[i] !== 0) return false;
      return true;
    };
    expect([at, isZero(batch, 0, at), isZero(batch, at, BATCH_LENGTH)]).toEqual([KEY_LENGTH + 220, true, false]);
    expect([isZero(cipher.start, 0, 16), isZero(cipher.block, 0, 16)]).toEqual([true, true]);
    expect([isZero(chunk, 0, 8), isZero(words, 0, 16)]).toEqual([true, true]);
  });

  it('adds a seed to what it has: neither alone says what comes', () => {
    const first = randomBytes(32);
    const streams = [first, randomBytes(32)].map((seed) => {
      forgetRandom();
      addSeed(seed);
      addSeed(first);
      return drawn(32).toString('hex');
    });
    expect(streams[0]).not.toBe(streams[1]);
  });

  it('asks for a new seed after a MiB, and for no more once it has one', () => {
    addSeed(randomBytes(32));
    drawn(MIB - 1);
    expect(wantsSeed()).toBe(false);
    drawn(1);
    expect(wantsSeed()).toBe(true);
    addSeed(randomBytes(32));
    expect(wantsSeed()).toBe(false);
  });
});

describe("the processor's generator", () => {
  it('seeds by itself', () => {
    machine.rdrand = counting();
    const expected = new Expected();
    expected.seed(seedOf(counting()));
    expect(drawn(600)).toEqual(expected.take(600));
  });

  it('is joined by its source where that can be read', () => {
    machine.rdrand = counting();
    machine.rdseed = () => 0;
    const expected = new Expected();
    expected.seed(seedOf(counting()));
    expect(drawn(32)).toEqual(expected.take(32)); // A source that is stuck is left out.
    forgetRandom();
    machine.rdrand = counting();
    machine.rdseed = counting();
    const both = new Expected();
    both.seed(seedOf(counting()));
    both.seed(seedOf(counting()));
    expect(drawn(32)).toEqual(both.take(32));
  });

  it('is asked again when it has nothing ready, ten times a word', () => {
    const next = counting();
    let asked = 0;
    machine.rdrand = () => (++asked % 10 === 0 ? next() : NO_RANDOM);
    expect(isRandomReady()).toBe(true);
    expect(asked).toBe(160);
    forgetRandom();
    asked = 0;
    machine.rdrand = () => (++asked === 11 ? next() : NO_RANDOM);
    expect([isRandomReady(), asked]).toEqual([false, 10]);
  });

  it.each([
    ['all ones', () => 0xffffffff],
    ['zeros', () => 0],
    [
      'two words in turn',
      (() => {
        let turn = 0;
        return () => turn++ % 2;
      })(),
    ],
  ])('that is stuck at %s seeds nothing', (_, stuck) => {
    machine.rdrand = stuck;
    expect([isRandomReady(), fillRandom(new Uint8Array(1))]).toEqual([false, false]);
  });

  it('seeds again after a MiB, and its end later is no harm', () => {
    machine.rdrand = counting();
    const all = counting();
    const expected = new Expected();
    expected.seed(seedOf(all));
    expect(drawn(MIB).equals(expected.take(MIB))).toBe(true);
    expected.seed(seedOf(all));
    expect(drawn(100)).toEqual(expected.take(100));
    machine.rdrand = () => NO_RANDOM;
    drawn(MIB);
    expect(drawn(100)).toHaveLength(100);
    expect(wantsSeed()).toBe(true);
  }, 60_000);
});

describe('what it gives', () => {
  it('passes the statistical tests', () => {
    addSeed(randomBytes(32));
    const bytes = drawn(256 * 1024);
    for (const test of [monobit, runs, chiSquare]) expect(Math.abs(test(bytes))).toBeLessThan(LIMIT);
  });

  it.each([
    ['one bit too often', 'monobit', monobit, (byte: number) => byte | (byte < 64 ? 1 : 0)],
    ['bits that follow each other', 'runs', runs, (byte: number) => (byte & 1 ? 0x55 : 0xaa)],
    ['a value that is missing', 'chi-square', chiSquare, (byte: number) => (byte === 9 ? 10 : byte)],
  ])('would not with %s: %s', (_, _name, test, spoil) => {
    const bytes = Uint8Array.from(randomBytes(256 * 1024), spoil);
    expect(Math.abs(test(bytes))).toBeGreaterThan(LIMIT);
  });
});

import { alignUp, highWord, isPowerOfTwo, joinWords, lowWord } from '../../../../kernel/base/bits.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

describe('bits', () => {
  it('a power of two has one bit', () => {
    expect([1, 2, 1024, 0x80000000].every(isPowerOfTwo)).toBe(true);
    expect([0, 3, 6, 0xffffffff, 0x80000001].some(isPowerOfTwo)).toBe(false);
  });

  it('aligning up leaves a multiple alone and works beyond 32 bits', () => {
    expect(alignUp(0, 4096)).toBe(0);
    expect(alignUp(4096, 4096)).toBe(4096);
    expect(alignUp(4097, 4096)).toBe(8192);
    expect(alignUp(2 ** 40 + 1, 2 ** 20)).toBe(2 ** 40 + 2 ** 20);
  });

  it('the halves of a 64-bit register join to what was split', () => {
    for (const value of [0, 1, 0xffffffff, 2 ** 32, 2 ** 53 - 1, 2 ** 45 + 1]) {
      expect(joinWords(lowWord(value), highWord(value))).toBe(value);
    }
  });
});

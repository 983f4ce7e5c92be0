import { describe, expect, it } from 'vitest';
import { HIGH_LIMIT, highOf, lowOf, nanosecondsOf, SECONDS_LIMIT, secondsOf } from '../../../../drivers/rtc/time.ts';
import { Random } from '../../../native/random.ts';

const BILLION = 1_000_000_000n;

/** Returns the halves of a value of 64 bits. */
const halves = (value: bigint): [high: number, low: number] => [Number(value >> 32n), Number(value & 0xffffffffn)];

const expectTime = (value: bigint): void => {
  const [high, low] = halves(value);
  const [seconds, nanoseconds] = [Number(value / BILLION), Number(value % BILLION)];
  expect([secondsOf(high, low), nanosecondsOf(high, low)], `${value}`).toEqual([seconds, nanoseconds]);
  expect([highOf(seconds, nanoseconds), lowOf(seconds, nanoseconds)], `${value}`).toEqual([high, low]);
};

describe('nanoseconds of 64 bits', () => {
  it.each([
    0n,
    1n,
    999n,
    1000n,
    999_999_999n,
    BILLION,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 48n - 1n,
    2n ** 48n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    BigInt(Date.UTC(2026, 10, 22)) * 1_000_000n + 123_456_789n,
    (BigInt(HIGH_LIMIT) << 32n) - 1n,
  ])('%d are seconds and nanoseconds, and back', (value) => expectTime(value));

  it('at random', () => {
    const random = new Random(17);
    for (let i = 0; i < 5000; i++) {
      expectTime((BigInt(random.below(HIGH_LIMIT)) << 32n) | BigInt(random.below(2 ** 32)));
    }
  });

  it('have seconds below their limit', () => {
    expect(secondsOf(HIGH_LIMIT - 1, 0xffffffff)).toBeGreaterThan(SECONDS_LIMIT);
    expect(highOf(SECONDS_LIMIT - 1, 999_999_999)).toBeLessThan(HIGH_LIMIT);
  });
});

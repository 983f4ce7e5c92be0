// What `hedyn test` reports of each of these is said in test/boot/metal-tests.test.ts.

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'hedyn/test';

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

describe('sums', () => {
  let calls = 0;
  beforeAll(() => {
    calls = 100;
  });
  beforeEach(() => {
    calls++;
    return () => {
      calls += 10;
    };
  });
  afterAll(() => console.log(`calls ${calls}`));

  it('passes', () => {
    console.log('said on the machine');
    expect(calls).toBe(101);
  });

  it('differs', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect({ list: [1, 2], point: new Point(1) }).toEqual({
      list: [1, 3],
      point: expect.any(Point),
    });
  });

  it.each([
    [1, 2],
    [3, 4],
  ])('%i is less than %i', (less, more) => {
    expect(less).toBeLessThan(more);
  });

  it('sees what its hooks have left', () => {
    expect(calls).toBe(145);
  });

  it.skip('is skipped', () => {
    throw new Error('never');
  });

  it.todo('is to be written');
});

it('rejects', async () => {
  await expect(Promise.reject(new TypeError('no'))).rejects.toThrow(TypeError);
  const add = vi.fn((a: number, b: number) => a + b);
  add(1, 2);
  expect(add).toHaveBeenCalledWith(1, 2);
});

it('throws', () => {
  const list = undefined as unknown as number[];
  expect(list.length).toBe(0);
});

it('skips itself', ({ skip }) => skip('not today'));

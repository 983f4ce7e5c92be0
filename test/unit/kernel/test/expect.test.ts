// The test library of metal says what Vitest says: on Node these tests run against Vitest itself.

import { afterEach, beforeEach, describe, expect, it, vi } from '../../../../kernel/test/index.ts';

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

class Far extends Point {}

class DiskError extends Error {}

const fails = (check: () => void): void => {
  expect(check).toThrow(/^expected /);
};

describe('what holds, and what does not', () => {
  it('toBe compares by Object.is', () => {
    expect(Number.NaN).toBe(Number.NaN);
    expect(0).not.toBe(-0);
    fails(() => expect('a').toBe('b'));
    fails(() => expect(1).not.toBe(1));
  });

  it('toEqual compares contents', () => {
    expect({ a: [1, { b: 2 }], c: undefined }).toEqual({ a: [1, { b: 2 }] });
    expect(new Point(1)).toEqual({ x: 1 });
    expect(new Map([[{ k: 1 }, [2]]])).toEqual(new Map([[{ k: 1 }, [2]]]));
    expect(new Set([[1], [2]])).toEqual(new Set([[2], [1]]));
    expect(Uint8Array.of(1, 2)).toEqual(Uint8Array.of(1, 2));
    expect(new Date(5)).toEqual(new Date(5));
    expect(/a/g).toEqual(/a/g);
    expect(new TypeError('x')).toEqual(new TypeError('x'));
    fails(() => expect([1, 2]).toEqual([1, 3]));
    fails(() => expect([1]).toEqual([1, undefined]));
    fails(() => expect({ a: 1 }).toEqual({ a: 1, b: 2 }));
    fails(() => expect({ a: 1, b: 2 }).toEqual({ a: 1 }));
    fails(() => expect(new Set([1])).toEqual(new Set([2])));
    fails(() => expect(new Map([[1, 2]])).toEqual(new Map([[1, 3]])));
    fails(() => expect(Uint8Array.of(1)).toEqual(Uint8Array.of(2)));
    fails(() => expect(new Error('x')).toEqual(new Error('y')));
    fails(() => expect(/a/).toEqual(/a/g));
  });

  it('toEqual ends where objects contain themselves', () => {
    interface Ring {
      next?: Ring;
    }
    const ring: Ring = {};
    ring.next = ring;
    const other: Ring = {};
    other.next = other;
    expect(ring).toEqual(other);
  });

  it('toStrictEqual looks at classes and undefined properties', () => {
    expect(new Point(1)).toStrictEqual(new Point(1));
    fails(() => expect(new Point(1)).toStrictEqual({ x: 1 }));
    fails(() => expect({ a: 1, b: undefined }).toStrictEqual({ a: 1 }));
  });

  it('toMatchObject looks at a part', () => {
    expect({ a: { b: 1, c: 2 }, d: [1] }).toMatchObject({ a: { b: 1 }, d: [1] });
    expect([{ a: 1, b: 2 }]).toMatchObject([{ a: 1 }]);
    fails(() => expect({ a: 1 }).toMatchObject({ b: 1 }));
    fails(() => expect([{ a: 1 }, { a: 2 }]).toMatchObject([{ a: 1 }]));
  });

  it('the kinds of values', () => {
    expect(undefined).toBeUndefined();
    expect(0).toBeDefined();
    expect(null).toBeNull();
    expect(1).toBeTruthy();
    expect('').toBeFalsy();
    expect(Number.NaN).toBeNaN();
    expect('a').toBeTypeOf('string');
    expect(new Far(1)).toBeInstanceOf(Point);
    expect(2).toBeOneOf([1, 2]);
    expect(4).toSatisfy((value: number) => value % 2 === 0);
    fails(() => expect(1).toBeUndefined());
    fails(() => expect(undefined).toBeDefined());
    fails(() => expect(undefined).toBeNull());
    fails(() => expect(0).toBeTruthy());
    fails(() => expect(1).toBeFalsy());
    fails(() => expect(1).toBeNaN());
    fails(() => expect(new Point(1)).toBeInstanceOf(Far));
    expect(() => expect(3).toBeOneOf([1, 2])).toThrow();
    expect(() => expect(3).toSatisfy((value: number) => value % 2 === 0)).toThrow();
  });

  it('numbers', () => {
    expect(1).toBeLessThan(2);
    expect(2).toBeLessThanOrEqual(2);
    expect(3).toBeGreaterThan(2);
    expect(2).toBeGreaterThanOrEqual(2);
    expect(0.1 + 0.2).toBeCloseTo(0.3);
    expect(1.05).not.toBeCloseTo(1.04, 2);
    fails(() => expect(2).toBeLessThan(2));
    fails(() => expect(2).toBeGreaterThan(2));
    fails(() => expect(1).toBeCloseTo(1.1));
  });

  it('texts and lists', () => {
    expect('abc').toContain('bc');
    expect([1, 2]).toContain(2);
    expect(new Set([1])).toContain(1);
    expect([{ a: 1 }]).toContainEqual({ a: 1 });
    expect([1, 2]).toHaveLength(2);
    expect('abc').toMatch(/b./);
    expect('abc').toMatch('bc');
    fails(() => expect('abc').toContain('x'));
    fails(() => expect([{ a: 1 }]).toContain({ a: 1 }));
    fails(() => expect([{ a: 1 }]).toContainEqual({ a: 2 }));
    fails(() => expect([1]).toHaveLength(2));
    fails(() => expect('abc').toMatch(/x/));
  });

  it('properties, by name or by path', () => {
    const disk = { name: 'vda', parts: [{ size: 5 }] };
    expect(disk).toHaveProperty('name');
    expect(disk).toHaveProperty('name', 'vda');
    expect(disk).toHaveProperty('parts[0].size', 5);
    expect(disk).toHaveProperty(['parts', 0, 'size'], 5);
    expect({ 'a.b': 1 }).toHaveProperty('a.b', 1);
    expect(disk).not.toHaveProperty('parts[1]');
    fails(() => expect(disk).toHaveProperty('size'));
    fails(() => expect(disk).toHaveProperty('name', 'vdb'));
  });

  it('what is thrown', () => {
    const thrower = (): never => {
      throw new DiskError('disk on fire');
    };
    expect(thrower).toThrow();
    expect(thrower).toThrow('on fire');
    expect(thrower).toThrow(/^disk/);
    expect(thrower).toThrow(DiskError);
    expect(thrower).toThrow(new Error('disk on fire'));
    expect(thrower).toThrowError(Error);
    expect(() => 1).not.toThrow();
    fails(() => expect(() => 1).toThrow());
    fails(() => expect(thrower).toThrow('flood'));
    fails(() => expect(thrower).toThrow(TypeError));
    fails(() => expect(thrower).not.toThrow());
  });

  it('matchers inside of what is expected', () => {
    const found = { id: 7, name: 'vda', tags: ['a', 'b'], at: new Date(0) };
    expect(found).toEqual({
      id: expect.any(Number),
      name: expect.stringMatching(/^v/),
      tags: expect.arrayContaining(['b']),
      at: expect.anything(),
    });
    expect(found).toEqual(expect.objectContaining({ id: 7 }));
    expect(found).toEqual(expect.not.objectContaining({ id: 8 }));
    expect('disk on fire').toEqual(expect.stringContaining('fire'));
    expect({ share: 0.1 + 0.2 }).toEqual({ share: expect.closeTo(0.3, 5) });
    expect(new Point(1)).toEqual(expect.any(Point));
    fails(() => expect({ id: '7' }).toEqual({ id: expect.any(Number) }));
    fails(() => expect(found).toEqual(expect.objectContaining({ id: 8 })));
  });

  it('promises', async () => {
    await expect(Promise.resolve([1])).resolves.toEqual([1]);
    await expect(Promise.reject(new DiskError('gone'))).rejects.toThrow('gone');
    await expect(Promise.reject(new DiskError('gone'))).rejects.toBeInstanceOf(DiskError);
    await expect(Promise.resolve(1)).resolves.not.toBe(2);
    await expect(expect(Promise.resolve(1)).resolves.toBe(2)).rejects.toThrow('expected 1 to be 2');
    await expect(expect(Promise.resolve(1)).rejects.toThrow()).rejects.toThrow('instead of rejecting');
    await expect(expect(Promise.reject(1)).resolves.toBe(1)).rejects.toThrow('instead of resolving');
  });

  it('functions that note their calls', () => {
    const add = vi.fn((a: number, b: number) => a + b);
    expect(add).not.toHaveBeenCalled();
    expect(add(1, 2)).toBe(3);
    expect(add(3, 4)).toBe(7);
    expect(add).toHaveBeenCalledTimes(2);
    expect(add).toHaveBeenCalledWith(1, 2);
    expect(add).toHaveBeenLastCalledWith(3, 4);
    expect(add).toHaveBeenNthCalledWith(1, 1, expect.any(Number));
    expect(add).toHaveReturnedWith(7);
    expect(add.mock.calls).toEqual([
      [1, 2],
      [3, 4],
    ]);
    fails(() => expect(add).toHaveBeenCalledTimes(1));
    fails(() => expect(add).toHaveBeenCalledWith(2, 1));
    add.mockReturnValueOnce(9);
    expect(add(0, 0)).toBe(9);
    expect(add(0, 0)).toBe(0);
  });
});

describe('what a failure says', () => {
  it.each([
    ['expected 1 to be 2 // Object.is equality', () => expect(1).toBe(2)],
    ['expected 1 not to be 1 // Object.is equality', () => expect(1).not.toBe(1)],
    ["expected 'a' to be 'b' // Object.is equality", () => expect('a').toBe('b')],
    ['expected [ 1, 2 ] to deeply equal [ 1, 3 ]', () => expect([1, 2]).toEqual([1, 3])],
    ['expected { a: 1 } to deeply equal { a: 2 }', () => expect({ a: 1 }).toEqual({ a: 2 })],
    ['expected undefined to be defined', () => expect(undefined).toBeDefined()],
    ['expected 3 to be less than 2', () => expect(3).toBeLessThan(2)],
    ["expected 'abc' to match /x/", () => expect('abc').toMatch(/x/)],
    ['expected [ 1 ] to have a length of 2 but got 1', () => expect([1]).toHaveLength(2)],
  ])('%s', (message, check) => {
    expect(check).toThrow(message);
  });
});

describe('hooks', () => {
  const order: string[] = [];
  beforeEach(() => {
    order.push('before');
    return () => {
      order.push('cleanup');
    };
  });
  afterEach(() => {
    order.push('after');
  });

  it('run before', () => {
    expect(order).toEqual(['before']);
  });

  it('and behind a test', () => {
    expect(order).toEqual(['before', 'after', 'cleanup', 'before']);
  });

  describe.each([[1], [2]])('a suite for %i', (n) => {
    it(`knows its row`, () => {
      expect(n).toBeGreaterThan(0);
    });
  });

  it.fails('may be meant to fail', () => {
    expect(1).toBe(2);
  });
});

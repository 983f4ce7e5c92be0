// Arrays made by the constructor, Array.of and Array.from.
import { test } from '../../test.ts';

test('new Array: a single number is the length', () => {
  const list = new Array<number>(3);
  console.log(list.length, list[0], Object.keys(list).length);
});

test('new Array: several values are the elements', () => {
  console.log(
    new Array(1, 2, 3),
    new Array<string>('3'),
    new Array<unknown>(undefined, null).length,
    new Array().length,
  );
});

test('new Array: a length that is no index throws RangeError', () => {
  for (const length of [-1, 1.5, NaN, 2 ** 32]) {
    try {
      console.log(new Array(length).length);
    } catch (error) {
      console.log(length, error instanceof RangeError, String(error));
    }
  }
});

test('Array: called without new makes an array too', () => {
  console.log(Array(2).length, Array(1, 2), Array<string>('x'), Array<number>(2).fill(7));
});

test('Array.of: takes every value as an element', () => {
  console.log(Array.of(3), Array.of(), Array.of(undefined).length, Array.of<unknown>(1, 'a', null, [2]));
});

test('Array.from: of a string takes characters, pairs of surrogates whole', () => {
  console.log(Array.from('a😀é'), Array.from('').length, Array.from('\ud83dx').length);
});

test('Array.from: of an object with a length reads its indices', () => {
  console.log(Array.from({ length: 3, 0: 'a', 2: 'c' } as ArrayLike<string>));
  console.log(
    Array.from({ length: 0 }),
    Array.from({ length: 2 }, (_, i) => i * i),
  );
});

test('Array.from: a length is rounded towards zero and never negative', () => {
  console.log(
    Array.from({ length: 2.9 }).length,
    Array.from({ length: -5 }).length,
    Array.from({ length: NaN }).length,
  );
});

test('Array.from: the function is given the value and its index', () => {
  console.log(Array.from(['a', 'b'], (value, index) => `${value}${index}`));
  console.log(Array.from(new Set([5, 6]), (value, index) => value * 10 + index));
});

test('Array.from: of a Map takes its entries', () => {
  console.log(Array.from(new Map([['a', 1]])), Array.from(new Map([['a', 1]]).keys()));
});

test('Array.from: of a generator runs it to its end', () => {
  function* count(): Generator<number> {
    for (let i = 0; i < 3; i++) {
      console.log('yield', i);
      yield i;
    }
  }
  console.log(
    Array.from(count()),
    Array.from(count(), (n) => n + 1),
  );
});

test('Array.from: closes the iterator when the function throws', () => {
  function* count(): Generator<number> {
    try {
      yield 1;
      yield 2;
    } finally {
      console.log('closed');
    }
  }
  Array.from(count(), (n) => {
    if (n === 2) throw new Error('stop');
    return n;
  });
});

test('Array.from: makes a copy, holes become undefined', () => {
  const source = [1, 2];
  const copy = Array.from(source);
  copy.push(3);
  console.log(source, copy, Array.from(new Array<number>(2)));
});

test('Array.from: calls the function with the this that it is given', () => {
  const scale = { factor: 3 };
  console.log(
    Array.from(
      [1, 2],
      function (this: { factor: number }, value: number) {
        return value * this.factor;
      },
      scale,
    ),
  );
});

test('Array.isArray: only arrays are', () => {
  console.log(Array.isArray([]), Array.isArray(new Array(2)), Array.isArray(Array.from('ab')));
  console.log(Array.isArray({ length: 0 }), Array.isArray('ab'), Array.isArray(null), Array.isArray(new Uint8Array(1)));
});

test('Array.prototype.length: a smaller one cuts the end off', () => {
  const list = [1, 2, 3, 4];
  list.length = 2;
  console.log(list, list.length, list[2]);
  list.length = 0;
  console.log(list, list.length);
});

test('Array.prototype.length: a larger one reads as undefined behind the end', () => {
  const list = [1];
  list.length = 3;
  console.log(list.length, list[2], list.indexOf(undefined as unknown as number));
  list[5] = 6;
  console.log(list.length, list[4], list[5]);
});

test('Array.prototype.length: refuses what is no length', () => {
  const list = [1, 2];
  for (const length of [-1, 0.5, 2 ** 32]) {
    try {
      list.length = length;
    } catch (error) {
      console.log(error instanceof RangeError, list.length);
    }
  }
});

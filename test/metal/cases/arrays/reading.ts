// Methods that look into an array and leave it as it is.
import { test } from '../../test.ts';

test('Array.prototype.at: counts negative indices from the end', () => {
  const list = ['a', 'b', 'c'];
  console.log(list.at(0), list.at(-1), list.at(-3), list.at(-4), list.at(3));
});

test('Array.prototype.at: rounds fractions towards zero', () => {
  const list = ['a', 'b', 'c'];
  console.log(list.at(1.9), list.at(-1.9), list.at(-0.5), list.at(NaN), list.at(Infinity), list.at(-Infinity));
});

test('Array.prototype.indexOf: compares strictly and never finds NaN', () => {
  const list: unknown[] = [1, '1', NaN, null, undefined, -0];
  console.log(list.indexOf('1'), list.indexOf(NaN), list.indexOf(null), list.indexOf(undefined), list.indexOf(0));
});

test('Array.prototype.indexOf: the start may be negative, a fraction or beyond the end', () => {
  const list = [1, 2, 1, 2];
  console.log(list.indexOf(1, 1), list.indexOf(1, -2), list.indexOf(1, -9), list.indexOf(1, 9), list.indexOf(2, 1.9));
  console.log(list.indexOf(1, NaN), list.indexOf(1, Infinity), list.indexOf(1, -Infinity));
});

test('Array.prototype.lastIndexOf: goes backwards from the start', () => {
  const list = [1, 2, 1, 2];
  console.log(list.lastIndexOf(1), list.lastIndexOf(1, 1), list.lastIndexOf(2, -2), list.lastIndexOf(1, -9));
  console.log(list.lastIndexOf(2, 99), list.lastIndexOf(2, NaN), list.lastIndexOf(3), list.lastIndexOf(1, -4));
});

test('Array.prototype.lastIndexOf: undefined as the start is 0', () => {
  console.log([1, 2, 1].lastIndexOf(1, undefined), [1, 2, 1].lastIndexOf(2, undefined));
});

test('Array.prototype.includes: finds NaN and takes -0 for 0', () => {
  const list: unknown[] = [NaN, -0, 'x'];
  console.log(list.includes(NaN), list.includes(0), list.includes('x', -1), list.includes('x', 3), list.includes(null));
});

test('Array.prototype.includes: objects are found by identity', () => {
  const key = { a: 1 };
  console.log([key].includes(key), [{ a: 1 }].includes(key));
});

test('Array.prototype.find: returns the first that fits, or undefined', () => {
  const list = [5, 12, 8, 130];
  console.log(
    list.find((n) => n > 10),
    list.find((n) => n > 200),
  );
});

test('Array.prototype.find: gives the function value, index and array', () => {
  ['a', 'b'].find((value, index, all) => {
    console.log(value, index, all.length);
    return false;
  });
});

test('Array.prototype.findIndex: returns -1 where nothing fits', () => {
  console.log(
    [5, 12, 8].findIndex((n) => n > 6),
    [5].findIndex((n) => n > 6),
    [NaN].findIndex(Number.isNaN),
  );
});

test('Array.prototype.findLast: starts at the end', () => {
  const seen: number[] = [];
  const found = [1, 2, 3, 4].findLast((n) => {
    seen.push(n);
    return n % 2 === 1;
  });
  console.log(
    found,
    seen,
    ([] as number[]).findLast(() => true),
  );
});

test('Array.prototype.findLastIndex: is the index from the front', () => {
  console.log(
    [1, 2, 3, 2].findLastIndex((n) => n === 2),
    [1].findLastIndex((n) => n === 2),
  );
});

test('Array.prototype.slice: copies a part', () => {
  const list = [1, 2, 3, 4, 5];
  console.log(list.slice(), list.slice(2), list.slice(1, 3), list.slice(-2), list.slice(-4, -2), list.slice(3, 1));
});

test('Array.prototype.slice: fractions, NaN and infinities', () => {
  const list = [1, 2, 3, 4, 5];
  console.log(list.slice(1.9, 3.9), list.slice(-1.9), list.slice(NaN, 2), list.slice(-Infinity, Infinity));
  console.log(list.slice(Infinity), list.slice(0, -Infinity), list.slice(undefined, undefined));
});

test('Array.prototype.slice: the copy is shallow', () => {
  const list = [{ n: 1 }, { n: 2 }];
  const copy = list.slice();
  copy[0]!.n = 9;
  copy.pop();
  console.log(list, copy, list === copy);
});

test('Array.prototype.concat: opens arrays one level, other values are added', () => {
  console.log([1].concat([2, 3], 4, [5]), ([1] as unknown[]).concat([[2]], 'ab'));
});

test('Array.prototype.concat: leaves the original alone', () => {
  const list = [1];
  const longer = list.concat();
  longer.push(2);
  console.log(list, longer, list.concat([]), [].concat());
});

test('Array.prototype.join: null and undefined are empty', () => {
  const list: unknown[] = [1, null, 'a', undefined, true, -0, 1.5];
  console.log(list.join(), list.join('-'), list.join(''), list.join(', '));
});

test('Array.prototype.join: nested arrays join with commas', () => {
  console.log([[1, [2, 3]], [4]].join(';'), [[], [[]], 1].join('|'), [].join(), [undefined].join().length);
});

test('Array.prototype.join: undefined as the separator is a comma', () => {
  console.log([1, 2].join(undefined), ['x'].join('---'), [1, 2].join('\n').length);
});

test('Array.prototype.join: calls toString of objects', () => {
  const point = { toString: () => 'P' };
  console.log([point, point].join('+'));
});

test('Array.prototype.toString: is join with a comma', () => {
  console.log([1, [2, 3], null].toString(), String([1, 2]), `${[1, 'a']}`, [].toString() === '');
});

test('Array.prototype.every: stops at the first that does not fit', () => {
  const seen: number[] = [];
  const every = [1, 2, 3].every((n) => {
    seen.push(n);
    return n < 2;
  });
  console.log(
    every,
    seen,
    ([] as number[]).every(() => false),
    [0, ''].every((x) => x),
  );
});

test('Array.prototype.some: stops at the first that fits', () => {
  const seen: number[] = [];
  const some = [1, 2, 3].some((n) => {
    seen.push(n);
    return n === 2;
  });
  console.log(
    some,
    seen,
    ([] as number[]).some(() => true),
    [0, '', 'x'].some((x) => x),
  );
});

test('Array.prototype.entries: are pairs of index and value', () => {
  console.log([...['a', 'b'].entries()]);
  const entries = ['x'].entries();
  console.log(entries.next(), entries.next(), entries.next());
});

test('Array.prototype.keys: are the indices', () => {
  console.log([...['a', 'b'].keys()], [...new Array(3).keys()], [...[].keys()]);
});

test('Array.prototype.values: are the elements', () => {
  const values = ['a', 'b'].values();
  console.log(values.next().value, [...values], values.next().done);
});

test('Array.prototype.[Symbol.iterator]: walks the elements', () => {
  const iterator = [1, 2][Symbol.iterator]();
  console.log(iterator.next(), iterator.next(), iterator.next(), iterator.next());
});

test('Array.prototype.[Symbol.iterator]: sees elements added on the way and none after its end', () => {
  const list = [1];
  const iterator = list[Symbol.iterator]();
  console.log(iterator.next());
  list.push(2);
  console.log(iterator.next(), iterator.next());
  list.push(3);
  console.log(iterator.next());
});

// Methods that change an array, and those that return a changed copy.
import { test } from '../../test.ts';

test('Array.prototype.push: adds at the end and returns the length', () => {
  const list = [1];
  console.log(list.push(2), list.push(3, 4), list.push(), list);
});

test('Array.prototype.push: what is pushed is evaluated first, in order, and may change the list', () => {
  const list: (number | undefined)[] = [1];
  const next = (): number => list.push(list.length * 10);
  console.log(list.push(next(), next(), list.pop(), Math.max(next(), next())), list);
  let other = list;
  other.push(((other = [7]), 8));
  console.log(list, other, other.push(undefined, other.length), other);
});

test('Array.prototype.push: goes on behind a length that was set', () => {
  const list: number[] = [];
  list.length = 40;
  console.log(list.push(1), list.length, list[39], list[40]);
  list.length = 1;
  console.log(list.push(2, 3), list, list.push(1, 2, 3, 4, 5, 6, 7, 8), list.push(1, 2, 3, 4, 5, 6, 7, 8, 9));
});

test('Array.prototype.pop: takes from the end', () => {
  const list = [1, 2];
  console.log(list.pop(), list, list.pop(), list.pop(), list, list.length);
});

test('Array.prototype.shift: takes from the front', () => {
  const list = ['a', 'b', 'c'];
  console.log(list.shift(), list, list.shift(), list.shift(), list.shift(), list);
});

test('Array.prototype.unshift: adds at the front, in order', () => {
  const list = [3];
  console.log(list.unshift(1, 2), list, list.unshift(), list.unshift(0), list);
});

test('Array.prototype.splice: removes and puts in', () => {
  const list = [1, 2, 3, 4, 5];
  console.log(list.splice(1, 2, 'x' as unknown as number), list);
  console.log(list.splice(1, 0, 7, 8, 9), list);
});

test('Array.prototype.splice: one argument removes to the end', () => {
  const list = [1, 2, 3, 4];
  console.log(list.splice(2), list, list.splice(-1), list);
});

test('Array.prototype.splice: starts and counts beyond the ends', () => {
  const list = [1, 2, 3];
  console.log(list.splice(9, 1, 4), list);
  console.log(list.splice(-9, 1), list);
  console.log(list.splice(0, -1), list, list.splice(1, 99), list);
});

test('Array.prototype.splice: fractions and NaN', () => {
  const list = [1, 2, 3, 4, 5];
  console.log(list.splice(1.9, 1.9), list, list.splice(NaN, 1), list, list.splice(0, NaN), list);
});

test('Array.prototype.splice: undefined as the count removes nothing', () => {
  const take = (list: number[], count?: number): number[] => list.splice(1, count);
  const list = [1, 2, 3];
  console.log(take(list), list, take(list, 1), list);
});

test('Array.prototype.reverse: turns the array itself around', () => {
  const list = [1, 2, 3];
  console.log(list.reverse() === list, list, [1, 2].reverse(), [].reverse(), ['x'].reverse());
});

test('Array.prototype.fill: fills a part', () => {
  console.log([1, 2, 3, 4].fill(0), [1, 2, 3, 4].fill(0, 2), [1, 2, 3, 4].fill(0, 1, 3), [1, 2, 3].fill(0, -1));
  console.log([1, 2, 3].fill(0, -2, -1), [1, 2, 3].fill(0, 2, 1), [1, 2, 3].fill(0, NaN, 1), [1, 2, 3].fill(0, 1.9));
});

test('Array.prototype.fill: puts in the same object each time', () => {
  const rows = new Array<number[]>(3).fill([]);
  rows[0]!.push(1);
  console.log(rows, rows[0] === rows[2]);
});

test('Array.prototype.copyWithin: copies a part over another', () => {
  console.log([1, 2, 3, 4, 5].copyWithin(0, 3), [1, 2, 3, 4, 5].copyWithin(1, 0, 3), [1, 2, 3, 4, 5].copyWithin(-2, 0));
  console.log([1, 2, 3, 4, 5].copyWithin(0, -2, -1), [1, 2, 3].copyWithin(5, 0), [1, 2, 3, 4].copyWithin(2, 1));
});

test('Array.prototype.copyWithin: fractions, NaN and infinities', () => {
  console.log(
    [1, 2, 3, 4].copyWithin(0, 1.9),
    [1, 2, 3, 4].copyWithin(NaN, 2),
    [1, 2, 3, 4].copyWithin(-Infinity, 2, Infinity),
  );
});

test('Array.prototype.with: is a copy with one value changed', () => {
  const list = [1, 2, 3];
  console.log(list.with(0, 9), list.with(-1, 9), list.with(1.9, 9), list.with(NaN, 9), list);
});

test('Array.prototype.with: throws RangeError outside', () => {
  for (const index of [3, -4, Infinity]) {
    try {
      console.log([1, 2, 3].with(index, 0));
    } catch (error) {
      console.log(error instanceof RangeError, String(error));
    }
  }
});

test('Array.prototype.toReversed: leaves the original alone', () => {
  const list = [1, 2, 3];
  console.log(list.toReversed(), list, [].toReversed());
});

test('Array.prototype.toSpliced: is splice on a copy', () => {
  const list = [1, 2, 3, 4];
  console.log(list.toSpliced(1, 2), list.toSpliced(1, 0, 9, 9), list.toSpliced(-1, 1, 7), list.toSpliced(2), list);
  console.log(list.toSpliced(9, 1, 5), list.toSpliced(0, 99), list.toSpliced(0, -1), list.toSpliced(NaN, 1.9));
});

test('Array.prototype.toSorted: leaves the original alone', () => {
  const list = [3, 1, 2];
  console.log(
    list.toSorted(),
    list.toSorted((a, b) => b - a),
    list,
    ([] as number[]).toSorted(),
  );
});

test('Array.prototype.sort: by default the order of texts', () => {
  console.log([10, 9, 1, -1, 100].sort(), ['b', undefined, 'a', null].sort(), [true, false, 'g'].sort());
});

test('Array.prototype.sort: is stable', () => {
  const list = ['b2', 'a1', 'b1', 'a2', 'c0', 'a0'];
  console.log(list.sort((x, y) => x.charCodeAt(0) - y.charCodeAt(0)));
});

test('Array.prototype.sort: undefined goes last and is never compared', () => {
  const seen: unknown[] = [];
  const list = [3, undefined, 1, undefined, 2].sort((a, b) => {
    seen.push(a === undefined || b === undefined);
    return (a as number) - (b as number);
  });
  console.log(list, seen.includes(true));
});

test('Array.prototype.sort: orders strings by code units', () => {
  console.log(['é', 'z', 'a', 'Z', '😀', '\uffff', ''].sort().map((s) => s.codePointAt(0)));
});

test('Array.prototype.sort: returns the array itself', () => {
  const list = [2, 1];
  console.log(list.sort() === list, list);
});

test('Array.prototype.sort: an order that answers NaN takes them for equal', () => {
  console.log(
    [3, 1, 2].sort(() => NaN),
    [3, 1, 2].sort(() => 0),
  );
});

test('Array.prototype.sort: an exception of the order comes out', () => {
  [2, 1].sort(() => {
    throw new Error('no order');
  });
});

test('Array.prototype.flat: opens as many levels as asked for', () => {
  const list = [1, [2, [3, [4, [5]]]]];
  console.log(list.flat(), list.flat(2), list.flat(0), list.flat(-1), list.flat(Infinity), list.flat(1.9));
});

test('Array.prototype.flat: empty arrays vanish', () => {
  console.log([[], [[]], [1]].flat(), [[], [[]]].flat(2), ['ab', ['cd']].flat());
});

test('Array.prototype.flatMap: opens one level of what the function returns', () => {
  console.log(
    [1, 2].flatMap((n) => [n, [n * 2]]),
    ['a b', 'c'].flatMap((s) => s.split(' ')),
    [1, 2, 3].flatMap((n) => (n % 2 ? [n] : [])),
  );
});

test('Array.prototype.flatMap: gives the function value, index and array', () => {
  console.log(['a', 'b'].flatMap((value, index, all) => `${value}${index}${all.length}`));
});

test('Array.prototype.flatMap: a value that is no array is one element', () => {
  console.log(
    [1, 2].flatMap((n) => n * 2),
    [1].flatMap(() => 'ab'),
  );
});

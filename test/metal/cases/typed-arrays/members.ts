// The methods that all typed arrays have.
import { test } from '../../test.ts';

test('Int16Array.prototype.at: counts negative indices from the end', () => {
  const list = new Int16Array([5, -6, 7]);
  console.log(list.at(0), list.at(-1), list.at(-4), list.at(3), list.at(1.9), list.at(NaN));
});

test('Int16Array.prototype.copyWithin: copies a part over another', () => {
  console.log(
    new Int16Array([1, 2, 3, 4, 5]).copyWithin(0, 3),
    new Int16Array([1, 2, 3, 4, 5]).copyWithin(1, 0, 3),
    new Int16Array([1, 2, 3, 4, 5]).copyWithin(-2, -4, -3),
  );
});

test('Int16Array.prototype.copyWithin: parts that overlap', () => {
  console.log(
    new Int16Array([1, 2, 3, 4, 5]).copyWithin(1, 0),
    new Int16Array([1, 2, 3, 4, 5]).copyWithin(0, 1),
    new Int16Array([1, 2, 3]).copyWithin(9, 0),
    new Int16Array([1, 2, 3]).copyWithin(0, 1.9),
  );
});

test('Uint8Array.prototype.entries: are pairs', () => {
  console.log([...new Uint8Array([7, 8]).entries()], new Uint8Array(0).entries().next());
});

test('Uint8Array.prototype.keys: are the indices', () => {
  console.log([...new Uint8Array(3).keys()]);
});

test('Uint8Array.prototype.values: are the elements', () => {
  const values = new Uint8Array([1, 2]).values();
  console.log(values.next(), [...values]);
});

test('Uint8Array.prototype[Symbol.iterator]: walks the elements', () => {
  for (const byte of new Uint8Array([1, 2])) console.log(byte);
  console.log([...new Float32Array([0.5])], Math.max(...new Int8Array([3, 9, -1])));
});

test('Uint8Array.prototype.every: stops at the first that does not fit', () => {
  const seen: number[] = [];
  console.log(
    new Uint8Array([1, 2, 3]).every((n, index) => {
      seen.push(n, index);
      return n < 2;
    }),
    seen,
    new Uint8Array(0).every(() => false),
  );
});

test('Uint8Array.prototype.some: stops at the first that fits', () => {
  console.log(
    new Uint8Array([1, 2]).some((n) => n > 1),
    new Uint8Array(0).some(() => true),
  );
});

test('Float64Array.prototype.fill: fills a part with a converted value', () => {
  console.log(
    new Float64Array(3).fill(0.5),
    new Uint8Array(4).fill(300, 1, -1),
    new Int8Array(3).fill(200),
    new Uint8Array(3).fill(1.9, -2),
    new Uint8Array(3).fill(NaN),
    new Uint8ClampedArray(2).fill(999),
  );
});

test('Uint8Array.prototype.fill: from and to beyond the ends', () => {
  console.log(
    new Uint8Array(3).fill(1, -9, 9),
    new Uint8Array(3).fill(1, 2, 1),
    new Uint8Array(3).fill(1, 1.9, 2.9),
    new Uint8Array(3).fill(1, NaN, undefined),
  );
});

test('Int8Array.prototype.filter: makes the same kind', () => {
  console.log(
    new Int8Array([1, -2, 3]).filter((n) => n > 0),
    new Float32Array([0.5, 1]).filter((_, i) => i === 0),
    new Uint8Array([1]).filter(() => false),
  );
});

test('Uint8Array.prototype.find: returns the first that fits, or undefined', () => {
  console.log(
    new Uint8Array([5, 12]).find((n) => n > 10),
    new Uint8Array([5]).find((n) => n > 10),
  );
});

test('Uint8Array.prototype.findIndex: or -1', () => {
  console.log(
    new Uint8Array([5, 12]).findIndex((n) => n > 10),
    new Uint8Array([5]).findIndex((n) => n > 10),
  );
});

test('Uint8Array.prototype.findLast: from the end', () => {
  console.log(
    new Uint8Array([11, 12, 5]).findLast((n) => n > 10),
    new Uint8Array([5]).findLast((n) => n > 10),
  );
});

test('Uint8Array.prototype.findLastIndex: from the end, or -1', () => {
  console.log(
    new Uint8Array([11, 12, 5]).findLastIndex((n) => n > 10),
    new Uint8Array([5]).findLastIndex((n) => n > 10),
  );
});

test('Uint8Array.prototype.forEach: gives value, index and array', () => {
  const list = new Uint8Array([7, 8]);
  list.forEach((value, index, all) => console.log(value, index, all === list));
});

test('Float64Array.prototype.includes: finds NaN', () => {
  console.log(
    new Float64Array([NaN, -0]).includes(NaN),
    new Float64Array([-0]).includes(0),
    new Uint8Array([1, 2]).includes(1, 1),
    new Uint8Array([1, 2]).includes(2, -1),
    new Uint8Array([1]).includes(257),
  );
});

test('Float64Array.prototype.indexOf: never finds NaN', () => {
  console.log(
    new Float64Array([NaN]).indexOf(NaN),
    new Uint8Array([1, 2, 1]).indexOf(1, 1),
    new Uint8Array([1, 2, 1]).indexOf(1, -1),
    new Uint8Array([1]).indexOf(1, 9),
    new Uint8Array([1]).indexOf(1.5),
  );
});

test('Uint8Array.prototype.lastIndexOf: goes backwards from the start', () => {
  const list = new Uint8Array([1, 2, 1]);
  console.log(
    list.lastIndexOf(1),
    list.lastIndexOf(1, 1),
    list.lastIndexOf(1, -2),
    list.lastIndexOf(1, -9),
    list.lastIndexOf(3),
  );
});

test('Float32Array.prototype.join: prints numbers as they are', () => {
  console.log(
    new Float32Array([0.5, -0, NaN]).join('|'),
    new Uint8Array([1, 2]).join(),
    new Uint8Array(0).join() === '',
    new Uint8Array([1, 2]).join(''),
  );
});

test('Uint8Array.prototype.map: makes the same kind', () => {
  console.log(
    new Uint8Array([100, 200]).map((n) => n * 2),
    new Float32Array([1, 2]).map((n) => n / 3),
    new Int8Array([1]).map((n, i, all) => n + i + all.length),
  );
});

test('Uint8Array.prototype.reduce: folds from the left', () => {
  console.log(
    new Uint8Array([200, 100]).reduce((a, b) => a + b),
    new Uint8Array([1, 2]).reduce((text, n) => `${text}${n}`, ''),
    new Uint8Array(0).reduce((a, b) => a + b, 9),
  );
});

test('Uint8Array.prototype.reduce: of nothing without a first value throws TypeError', () => {
  console.log(new Uint8Array(0).reduce((a, b) => a + b));
});

test('Uint8Array.prototype.reduceRight: folds from the right', () => {
  console.log(
    new Uint8Array([1, 2, 3]).reduceRight((text, n) => `${text}${n}`, '-'),
    new Uint8Array([9, 2]).reduceRight((a, b) => a - b),
  );
});

test('Uint8Array.prototype.reverse: in place', () => {
  const list = new Uint8Array([1, 2, 3]);
  console.log(list.reverse() === list, list, new Float32Array([0.5, 1]).reverse());
});

test('Uint8Array.prototype.set: from a list and from an array of another kind', () => {
  const list = new Uint8Array(4);
  list.set([300, 1.9]);
  list.set(new Int8Array([-1, 5]), 2);
  console.log(list, list.set([], 4));
});

test('Uint8Array.prototype.set: from itself', () => {
  const list = new Uint8Array([1, 2, 3, 4]);
  list.set(list.subarray(0, 3), 1);
  console.log(list);
  list.set(list.subarray(1), 0);
  console.log(list);
});

test('Uint8Array.prototype.set: what does not fit throws RangeError', () => {
  const list = new Uint8Array(2);
  for (const [source, offset] of [
    [[1, 2, 3], 0],
    [[1], 2],
    [[1], -1],
  ] as const) {
    try {
      list.set(source, offset);
    } catch (error) {
      console.log(String(error), list);
    }
  }
});

test('Uint8Array.prototype.slice: is a copy', () => {
  const list = new Uint8Array([1, 2, 3, 4]);
  const part = list.slice(1, 3);
  part[0] = 99;
  console.log(list, part, list.slice(-2), list.slice(3, 1), list.slice(1.9), list.slice(NaN, 2));
});

test('Uint8Array.prototype.subarray: shares its memory', () => {
  const list = new Uint8Array([1, 2, 3, 4]);
  const part = list.subarray(1, 3);
  part[0] = 99;
  console.log(list, part, list.subarray(-1), list.subarray(9), list.subarray(3, 1), part.subarray(1), list.subarray());
});

test('Float64Array.prototype.sort: by value, NaN last, -0 before 0', () => {
  console.log(
    new Float64Array([3, NaN, 0, -0, -1, Infinity, 10, 9]).sort(),
    new Uint8Array([10, 9, 100]).sort(),
    new Int8Array([1, -1]).sort((a, b) => b - a),
  );
});

test('Float64Array.prototype.toSorted: is a copy', () => {
  const list = new Float64Array([2, 1]);
  console.log(
    list.toSorted(),
    list,
    list.toSorted((a, b) => b - a),
  );
});

test('Uint8Array.prototype.toReversed: is a copy', () => {
  const list = new Uint8Array([1, 2]);
  console.log(list.toReversed(), list);
});

test('Uint8Array.prototype.with: is a copy with one value changed', () => {
  const list = new Uint8Array([1, 2]);
  console.log(list.with(0, 300), list.with(-1, 9), list);
});

test('Uint8Array.prototype.with: throws RangeError outside', () => {
  console.log(new Uint8Array([1, 2]).with(2, 0));
});

test('Uint8Array.prototype.toString: joins with commas', () => {
  console.log(new Uint8Array([1, 2]).toString(), String(new Float32Array([0.5])), `${new Int8Array([-1, 1])}`);
});

test('Uint8Array.prototype.valueOf: is the array', () => {
  const list = new Uint8Array(1);
  console.log(list.valueOf() === list);
});

test('Int32Array.prototype.forEach: sees stores on the way', () => {
  const list = new Int32Array([1, 2, 3]);
  list.forEach((n, i) => {
    if (i < 2) list[i + 1]! += n;
  });
  console.log(list);
});

test('Uint16Array.prototype.sort: thousands of values', () => {
  const list = new Uint16Array(5000);
  let x = 1;
  for (let i = 0; i < list.length; i++) {
    x = (x * 1103515245 + 12345) % 2147483648;
    list[i] = x >>> 8;
  }
  list.sort();
  let ordered = true;
  for (let i = 1; i < list.length; i++) if (list[i - 1]! > list[i]!) ordered = false;
  console.log(ordered, list[0], list[2500], list[4999]);
});

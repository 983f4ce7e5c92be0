// Array.prototype.flat and flatMap. ECMA-262 §23.1.3.13, §23.1.3.14.
import { test, testAsync } from '../../test.ts';

test('Array.prototype.flat: takes away one level by default', () => {
  console.log([1, [2, [3]]].flat());
  console.log([1, [2, [3, [4]]]].flat(2));
});

test('Array.prototype.flat: a depth of 0, below, NaN or a fraction', () => {
  const nested = [1, [2, [3]]];
  console.log(nested.flat(0), nested.flat(-1), nested.flat(Number.NaN), nested.flat(1.9));
});

test('Array.prototype.flatMap: takes away one level of what the callback returns', () => {
  console.log([1, 2].flatMap((value, index) => [value, [index]]));
  console.log([[1], [2]].flatMap((value) => value));
});

test('Array.prototype.flatMap: an exception of the callback comes out', () => {
  [1].flatMap((): number[] => {
    throw new RangeError('no room');
  });
});

testAsync('await: an array of results is flattened', async () => {
  const rows = await Promise.all([Promise.resolve([1]), Promise.resolve([2, 3])]);
  console.log(rows.flat());
});

// %o in a format that is made at run time: arrays show their length.
import { test } from '../../test.ts';

const format = ['%', 'o', '!'].join('');

test('console.log: %o of arrays and plain objects', () => {
  console.log(format, [1, 2]);
  console.log(format, []);
  console.log(format, { a: [1, [2, ['x']]], b: { c: 'text' } });
  console.log(format, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  console.log(format, 5, format, new Map([[1, [2]]]), new Set(['a']));
  console.log(format, new Map([[1, [2]]]));
});

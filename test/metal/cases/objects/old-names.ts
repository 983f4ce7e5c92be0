// Object.getOwnPropertyDescriptors, and names of annex B that are in use.
import { test } from '../../test.ts';

test('Object.getOwnPropertyDescriptors: of each property', () => {
  const { a, b } = Object.getOwnPropertyDescriptors({
    a: 1,
    get b() {
      return 2;
    },
  });
  console.log(a, typeof b.get, b.set, b.enumerable, Object.keys(Object.getOwnPropertyDescriptors({})));
});

test('String.prototype.substr: a start and a length', () => {
  console.log('abcdef'.substr(2), 'abcdef'.substr(-3, 2), 'abc'.substr(1, -1), 'abc'.substr(5), 'abc'.substr(0, 1.9));
});

test('String.prototype.trimLeft: is trimStart', () => console.log(`[${' a '.trimLeft()}]`));
test('String.prototype.trimRight: is trimEnd', () => console.log(`[${' a '.trimRight()}]`));

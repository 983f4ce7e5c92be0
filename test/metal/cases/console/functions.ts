// The functions of console.
import { test } from '../../test.ts';

test('console.log: joins its values by spaces', () => {
  console.log('a', 1, true, null, undefined, -0, Symbol('s'));
  console.log();
  console.log('');
});

test('console.log: marks in the first text', () => {
  console.log('%s is %d years and %i months, %f', 'Ann', 4.5, 4.5, '1.5', 'more');
  console.log('%O %j %%', { a: 1 }, { b: 2 });
  console.log('%s', 'a', { b: 1 }, 'c');
  console.log('100%', 1, '%x', '%');
});

test('console.log: objects inside objects', () => {
  console.log({ a: { b: { c: { d: 1 } } }, list: [[[[1]]]] }, [undefined, null], { f() {}, g: () => 1 }, [() => 1]);
});

test('console.log: long lists are cut', () => {
  console.log(
    Array.from({ length: 120 }, (_, i) => i),
    'x'.repeat(200).length,
    new Set(Array.from({ length: 3 }, (_, i) => `v${i}`)),
  );
});

test('console.info: goes to the same place', () => {
  console.info('info', { a: 1 });
});

test('console.debug: goes to the same place', () => {
  console.debug('debug', [1]);
});

test('console.log: passed on', () => {
  ['a', 'b'].forEach((value) => console.log(value));
  [1].map(console.log);
});

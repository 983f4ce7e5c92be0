// What a program says, and draws by chance.
import { test } from '../../test.ts';

test('console.log: values with a space between, formats, nothing', () => {
  console.log(1, 'a', null, undefined, true);
  console.log('%s is %d, %i, %f, %j, %O %%', 'x', 1.5, 1.5, 1.5, { a: 1 }, [1], 'rest');
  console.log();
});

test('console.log: numbers and texts in lists', () => {
  console.log([-0, 1e21, "it's", 'a\nb'], { 'a-b': -0, c: [] });
});

test('console.info: as log', () => {
  console.info('%s', [1, [2, [3, [4]]]]);
});

test('console.debug: as log', () => {
  console.debug({ a: { b: { c: { d: 1 } } } });
});

test('AggregateError.prototype.errors: is a list of its own', () => {
  const reasons = [new Error('a'), 'b'];
  const error = new AggregateError(reasons, 'both');
  reasons.pop();
  console.log(error.errors.length, error.errors[1], error.message);
});

test('Function.prototype.length: counts what comes before a default or a rest', () => {
  const functions = [
    () => 0,
    (a: number) => a,
    (a: number, b = 1) => a + b,
    (...all: number[]) => all,
    (a: number, b: number) => a + b,
  ];
  console.log(functions.map((each) => each.length));
});

test('console.warn: goes to the one console', () => {
  console.warn('%i of %i', 1, 2);
});

test('console.error: goes to the one console', () => {
  console.error({ code: 5 }, new Map([['a', 1]]));
});

test('globalThis: is an object', () => {
  console.log(typeof globalThis);
});

// Symbols.
import { test } from '../../test.ts';

test('Symbol: each one is new', () => {
  console.log(Symbol('a') === Symbol('a'), typeof Symbol(), Symbol('a'), Symbol());
});

test('Symbol.for: the same text gives the same symbol', () => {
  console.log(
    Symbol.for('k') === Symbol.for('k'),
    Symbol.for('k') === Symbol.for('l'),
    Symbol.for('k'),
    Symbol.for('k') === Symbol('k'),
  );
});

test('Symbol.keyFor: only of registered ones', () => {
  console.log(Symbol.keyFor(Symbol.for('k')), Symbol.keyFor(Symbol('k')));
});

test('Symbol.prototype.description: may be missing', () => {
  console.log(Symbol('a b').description, Symbol().description, Symbol('').description === '');
});

test('Symbol.prototype.toString: shows the description', () => {
  console.log(Symbol('x').toString(), Symbol().toString(), String(Symbol('y')));
});

test('Symbol.prototype.valueOf: is the symbol', () => {
  const symbol = Symbol('v');
  console.log(symbol.valueOf() === symbol);
});

test('Symbol: as a key is not listed among names', () => {
  const key = Symbol('key');
  const object = { [key]: 1, a: 2 };
  console.log(object, Object.keys(object), JSON.stringify(object), object[key], key in object);
  for (const name in object) console.log(name);
});

test('Symbol: as keys of a Map', () => {
  const a = Symbol('a');
  const map = new Map([[a, 1]]);
  console.log(map.get(a), map.get(Symbol('a')), map);
});

test('Symbol: cannot be joined to a string', () => {
  const symbol: unknown = Symbol('s');
  console.log(`${symbol as string}`);
});

test('Symbol.iterator: makes an object iterable', () => {
  const twice = {
    *[Symbol.iterator](): Generator<number> {
      yield 1;
      yield 2;
    },
  };
  console.log([...twice], Math.max(...twice), Array.from(twice), new Set(twice).size, typeof Symbol.iterator);
});

test('Symbol.asyncIterator: is a symbol', () => {
  console.log(typeof Symbol.asyncIterator, Symbol.asyncIterator.toString());
});

test('Symbol: is true', () => {
  console.log(Symbol() ? 'yes' : 'no', !Symbol(), Boolean(Symbol('')));
});

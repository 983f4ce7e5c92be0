// Map.
import { test } from '../../test.ts';

test('new Map: of pairs, later ones win', () => {
  console.log(
    new Map([
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ]),
    new Map(),
    new Map(null),
    new Map(undefined).size,
  );
});

test('new Map: of another map is a copy', () => {
  const map = new Map([[1, 'x']]);
  const copy = new Map(map);
  copy.set(2, 'y');
  console.log(map, copy);
});

test('new Map: of a generator', () => {
  function* pairs(): Generator<[string, number]> {
    yield ['a', 1];
    yield ['b', 2];
  }
  console.log(new Map(pairs()));
});

test('new Map: of object entries', () => {
  console.log(new Map(Object.entries({ x: 1, y: 2 })));
});

test('Map.prototype.set: keeps the first place of a key', () => {
  const map = new Map<string, number>();
  console.log(map.set('a', 1).set('b', 2).set('a', 9) === map, map);
});

test('Map.prototype.set: -0 becomes 0', () => {
  const map = new Map([[-0, 'zero']]);
  console.log(map, Object.is([...map.keys()][0], 0), map.get(0), map.get(-0));
});

test('Map.prototype.get: by SameValueZero', () => {
  const key = {};
  const map = new Map<unknown, string>([
    [NaN, 'nan'],
    ['1', 'text'],
    [1, 'number'],
    [key, 'object'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
  ]);
  console.log(
    map.get(NaN),
    map.get('1'),
    map.get(1),
    map.get(key),
    map.get({}),
    map.get(null),
    map.get(undefined),
    map.get(true),
    map.get('true'),
  );
});

test('Map.prototype.has: also for undefined values', () => {
  const map = new Map([['a', undefined]]);
  console.log(map.has('a'), map.has('b'), map.get('a'));
});

test('Map.prototype.delete: tells whether it was there', () => {
  const map = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  console.log(map.delete('a'), map.delete('a'), map, map.size);
});

test('Map.prototype.delete: a key set again goes last', () => {
  const map = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  map.delete('a');
  map.set('a', 3);
  console.log([...map]);
});

test('Map.prototype.clear: empties', () => {
  const map = new Map([['a', 1]]);
  console.log(map.clear(), map.size, map, map.set('z', 1).size);
});

test('Map.prototype.size: counts keys', () => {
  const map = new Map<number, number>();
  for (let i = 0; i < 100; i++) map.set(i % 10, i);
  console.log(map.size, map.get(3));
});

test('Map.prototype.forEach: gives value, key and map', () => {
  const map = new Map([['a', 1]]);
  map.forEach((value, key, all) => console.log(value, key, all === map));
});

test('Map.prototype.forEach: reaches what is added on the way', () => {
  const map = new Map([[1, 'a']]);
  const seen: number[] = [];
  map.forEach((_, key) => {
    seen.push(key);
    if (key < 3) map.set(key + 1, 'x');
  });
  console.log(seen);
});

test('Map.prototype.forEach: skips what is deleted on the way', () => {
  const map = new Map([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
  const seen: number[] = [];
  map.forEach((_, key) => {
    seen.push(key);
    map.delete(key + 1);
  });
  console.log(seen);
});

test('Map.prototype.entries: are pairs', () => {
  const entries = new Map([['a', 1]]).entries();
  console.log(entries.next(), entries.next());
});

test('Map.prototype.keys: in order of their coming', () => {
  console.log(
    [
      ...new Map([
        ['b', 1],
        ['a', 2],
      ]).keys(),
    ],
    new Map([[1, 2]]).keys().next(),
  );
});

test('Map.prototype.values: in order of their keys', () => {
  console.log([
    ...new Map([
      ['b', 1],
      ['a', 2],
    ]).values(),
  ]);
});

test('Map.prototype.[Symbol.iterator]: is entries', () => {
  for (const [key, value] of new Map([
    ['a', 1],
    ['b', 2],
  ]))
    console.log(key, value);
  console.log([...new Map([[1, 2]])]);
});

test('Map.prototype.[Symbol.iterator]: lives on while the map changes', () => {
  const map = new Map([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  const seen: number[] = [];
  for (const [key] of map) {
    seen.push(key);
    if (key === 1) map.delete(2);
    if (key === 3) map.set(4, 4);
  }
  console.log(seen);
});

test('Map.prototype.set: thousands of keys of all kinds', () => {
  const map = new Map<unknown, number>();
  for (let i = 0; i < 3000; i++) map.set(i % 3 === 0 ? i : i % 3 === 1 ? `k${i}` : { i }, i);
  let sum = 0;
  for (const value of map.values()) sum += value;
  console.log(map.size, sum, map.get(999), map.get('k1000'), map.get('1000'));
});

test('new Map: is shown with its entries', () => {
  console.log(
    new Map<unknown, unknown>([
      [{ a: 1 }, new Map([[1, [2]]])],
      ['k', new Set(['v'])],
    ]),
  );
});

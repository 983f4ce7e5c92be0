// Set, WeakMap and WeakSet.
import { test } from '../../test.ts';

test('new Set: each value once', () => {
  console.log(new Set([3, 1, 3, 2, 1]), new Set(), new Set(null), new Set('hello'), new Set([NaN, NaN, 0, -0]));
});

test('new Set: of another set, a map, a generator', () => {
  function* count(): Generator<number> {
    yield 1;
    yield 1;
  }
  console.log(new Set(new Set([1])), new Set(new Map([[1, 2]])), new Set(count()));
});

test('Set.prototype.add: returns the set', () => {
  const set = new Set<number>();
  console.log(set.add(1).add(2).add(1) === set, set);
});

test('Set.prototype.add: -0 becomes 0', () => {
  const set = new Set<number>().add(-0);
  console.log(Object.is([...set][0], 0), set.has(0));
});

test('Set.prototype.has: by SameValueZero', () => {
  const key = {};
  const set = new Set<unknown>([NaN, '1', key, null]);
  console.log(set.has(NaN), set.has(1), set.has('1'), set.has(key), set.has({}), set.has(null), set.has(undefined));
});

test('Set.prototype.delete: tells whether it was there', () => {
  const set = new Set([1, 2]);
  console.log(set.delete(1), set.delete(1), set, set.size);
});

test('Set.prototype.clear: empties', () => {
  const set = new Set([1, 2]);
  set.clear();
  console.log(set, set.size, set.has(1));
});

test('Set.prototype.size: counts values', () => {
  console.log(new Set([1, 1, 1]).size, new Set('abca').size);
});

test('Set.prototype.forEach: gives the value twice', () => {
  new Set(['a']).forEach((value, again, all) => console.log(value, again, all.size));
});

test('Set.prototype.forEach: a value removed and added again comes again', () => {
  const set = new Set([1, 2]);
  const seen: number[] = [];
  set.forEach((value) => {
    seen.push(value);
    if (value === 1 && seen.length < 3) {
      set.delete(1);
      set.add(1);
    }
  });
  console.log(seen);
});

test('Set.prototype.entries: are pairs of the value', () => {
  console.log([...new Set(['a']).entries()]);
});

test('Set.prototype.keys: are the values', () => {
  console.log([...new Set([2, 1]).keys()]);
});

test('Set.prototype.values: in order of their coming', () => {
  const values = new Set([2, 1]).values();
  console.log(values.next(), [...values], values.next());
});

test('Set.prototype.[Symbol.iterator]: is values', () => {
  for (const value of new Set(['x', 'y'])) console.log(value);
  const [first, second, third] = new Set([1, 2]);
  console.log(first, second, third);
});

test('Set.prototype.[Symbol.iterator]: sees what is added', () => {
  const set = new Set([1]);
  for (const value of set) if (value < 5) set.add(value + 1);
  console.log(set);
});

test('new Set: union, intersection and difference by hand', () => {
  const a = new Set([1, 2, 3]);
  const b = new Set([2, 3, 4]);
  console.log(
    new Set([...a, ...b]),
    [...a].filter((x) => b.has(x)),
    [...a].filter((x) => !b.has(x)),
  );
});

test('new WeakMap: of pairs', () => {
  const key = {};
  console.log(new WeakMap([[key, 1]]).get(key), new WeakMap().has(key));
});

test('WeakMap.prototype.set: returns the map', () => {
  const key = {};
  const map = new WeakMap<object, number>();
  console.log(map.set(key, 1).set(key, 2) === map, map.get(key));
});

test('WeakMap.prototype.set: a primitive as the key throws TypeError', () => {
  const map = new WeakMap<object, number>();
  try {
    map.set(1 as unknown as object, 1);
  } catch (error) {
    console.log(error instanceof TypeError);
  }
});

test('WeakMap.prototype.get: is undefined for what is not there', () => {
  console.log(new WeakMap<object, number>().get({}), new WeakMap<object, number>().get('x' as unknown as object));
});

test('WeakMap.prototype.has: functions and arrays are keys', () => {
  const f = (): void => {};
  const list: number[] = [];
  const map = new WeakMap<object, number>([
    [f, 1],
    [list, 2],
  ]);
  console.log(map.has(f), map.has(list), map.has([]), map.get(list));
});

test('WeakMap.prototype.delete: tells whether it was there', () => {
  const key = {};
  const map = new WeakMap([[key, 1]]);
  console.log(map.delete(key), map.delete(key), map.has(key));
});

test('new WeakSet: of objects', () => {
  const a = {};
  const b = {};
  const set = new WeakSet([a]);
  console.log(set.has(a), set.has(b));
});

test('WeakSet.prototype.add: returns the set', () => {
  const a = {};
  const set = new WeakSet();
  console.log(set.add(a) === set, set.has(a));
});

test('WeakSet.prototype.add: a primitive throws TypeError', () => {
  try {
    new WeakSet().add('x' as unknown as object);
  } catch (error) {
    console.log(error instanceof TypeError);
  }
});

test('WeakSet.prototype.has: by identity', () => {
  console.log(new WeakSet([{}]).has({}), new WeakSet().has(1 as unknown as object));
});

test('WeakSet.prototype.delete: tells whether it was there', () => {
  const a = {};
  const set = new WeakSet([a]);
  console.log(set.delete(a), set.delete(a), set.has(a));
});

// Map and Set that change while they are walked: what is added is still met, what is deleted is not, and nothing is met twice.
import { test } from '../../test.ts';

const digits = (): Map<number, string> =>
  new Map([
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
    [4, 'four'],
    [5, 'five'],
  ]);

test('for…of: over a Map whose entries in front are deleted', () => {
  const map = digits();
  for (const [key] of map) {
    console.log(key);
    if (key !== 3) continue;
    for (const gone of [1, 2, 3]) map.delete(gone);
    map.set(9, 'nine');
  }
  console.log(map);
});

test('for…of: over a Set that loses each value and gets another', () => {
  const set = new Set([1, 2, 3, 4, 5, 6]);
  for (const value of set) {
    console.log(value);
    set.delete(value);
    if (value < 4) set.add(value + 10);
  }
  console.log(set.size);
});

test('for…of: over a Set that is cleared and filled again', () => {
  const set = new Set([1, 2, 3]);
  let rounds = 0;
  for (const value of set) {
    console.log(value);
    rounds += 1;
    if (rounds > 3) continue;
    set.clear();
    set.add(7 + rounds).add(8 + rounds);
  }
  console.log(set);
});

test('for…of: over a Map of a thousand keys, most of which go, some of which come back', () => {
  const map = new Map<number, number>();
  for (let key = 0; key < 1000; key++) map.set(key, key);
  let sum = 0;
  let met = 0;
  for (const [key, value] of map) {
    sum += value;
    met += 1;
    for (let gone = key - 3; gone <= key + 2; gone++) if (gone % 5 !== 0) map.delete(gone);
    if (key < 1000 && key % 100 === 0) map.set(key + 5000, 1);
  }
  console.log(met, sum, map.size, [...map.keys()].slice(-3));
});

test('for…of: in a loop over the same Set', () => {
  const set = new Set(['a', 'b', 'c', 'd']);
  for (const outer of set) {
    for (const inner of set) {
      if (inner < outer) set.delete(inner);
      else console.log(outer, inner);
    }
    if (outer === 'b') set.add('a');
  }
});

test('Map.prototype.forEach: entries come and go', () => {
  const map = digits();
  map.forEach((value, key) => {
    console.log(key, value);
    map.delete(key);
    if (key < 3) map.set(key + 10, `${value} again`);
  });
  console.log(map.size);
});

test('Set.prototype.forEach: values come and go', () => {
  const set = new Set([1, 2, 3]);
  set.forEach((value) => {
    console.log(value);
    set.delete(value);
    if (value < 10) set.add(value + 10);
  });
  console.log(set.size);
});

test('Map.prototype.keys: an iterator stands still while the Map changes', () => {
  const map = digits();
  const keys = map.keys();
  console.log(keys.next().value, keys.next().value);
  for (const gone of [1, 2, 3]) map.delete(gone);
  console.log(keys.next().value);
  map.clear();
  map.set(8, 'eight');
  console.log(keys.next().value, keys.next().done);
});

test('Set.prototype.values: an iterator goes on over two changes', () => {
  const set = new Set([1, 2, 3, 4, 5, 6, 7, 8]);
  const values = set.values();
  values.next();
  values.next();
  for (const gone of [1, 2, 3, 4, 5]) set.delete(gone);
  set.add(1).add(2);
  for (const gone of [6, 7, 8]) set.delete(gone);
  console.log([...values], [...set]);
});

// Map, Set and their weak kin keep insertion order, compare as SameValueZero, and may change while they are walked.
const map = new Map<unknown, unknown>([
  ['a', 1],
  [1, 'b'],
  [NaN, 2],
  [0, 3],
]);
const key = {};
map.set(key, 'object').set('a', 4).set('1', 5);
console.log(
  map.size,
  map.get('a'),
  map.get(NaN),
  map.get(-0),
  map.get(key),
  map.get({}),
  map.get('1'),
  map.has(2),
  map.delete('a'),
  map.delete('a'),
  map.size,
);
map.forEach((value, name) => console.log(typeof name, value));
const set = new Set([3, 1, 3, NaN, NaN, 0, -0]);
console.log(set.size, set.has(NaN), set.has(3), [...set], set.add(5).delete(1), [...set]);
const growing = new Set([1, 2, 3, 4]);
const seen: number[] = [];
for (const x of growing) {
  seen.push(x);
  if (x === 1) growing.delete(2);
  if (x === 3) growing.add(9);
}
console.log(seen);
const weak = new WeakMap<object, number>();
weak.set(key, 1);
console.log(weak.get(key), weak.has({}), weak.delete(key), weak.has(key), new WeakSet([key]).has(key));
const many = new Map<string, number>();
for (let i = 0; i < 1000; i++) many.set(`k${i}`, i);
for (let i = 0; i < 1000; i += 2) many.delete(`k${i}`);
console.log(
  many.size,
  many.get('k501'),
  many.has('k500'),
  new Map([]).size,
  new Map(new Map([[1, 2]])).get(1),
  new Set('hello').size,
);
map.clear();
console.log(map.size, map);

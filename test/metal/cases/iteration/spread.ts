// Spread arguments; generator methods.
const sum = (...n: number[]) => n.reduce((a, b) => a + b, 0);
console.log(
  `${sum(
    ...new Set([1, 2]),
    ...[3],
    ...(function* () {
      yield 4;
    })(),
  )}`,
);
const gen = function* (this: any, ...xs: number[]) {
  yield* xs;
};
console.log([...gen(1, 2)].join());
const obj = {
  *items() {
    yield 1;
    yield 2;
  },
  [Symbol.iterator]: function* () {
    yield 'it';
  },
};
console.log([...obj.items()].join(), [...obj].join());
const pairs = new Map<string, number[]>();
for (const w of 'a b a'.split(' ')) {
  const l = pairs.get(w) ?? [];
  l.push(w.length);
  pairs.set(w, l);
}
for (const [w, { length }] of pairs) console.log(`${w}${length}`);
const fs: any[] = [];
for (const x of new Set([1, 2])) fs.push(() => x);
for (const x of (function* () {
  yield 3;
  yield 4;
})())
  fs.push(() => x);
for (const [i, v] of ['a'].entries()) fs.push(() => `${i}${v}`);
console.log(fs.map((f) => f()).join());

export {};

// Long values break into lines, long arrays into columns.
const words = [
  'alpha',
  'beta',
  'gamma',
  'delta',
  'epsilon',
  'zeta',
  'eta',
  'theta',
  'iota',
  'kappa',
  'lambda',
  'mu',
  'nu',
];
console.log(
  words,
  words.slice(0, 6),
  words.slice(0, 7),
  words.map((w) => w.length),
  words.map((w, i) => w.length * 10 ** i),
);
for (const n of [6, 7, 10, 16, 27, 50, 100, 101, 120]) console.log(Array.from({ length: n }, (_, i) => i * 7));
console.log(
  Array.from({ length: 30 }, (_, i) => `item ${'x'.repeat(i % 5)}`),
  Array.from({ length: 8 }, (_, i) => ({ id: i, name: `n${i}` })),
);
console.log({ name: 'a fairly long value to fill the line', other: 'another fairly long value', third: 3 });
console.log({
  name: 'short',
  nested: { list: [1, 2, 3], map: new Map([['key', { deep: [1, 2] }]]), text: 'some text here' },
  flag: true,
  count: 12345,
});
console.log({
  a: 'x'.repeat(100),
  b: ['y'.repeat(80)],
  c: 'line one\nline two that goes on for quite a while, beyond the width of the terminal\nline three',
});
console.log([[1, 2, [3, 4, [5, [6]]]], { a: { b: { c: {} } } }], [['x'.repeat(30), 'y'.repeat(30)], ['z'.repeat(30)]]);
console.log(
  new Uint8Array(20),
  new Uint8Array(200),
  new Float32Array([1.5, 2.25, 3, 4, 5, 6, 7, 8.125]),
  new Set(words),
  new Map(words.map((w, i) => [w, i])),
);
console.log(
  [1.5, -2, 300, 4, 5, 6, 7],
  [true, false, true, false, true, false, true],
  [null, undefined, null, 1, 2, 3, 4],
  ['a', 1, 'b', 2, 'c', 3, 'd', 4],
);
console.log({
  k1: 1,
  k2: 2,
  k3: 3,
  k4: 4,
  k5: 5,
  k6: 6,
  k7: 7,
  k8: 8,
  k9: 9,
  k10: 10,
  k11: 11,
  k12: 12,
  k13: 13,
  k14: 14,
});
console.log(Array.from({ length: 3 }, (_, i) => Array.from({ length: 12 }, (_, j) => i * j)));
console.log({
  values: Array.from({ length: 40 }, (_, i) => i),
  inner: { values: Array.from({ length: 10 }, (_, i) => `v${i}`) },
});

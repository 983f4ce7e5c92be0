// Array methods at the edges of their arguments.
const a = [1, 2, 3, 4, 5];
console.log(
  a.slice(-2),
  a.slice(1, -1),
  a.slice(9),
  a.slice(NaN),
  a.slice(undefined, 2),
  a.at(-1),
  a.at(9),
  a[9],
  a[-1],
  a.indexOf(1, -1),
  a.lastIndexOf(5, -2),
  a.includes(5, -1),
  [NaN].includes(NaN),
  [NaN].indexOf(NaN),
);
console.log(
  a.with(1, 9),
  a.toSorted((x, y) => y - x),
  a.toReversed(),
  a.toSpliced(1, 2, 7),
  [...a].copyWithin(0, 3),
  [...a].copyWithin(1, 0),
  [...a].fill(0, -2),
  [...a].fill(7, 1, 2),
);
const b = [...a];
console.log(
  b.splice(1, 2),
  b,
  b.splice(-1),
  b,
  b.splice(1, 0, 8, 9),
  b,
  b.splice(99, 1),
  b.push(1, 2),
  b.unshift(0),
  b.pop(),
  b.shift(),
  b,
);
console.log(
  [3, 1, 2].sort(),
  [10, 9, 1].sort(),
  ['B', 'a', 'é', '€'].sort(),
  [3, undefined, 1].sort(),
  [true, false].sort(),
  [-1, -2, 5].sort((x, y) => x - y),
);
console.log(
  [1, [2, [3, [4]]]].flat(),
  [1, [2, [3, [4]]]].flat(2),
  [1, [2, [3]]].flat(Infinity),
  [1, 2].flatMap((x) => [x, [x]]),
  [[], [1]].flat(),
);
console.log(
  a.map(String),
  a.filter((x) => x > 2),
  a.reduce((x, y) => x + y),
  a.reduceRight((x, y) => `${x}-${y}`, ''),
  a.find((x) => x > 9),
  a.findLast((x) => x < 3),
  a.findLastIndex((x) => x < 0),
  a.some((x) => x > 4),
  [].every(() => false),
);
console.log(
  [1, 2].concat([3], 4),
  Array.of(3),
  Array.from('a€'),
  Array.from([1, 2], (x) => x * 2),
  Array.from({ length: 2 }, (_, i) => i),
  Array.isArray(a),
  new Array(2).fill(0),
);
console.log(
  [0, 1, '', null, 'x'].filter(Boolean),
  ['1', '2'].map(Number),
  [1, 2, 3].join(),
  [[1, 2], [3]].join(';'),
  [1, null, undefined, 2].join('-'),
  [1.5, 1e21, -0].join(),
);
const records = [
  { k: 1, v: 'a' },
  { k: 0, v: 'b' },
  { k: 1, v: 'c' },
  { k: 0, v: 'd' },
];
console.log(
  records
    .sort((x, y) => x.k - y.k)
    .map((r) => r.v)
    .join(''),
  Math.max(...a),
  String.fromCharCode(...[72, 105]),
);
const [first, , third = 9, ...rest] = [1, 2, undefined, 4, 5];
let [x, y] = [1, 2];
[x, y] = [y, x];
console.log(first, third, rest, x, y, [...[1, 2], ...'ab', ...new Set([3, 3])]);
try {
  ([] as number[]).reduce((p, q) => p + q);
} catch (error) {
  console.log(error instanceof TypeError);
}
const grid: number[][] = Array.from({ length: 3 }, () => [0, 0, 0]);
grid[1]![1] = 5;
grid[2]![0]! -= 2;
for (const row of grid) console.log(row.join(' '));

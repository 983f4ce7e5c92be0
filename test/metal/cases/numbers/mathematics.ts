// The functions of Math and Number whose results the standard fixes.
const values = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  8,
  1e10,
  -1e10,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  NaN,
  Infinity,
  -Infinity,
];
for (const v of values)
  console.log(
    v,
    Math.fround(v),
    Math.clz32(v),
    Math.imul(v, 3),
    Math.sqrt(v),
    Math.cbrt(v),
    Number.isInteger(v),
    Number.isSafeInteger(v),
    Number.isFinite(v),
    Number.isNaN(v),
  );
console.log(
  Math.max(),
  Math.min(),
  Math.max(1, NaN),
  Math.max(0, -0),
  Math.min(0, -0),
  Math.max(...[1, 5, 3]),
  Math.hypot(3, 4),
  Math.hypot(),
);
console.log(
  Math.imul(0xffffffff, 5),
  Math.imul(2 ** 31, 3),
  Math.fround(5.05),
  Math.fround(1e40),
  Math.pow(2, 10),
  Math.atan2(-0, -1) < 0,
  Math.log2(8),
  Math.log10(1000),
);
console.log(
  Number.MAX_SAFE_INTEGER,
  Number.EPSILON,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  Math.PI,
  Math.E,
  Math.LN2,
  Math.SQRT2,
);
console.log(Math.exp(1) === Math.E, Math.abs(Math.pow(2.5, 3.5) - 24.70529422006546) < 1e-13);
const list: unknown[] = [5, 5.5, '5', null, undefined, Infinity];
console.log(
  list.map((x) => Number.isInteger(x)),
  list.map((x) => Number.isSafeInteger(x)),
  [1.5, 2].map(Number.isInteger),
);

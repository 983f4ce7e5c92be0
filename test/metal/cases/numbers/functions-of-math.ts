// Math, each function at its edges. The standard leaves the last digit of some to the machine; those are printed with fewer.
import { test } from '../../test.ts';

const EDGES = [
  NaN,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  Infinity,
  -Infinity,
  4294967296,
  -2147483649,
  1e300,
  5e-324,
];

test('Math.abs: drops the sign', () => {
  console.log(
    EDGES.map((x) => Math.abs(x)),
    Math.abs(-3),
  );
});

test('Math.ceil: towards infinity', () => {
  console.log(
    EDGES.map((x) => Math.ceil(x)),
    Math.ceil(-0.9),
    Math.ceil(4503599627370495.5),
  );
});

test('Math.floor: towards minus infinity', () => {
  console.log(
    EDGES.map((x) => Math.floor(x)),
    Math.floor(-0.1),
    Math.floor(4503599627370495.5),
  );
});

test('Math.round: halves go up', () => {
  console.log(
    EDGES.map((x) => Math.round(x)),
    Math.round(-0.5),
    Math.round(-0.6),
    Math.round(0.49999999999999994),
    Math.round(4503599627370497.5),
    Math.round(9007199254740991),
  );
});

test('Math.trunc: towards zero', () => {
  console.log(
    EDGES.map((x) => Math.trunc(x)),
    Math.trunc(-0.9),
    Math.trunc(1e21),
  );
});

test('Math.sign: keeps the sign of zero', () => {
  console.log(EDGES.map((x) => Math.sign(x)));
});

test('Math.sqrt: is exact', () => {
  console.log(
    EDGES.map((x) => Math.sqrt(x)),
    Math.sqrt(2),
    Math.sqrt(1e-320),
  );
});

test('Math.cbrt: keeps the sign', () => {
  console.log([NaN, 0, -0, 1, -1, 8, -27, Infinity, -Infinity, 1e300].map((x) => Math.cbrt(x).toPrecision(12)));
});

test('Math.max: of none is -Infinity', () => {
  console.log(
    Math.max(),
    Math.max(1),
    Math.max(1, 3, 2),
    Math.max(-0, 0),
    Math.max(0, -0),
    Math.max(NaN, 1),
    Math.max(1, NaN),
    Math.max(...[5, 7]),
  );
});

test('Math.min: is NaN where one is, and -0 is less than 0', () => {
  for (const x of EDGES) {
    console.log(EDGES.map((y) => [Math.min(x, y), Math.max(x, y), Math.min(1, x, y), Math.max(x, 1, y)]));
  }
});

test('Math.min: takes what is no number as Number does, in order', () => {
  const seen: string[] = [];
  const value = (name: string, number: number): number =>
    ({ valueOf: () => (seen.push(name), number) }) as unknown as number;
  console.log(Math.min(value('a', 2), value('b', 1), value('c', NaN), value('d', 0)), seen);
  console.log(Math.max(value('e', 2), value('f', 1)), seen);
  for (const odd of [undefined, null, '7', 'x', true, [], [9]] as unknown as number[]) {
    console.log(Math.min(odd, 8), Math.max(8, odd), Math.max(odd, odd, odd));
  }
});

test('Math.min: of none is Infinity', () => {
  console.log(
    Math.min(),
    Math.min(1),
    Math.min(3, 1, 2),
    Math.min(0, -0),
    Math.min(-0, 0),
    Math.min(NaN, 1),
    Math.min(-Infinity, 0),
  );
});

test('Math.pow: the cases that the standard lists', () => {
  console.log(
    Math.pow(2, 10),
    Math.pow(NaN, 0),
    Math.pow(1, Infinity),
    Math.pow(0, -1),
    Math.pow(-0, -1),
    Math.pow(-0, -2),
    Math.pow(-8, 1 / 3),
    Math.pow(4, 0.5),
    Math.pow(2, -1074),
    Math.pow(-2, 3),
    Math.pow(0.5, Infinity),
    Math.pow(-Infinity, -3),
  );
});

test('Math.hypot: does not overflow on the way', () => {
  console.log(
    Math.hypot(3, 4),
    Math.hypot(),
    Math.hypot(-5),
    Math.hypot(NaN, Infinity),
    Math.hypot(1e200, 1e200) < Infinity,
    Math.hypot(0, -0),
    Math.hypot(1, 2, 2),
  );
});

test('Math.clz32: counts zeros in 32 bits', () => {
  console.log(
    EDGES.map((x) => Math.clz32(x)),
    Math.clz32(0.9),
    Math.clz32(255),
  );
});

test('Math.imul: multiplies 32 bits', () => {
  console.log(
    Math.imul(3, 4),
    Math.imul(0xffffffff, 5),
    Math.imul(0x7fffffff, 2),
    Math.imul(2 ** 32 + 1, 3),
    Math.imul(1.9, 2.9),
    Math.imul(NaN, 1),
    Math.imul(-0, 1),
  );
});

test('Math.fround: rounds to 32 bits', () => {
  console.log(
    EDGES.map((x) => Math.fround(x)),
    Math.fround(5.5),
    Math.fround(5.05),
    Math.fround(1e-46),
    Math.fround(3.4028235e38),
    Math.fround(3.40282357e38),
    Math.fround(16777217),
  );
});

test('Math.exp: of the edges', () => {
  console.log(
    [NaN, 0, -0, -Infinity, Infinity, 710, -746].map((x) => Math.exp(x)),
    Math.exp(1).toPrecision(14),
  );
});

test('Math.expm1: is precise near zero', () => {
  console.log(
    Math.expm1(0),
    Math.expm1(-0),
    Math.expm1(-Infinity),
    Math.expm1(1e-10).toPrecision(12),
    Math.expm1(1).toPrecision(12),
    Math.expm1(NaN),
  );
});

test('Math.log: of the edges', () => {
  console.log(
    [NaN, 0, -0, 1, -1, Infinity].map((x) => Math.log(x)),
    Math.log(Math.E).toPrecision(14),
    Math.log(10).toPrecision(14),
  );
});

test('Math.log10: of powers of ten', () => {
  console.log(
    [1, 10, 100, 1e-5, 1e15, 0, -1].map((x) => Math.log10(x)),
    Math.log10(2).toPrecision(14),
  );
});

test('Math.log2: of powers of two', () => {
  console.log(
    [1, 2, 8, 0.125, 2 ** 31, 2 ** 52, 0, -1, Infinity].map((x) => Math.log2(x)),
    Math.log2(3).toPrecision(14),
  );
});

test('Math.log1p: is precise near zero', () => {
  console.log(
    Math.log1p(0),
    Math.log1p(-0),
    Math.log1p(-1),
    Math.log1p(-2),
    Math.log1p(1e-15).toPrecision(12),
    Math.log1p(Infinity),
  );
});

test('Math.sinh: of the edges', () => {
  console.log(
    [0, -0, Infinity, -Infinity, NaN].map((x) => Math.sinh(x)),
    Math.sinh(1).toPrecision(12),
    Math.sinh(-2).toPrecision(12),
  );
});

test('Math.cosh: of the edges', () => {
  console.log(
    [0, -0, Infinity, -Infinity, NaN].map((x) => Math.cosh(x)),
    Math.cosh(1).toPrecision(12),
  );
});

test('Math.tanh: of the edges', () => {
  console.log(
    [0, -0, Infinity, -Infinity, NaN].map((x) => Math.tanh(x)),
    Math.tanh(0.5).toPrecision(12),
  );
});

test('Math.asinh: of the edges', () => {
  console.log(
    [0, -0, Infinity, -Infinity, NaN].map((x) => Math.asinh(x)),
    Math.asinh(1).toPrecision(12),
    Math.asinh(-1e10).toPrecision(12),
  );
});

test('Math.acosh: of the edges', () => {
  console.log(
    [1, 0.5, Infinity, -Infinity, NaN].map((x) => Math.acosh(x)),
    Math.acosh(2).toPrecision(12),
  );
});

test('Math.atanh: of the edges', () => {
  console.log(
    [0, -0, 1, -1, 2, NaN].map((x) => Math.atanh(x)),
    Math.atanh(0.5).toPrecision(12),
  );
});

test('Math.asin: of the edges', () => {
  console.log(
    [0, -0, 2, -2, NaN].map((x) => Math.asin(x)),
    Math.asin(1).toPrecision(12),
    Math.asin(-0.5).toPrecision(12),
    Math.asin(0.9).toPrecision(12),
  );
});

test('Math.acos: of the edges', () => {
  console.log(
    [1, 2, -2, NaN].map((x) => Math.acos(x)),
    Math.acos(-1).toPrecision(12),
    Math.acos(0).toPrecision(12),
    Math.acos(0.3).toPrecision(12),
  );
});

test('Math.atan: of the edges', () => {
  console.log(
    [0, -0, NaN].map((x) => Math.atan(x)),
    Math.atan(Infinity).toPrecision(12),
    Math.atan(-Infinity).toPrecision(12),
    Math.atan(1).toPrecision(12),
    Math.atan(-0.3).toPrecision(12),
  );
});

test('Math.atan2: knows the quadrants', () => {
  for (const y of [0, -0, 1, -1, Infinity, -Infinity])
    console.log([0, -0, 1, -1, Infinity, -Infinity].map((x) => Math.atan2(y, x).toPrecision(10)));
  console.log(Math.atan2(NaN, 1), Math.atan2(1, NaN));
});

test('Math.random: lies in [0, 1)', () => {
  const values = Array.from({ length: 100 }, () => Math.random());
  console.log(
    values.every((x) => x >= 0 && x < 1),
    new Set(values).size > 90,
  );
});

test('Math.E: and its kin', () => {
  console.log(Math.E);
});

test('Math.LN10: is the logarithm of 10', () => {
  console.log(Math.LN10);
});

test('Math.LN2: is the logarithm of 2', () => {
  console.log(Math.LN2);
});

test('Math.LOG10E: is 1 / LN10', () => {
  console.log(Math.LOG10E);
});

test('Math.LOG2E: is 1 / LN2', () => {
  console.log(Math.LOG2E);
});

test('Math.PI: is 3.14', () => {
  console.log(Math.PI);
});

test('Math.SQRT1_2: is half of SQRT2', () => {
  console.log(Math.SQRT1_2);
});

test('Math.SQRT2: squared is about 2', () => {
  console.log(Math.SQRT2, Math.SQRT2 * Math.SQRT2);
});

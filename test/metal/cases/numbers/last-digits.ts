// Powers, logarithms and hyperbolic functions, to the last digit.
const values = [
  0.1, 0.5, 1, 1.5, 2, 3.3, 7.7, 10, 20.25, 33.3, 100.5, -0.3, -2.2, 1e-10, 300, 709.5, -700, 0.7071, 1e15, -0, 0,
];
for (const x of values) {
  const size = Math.abs(x);
  console.log(
    Math.exp(x),
    Math.log(size),
    Math.log10(size),
    Math.log2(size),
    Math.log1p(size),
    Math.cbrt(x),
    Math.sqrt(size),
  );
  console.log(
    Math.cosh(x),
    Math.sinh(x),
    Math.tanh(x),
    Math.asinh(x),
    Math.acosh(size + 1),
    Math.atanh(x / 1e16),
    Math.expm1(x),
  );
  console.log(Math.atan(x), Math.asin(x / 1e16), Math.acos(x / 1e16));
}
for (const x of values)
  for (const y of values) console.log(Math.abs(x) ** y, Math.pow(x, y), Math.hypot(x, y), Math.atan2(x, y));
let power = 3;
power **= 5;
const held = { power };
held.power **= 0.5;
console.log(
  power,
  held.power,
  2 ** 10,
  2 ** -1074,
  (-8) ** 3,
  (-8) ** (1 / 3),
  20 ** 36,
  Math.hypot(),
  Math.hypot(Number.NaN, Infinity),
);
console.log([1, 2, 3].map(Math.exp).join(), [4, 9].map((x) => x ** 0.5).join());

export {};

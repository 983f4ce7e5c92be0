// toFixed, toPrecision, toExponential and toString(radix) round the exact value of the double.
const values = [
  0,
  -0,
  0.5,
  1.5,
  2.5,
  -1.5,
  -2.5,
  1.005,
  1.45,
  8.345,
  123.456,
  0.000001,
  1.1,
  5e-324,
  123456789.123,
  1e20,
  1.23e20,
  1e21,
  -1e-10,
  10.235,
  999.999,
  0.1,
  NaN,
  Infinity,
];
for (const v of values)
  console.log(v, v.toFixed(0), v.toFixed(), v.toFixed(1), v.toFixed(2), v.toFixed(7), v.toFixed(20));
for (const v of values)
  console.log(
    v,
    v.toPrecision(1),
    v.toPrecision(3),
    v.toPrecision(21),
    v.toExponential(0),
    v.toExponential(2),
    v.toExponential(),
  );
for (const v of [255, -255, 0.5, 3.75, 0.1, 2 ** 53, 4294967295, -7.25, 1 / 3])
  console.log([2, 3, 7, 8, 10, 16, 36].map((radix) => v.toString(radix)));
console.log([2, 4, 8, 16, 32].map((radix) => (2 ** 60 + 2 ** 20).toString(radix)));
console.log(
  (2 ** 69).toFixed(1),
  (0.1).toFixed(55),
  (1e-100).toFixed(100),
  (25).toExponential(0),
  (0.00015).toExponential(1),
);
const maybe = (n?: number): string | undefined => n?.toFixed(1);
console.log(maybe(), maybe(2.25));
for (const digits of [-1, 101]) {
  try {
    console.log((1).toFixed(digits));
  } catch (error) {
    console.log(error instanceof RangeError, digits);
  }
}

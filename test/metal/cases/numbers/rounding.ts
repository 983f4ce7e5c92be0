// Math.round rounds ties up and keeps the sign of zero.
const values = [
  2.5,
  3.5,
  -2.5,
  -1.5,
  -0.5,
  -0.4,
  0.5,
  0.49999999999999994,
  4503599627370495.5,
  1e300,
  NaN,
  Infinity,
  -Infinity,
  -0,
  1.4999999,
];
for (const v of values)
  console.log(v, Math.round(v), Math.floor(v), Math.ceil(v), Math.trunc(v), Math.sign(v), Math.abs(v));
console.log(values.map(Math.round));

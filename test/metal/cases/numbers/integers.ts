// Bitwise operators work on 32 bits, whatever comes in.
const values = [
  0,
  1,
  -1,
  5,
  -8,
  255,
  2147483647,
  -2147483648,
  2147483648,
  4294967295,
  4294967296.5,
  -4294967295.9,
  1e10,
  -1e10,
  1e19,
  -1e19,
  1e300,
  NaN,
  Infinity,
  -Infinity,
  0.9,
  -0.9,
];
for (const v of values) console.log(v, v | 0, v >>> 0, ~v, ~~v, v ^ 1, v & 255, v << 4, v >> 1, v >>> 1, -v | 0);
const shift = (a: number, b: number): number[] => [a << b, a >> b, a >>> b];
console.log(shift(1, 31), shift(1, 32), shift(1, -1), shift(-1, NaN), shift(3, 1e10), shift(-8, 33));
let hash = 0x811c9dc5;
for (let i = 0; i < 20; i++) hash = Math.imul(hash ^ i, 16777619);
let sum = 0;
for (let i = 0; i < 100; i++) sum = (sum * 31 + i) | 0;
let unsigned = 1;
for (let i = 0; i < 100; i++) unsigned = (unsigned * 31 + i) >>> 0;
console.log(hash >>> 0, sum, unsigned);
let x = 5;
x++;
x += 0.5;
x *= 3;
x %= 4;
x **= 2;
console.log(x, x++ + ++x, x--, --x, -x, +x);
let bits = -5;
bits >>>= 1;
bits ^= 7;
bits |= 8;
bits &= 0xfff;
bits <<= 30;
bits >>= 3;
console.log(bits, 7 % 3, -7 % 3, 5.5 % 2, -0 % 5, 5 % Infinity, 2 ** -1, (-2) ** 3, 2 ** (3 ** 2), 1 / 0, 0 / 0);

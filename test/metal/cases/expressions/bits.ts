// The bitwise operators and shifts over numbers at their edges, and over what else the checker lets through.
import { test } from '../../test.ts';

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  1.9,
  -1.9,
  31,
  32,
  33,
  255,
  2147483647,
  2147483648,
  -2147483648,
  -2147483649,
  4294967295,
  4294967296,
  4294967297,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  1e20,
  -1e20,
  1e300,
  Infinity,
  -Infinity,
  NaN,
];
const each = (name: string, operate: (a: number, b: number) => number): void => {
  for (const a of NUMBERS) console.log(name, a, NUMBERS.map((b) => operate(a, b)).join(' '));
};
const untyped = (value: unknown): any => value;

enum Mode {
  read = 1,
  write = 1 << 1,
  run = 1 << 2,
  all = read | write | run,
}

test('bitwise and: of all pairs of numbers', () => each('&', (a, b) => a & b));
test('bitwise or: of all pairs of numbers', () => each('|', (a, b) => a | b));
test('bitwise xor: of all pairs of numbers', () => each('^', (a, b) => a ^ b));
test('left shift: of all pairs of numbers', () => each('<<', (a, b) => a << b));
test('signed right shift: of all pairs of numbers', () => each('>>', (a, b) => a >> b));
test('unsigned right shift: of all pairs of numbers', () => each('>>>', (a, b) => a >>> b));
test('bitwise not: of all numbers', () => {
  console.log(NUMBERS.map((a) => ~a).join(' '));
  console.log(NUMBERS.map((a) => ~~a).join(' '));
});
test('bitwise not: of strings, booleans and null', () => {
  const none: any = null;
  console.log(~'7', ~'', ~'x', ~true, ~none, ~untyped(undefined), ~untyped([5]));
});
test('left shift: by constants up to 33', () => {
  console.log(1 << 0, 1 << 30, 1 << 31, 1 << 32, 1 << 33, 1 << -1, 3 << 31, -1 << 4, 0xffffffff << 1);
});
test('signed right shift: keeps the sign', () => {
  console.log(-8 >> 1, -8 >>> 1, -1 >> 31, -1 >>> 31, -1 >>> 0, 0x80000000 >> 4, 0x80000000 >>> 4, 5 >> 33, -5 >> 33);
});
test('bitwise or: with zero truncates', () => {
  console.log(1.9 | 0, -1.9 | 0, 2147483648.9 | 0, 4294967296.5 | 0, NaN | 0, '12' as unknown as number | 0);
});
test('bitwise and: of untyped values converts them', () => {
  console.log(
    untyped('255') & 15,
    untyped(true) | 2,
    untyped(null) ^ 5,
    untyped('0x10') << 1,
    untyped([8]) >> 1,
    untyped('-1') >>> 0,
    untyped({}) | 0,
  );
});
test('bitwise and: packs and unpacks fields', () => {
  const pack = (a: number, b: number, c: number): number => ((a & 0xff) << 24) | ((b & 0xfff) << 12) | (c & 0xfff);
  const word = pack(0xab, 0xcde, 0xf01);
  console.log(
    word,
    word >>> 0,
    (word >>> 24).toString(16),
    ((word >> 12) & 0xfff).toString(16),
    (word & 0xfff).toString(16),
  );
});
test('bitwise xor: swaps and toggles', () => {
  let a = 123;
  let b = -456;
  a ^= b;
  b ^= a;
  a ^= b;
  console.log(a, b, a ^ -1, (a ^ a) | b);
});
test('bitwise and: with flags of an enum', () => {
  let mode: Mode = Mode.read | Mode.write;
  console.log(mode, (mode & Mode.write) !== 0, (mode & Mode.run) === 0);
  mode &= ~Mode.read;
  mode |= Mode.run;
  mode ^= Mode.write;
  console.log(mode, ~mode);
});
test('unsigned right shift: rotates', () => {
  const rotate = (x: number, n: number): number => ((x << n) | (x >>> (32 - n))) >>> 0;
  console.log([0, 1, 5, 31, 32].map((n) => rotate(0x80000001, n).toString(16)));
});
test('left shift assignment: and the other compound ones', () => {
  let n = 5;
  n <<= 3;
  console.log(n);
  n >>= 1;
  console.log(n);
  n = -n;
  n >>>= 28;
  console.log(n);
  n &= 6;
  n |= 9;
  n ^= 3;
  console.log(n);
});
test('left shift assignment: on elements and members', () => {
  const o = { n: 1, list: [1, 2, 3] };
  o.n <<= 4;
  o.list[1]! <<= 31;
  o.list[2]! |= -8;
  o.list[0]! ^= 0xffffffff;
  console.log(o);
});
test('bitwise or assignment: on typed arrays', () => {
  const words = new Uint32Array(2);
  words[0]! |= 1 << 31;
  words[1]! = ~0;
  const bytes = new Uint8Array([0x0f, 0xf0]);
  bytes[0]! ^= 0x1ff;
  bytes[1]! <<= 4;
  const signed = new Int8Array([127, -128]);
  signed[0]!++;
  signed[1]!--;
  console.log(words, bytes, signed);
});
test('bitwise and: counts bits', () => {
  const count = (n: number): number => {
    let bits = 0;
    for (let rest = n; rest !== 0; rest &= rest - 1) bits++;
    return bits;
  };
  console.log([0, 1, -1, 0x80000000, 0x55555555, 12345].map(count));
});

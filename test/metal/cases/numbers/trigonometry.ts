// Math.sin, cos and tan, to the last digit.
import { test } from '../../test.ts';

const ANGLES: number[] = [
  0,
  -0,
  1e-9,
  -1e-9,
  0.5,
  0.6744,
  0.7,
  0.79,
  -2,
  3.14159,
  22,
  1e5,
  1e6,
  -1e9,
  1e15,
  1e22,
  1.7976931348623157e308,
  Infinity,
  NaN,
];
for (let quarter = -9; quarter < 40; quarter++) ANGLES.push((quarter * Math.PI) / 4, quarter * 0.37);
for (let power = -1000; power < 1000; power += 61) ANGLES.push(1.1 * 2 ** power);
const missing = [1][3];

const show = (of: (angle: number) => number): void => {
  for (const angle of ANGLES) console.log(angle, of(angle));
};

test('Math.sin: near 0, at multiples of a quarter turn, far out', () => show(Math.sin));
test('Math.cos: near 0, at multiples of a quarter turn, far out', () => show((angle) => Math.cos(angle)));
test('Math.tan: near 0, at multiples of a quarter turn, far out', () => show(Math.tan));
test('Math.sin: of what is no number', () =>
  console.log(Math.sin(missing), Math.cos(missing), Math.tan(null as never)));

// Sine, cosine and tangent with the last digits of V8 up to release 11, which computes them by the algorithms of fdlibm (Freely Distributable Math Library:
// K. C. Ng, "k_sin.c", "k_cos.c", "k_tan.c", "e_rem_pio2.c", "k_rem_pio2.c"). Written anew from the published method: the nearest multiple of π/2 is taken
// away, in more digits than a double has, and a polynomial does the rest. Later releases differ from them, and from each other, in the last digit.

import { highWord, withHigh, withLowZero } from './powers.ts';

/** π/4, up to which nothing is taken away: its upper 32 bits. */
const QUARTER = 0x3fe921fb;
const INFINITE = 0x7ff00000;

/** What is left of an angle when `turns` times π/2 were taken away: the sum of two doubles. */
interface Reduced {
  turns: number;
  upper: number;
  lower: number;
}

/** Math.sin. */
export const sine = (angle: number): number => {
  const size = highWord(angle) & 0x7fffffff;
  if (size <= QUARTER) return sineNear(angle, 0, false);
  if (size >= INFINITE) return Number.NaN;
  const { turns, upper, lower } = reduce(angle);
  const value = (turns & 1) === 0 ? sineNear(upper, lower, true) : cosineNear(upper, lower);
  return (turns & 2) === 0 ? value : -value;
};

/** Math.cos. */
export const cosine = (angle: number): number => {
  const size = highWord(angle) & 0x7fffffff;
  if (size <= QUARTER) return cosineNear(angle, 0);
  if (size >= INFINITE) return Number.NaN;
  const { turns, upper, lower } = reduce(angle);
  const value = (turns & 1) === 0 ? cosineNear(upper, lower) : sineNear(upper, lower, true);
  return ((turns + 1) & 2) === 0 ? value : -value;
};

/** Math.tan. */
export const tangent = (angle: number): number => {
  const size = highWord(angle) & 0x7fffffff;
  if (size <= QUARTER) return tangentNear(angle, 0, 1);
  if (size >= INFINITE) return Number.NaN;
  const { turns, upper, lower } = reduce(angle);
  return tangentNear(upper, lower, (turns & 1) === 0 ? 1 : -1);
};

const sineNear = (x: number, rest: number, hasRest: boolean): number => {
  if ((highWord(x) & 0x7fffffff) < 0x3e400000) return x;
  const z = x * x;
  const cube = z * x;
  const outer = -0.00019841269829857949 + z * (0.0000027557313707070068 + z * OUTER_SINE(z));
  const series = 0.00833333333332249 + z * outer;
  if (!hasRest) return x + cube * (-0.16666666666666632 + z * series);
  return x - (z * (0.5 * rest - cube * series) - rest - cube * -0.16666666666666632);
};

const OUTER_SINE = (z: number): number => -2.5050760253406863e-8 + z * 1.58969099521155e-10;

const cosineNear = (x: number, rest: number): number => {
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const z = x * x;
  const outer =
    0.00002480158728947673 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11));
  const series = z * (0.0416666666666666 + z * (-0.001388888888887411 + z * outer));
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * series - x * rest));
  const quarter = size > 0x3fe90000 ? 0.28125 : withHigh(0, size - 0x00200000);
  return 1 - quarter - (0.5 * z - quarter - (z * series - x * rest));
};

/** The tangent, or for `power` -1 what is 1 divided by it, negated. */
const tangentNear = (angle: number, rest: number, power: 1 | -1): number => {
  const high = highWord(angle);
  const size = high & 0x7fffffff;
  if (size < 0x3e300000) return power === 1 ? angle : negatedInverse(angle, rest, angle + rest);
  const isNearEighth = size >= 0x3fe59428; // 0.6744: it is computed from π/4 down.
  const x = isNearEighth
    ? 0.7853981633974483 - Math.abs(angle) + (3.061616997868383e-17 - (high < 0 ? -rest : rest))
    : angle;
  const y = isNearEighth ? 0 : rest;
  const z = x * x;
  const w = z * z;
  const odd = 0.13333333333320124 + w * (0.021869488294859542 + w * (0.0035920791075913124 + w * ODD_TANGENT(w)));
  const even = z * (0.05396825397622605 + w * (0.0088632398235993 + w * (0.0014562094543252903 + w * EVEN_TANGENT(w))));
  const cube = z * x;
  const r = y + z * (cube * (odd + even) + y) + 0.3333333333333341 * cube;
  const sum = x + r;
  if (isNearEighth) return (1 - ((high >> 30) & 2)) * (power - 2 * (x - ((sum * sum) / (sum + power) - r)));
  return power === 1 ? sum : negatedInverse(x, r, sum);
};

const ODD_TANGENT = (w: number): number =>
  0.0005880412408202641 + w * (0.00007817944429395571 + w * -0.000018558637485527546);
const EVEN_TANGENT = (w: number): number =>
  0.0002464631348184699 + w * (0.00007140724913826082 + w * 0.00002590730518636337);

/** Returns -1 / (x + rest), whose digits do not fit a double; `sum` is what of x + rest does. */
const negatedInverse = (x: number, rest: number, sum: number): number => {
  const upper = withLowZero(sum);
  const inverse = -1 / sum;
  const upperInverse = withLowZero(inverse);
  return upperInverse + inverse * (1 + upperInverse * upper + upperInverse * (rest - (upper - x)));
};

/** π/2 in three parts of 33 bits, and what each leaves. */
const PARTS: readonly (readonly [number, number])[] = [
  [1.5707963267341256, 6.077100506506192e-11],
  [6.077100506303966e-11, 2.0222662487959506e-21],
  [2.0222662487111665e-21, 8.4784276603689e-32],
];

const reduce = (angle: number): Reduced => {
  const size = highWord(angle) & 0x7fffffff;
  const reduced = size > 0x413921fb ? reduceFar(Math.abs(angle), size) : reduceNear(Math.abs(angle), size);
  if (angle > 0) return reduced;
  return { turns: -reduced.turns, upper: -reduced.upper, lower: -reduced.lower };
};

/** Up to 2^19 times π/2: as many parts of it are taken away as the digits that are lost ask for. */
const reduceNear = (angle: number, size: number): Reduced => {
  const turns = size < 0x4002d97c ? 1 : Math.trunc(angle * 0.6366197723675814 + 0.5);
  const isClear = size < 0x4002d97c ? size !== 0x3ff921fb : turns < 32 && size !== highWord(turns * 1.5707963267948966);
  let upperRest = angle - turns * PARTS[0]![0];
  let lowerRest = turns * PARTS[0]![1];
  for (let part = 1; !isClear && part < 3; part++) {
    const lost = (size >> 20) - ((highWord(upperRest - lowerRest) >> 20) & 0x7ff);
    if (lost <= (part === 1 ? 16 : 49)) break;
    const before = upperRest;
    const taken = turns * PARTS[part]![0];
    upperRest = before - taken;
    lowerRest = turns * PARTS[part]![1] - (before - upperRest - taken);
  }
  const upper = upperRest - lowerRest;
  return { turns, upper, lower: upperRest - upper - lowerRest };
};

/** 2/π, 24 bits a piece. */
const TWO_BY_PI: readonly number[] = [
  0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163, 0xabdebb, 0xc561b7,
  0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129, 0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c,
  0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c, 0x845f8b, 0xbdf928, 0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11,
  0x8b5a0a, 0x6d1f6d, 0x367ecf, 0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7,
  0x8a5292, 0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330, 0x46fc7b, 0x6babf0, 0xcfbc20, 0x9af436, 0x1da9e3, 0x91615e,
  0xe61b08, 0x659985, 0x5f14a0, 0x68408d, 0xffd880, 0x4d7327, 0x310606, 0x1556ca, 0x73a8c9, 0x60e27b, 0xc08c6b,
];

/** π/2, 24 bits a piece. */
const HALF_PI: readonly number[] = [
  1.570796251296997, 7.549789415861596e-8, 5.390302529957765e-15, 3.282003415807913e-22, 1.270655753080676e-29,
];

const TWO_24 = 0x1000000;
const LAST = 4;

/** Far out: the angle, in pieces of 24 bits, times those pieces of 2/π that do not make whole turns. */
const reduceFar = (angle: number, size: number): Reduced => {
  const exponent = (size >> 20) - 1046;
  const pieces = piecesOf(withHigh(angle, size - (exponent << 20)));
  const first = Math.max(Math.trunc((exponent - 3) / 24), 0);
  const shift = exponent - 24 * (first + 1);
  const products: number[] = [];
  const product = (index: number): number => {
    let sum = 0;
    for (let at = 0; at < pieces.length; at++) {
      const piece = first + index - at;
      sum += pieces[at]! * (piece < 0 ? 0 : TWO_BY_PI[piece]!);
    }
    return sum;
  };
  for (let index = 0; index <= LAST; index++) products.push(product(index));
  for (;;) {
    const fraction = fractionOf(products, shift);
    if (!fraction.isLost) return fromFraction(fraction, shift);
    products.push(product(products.length));
  }
};

/** Returns the digits of a number of 24 bits before the point, 24 bits a piece, without zeros at the end. */
const piecesOf = (value: number): number[] => {
  const first = Math.trunc(value);
  const rest = (value - first) * TWO_24;
  const second = Math.trunc(rest);
  const pieces = [first, second, (rest - second) * TWO_24];
  while (pieces[pieces.length - 1] === 0) pieces.pop();
  return pieces;
};

/** The part of a product that is less than half a turn, in pieces from the last to the first, and how many quarter turns were taken away. */
interface Fraction {
  readonly turns: number;
  readonly digits: number[];
  readonly rest: number;
  readonly isNegative: boolean;
  /** Nothing is left of it: more pieces are needed. */
  readonly isLost: boolean;
}

const fractionOf = (products: readonly number[], shift: number): Fraction => {
  const last = products.length - 1;
  const digits: number[] = [];
  let z = products[last]!;
  for (let at = last; at > 0; at--) {
    const carried = Math.trunc(z / TWO_24);
    digits.push(Math.trunc(z - TWO_24 * carried));
    z = products[at - 1]! + carried;
  }
  z *= 2 ** shift;
  z -= 8 * Math.floor(z * 0.125);
  let turns = Math.trunc(z);
  z -= turns;
  let half = 0;
  if (shift > 0) {
    const whole = digits[last - 1]! >> (24 - shift);
    turns += whole;
    digits[last - 1] = digits[last - 1]! - (whole << (24 - shift));
    half = digits[last - 1]! >> (23 - shift);
  } else if (shift === 0) half = digits[last - 1]! >> 23;
  else if (z >= 0.5) half = 2;
  if (half > 0) {
    turns += 1;
    const borrowed = complement(digits);
    if (shift > 0) digits[last - 1] = digits[last - 1]! & (0xffffff >> shift);
    if (half === 2) z = borrowed ? 1 - z - 2 ** shift : 1 - z;
  }
  const isLost = z === 0 && digits.slice(LAST).every((digit) => digit === 0);
  return { turns, digits, rest: z, isNegative: half > 0, isLost };
};

/** Replaces digits by those of one minus the fraction. Returns false where all of them are 0. */
const complement = (digits: number[]): boolean => {
  let borrowed = false;
  for (let at = 0; at < digits.length; at++) {
    if (borrowed) digits[at] = 0xffffff - digits[at]!;
    else if (digits[at] !== 0) {
      borrowed = true;
      digits[at] = TWO_24 - digits[at]!;
    }
  }
  return borrowed;
};

/** Returns a fraction of a quarter turn times π/2. */
const fromFraction = ({ turns, digits, rest, isNegative }: Fraction, shift: number): Reduced => {
  let scale = shift;
  if (rest === 0) {
    do scale -= 24;
    while (digits.length > 0 && digits[digits.length - 1] === 0 && digits.pop() === 0);
  } else {
    const whole = rest * 2 ** -scale;
    if (whole >= TWO_24) {
      const carried = Math.trunc(whole / TWO_24);
      digits.push(Math.trunc(whole - TWO_24 * carried), carried);
      scale += 24;
    } else digits.push(Math.trunc(whole));
  }
  const values = digits.map((digit, at) => digit * 2 ** (scale - 24 * (digits.length - 1 - at)));
  const sums: number[] = [];
  for (let at = digits.length - 1; at >= 0; at--) {
    let sum = 0;
    for (let k = 0; k <= LAST && k < digits.length - at; k++) sum += HALF_PI[k]! * values[at + k]!;
    sums.push(sum);
  }
  let upper = 0;
  for (let at = sums.length - 1; at >= 0; at--) upper += sums[at]!;
  let lower = sums[0]! - upper;
  for (let at = 1; at < sums.length; at++) lower += sums[at]!;
  return { turns: turns & 7, upper: isNegative ? -upper : upper, lower: isNegative ? -lower : lower };
};

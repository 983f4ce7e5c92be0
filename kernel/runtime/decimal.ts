// Numbers as decimals of a wanted length: toFixed, toExponential and toPrecision, ECMA-262 §21.1.3.
//
// A double is a whole number times a power of two, so it has an exact decimal expansion. It is written out in full and then rounded, a
// tie away from zero; nothing is guessed by floating-point arithmetic.

import { checkReceiver } from './receiver.ts';

const LIMB = 10000000; // Expansions are kept in limbs of seven digits.
const LIMB_DIGITS = 7;
const WHOLE_MAX = 9007199254740992; // 2^53
const SHIFT = 1048576; // 2^20: a limb times this, plus a carry, stays below 2^53.
const DIGITS_MAX = 100;

/** Digits without leading zeros, and where the point is: 0.0012 is digits '12', point -2. Zero has no digits. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** Returns `value` with `places` digits behind the point. Throws RangeError for more than 100. */
export const toFixed = (value: number, places = 0): string => {
  checkReceiver(value, 'toFixed');
  const count = checkedCount(places, 0, 'toFixed() digits argument');
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return `${value}`;
  const { digits, point } = roundedAt(expand(Math.abs(value)), count);
  const padded = digits.padStart(count + 1 + digits.length - Math.max(point + count, 0), '0');
  const all = padded.padEnd(Math.max(point, 1) + count, '0');
  const whole = all.length - count;
  const text = count === 0 ? all : `${all.slice(0, whole)}.${all.slice(whole)}`;
  return value < 0 ? `-${text}` : text;
};

/** Returns `value` with one digit before the point, `places` behind it, and an exponent; as many as it takes when left out. */
export const toExponential = (value: number, places?: number): string => {
  checkReceiver(value, 'toExponential');
  if (!Number.isFinite(value)) return `${value}`;
  const count = places === undefined ? undefined : checkedCount(places, 0, 'toExponential() argument');
  if (count === undefined) {
    const { digits, point } = shortest(Math.abs(value));
    return signed(value, exponential(digits, point - 1));
  }
  const { digits, point } = significant(Math.abs(value), count + 1);
  return signed(value, exponential(digits, point - 1));
};

/** Returns `value` with `count` digits in all, and an exponent where that is shorter. */
export const toPrecision = (value: number, count?: number): string => {
  checkReceiver(value, 'toPrecision');
  if (count === undefined || !Number.isFinite(value)) return `${value}`;
  const wanted = checkedCount(count, 1, 'toPrecision() argument');
  const { digits, point } = significant(Math.abs(value), wanted);
  if (point < -5 || point > wanted) return signed(value, exponential(digits, point - 1));
  if (point <= 0) return signed(value, `0.${'0'.repeat(-point)}${digits}`);
  return signed(value, point === wanted ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`);
};

const checkedCount = (count: number, least: number, name: string): number => {
  const whole = Math.trunc(count) || 0;
  if (whole < least || whole > DIGITS_MAX) throw new RangeError(`${name} must be between ${least} and ${DIGITS_MAX}`);
  return whole;
};

const signed = (value: number, text: string): string => (value < 0 ? `-${text}` : text);

const exponential = (digits: string, exponent: number): string => {
  const mantissa = digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
};

/** The digits that a plain conversion to a string shows. */
const shortest = (value: number): Decimal => {
  if (value === 0) return { digits: '0', point: 1 };
  const text = `${value}`;
  const e = text.indexOf('e');
  const mantissa = e < 0 ? text : text.slice(0, e);
  const dot = mantissa.indexOf('.');
  const all = dot < 0 ? mantissa : mantissa.slice(0, dot) + mantissa.slice(dot + 1);
  const first = leadingZeros(all);
  const exponent = e < 0 ? 0 : Number(text.slice(e + 1));
  return {
    digits: withoutTrailingZeros(all.slice(first)),
    point: (dot < 0 ? mantissa.length : dot) - first + exponent,
  };
};

/** Rounds to `count` digits, zeros at the end included. */
const significant = (value: number, count: number): Decimal => {
  if (value === 0) return { digits: '0'.repeat(count), point: 1 };
  const exact = expand(value);
  const { digits, point } = roundedAt(exact, count - exact.point);
  return { digits: digits.slice(0, count).padEnd(count, '0'), point };
};

/** Rounds to `places` digits behind the point. */
const roundedAt = ({ digits, point }: Decimal, places: number): Decimal => {
  const kept = point + places;
  if (kept >= digits.length) return { digits, point };
  if (kept < 0 || digits.charCodeAt(kept) < 53) return { digits: digits.slice(0, Math.max(kept, 0)), point };
  let at = kept - 1;
  while (at >= 0 && digits.charAt(at) === '9') at -= 1;
  const zeros = '0'.repeat(kept - 1 - at);
  if (at < 0) return { digits: `1${zeros}`, point: point + 1 };
  return { digits: `${digits.slice(0, at)}${Number(digits.charAt(at)) + 1}${zeros}`, point };
};

/** Returns the exact decimal expansion of a finite, non-negative number. */
const expand = (value: number): Decimal => {
  if (value === 0) return { digits: '', point: 0 };
  let mantissa = value;
  let halvings = 0;
  while (mantissa !== Math.floor(mantissa)) {
    mantissa *= 2;
    halvings += 1;
  }
  let doublings = 0;
  while (mantissa >= WHOLE_MAX) {
    mantissa /= 2;
    doublings += 1;
  }
  const limbs = limbsOf(mantissa);
  for (; doublings >= 20; doublings -= 20) multiply(limbs, SHIFT);
  multiply(limbs, 2 ** doublings);
  const wholeLimbs = limbs.length;
  for (; halvings >= 20; halvings -= 20) divide(limbs, SHIFT);
  divide(limbs, 2 ** halvings);

  let all = '';
  for (const limb of limbs) all += `${limb}`.padStart(LIMB_DIGITS, '0');
  const first = leadingZeros(all);
  return { digits: withoutTrailingZeros(all.slice(first)), point: wholeLimbs * LIMB_DIGITS - first };
};

/** The limbs of a whole number up to 2^53, the highest first. */
const limbsOf = (whole: number): number[] => {
  const limbs: number[] = [];
  let rest = whole;
  while (rest > 0) {
    const low = rest % LIMB;
    limbs.unshift(low);
    rest = (rest - low) / LIMB;
  }
  return limbs;
};

/** Multiplies the limbs by a power of two up to 2^20. */
const multiply = (limbs: number[], factor: number): void => {
  let carry = 0;
  for (let i = limbs.length - 1; i >= 0; i--) {
    const product = (limbs[i] as number) * factor + carry;
    limbs[i] = product % LIMB;
    carry = (product - (limbs[i] as number)) / LIMB;
  }
  if (carry > 0) limbs.unshift(carry);
};

/** Divides the limbs by a power of two up to 2^20, adding limbs behind the point until nothing is left over. */
const divide = (limbs: number[], divisor: number): void => {
  let carry = 0;
  for (let i = 0; i < limbs.length || carry > 0; i++) {
    const dividend = carry * LIMB + (limbs[i] ?? 0);
    carry = dividend % divisor;
    limbs[i] = (dividend - carry) / divisor;
  }
};

const leadingZeros = (digits: string): number => {
  let count = 0;
  while (count < digits.length - 1 && digits.charAt(count) === '0') count += 1;
  return count;
};

const withoutTrailingZeros = (digits: string): string => {
  let length = digits.length;
  while (length > 1 && digits.charAt(length - 1) === '0') length -= 1;
  return digits.slice(0, length);
};

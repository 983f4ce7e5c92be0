// Number.prototype.toString(radix). Whole numbers up to 2^53 the compiler below does right; for the rest it stops at the wrong digit.
// The digits of a fraction are those of V8 (DoubleToRadixCString): as many as tell the number from its neighbours.

import { checkReceiver } from './receiver.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Returns `value` in a base from 2 to 36. Throws RangeError for another. */
export const toRadix = (value: number, base = 10): string => {
  checkReceiver(value, 'toString');
  const radix = Math.trunc(base);
  if (!(radix >= 2 && radix <= 36)) throw new RangeError('toString() radix argument must be between 2 and 36');
  if (radix === 10 || !Number.isFinite(value)) return `${value}`;
  if (Number.isInteger(value) && Math.abs(value) <= 9007199254740992) return value.toString(radix);
  const magnitude = Math.abs(value);
  const whole = Math.floor(magnitude);
  const digits: number[] = [];
  const carry = fractionDigits(magnitude, whole, radix, digits);
  let text = wholeText(whole + carry, radix);
  if (digits.length > 0) text += '.';
  for (const digit of digits) text += DIGITS.charAt(digit);
  return value < 0 ? `-${text}` : text;
};

/** Fills `digits`; returns 1 when rounding carries into the whole part. */
const fractionDigits = (magnitude: number, whole: number, radix: number, digits: number[]): number => {
  let fraction = magnitude - whole;
  let delta = Math.max(0.5 * gapAbove(magnitude), 5e-324);
  while (fraction >= delta) {
    fraction *= radix;
    delta *= radix;
    const digit = Math.floor(fraction);
    digits.push(digit);
    fraction -= digit;
    const up = fraction > 0.5 || (fraction === 0.5 && digit % 2 === 1);
    if (up && fraction + delta > 1) return roundUp(digits, radix);
  }
  return 0;
};

const roundUp = (digits: number[], radix: number): number => {
  while (digits.length > 0) {
    const last = (digits.pop() as number) + 1;
    if (last < radix) {
      digits.push(last);
      return 0;
    }
  }
  return 1;
};

/** Returns the distance from `value` to the next larger double. */
const gapAbove = (value: number): number => {
  let gap = 2.220446049250313e-16; // of numbers from 1 up to 2
  let scale = 1;
  while (value >= scale * 2) {
    scale *= 2;
    gap *= 2;
  }
  while (value < scale && gap > 5e-324) {
    scale /= 2;
    gap /= 2;
  }
  return gap;
};

/** The low digits of a large number are not in it: they are zeros, and what stands above them is divided out with its rounding, as V8 does. */
const wholeText = (whole: number, radix: number): string => {
  let rest = whole;
  let zeros = '';
  while (rest / radix >= 9007199254740992) {
    rest /= radix;
    zeros += '0';
  }
  let digits = '';
  do {
    const digit = rest % radix;
    digits = DIGITS.charAt(Math.trunc(digit)) + digits;
    rest = (rest - digit) / radix;
  } while (rest > 0);
  return digits + zeros;
};

// log1p and the hyperbolic functions with the last digits of V8: the algorithms of fdlibm ("s_log1p.c", "e_cosh.c", "s_tanh.c", "s_asinh.c" …),
// written anew from the published method. See powers.ts.

import { exponential, highWord, LN2_HIGH, LN2_LOW, logarithm, withHigh } from './powers.ts';

/** Math.log1p. */
export const logarithmOfSum = (x: number): number => {
  const high = highWord(x);
  const size = high & 0x7fffffff;
  if (x < -1 || Number.isNaN(x)) return Number.NaN;
  if (x === -1) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
  if (high < 0x3fda827a && (high > 0 || high <= (0xbfd2bec4 | 0))) return seriesOf(x, 0, 0, 1);

  const isSmall = high < 0x43400000;
  let u = isSmall ? 1 + x : x;
  let k = (highWord(u) >> 20) - 1023;
  // What 1 + x has lost.
  const lost = isSmall ? (k > 0 ? 1 - (u - x) : x - (u - 1)) / u : 0;
  let fraction = highWord(u) & 0x000fffff;
  if (fraction < 0x6a09e) u = withHigh(u, fraction | 0x3ff00000);
  else {
    k += 1;
    u = withHigh(u, fraction | 0x3fe00000);
    fraction = (0x00100000 - fraction) >> 2;
  }
  return seriesOf(u - 1, k, lost, fraction);
};

const seriesOf = (f: number, k: number, lost: number, fraction: number): number => {
  const half = 0.5 * f * f;
  if (fraction === 0) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + (lost + k * LN2_LOW);
    const rest = half * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - rest : k * LN2_HIGH - (rest - (k * LN2_LOW + lost) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const last = 0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586);
  const middle = 0.2857142874366239 + z * (0.22222198432149784 + z * last);
  const rest = z * (0.6666666666666735 + z * (0.3999999999940942 + z * middle));
  if (k === 0) return f - (half - s * (half + rest));
  return k * LN2_HIGH - (half - (s * (half + rest) + (k * LN2_LOW + lost)) - f);
};

/** Math.cosh. */
export const hyperbolicCosine = (value: number): number => {
  const x = Math.abs(value);
  if (x < 0.34657359027997264) {
    const t = Math.expm1(x);
    return highWord(x) < 0x3c800000 ? 1 + t : 1 + (t * t) / (1 + t + (1 + t));
  }
  if (x < 22) {
    const t = exponential(x);
    return 0.5 * t + 0.5 / t;
  }
  if (highWord(x) < 0x40862e42) return 0.5 * exponential(x);
  const w = exponential(0.5 * x);
  if (x <= 710.4758600739439) return 0.5 * w * w;
  return Number.isNaN(x) ? x : Number.POSITIVE_INFINITY;
};

/** Math.tanh. */
export const hyperbolicTangent = (value: number): number => {
  const x = Math.abs(value);
  if (Number.isNaN(x) || highWord(x) < 0x3e300000) return value;
  const t = x < 1 ? Math.expm1(-2 * x) : Math.expm1(2 * x);
  const tangent = x >= 22 ? 1 : x < 1 ? -t / (t + 2) : 1 - 2 / (t + 2);
  return value < 0 ? -tangent : tangent;
};

/** Math.asinh. */
export const inverseHyperbolicSine = (value: number): number => {
  const x = Math.abs(value);
  const size = highWord(x);
  if (size < 0x3e300000 || !Number.isFinite(value)) return value;
  const square = x * x;
  let result: number;
  if (size > 0x41b00000) result = logarithm(x) + Math.LN2;
  else if (size > 0x40000000) result = logarithm(2 * x + 1 / (Math.sqrt(square + 1) + x));
  else result = logarithmOfSum(x + square / (1 + Math.sqrt(1 + square)));
  return value < 0 ? -result : result;
};

/** Math.acosh. */
export const inverseHyperbolicCosine = (x: number): number => {
  if (!(x >= 1)) return Number.NaN;
  if (x === 1) return 0;
  if (x >= 268435456) return logarithm(x) + Math.LN2;
  if (highWord(x) > 0x40000000) return logarithm(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
  const t = x - 1;
  return logarithmOfSum(t + Math.sqrt(2 * t + t * t));
};

/** Math.atanh. */
export const inverseHyperbolicTangent = (value: number): number => {
  const x = Math.abs(value);
  if (!(x <= 1)) return Number.NaN;
  if (x === 1) return value / 0;
  if (highWord(x) < 0x3e300000) return value;
  const t = x + x;
  const result = 0.5 * logarithmOfSum(x < 0.5 ? t + (t * x) / (1 - x) : t / (1 - x));
  return value < 0 ? -result : result;
};

// Powers and logarithms with the last digits of V8, which computes them by the algorithms of fdlibm (Freely Distributable Math Library: K. C. Ng,
// "e_exp.c", "e_log.c", "e_pow.c"). Written anew from the published method: the argument is reduced by powers of two, a polynomial does the rest,
// and a double is taken apart into its two words for both.

const words = new DataView(new ArrayBuffer(8));

/** Returns the upper 32 bits of a double, with their sign. */
export const highWord = (value: number): number => {
  words.setFloat64(0, value);
  return words.getInt32(0);
};

const lowWord = (value: number): number => {
  words.setFloat64(0, value);
  return words.getUint32(4);
};

const fromWords = (high: number, low: number): number => {
  words.setInt32(0, high | 0);
  words.setUint32(4, low >>> 0);
  return words.getFloat64(0);
};

/** Returns `value` with other upper 32 bits. */
export const withHigh = (value: number, high: number): number => fromWords(high, lowWord(value));
/** Returns the same number with the low half of its digits left out. */
export const withLowZero = (value: number): number => fromWords(highWord(value), 0);

/** ln 2 as the sum of two doubles, the first with zeros at its end. */
export const LN2_HIGH = 0.6931471803691238;
/** The rest of ln 2. */
export const LN2_LOW = 1.9082149292705877e-10;
const TWO_54 = 18014398509481984;

/** e^r − 1 ≈ r + r·c / (2 − c) on the reduced interval. */
const correction = (r: number): number => {
  const t = r * r;
  const series = 0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8);
  return r - t * (0.16666666666666602 + t * (-0.0027777777777015593 + t * series));
};

/** Math.exp. */
export const exponential = (value: number): number => {
  const high = highWord(value) & 0x7fffffff;
  if (high >= 0x40862e42) {
    if (Number.isNaN(value)) return value;
    if (value > 709.782712893384) return Number.POSITIVE_INFINITY;
    if (value < -745.1332191019411) return 0;
  }
  if (high <= 0x3fd62e42) {
    if (high < 0x3e300000) return 1 + value;
    const c = correction(value);
    return 1 - ((value * c) / (c - 2) - value);
  }
  if (value === 1) return Math.E;
  const isNear = high < 0x3ff0a2b2;
  const sign = value < 0 ? -1 : 1;
  const k = isNear ? sign : Math.trunc(Math.LOG2E * value + 0.5 * sign);
  const upper = value - k * LN2_HIGH;
  const lower = k * LN2_LOW;
  const r = upper - lower;
  const c = correction(r);
  const y = 1 - (lower - (r * c) / (2 - c) - upper);
  if (k === 1024) return y * 2 * 8.98846567431158e307;
  if (k >= -1021) return y * fromWords(0x3ff00000 + (k << 20), 0);
  return y * fromWords(0x3ff00000 + ((k + 1000) << 20), 0) * 9.332636185032189e-302;
};

/** Math.log. */
export const logarithm = (value: number): number => {
  let x = value;
  let k = 0;
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (highWord(x) < 0x00100000) {
    k = -54;
    x *= TWO_54;
  }
  const high = highWord(x);
  const fraction = high & 0x000fffff;
  const carry = (fraction + 0x95f64) & 0x100000;
  k += (high >> 20) - 1023 + (carry >> 20);
  const f = withHigh(x, fraction | (carry ^ 0x3ff00000)) - 1;
  return (0x000fffff & (2 + fraction)) < 3 ? logarithmNearOne(f, k) : logarithmOf(f, k, fraction);
};

const logarithmNearOne = (f: number, k: number): number => {
  if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
  const rest = f * f * (0.5 - 0.3333333333333333 * f);
  return k === 0 ? f - rest : k * LN2_HIGH - (rest - k * LN2_LOW - f);
};

const logarithmOf = (f: number, k: number, fraction: number): number => {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const inner = 0.1818357216161805 + w * 0.14798198605116586;
  const even = z * (0.6666666666666735 + w * (0.2857142874366239 + w * inner));
  const rest = even + odd;
  if (((fraction - 0x6147a) | (0x6b851 - fraction)) > 0) {
    const half = 0.5 * f * f;
    if (k === 0) return f - (half - s * (half + rest));
    return k * LN2_HIGH - (half - (s * (half + rest) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - rest) : k * LN2_HIGH - (s * (f - rest) - k * LN2_LOW - f);
};

/** Math.log10. */
export const decimalLogarithm = (value: number): number => {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY || value === 1) return logarithm(value);
  let x = value;
  let k = 0;
  if (highWord(x) < 0x00100000) {
    k = -54;
    x *= TWO_54;
  }
  const high = highWord(x);
  k += (high >> 20) - 1023;
  const negative = k < 0 ? 1 : 0;
  const exponent = k + negative;
  const reduced = withHigh(x, (high & 0x000fffff) | ((0x3ff - negative) << 20));
  return exponent * 3.694239077158931e-13 + Math.LOG10E * logarithm(reduced) + exponent * 0.30102999566361177;
};

/** `**` and Math.pow. */
export const power = (base: number, exponent: number): number => {
  if (exponent === 0) return 1;
  if (Number.isNaN(base) || Number.isNaN(exponent)) return Number.NaN;
  const size = Math.abs(base);
  if (Math.abs(exponent) === Number.POSITIVE_INFINITY) {
    if (size === 1) return Number.NaN;
    return size > 1 === exponent > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  if (exponent === 1) return base;
  if (exponent === 2) return base * base;
  if (exponent === -1) return 1 / base;
  const isNegative = base < 0 || Object.is(base, -0);
  const isOdd = Math.abs(exponent) < 9007199254740992 && Math.abs(exponent % 2) === 1;
  if (size === 0 || size === 1 || size === Number.POSITIVE_INFINITY) {
    const plain = exponent < 0 ? 1 / size : size;
    if (isNegative && size === 1 && !Number.isInteger(exponent)) return Number.NaN;
    return isNegative && isOdd ? -plain : plain;
  }
  if (exponent === 0.5 && !isNegative) return Math.sqrt(base);
  if (isNegative && !Number.isInteger(exponent)) return Number.NaN;
  return positivePower(size, exponent) * (isNegative && isOdd ? -1 : 1);
};

/** A number as the sum of two, the first with half of its digits. */
interface Pair {
  readonly upper: number;
  readonly lower: number;
}

const positivePower = (base: number, exponent: number): number => {
  const high = highWord(base);
  const size = highWord(exponent) & 0x7fffffff;
  if (size > 0x41e00000) {
    if (size > 0x43f00000) {
      if (high <= 0x3fefffff) return exponent < 0 ? Number.POSITIVE_INFINITY : 0;
      if (high >= 0x3ff00000) return exponent > 0 ? Number.POSITIVE_INFINITY : 0;
    }
    if (high < 0x3fefffff) return exponent < 0 ? Number.POSITIVE_INFINITY : 0;
    if (high > 0x3ff00000) return exponent > 0 ? Number.POSITIVE_INFINITY : 0;
    return scaled(exponent, binaryLogarithmNearOne(base));
  }
  return scaled(exponent, binaryLogarithm(base));
};

const binaryLogarithmNearOne = (base: number): Pair => {
  const t = base - 1;
  const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
  const u = 1.4426950216293335 * t;
  const v = t * 1.9259629911266175e-8 - w * Math.LOG2E;
  const upper = withLowZero(u + v);
  return { upper, lower: v - (upper - u) };
};

/** log2 of a positive number, in more than double precision. */
const binaryLogarithm = (base: number): Pair => {
  let ax = base;
  let n = 0;
  let high = highWord(ax);
  if (high < 0x00100000) {
    ax *= 9007199254740992;
    n = -53;
    high = highWord(ax);
  }
  n += (high >> 20) - 0x3ff;
  const j = high & 0x000fffff;
  high = j | 0x3ff00000;
  let k = 0;
  if (j > 0x3988e && j < 0xbb67a) k = 1;
  else if (j >= 0xbb67a) {
    n += 1;
    high -= 0x00100000;
  }
  ax = withHigh(ax, high);
  // s = (x − m) / (x + m) in two parts, m = 1 or 1.5.
  const middle = k === 0 ? 1 : 1.5;
  const u = ax - middle;
  const v = 1 / (ax + middle);
  const s = u * v;
  const sUpper = withLowZero(s);
  const tUpper = fromWords(((high >> 1) | 0x20000000) + 0x00080000 + (k << 18), 0);
  const tLower = ax - (tUpper - middle);
  const sLower = v * (u - sUpper * tUpper - sUpper * tLower);
  // log(x) = 2s + 2/3 s³ + …
  const square = s * s;
  const last = 0.272728123808534 + square * (0.23066074577556175 + square * 0.20697501780033842);
  const series = 0.4285714285785502 + square * (0.33333332981837743 + square * last);
  let r = square * square * (0.5999999999999946 + square * series);
  r += sLower * (sUpper + s);
  const s2 = sUpper * sUpper;
  const threeUpper = withLowZero(3 + s2 + r);
  const threeLower = r - (threeUpper - 3 - s2);
  const a = sUpper * threeUpper;
  const b = sLower * threeUpper + threeLower * s;
  const pUpper = withLowZero(a + b);
  const pLower = b - (pUpper - a);
  const zUpper = 0.9617967009544373 * pUpper;
  const zLower = -7.028461650952758e-9 * pUpper + pLower * 0.9617966939259756 + (k === 0 ? 0 : 1.350039202129749e-8);
  const dUpper = k === 0 ? 0 : 0.5849624872207642;
  const upper = withLowZero(zUpper + zLower + dUpper + n);
  return { upper, lower: zLower - (upper - n - dUpper - zUpper) };
};

/** 2^(exponent · logarithm). */
const scaled = (exponent: number, logarithm2: Pair): number => {
  const yUpper = withLowZero(exponent);
  const pLower = (exponent - yUpper) * logarithm2.upper + exponent * logarithm2.lower;
  let pUpper = yUpper * logarithm2.upper;
  const z = pLower + pUpper;
  const j = highWord(z);
  const i = lowWord(z) | 0;
  if (j >= 0x40900000) {
    if (((j - 0x40900000) | i) !== 0 || pLower + 8.008566259537294e-17 > z - pUpper) return Number.POSITIVE_INFINITY;
  } else if ((j & 0x7fffffff) >= 0x4090cc00) {
    if (((j - 0xc090cc00) | i) !== 0 || pLower <= z - pUpper) return 0;
  }
  // 2^(pUpper + pLower) = 2^n · 2^rest
  const magnitude = j & 0x7fffffff;
  let n = 0;
  if (magnitude > 0x3fe00000) {
    n = j + (0x00100000 >> ((magnitude >> 20) - 0x3ff + 1));
    const shift = ((n & 0x7fffffff) >> 20) - 0x3ff;
    const whole = fromWords(n & ~(0x000fffff >> shift), 0);
    n = ((n & 0x000fffff) | 0x00100000) >> (20 - shift);
    if (j < 0) n = -n;
    pUpper -= whole;
  }
  const t = withLowZero(pLower + pUpper);
  const u = t * 0.6931471824645996;
  const v = (pLower - (t - pUpper)) * Math.LN2 + t * -1.904654299957768e-9;
  const rest = u + v;
  const w = v - (rest - u);
  const c = correction(rest);
  // fdlibm divides first and subtracts then. V8 has it so, and its last digits are those that Node prints.
  const r = (rest * c) / (c - 2 - (w + rest * w));
  const result = 1 - (r - rest);
  const high = highWord(result) + (n << 20);
  return high >> 20 <= 0 ? scaleDown(result, n) : withHigh(result, high);
};

/** result · 2^n, where it is too small to have all its digits. */
const scaleDown = (result: number, n: number): number => {
  const high = highWord(result);
  const k = ((high & 0x7ff00000) >> 20) + n;
  if (k <= -54) return 0;
  return withHigh(result, (high & 0x800fffff) | ((k + 54) << 20)) * 5.551115123125783e-17;
};

/** Math.hypot: the squares are added relative to the largest, and what rounding loses is kept (Kahan). */
export const hypotenuse = (...values: readonly number[]): number => {
  let largest = 0;
  let isNaN = false;
  for (const value of values) {
    const size = Math.abs(value);
    if (size === Number.POSITIVE_INFINITY) return size;
    if (Number.isNaN(size)) isNaN = true;
    else if (size > largest) largest = size;
  }
  if (isNaN) return Number.NaN;
  if (largest === 0) return 0;
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const part = Math.abs(value) / largest;
    const summand = part * part - lost;
    const next = sum + summand;
    lost = next - sum - summand;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
};

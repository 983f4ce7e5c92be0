// parseInt, ECMA-262 §19.2.5.

const EXACT_MAX = 9007199254740992; // 2^53
const PART_MAX = 119304647; // 2^32 / 36

/** Returns the whole number at the start of `text`, or NaN. */
export const parseInteger = (text: unknown, radix?: number): number => {
  const trimmed = String(text).trim();
  const isSigned = trimmed.startsWith('-') || trimmed.startsWith('+');
  const sign = trimmed.startsWith('-') ? -1 : 1;
  let base = (radix ?? 0) | 0;
  let start = isSigned ? 1 : 0;
  if ((base === 0 || base === 16) && /^0x/i.test(trimmed.slice(start, start + 2))) {
    base = 16;
    start += 2;
  } else if (base === 0) base = 10;
  if (base < 2 || base > 36) return Number.NaN;
  let end = start;
  while (end < trimmed.length && digitAt(trimmed, end) < base) end += 1;
  if (end === start) return Number.NaN;
  return sign * valueOf(trimmed.slice(start, end), base);
};

/** Of a power of two, what does not fit into 53 bits is rounded to even; of ten it is read as a whole. */
const valueOf = (digits: string, base: number): number => {
  if (base === 10) return Number(digits);
  if ((base & (base - 1)) !== 0) return sumOfParts(digits, base);
  let value = 0;
  let at = 0;
  while (at < digits.length && (value + 1) * base <= EXACT_MAX) value = value * base + digitAt(digits, at++);
  return roundedBits(value, digits, at, base);
};

/** Others are added up part by part, as V8 does: its rounding is that of each part. */
const sumOfParts = (digits: string, base: number): number => {
  let value = 0;
  let at = 0;
  while (at < digits.length) {
    let part = 0;
    let multiplier = 1;
    for (; at < digits.length && multiplier * base <= PART_MAX; at++) {
      part = part * base + digitAt(digits, at);
      multiplier *= base;
    }
    value = value * multiplier + part;
  }
  return value;
};

/** Goes on bit by bit: those behind the 53rd only decide whether it is rounded up. */
const roundedBits = (head: number, digits: string, from: number, base: number): number => {
  let value = head;
  let scale = 1;
  let half = 0;
  let rest = 0;
  for (let at = from; at < digits.length; at++) {
    for (let bit = base / 2; bit >= 1; bit /= 2) {
      const isSet = (digitAt(digits, at) & bit) === 0 ? 0 : 1;
      if (value < EXACT_MAX / 2) value = value * 2 + isSet;
      else {
        if (scale === 1) half = isSet;
        else rest |= isSet;
        scale *= 2;
      }
    }
  }
  const isUp = half === 1 && (rest === 1 || value % 2 === 1);
  return (value + (isUp ? 1 : 0)) * scale;
};

/** Returns the value of a digit, 36 for what is none. */
const digitAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 122 ? letter - 87 : 36;
};

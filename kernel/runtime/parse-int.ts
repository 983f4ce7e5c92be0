// parseInt, ECMA-262 §19.2.5. Up to fifteen digits are exact whichever way they are added up; longer decimals are read as a whole.

const SHORT = 15;

/** Returns the whole number at the start of `text`, or NaN. */
export const parseInteger = (text: unknown, radix?: number): number => {
  const trimmed = String(text).trim();
  if (trimmed.length <= SHORT || (radix ?? 0) % 10 !== 0 || !isDecimal(trimmed)) return Number.parseInt(trimmed, radix);
  let end = trimmed.startsWith('-') || trimmed.startsWith('+') ? 1 : 0;
  while (end < trimmed.length && isDigit(trimmed.charCodeAt(end))) end += 1;
  return Number(trimmed.slice(0, end));
};

/** Begins with a digit that is no mark of a hexadecimal number. */
const isDecimal = (text: string): boolean => {
  const first = text.startsWith('-') || text.startsWith('+') ? 1 : 0;
  const isHexadecimal = text.charAt(first) === '0' && text.charAt(first + 1).toLowerCase() === 'x';
  return !isHexadecimal && isDigit(text.charCodeAt(first));
};

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

// toUpperCase and toLowerCase of any text, ECMA-262 §22.1.3.27–28. ASCII goes straight through; the tables are read when another letter
// first turns up.

import { LOWER_RANGES, UPPER_LONG, UPPER_RANGES } from './case-tables.ts';

/** The parsed ranges: start, end (exclusive), step and delta of each, one behind the other. */
interface Table {
  ranges: number[];
}

const FIELDS = 4;
const SIGMA = 0x3a3;
const SMALL_SIGMA = 0x3c3;
const FINAL_SIGMA = 0x3c2;
const DOTTED_I = 0x130;

const upperTable: Table = { ranges: [] };
const lowerTable: Table = { ranges: [] };

/** Returns `text` in upper case: `ß` becomes `SS`. */
export const upperCase = (text: string): string => (isAscii(text) ? text.toUpperCase() : mapped(text, upperOf));

/** Returns `text` in lower case; a sigma at the end of a word takes its final form. */
export const lowerCase = (text: string): string => (isAscii(text) ? text.toLowerCase() : mapped(text, lowerOf));

const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
};

const mapped = (text: string, map: (text: string, at: number, code: number) => string): string => {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number;
    result += map(text, i, code);
    if (code > 0xffff) i += 1;
  }
  return result;
};

const upperOf = (_text: string, _at: number, code: number): string => {
  if (code < 0x80) return String.fromCharCode(code >= 97 && code <= 122 ? code - 32 : code);
  const letter = String.fromCodePoint(code);
  const long = UPPER_LONG.startsWith(letter) ? 0 : UPPER_LONG.indexOf(` ${letter}`) + 1;
  if (long > 0 || UPPER_LONG.startsWith(letter)) return untilSpace(UPPER_LONG, long + letter.length);
  return String.fromCodePoint(code + deltaOf(code, upperTable, UPPER_RANGES));
};

const lowerOf = (text: string, at: number, code: number): string => {
  if (code < 0x80) return String.fromCharCode(code >= 65 && code <= 90 ? code + 32 : code);
  if (code === DOTTED_I) return 'i\u0307';
  if (code === SIGMA) return String.fromCharCode(isFinal(text, at) ? FINAL_SIGMA : SMALL_SIGMA);
  return String.fromCodePoint(code + deltaOf(code, lowerTable, LOWER_RANGES));
};

const untilSpace = (text: string, from: number): string => {
  const end = text.indexOf(' ', from);
  return end < 0 ? text.slice(from) : text.slice(from, end);
};

const deltaOf = (code: number, table: Table, source: string): number => {
  if (table.ranges.length === 0) table.ranges = parse(source);
  const { ranges } = table;
  for (let i = 0; i < ranges.length && (ranges[i] as number) <= code; i += FIELDS) {
    const start = ranges[i] as number;
    if (code < (ranges[i + 1] as number) && (code - start) % (ranges[i + 2] as number) === 0)
      return ranges[i + 3] as number;
  }
  return 0;
};

const parse = (source: string): number[] => {
  const ranges: number[] = [];
  let start = 0;
  for (const range of source.split(' ')) {
    const [gap, count, delta] = range.split(',') as [string, string, string];
    const step = count.endsWith('+') ? 2 : 1;
    start += Number.parseInt(gap, 36);
    ranges.push(start, start + Number.parseInt(count, 36) * step, step, Number.parseInt(delta, 36));
  }
  return ranges;
};

/** A sigma is final behind a letter and not before one; marks and apostrophes between do not count. Unicode §3.13, Final_Sigma. */
const isFinal = (text: string, at: number): boolean => {
  let before = at - 1;
  while (before >= 0 && isIgnorable(text.charCodeAt(before))) before -= 1;
  let after = at + 1;
  while (after < text.length && isIgnorable(text.charCodeAt(after))) after += 1;
  return before >= 0 && isCased(text, before) && !(after < text.length && isCased(text, after));
};

const isIgnorable = (code: number): boolean =>
  code === 0x27 ||
  code === 0x2e ||
  code === 0x3a ||
  code === 0x5e ||
  code === 0x60 ||
  code === 0xad ||
  code === 0xb7 ||
  code === 0x2019 ||
  (code >= 0x300 && code <= 0x36f);

const isCased = (text: string, at: number): boolean => {
  const letter = text.charAt(at);
  const code = text.charCodeAt(at);
  return upperOf(text, at, code) !== letter || (code !== SIGMA && lowerOf(text, at, code) !== letter) || code === SIGMA;
};

// Methods of strings that the compiler below lacks or gets wrong.

import { toNumber } from './numbers.ts';
import { checkReceiver } from './receiver.ts';

/** String.prototype.substring: NaN and negative ends count as 0, and the smaller end comes first. */
export const substring = (text: string, start: number, end?: number): string => {
  checkReceiver(text, 'substring');
  const from = clamped(start, text.length);
  const to = end === undefined ? text.length : clamped(end, text.length);
  return from < to ? text.slice(from, to) : text.slice(to, from);
};

const clamped = (index: number, length: number): number => Math.min(Math.max(Math.trunc(index) || 0, 0), length);

/** String.prototype.substr: a negative start counts from the end. Annex B.2.2.1 */
export const substr = (text: string, start: number, length?: number): string => {
  checkReceiver(text, 'substr');
  const at = Math.trunc(start) || 0;
  const from = at < 0 ? Math.max(text.length + at, 0) : at;
  return text.slice(from, length === undefined ? undefined : from + Math.max(Math.trunc(length) || 0, 0));
};

/** String.prototype.codePointAt: the code point that starts at `index`, a lone surrogate as itself. */
export const codePoint = (text: string, index: number): number | undefined => {
  checkReceiver(text, 'codePointAt');
  const at = Math.trunc(index) || 0;
  if (at < 0 || at >= text.length) return undefined;
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff || at + 1 === text.length) return high;
  const low = text.charCodeAt(at + 1);
  return low < 0xdc00 || low > 0xdfff ? high : 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00);
};

/** The length of the longest string, as on Node. */
const LENGTH_MAX = 2 ** 29 - 24;

/** String.prototype.repeat. Throws RangeError for a negative or endless count, and for a string that would be longer than any. */
export const repeat = (text: string, count: number): string => {
  const times = Math.trunc(count) || 0;
  if (times < 0 || times === Number.POSITIVE_INFINITY) throw new RangeError(`Invalid count value: ${count}`);
  if (text.length * times > LENGTH_MAX) throw new RangeError('Invalid string length');
  return text === '' ? '' : text.repeat(times);
};

/** String.fromCodePoint. Throws RangeError for what is no code point. */
export const fromCodePoints = (...codes: readonly number[]): string => {
  let text = '';
  for (const code of codes) text += fromCodePoint(code);
  return text;
};

/** The same of one code point. */
export const fromCodePoint = (value: number): string => {
  const code = toNumber(value);
  if (!(code >= 0 && code <= 0x10ffff && Math.trunc(code) === code)) throw new RangeError(`Invalid code point ${code}`);
  return String.fromCodePoint(code);
};

/** Returns a pattern made of what is none: undefined matches everywhere, anything else is taken as text. */
export const patternOf = (pattern: RegExp | string | undefined, flags: string): RegExp => {
  if (typeof pattern === 'object' && pattern !== null) return pattern;
  return new RegExp(pattern === undefined ? '(?:)' : `${pattern}`, flags);
};

/** String.prototype.search: the place of the first match, or -1. */
export const search = (text: string, pattern: RegExp | string): number => {
  checkReceiver(text, 'search');
  const expression = patternOf(pattern, '');
  const { lastIndex } = expression;
  expression.lastIndex = 0;
  const found = expression.exec(text);
  expression.lastIndex = lastIndex;
  return found === null ? -1 : found.index;
};

/** String.fromCharCode: each code counts modulo 2^16. */
export const fromCharCode = (...codes: readonly number[]): string => {
  let text = '';
  for (const code of codes) text += String.fromCharCode(code & 0xffff);
  return text;
};

/** String.prototype.padStart. */
export const padStart = (text: string, length: number, fill?: string): string => {
  checkReceiver(text, 'padStart');
  return padding(length - text.length, fill) + text;
};

/** String.prototype.padEnd. */
export const padEnd = (text: string, length: number, fill?: string): string => {
  checkReceiver(text, 'padEnd');
  return text + padding(length - text.length, fill);
};

const padding = (length: number, fill: string | undefined): string => {
  const filler = fill === undefined ? ' ' : `${fill}`;
  if (!(length > 0) || filler === '') return '';
  return repeat(filler, Math.ceil(length / filler.length)).slice(0, Math.trunc(length));
};

/** Returns `text[index]`. The compiler below takes a character of a string that it knows for a string, also behind the end. */
export const characterAt = (text: string, index: number): string | undefined => text[index];

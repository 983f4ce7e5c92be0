// JSON.parse, ECMA-262 §25.5.1: a recursive descent over the grammar of RFC 8259, which takes nothing more.

import { jsonError, unexpectedToken } from './json-error.ts';
import { ownKeys } from './own-keys.ts';

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

interface Reading {
  readonly text: string;
  at: number;
}

/** Returns the value that `source` stands for. Throws SyntaxError when it is not JSON. */
export const parseJson = (source: string, reviver?: Reviver): unknown => {
  const reading: Reading = { text: `${source}`, at: 0 };
  const value = readValue(reading);
  skipSpace(reading);
  if (reading.at < reading.text.length) throw jsonError('Unexpected non-whitespace character after JSON', reading.at);
  return reviver === undefined ? value : revived({ '': value }, '', reviver);
};

const readValue = (reading: Reading): unknown => {
  skipSpace(reading);
  switch (reading.text.charAt(reading.at)) {
    case '{':
      return readObject(reading);
    case '[':
      return readList(reading);
    case '"':
      return readString(reading);
    case 't':
      return readWord(reading, 'true', true);
    case 'f':
      return readWord(reading, 'false', false);
    case 'n':
      return readWord(reading, 'null', null);
    default:
      return readNumber(reading);
  }
};

const readObject = (reading: Reading): object => {
  const object: Record<string, unknown> = {};
  reading.at += 1;
  if (takes(reading, '}')) return object;
  let isFirst = true;
  do {
    skipSpace(reading);
    if (reading.text.charAt(reading.at) !== '"')
      throw failure(reading, isFirst ? "Expected property name or '}'" : 'Expected double-quoted property name');
    const key = readString(reading);
    if (!takes(reading, ':'))
      throw isFirst ? failure(reading, "Expected ':' after property name") : unexpected(reading);
    isFirst = false;
    const value = readValue(reading);
    if (key === '__proto__') {
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    } else object[key] = value;
  } while (takes(reading, ','));
  if (!takes(reading, '}')) throw failure(reading, "Expected ',' or '}' after property value");
  return object;
};

const readList = (reading: Reading): unknown[] => {
  const list: unknown[] = [];
  reading.at += 1;
  if (takes(reading, ']')) return list;
  do list.push(readValue(reading));
  while (takes(reading, ','));
  if (!takes(reading, ']')) throw failure(reading, "Expected ',' or ']' after array element");
  return list;
};

const readString = (reading: Reading): string => {
  const { text } = reading;
  let result = '';
  reading.at += 1;
  let plainFrom = reading.at;
  for (;;) {
    if (reading.at >= text.length) throw failure(reading, 'Unterminated string');
    const code = text.charCodeAt(reading.at);
    if (code < 32) throw failure(reading, 'Bad control character in string literal');
    if (code === 34) break;
    if (code === 92) {
      result += text.slice(plainFrom, reading.at) + readEscape(reading);
      plainFrom = reading.at;
    } else reading.at += 1;
  }
  result += text.slice(plainFrom, reading.at);
  reading.at += 1;
  return result;
};

const readEscape = (reading: Reading): string => {
  const letter = reading.text.charAt(reading.at + 1);
  reading.at += 2;
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'u':
      return readUnit(reading);
    default:
      reading.at -= 1;
      throw letter === '' ? unexpected(reading) : failure(reading, 'Bad escaped character');
  }
};

const readUnit = (reading: Reading): string => {
  let unit = 0;
  for (let i = 0; i < 4; i++) {
    const digit = '0123456789abcdef'.indexOf(reading.text.charAt(reading.at).toLowerCase() || ' ');
    if (digit < 0) throw failure(reading, 'Bad Unicode escape');
    unit = unit * 16 + digit;
    reading.at += 1;
  }
  return String.fromCharCode(unit);
};

const readNumber = (reading: Reading): number => {
  const start = reading.at;
  const isNegative = reading.text.charAt(reading.at) === '-';
  if (isNegative) reading.at += 1;
  if (reading.text.charAt(reading.at) === '0') {
    reading.at += 1;
    if (isDigit(reading)) throw unexpected(reading);
  } else if (!skipDigits(reading))
    throw isNegative ? failure(reading, 'No number after minus sign') : unexpected(reading);
  if (reading.text.charAt(reading.at) === '.') {
    reading.at += 1;
    if (!skipDigits(reading)) throw failure(reading, 'Unterminated fractional number');
  }
  if (reading.text.charAt(reading.at).toLowerCase() === 'e') {
    reading.at += 1;
    if ('+-'.includes(reading.text.charAt(reading.at) || ' ')) reading.at += 1;
    if (!skipDigits(reading)) throw failure(reading, 'Exponent part is missing a number');
  }
  return Number(reading.text.slice(start, reading.at));
};

const isDigit = (reading: Reading): boolean => '0123456789'.includes(reading.text.charAt(reading.at) || ' ');

/** Returns true when there was a digit at least. */
const skipDigits = (reading: Reading): boolean => {
  const start = reading.at;
  while (isDigit(reading)) reading.at += 1;
  return reading.at > start;
};

const readWord = <T>(reading: Reading, word: string, value: T): T => {
  for (let i = 0; i < word.length; i++) {
    if (reading.text.charAt(reading.at) !== word.charAt(i)) throw unexpected(reading);
    reading.at += 1;
  }
  return value;
};

const skipSpace = (reading: Reading): void => {
  while (' \t\n\r'.includes(reading.text.charAt(reading.at) || 'x')) reading.at += 1;
};

const takes = (reading: Reading, character: string): boolean => {
  skipSpace(reading);
  if (reading.text.charAt(reading.at) !== character) return false;
  reading.at += 1;
  return true;
};

const failure = (reading: Reading, what: string): SyntaxError => jsonError(`${what} in JSON`, reading.at);

const unexpected = (reading: Reading): SyntaxError => unexpectedToken(reading.text, reading.at);

const revived = (holder: object, key: string, reviver: Reviver): unknown => {
  const members = holder as Record<string, unknown>;
  const value = members[key];
  if (typeof value === 'object' && value !== null) {
    for (const name of ownKeys(value)) {
      const replaced = revived(value, name, reviver);
      if (replaced === undefined) delete (value as Record<string, unknown>)[name];
      else (value as Record<string, unknown>)[name] = replaced;
    }
  }
  return reviver.call(holder, key, value);
};

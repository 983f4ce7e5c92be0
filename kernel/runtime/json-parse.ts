// JSON.parse, ECMA-262 §25.5.1: a recursive descent over the grammar of RFC 8259, which takes nothing more.

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
  if (reading.at < reading.text.length) throw unexpected(reading);
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
  do {
    skipSpace(reading);
    if (reading.text.charAt(reading.at) !== '"') throw unexpected(reading);
    const key = readString(reading);
    expect(reading, ':');
    const value = readValue(reading);
    if (key === '__proto__') {
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    } else object[key] = value;
  } while (takes(reading, ','));
  expect(reading, '}');
  return object;
};

const readList = (reading: Reading): unknown[] => {
  const list: unknown[] = [];
  reading.at += 1;
  if (takes(reading, ']')) return list;
  do list.push(readValue(reading));
  while (takes(reading, ','));
  expect(reading, ']');
  return list;
};

const readString = (reading: Reading): string => {
  const { text } = reading;
  let result = '';
  reading.at += 1;
  let plainFrom = reading.at;
  for (;;) {
    const code = reading.at < text.length ? text.charCodeAt(reading.at) : 0;
    if (code < 32) throw unexpected(reading);
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
      throw unexpected(reading);
  }
};

const readUnit = (reading: Reading): string => {
  let unit = 0;
  for (let i = 0; i < 4; i++) {
    const digit = '0123456789abcdef'.indexOf(reading.text.charAt(reading.at).toLowerCase() || ' ');
    if (digit < 0) throw unexpected(reading);
    unit = unit * 16 + digit;
    reading.at += 1;
  }
  return String.fromCharCode(unit);
};

const readNumber = (reading: Reading): number => {
  const start = reading.at;
  if (reading.text.charAt(reading.at) === '-') reading.at += 1;
  if (reading.text.charAt(reading.at) === '0') reading.at += 1;
  else readDigits(reading);
  if (reading.text.charAt(reading.at) === '.') {
    reading.at += 1;
    readDigits(reading);
  }
  if (reading.text.charAt(reading.at).toLowerCase() === 'e') {
    reading.at += 1;
    if ('+-'.includes(reading.text.charAt(reading.at) || ' ')) reading.at += 1;
    readDigits(reading);
  }
  return Number(reading.text.slice(start, reading.at));
};

const readDigits = (reading: Reading): void => {
  const start = reading.at;
  while ('0123456789'.includes(reading.text.charAt(reading.at) || ' ')) reading.at += 1;
  if (reading.at === start) throw unexpected(reading);
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

const expect = (reading: Reading, character: string): void => {
  if (!takes(reading, character)) throw unexpected(reading);
};

const unexpected = (reading: Reading): SyntaxError =>
  reading.at >= reading.text.length
    ? new SyntaxError('Unexpected end of JSON input')
    : new SyntaxError(`Unexpected token '${reading.text.charAt(reading.at)}' in JSON at position ${reading.at}`);

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

// Arguments of the methods of strings that are not there, or are no number and no text, whatever their types say.
import { test } from '../../test.ts';

const values: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  1,
  -1,
  2.7,
  Infinity,
  2 ** 32 + 1,
  true,
  '1',
  'b',
  '日',
  'undefined',
];
const texts = ['', 'abcab', 'a日本b', 'undefined', 'b日undefinednull'];

const attempt = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return String(error);
  }
};

/** Shows what the methods answer on each text, given each value. */
const show = (...methods: readonly ((text: string, number: number, part: string) => unknown)[]): void => {
  for (const text of texts) {
    for (const value of values)
      console.log(
        text,
        value,
        ...methods.map((method) => attempt(() => method(text, value as number, value as string))),
      );
  }
};

test('String.prototype.charCodeAt: of what is no index', () => show((text, at) => text.charCodeAt(at)));
test('String.prototype.codePointAt: of what is no index', () => show((text, at) => text.codePointAt(at)));
test('String.prototype.charAt: of what is no index', () => show((text, at) => text.charAt(at)));
test('String.prototype.at: of what is no index', () => show((text, at) => text.at(at)));
test('String.prototype.slice: between what is no index', () =>
  show(
    (text, at) => text.slice(at),
    (text, at) => text.slice(1, at),
  ));
test('String.prototype.substring: between what is no index', () =>
  show(
    (text, at) => text.substring(at),
    (text, at) => text.substring(1, at),
  ));
test('String.prototype.startsWith: what is no text, from what is no index', () =>
  show(
    (text, _, part) => text.startsWith(part),
    (text, at) => text.startsWith('b', at),
  ));
test('String.prototype.endsWith: what is no text, up to what is no index', () =>
  show(
    (text, _, part) => text.endsWith(part),
    (text, at) => text.endsWith('b', at),
  ));
test('String.prototype.includes: what is no text, from what is no index', () =>
  show(
    (text, _, part) => text.includes(part),
    (text, at) => text.includes('b', at),
  ));
test('String.prototype.indexOf: of what is no text, from what is no index', () =>
  show(
    (text, _, part) => text.indexOf(part),
    (text, at) => text.indexOf('b', at),
  ));
test('String.prototype.lastIndexOf: of what is no text, from what is no index', () =>
  show(
    (text, _, part) => text.lastIndexOf(part),
    (text, at) => text.lastIndexOf('b', at),
  ));
test('String.prototype.padStart: with what is no text', () => show((text, _, part) => text.padStart(10, part)));
test('String.prototype.padEnd: with what is no text', () => show((text, _, part) => text.padEnd(10, part)));
test('String.prototype.split: at what is no text, up to what is no limit', () =>
  show(
    (text, _, part) => text.split(part).join('|'),
    (text, limit) => text.split('', limit).join('|'),
  ));
test('String.prototype.replace: what is no text by what is none', () =>
  show(
    (text, _, part) => text.replace(part, 'X'),
    (text, _, part) => text.replace('b', part),
  ));
test('String.prototype.search: for what is no pattern', () => show((text, _, part) => text.search(part)));
test('String.prototype.matchAll: what is no pattern', () =>
  show((text, _, part) => [...text.matchAll(part as never)].length));

test('String.prototype.startsWith: a pattern is refused', () => {
  const pattern: unknown = /a/;
  console.log(attempt(() => 'abc'.startsWith(pattern as string)));
  console.log(attempt(() => 'abc'.endsWith(pattern as string)));
  console.log(attempt(() => 'abc'.includes(pattern as string)));
});

test('String.prototype.startsWith: letters of two bytes against letters of one', () => {
  const words = ['', 'abc', 'a慡c', '慣日', 'a', 'c', '慡', '日', '慢'];
  for (const text of words) {
    for (const part of words)
      console.log(text, part, text.startsWith(part), text.endsWith(part), text.indexOf(part), text.lastIndexOf(part));
  }
});

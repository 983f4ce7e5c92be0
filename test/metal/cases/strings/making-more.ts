// Methods that make another string.
import { test } from '../../test.ts';

test('String: converts every kind of value', () => {
  console.log(
    String(1.5),
    String(-0),
    String(null),
    String(undefined),
    String(true),
    String([1, [2]]),
    String(Symbol('s')),
    String({}),
  );
});

test('String: without a value is empty', () => {
  console.log(String() === '', String('') === '', String(undefined));
});

test('String: calls toString of an object', () => {
  const point = { x: 1, toString: () => 'point' };
  console.log(String(point), `${point}`);
});

test('String.fromCharCode: takes codes modulo 65536', () => {
  console.log(
    String.fromCharCode(72, 105),
    String.fromCharCode(),
    String.fromCharCode(65536 + 65),
    String.fromCharCode(0x20ac),
    String.fromCharCode(-1).charCodeAt(0),
    String.fromCharCode(65.9),
    String.fromCharCode(NaN).charCodeAt(0),
  );
});

test('String.fromCharCode: two surrogates are one character', () => {
  console.log(String.fromCharCode(0xd83d, 0xde00), String.fromCharCode(0xd83d, 0xde00).length);
});

test('String.fromCodePoint: beyond 65535 are two units', () => {
  console.log(
    String.fromCodePoint(128512),
    String.fromCodePoint(128512).length,
    String.fromCodePoint(97, 8364),
    String.fromCodePoint() === '',
    String.fromCodePoint(0x10ffff).length,
  );
});

test('String.fromCodePoint: throws RangeError for what is no code point', () => {
  for (const code of [-1, 1.5, NaN, 0x110000, Infinity]) {
    try {
      console.log(String.fromCodePoint(code).length);
    } catch (error) {
      console.log(error instanceof RangeError, String(error));
    }
  }
});

test('String.raw: leaves escapes alone', () => {
  console.log(
    String.raw`a\n${1 + 1}\u0041`,
    String.raw`\``.length,
    String.raw``.length,
    String.raw({ raw: ['x', 'y', 'z'] }, 1, 2, 3),
  );
});

test('String.raw: of an object with raw', () => {
  console.log(String.raw({ raw: 'abc' }, '-', '+'), String.raw({ raw: [] }) === '', String.raw({ raw: ['a', 'b'] }));
});

test('String.prototype.concat: joins texts', () => {
  console.log('a'.concat('b', 'c'), 'a'.concat(), ''.concat('é', '€'));
});

test('String.prototype.repeat: counts are rounded towards zero', () => {
  console.log(
    'ab'.repeat(3),
    'ab'.repeat(0) === '',
    'ab'.repeat(1.9),
    ''.repeat(99) === '',
    'é'.repeat(2),
    '€'.repeat(2),
    'a'.repeat(NaN) === '',
    'a'.repeat(-0.5) === '',
  );
});

test('String.prototype.repeat: throws RangeError for negative and endless counts', () => {
  for (const count of [-1, Infinity, -Infinity]) {
    try {
      console.log('a'.repeat(count));
    } catch (error) {
      console.log(String(error));
    }
  }
});

test('String.prototype.padStart: fills from the front', () => {
  console.log(
    '5'.padStart(3, '0'),
    'abc'.padStart(2),
    'abc'.padStart(6, '12'),
    'a'.padStart(3),
    'a'.padStart(5, '') + '|',
    'a'.padStart(4, '€é'),
    'a'.padStart(NaN),
    'a'.padStart(3.9, '-'),
  );
});

test('String.prototype.padEnd: fills from the end', () => {
  console.log(
    '5'.padEnd(3, '0'),
    'abc'.padEnd(2),
    'abc'.padEnd(8, '123'),
    `${'a'.padEnd(3)}|`,
    'a'.padEnd(5, '') + '|',
    'a'.padEnd(3, undefined) + '|',
  );
});

test('String.prototype.trim: takes away every kind of white space', () => {
  console.log(
    `[${' \t\n\r\v\f\u00a0\ufeff\u2028\u2029\u3000\u2003a b\u1680 '.trim()}]`,
    `[${'\u200b'.trim()}]`.length,
    ''.trim() === '',
    '   '.trim() === '',
  );
});

test('String.prototype.trimStart: only at the front', () => {
  console.log(`[${'  a  '.trimStart()}]`, `[${'\n\ta'.trimStart()}]`);
});

test('String.prototype.trimEnd: only at the end', () => {
  console.log(`[${'  a  '.trimEnd()}]`, `[${'a\r\n'.trimEnd()}]`);
});

test('String.prototype.toUpperCase: follows Unicode', () => {
  console.log(
    'abc'.toUpperCase(),
    'éß'.toUpperCase(),
    'ŉ'.toUpperCase(),
    'ﬁ'.toUpperCase(),
    'ÿ'.toUpperCase(),
    'ω'.toUpperCase(),
    'я'.toUpperCase(),
    '1€'.toUpperCase(),
  );
});

test('String.prototype.toLowerCase: follows Unicode', () => {
  console.log(
    'ABC'.toLowerCase(),
    'ÉÀ'.toLowerCase(),
    'İ'.toLowerCase().length,
    'ΟΔΟΣ'.toLowerCase(),
    'Я'.toLowerCase(),
    'K'.toLowerCase(),
  );
});

test('String.prototype.toLowerCase: outside the basic plane', () => {
  console.log('𐐀'.toLowerCase(), '𐐨'.toUpperCase(), '😀'.toUpperCase());
});

test('String.prototype.replace: the first place of a text', () => {
  console.log('a-b-c'.replace('-', '+'), 'abc'.replace('x', 'y'), 'abc'.replace('', '_'), ''.replace('', 'x'));
});

test('String.prototype.replace: marks of a dollar', () => {
  console.log(
    'abc'.replace('b', '[$&]'),
    'abc'.replace('b', '[$`]'),
    'abc'.replace('b', "[$']"),
    'abc'.replace('b', '$$'),
    'abc'.replace('b', '$1'),
    'abc'.replace('b', '$'),
  );
});

test('String.prototype.replace: groups of a pattern', () => {
  console.log(
    'John Smith'.replace(/(\w+)\s(\w+)/, '$2, $1'),
    'abc'.replace(/(b)/, '[$01]'),
    'abc'.replace(/(b)/, '$2$10'),
    'abc'.replace(/(?<x>b)/, '<$<x>>'),
    'ac'.replace(/(b)?c/, '[$1]'),
  );
});

test('String.prototype.replace: all places with g', () => {
  console.log(
    'a1b22'.replace(/\d/g, '#'),
    'abc'.replace(/(?:)/g, '-'),
    'aaa'.replace(/a/g, '$&$&'),
    '😀'.replace(/(?:)/gu, '-'),
  );
});

test('String.prototype.replace: a function is given match, groups, index and text', () => {
  console.log(
    'a1b2'.replace(/([a-z])(\d)/g, (all, letter, digit, index, text) => {
      console.log(all, letter, digit, index, text);
      return `${digit}${letter}`;
    }),
  );
  console.log(
    'abc'.replace('b', (found, at, text) => `${found}${at}${text}`),
    'abc'.replace('b', () => '$&'),
  );
});

test('String.prototype.replaceAll: every place of a text', () => {
  console.log(
    'a.b.c'.replaceAll('.', '-'),
    'aaa'.replaceAll('aa', 'b'),
    'abc'.replaceAll('', '.'),
    'abab'.replaceAll('a', '$&$&'),
    'x'.replaceAll('y', 'z'),
  );
});

test('String.prototype.replaceAll: a pattern needs g', () => {
  console.log('a1b2'.replaceAll(/\d/g, (d) => `<${d}>`));
  console.log('a1'.replaceAll(/\d/, ''));
});

test('String.prototype.replaceAll: a function is asked at each place', () => {
  console.log('abcabc'.replaceAll('b', (found, at) => `${found}${at}`));
});

test('String: compares by code units', () => {
  console.log(
    'a' < 'b',
    'a' < 'B',
    'abc' < 'abd',
    'ab' < 'abc',
    '' < 'a',
    '10' < '9',
    '\uffff' < '😀',
    'é' > 'z',
    'a' <= 'a',
  );
});

test('String: escapes', () => {
  console.log(
    '\x41\u0042\u{43}\u{1f600}',
    'a\
b',
    '\0'.charCodeAt(0),
    '\'"`',
    '\v\f\b'.length,
  );
});

test('String.prototype.replace: a text with marks that is only known at run time', () => {
  for (const by of ['$$', '$&', '$`', "$'", '$1', '$2', '$10', '$01', '$00', '$0', '$<x>', '$<y>', '$<', '$x', '$'])
    console.log(by, 'abc'.replace(/(?<x>b)/, by), 'abc'.replace(/(b)/, by), 'a-c'.replace(/(b)?-/, by));
});

test('String.prototype.replace: more than nine groups', () => {
  console.log(
    'abcdefghijkl'.replace(/(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)/, '$11-$10-$1-$12-$011'),
    'ab'.replace(/(a)(b)/, '$12$21'),
  );
});

test('String.prototype.replace: a pattern that is only known at run time', () => {
  for (const pattern of [/b/, /b/g, /(?:)/g, /(?:)/gu, /[ab]/y, /^/, /$/m])
    console.log(String(pattern), 'abab😀'.replace(pattern, '-'), pattern.lastIndex);
});

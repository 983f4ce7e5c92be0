// Methods that look into a string.
import { test } from '../../test.ts';

test('String.prototype.at: counts negative indices from the end', () => {
  console.log('abc'.at(0), 'abc'.at(-1), 'abc'.at(-3), 'abc'.at(-4), 'abc'.at(3), ''.at(0));
  console.log('abc'.at(1.9), 'abc'.at(-0.5), 'abc'.at(NaN), 'abc'.at(Infinity));
});

test('String.prototype.charAt: is empty outside', () => {
  console.log(
    'abc'.charAt(0),
    'abc'.charAt(2),
    'abc'.charAt(3) === '',
    'abc'.charAt(-1) === '',
    'abc'.charAt(1.9),
    'abc'.charAt(NaN),
  );
});

test('String.prototype.charCodeAt: is NaN outside', () => {
  console.log('aé€'.charCodeAt(0), 'aé€'.charCodeAt(1), 'aé€'.charCodeAt(2), 'a'.charCodeAt(1), 'a'.charCodeAt(-1));
  console.log('😀'.charCodeAt(0), '😀'.charCodeAt(1), 'ab'.charCodeAt(1.9), 'ab'.charCodeAt(NaN));
});

test('String.prototype.codePointAt: joins surrogates', () => {
  console.log(
    '😀a'.codePointAt(0),
    '😀a'.codePointAt(1),
    '😀a'.codePointAt(2),
    '😀a'.codePointAt(3),
    'a'.codePointAt(-1),
  );
  console.log('\ud83d'.codePointAt(0), '\ud83dx'.codePointAt(0), '\ude00\ud83d'.codePointAt(0), 'ab'.codePointAt(0.9));
});

test('String.prototype.length: counts code units', () => {
  console.log(''.length, 'abc'.length, 'é'.length, '€'.length, '😀'.length, '\0'.length, 'a\u0301'.length);
});

test('String.prototype.indexOf: finds the first place', () => {
  console.log('banana'.indexOf('an'), 'banana'.indexOf('an', 2), 'banana'.indexOf('x'), 'banana'.indexOf('banana!'));
});

test('String.prototype.indexOf: of nothing is the start, at most the length', () => {
  console.log('abc'.indexOf(''), 'abc'.indexOf('', 2), 'abc'.indexOf('', 9), ''.indexOf(''), ''.indexOf('a'));
});

test('String.prototype.indexOf: the start may be negative, NaN or a fraction', () => {
  console.log(
    'banana'.indexOf('an', -5),
    'banana'.indexOf('an', NaN),
    'banana'.indexOf('an', 1.9),
    'banana'.indexOf('a', Infinity),
    'abc'.indexOf('a', undefined),
  );
});

test('String.prototype.lastIndexOf: finds the last place', () => {
  console.log(
    'banana'.lastIndexOf('an'),
    'banana'.lastIndexOf('an', 2),
    'banana'.lastIndexOf('an', 0),
    'banana'.lastIndexOf('x'),
  );
});

test('String.prototype.lastIndexOf: NaN as the start is the end', () => {
  console.log(
    'banana'.lastIndexOf('a', NaN),
    'banana'.lastIndexOf('b', -1),
    'banana'.lastIndexOf('a', undefined),
    'abc'.lastIndexOf(''),
    'abc'.lastIndexOf('', 1),
    'abc'.lastIndexOf('c', Infinity),
  );
});

test('String.prototype.includes: tells whether a text is there', () => {
  console.log(
    'banana'.includes('nan'),
    'banana'.includes('b', 1),
    'banana'.includes(''),
    'banana'.includes('', 99),
    ''.includes('a'),
    'é€😀'.includes('€'),
  );
});

test('String.prototype.startsWith: from a place', () => {
  console.log(
    'banana'.startsWith('ban'),
    'banana'.startsWith('an', 1),
    'banana'.startsWith(''),
    'banana'.startsWith('a', -1),
    'a'.startsWith('ab'),
    'abc'.startsWith('', 9),
    'abc'.startsWith('c', 2.9),
  );
});

test('String.prototype.endsWith: up to a place', () => {
  console.log(
    'banana'.endsWith('ana'),
    'banana'.endsWith('ban', 3),
    'banana'.endsWith(''),
    'banana'.endsWith('b', 1),
    'banana'.endsWith('b', 0),
    'a'.endsWith('ba'),
    'abc'.endsWith('c', NaN),
    'abc'.endsWith('c', undefined),
  );
});

test('String.prototype.slice: negative ends count from the end', () => {
  console.log(
    'abcdef'.slice(2),
    'abcdef'.slice(1, 3),
    'abcdef'.slice(-2),
    'abcdef'.slice(-4, -2),
    'abcdef'.slice(4, 2) === '',
  );
  console.log(
    'abcdef'.slice(NaN, 2),
    'abcdef'.slice(1.9, 3.9),
    'abcdef'.slice(-Infinity, Infinity),
    'abcdef'.slice(0, undefined),
    'abcdef'.slice(9) === '',
  );
});

test('String.prototype.slice: may cut a pair of surrogates', () => {
  console.log('😀'.slice(0, 1).charCodeAt(0), '😀'.slice(1).charCodeAt(0), '😀'.slice(0, 1) + '😀'.slice(1) === '😀');
});

test('String.prototype.substring: puts the smaller end first', () => {
  console.log(
    'abcdef'.substring(4, 2),
    'abcdef'.substring(-3, 2),
    'abcdef'.substring(NaN, 2),
    'abcdef'.substring(2),
    'abcdef'.substring(2, 2) === '',
    'abcdef'.substring(1, Infinity),
    'abcdef'.substring(3, undefined),
  );
});

test('String.prototype.split: by a text', () => {
  console.log(
    'a,b,c'.split(','),
    'a,b,c'.split(',', 2),
    ',a,'.split(','),
    'abc'.split('x'),
    ''.split(','),
    'a,,b'.split(','),
  );
});

test('String.prototype.split: by nothing gives code units', () => {
  console.log(
    'abc'.split(''),
    ''.split(''),
    '😀'.split('').map((s) => s.charCodeAt(0)),
    'abc'.split('', 2),
  );
});

test('String.prototype.split: without a separator keeps the whole', () => {
  console.log(
    'a b'.split(undefined as unknown as string),
    'a,b'.split(',', 0),
    'a,b'.split(',', -1),
    'a,b,c'.split(',', undefined),
    'abab'.split('ab'),
    'a,b,c'.split(',', 1.9),
  );
});

test('String.prototype.split: by a pattern', () => {
  console.log(
    'a1b22c'.split(/\d+/),
    'a1b2'.split(/(\d)/),
    'abc'.split(/(?:)/),
    'a b  c'.split(/\s+/, 2),
    ''.split(/x/),
    ''.split(/(?:)/),
  );
});

test('String.prototype.split: a group that took no part is undefined', () => {
  console.log('a-b+c'.split(/(-)|(\+)/), 'A<B>bold</B>and'.split(/<(\/)?([^<>]+)>/));
});

test('String.prototype.[Symbol.iterator]: walks characters', () => {
  const iterator = 'a😀'[Symbol.iterator]();
  console.log(iterator.next(), iterator.next(), iterator.next());
  console.log([...'é\ud83d!'].map((s) => s.length));
});

test('String.prototype.toString: is the string', () => {
  console.log('a'.toString(), ''.toString() === '', 'a'.valueOf(), `${'é€'.toString()}`);
});

test('String.prototype.valueOf: is the string', () => {
  console.log('a€'.valueOf(), 'a'.valueOf() === 'a');
});

test('String.prototype.match: without g gives groups and index', () => {
  const found = 'ab12'.match(/([a-z])(\d)/);
  console.log(found?.[0], found?.[1], found?.[2], found?.index, found?.input, 'x'.match(/y/));
});

test('String.prototype.match: with g gives all texts', () => {
  console.log('a1b22'.match(/\d+/g), 'abc'.match(/\d/g), 'aaa'.match(/a*?/g));
});

test('String.prototype.match: a text becomes a pattern', () => {
  console.log('a.b'.match('.')?.[0], 'a+b'.match('\\+')?.index, 'abc'.match('z'));
});

test('String.prototype.matchAll: gives every match with its groups', () => {
  for (const found of 'a1b2'.matchAll(/([a-z])(\d)/g)) console.log(found[0], found[1], found[2], found.index);
  console.log(
    [...'aa'.matchAll(/b/g)].length,
    [...'ab'.matchAll(/(?:)/g)].map((m) => m.index),
  );
});

test('String.prototype.matchAll: throws TypeError without g', () => {
  console.log([...'a'.matchAll(/a/)].length);
});

test('String.prototype.matchAll: leaves lastIndex alone', () => {
  const every = /a/g;
  every.lastIndex = 1;
  console.log([...'aaa'.matchAll(every)].length, every.lastIndex);
});

test('String.prototype.search: is the place of the first match', () => {
  const every = /o/g;
  every.lastIndex = 3;
  console.log(
    'foo boo'.search(every),
    every.lastIndex,
    'abc'.search(/x/),
    'a.c'.search('.'),
    ''.search(/(?:)/),
    'abc'.search('c'),
  );
});

test('String: subscripts read code units', () => {
  const text = 'aé😀';
  console.log(text[0], text[1], text[2]?.charCodeAt(0), text[9], text[-1]);
});

test('String.prototype.isWellFormed: lone surrogates are not', () => {
  console.log('a😀'.isWellFormed(), '\ud83d'.isWellFormed(), '\ude00\ud83d'.isWellFormed(), ''.isWellFormed());
});

test('String.prototype.toWellFormed: replaces lone surrogates', () => {
  console.log('a\ud83d!'.toWellFormed(), '😀'.toWellFormed(), '\ude00'.toWellFormed().charCodeAt(0));
});

test('String.prototype.includes: from a place that is no whole number', () => {
  const at = (place?: number): boolean => 'banana'.includes('ban', place);
  console.log(at(0.9), at(1), at(NaN), at(-5), at(undefined), at(Infinity));
});

test('String.prototype.startsWith: from a computed place', () => {
  const at = (place?: number): boolean => 'banana'.startsWith('an', place);
  console.log(at(1.9), at(0), at(NaN), at(3), at(undefined), at(-1));
});

test('String.prototype.endsWith: up to a computed place', () => {
  const at = (place?: number): boolean => 'banana'.endsWith('an', place);
  console.log(at(3.9), at(5), at(NaN), at(99), at(undefined), at(-1));
});

test('String.prototype.lastIndexOf: from a computed place', () => {
  const at = (place?: number): number => 'banana'.lastIndexOf('an', place);
  console.log(at(2.9), at(3), at(NaN), at(-1), at(undefined), at(Infinity));
});

test('String.prototype.matchAll: empty matches step over whole characters with u', () => {
  console.log(
    [...'a😀b'.matchAll(/(?:)/gu)].map((m) => m.index),
    [...'a😀b'.matchAll(/(?:)/g)].map((m) => m.index),
  );
});

// RegExp and its members.
import { test } from '../../test.ts';

test('new RegExp: of a text', () => {
  console.log(
    new RegExp('a+', 'gi'),
    new RegExp('a/b'),
    new RegExp(''),
    new RegExp('\\d').test('5'),
    new RegExp('\n').source,
  );
});

test('new RegExp: of another pattern', () => {
  const pattern = /a/gi;
  console.log(
    new RegExp(pattern),
    new RegExp(pattern, 'm'),
    new RegExp(pattern) === pattern,
    new RegExp(pattern, '').flags === '',
  );
});

test('new RegExp: refuses what is no pattern', () => {
  for (const text of [
    '[',
    '(',
    ')',
    '*',
    'a**',
    '\\',
    '(?<a',
    '(?<a>x)(?<a>y)',
    'a{2,1}',
    '[b-a]',
    '(?:',
    'x{99999999999}',
    '+a',
    '?',
    '(?a)',
  ]) {
    try {
      console.log(new RegExp(text).source);
    } catch (error) {
      console.log(text, error instanceof SyntaxError);
    }
  }
});

test('new RegExp: with u refuses more', () => {
  for (const text of ['\\-', 'a{', '\\u{110000}', '\\p{X}', ']', '\\1', '{', '\\k']) {
    try {
      console.log(new RegExp(text, 'u').source);
    } catch (error) {
      console.log(text, error instanceof SyntaxError);
    }
  }
});

test('new RegExp: refuses unknown flags', () => {
  for (const flags of ['x', 'gg', 'G', 'uv']) {
    try {
      console.log(new RegExp('a', flags).flags);
    } catch (error) {
      console.log(flags, error instanceof SyntaxError);
    }
  }
});

test('RegExp: called without new', () => {
  console.log(RegExp('a', 'g').flags, RegExp('b').test('abc'));
});

test('RegExp.prototype.exec: gives index, input and groups', () => {
  const found = /b(c)?(d)?/.exec('abcx');
  console.log(found?.length, found?.[0], found?.[1], found?.[2], found?.index, found?.input, found);
});

test('RegExp.prototype.exec: without g ignores lastIndex', () => {
  const pattern = /a/;
  pattern.lastIndex = 5;
  console.log(pattern.exec('aa')?.index, pattern.lastIndex);
});

test('RegExp.prototype.exec: with g goes on where it was', () => {
  const pattern = /a(.)/g;
  for (let found = pattern.exec('abacad'); found !== null; found = pattern.exec('abacad'))
    console.log(found[1], found.index, pattern.lastIndex);
  console.log(pattern.lastIndex);
});

test('RegExp.prototype.exec: an empty match does not move lastIndex', () => {
  const pattern = /x*/g;
  console.log(pattern.exec('abc')?.[0] === '', pattern.lastIndex, pattern.exec('abc')?.index, pattern.lastIndex);
});

test('RegExp.prototype.test: with g remembers', () => {
  const pattern = /o/g;
  console.log(
    pattern.test('foo'),
    pattern.lastIndex,
    pattern.test('foo'),
    pattern.lastIndex,
    pattern.test('foo'),
    pattern.lastIndex,
  );
});

test('RegExp.prototype.lastIndex: beyond the text fails and starts anew', () => {
  const pattern = /a/g;
  pattern.lastIndex = 9;
  console.log(pattern.test('aaa'), pattern.lastIndex, pattern.test('aaa'), pattern.lastIndex);
});

test('RegExp.prototype.flags: in the order of the alphabet', () => {
  console.log(/a/.flags === '', /a/giy.flags, new RegExp('a', 'mysgi').flags, /a/du.flags);
});

test('RegExp.prototype.source: escapes slashes', () => {
  console.log(/a\/b/.source, new RegExp('a/b').source, new RegExp('').source, /[/]/.source, new RegExp('\\/').source);
});

test('RegExp.prototype.global: and its kin tell the flags', () => {
  const pattern = /a/gi;
  console.log(pattern.global, pattern.ignoreCase, pattern.multiline);
});

test('RegExp.prototype.ignoreCase: of i', () => {
  console.log(/a/i.ignoreCase, /a/.ignoreCase);
});

test('RegExp.prototype.multiline: of m', () => {
  console.log(/a/m.multiline, /a/.multiline);
});

test('RegExp.prototype.dotAll: of s', () => {
  console.log(/a/s.dotAll, /a/.dotAll);
});

test('RegExp.prototype.unicode: of u', () => {
  console.log(/a/u.unicode, /a/.unicode);
});

test('RegExp.prototype.sticky: of y', () => {
  console.log(/a/y.sticky, /a/.sticky);
});

test('RegExp.prototype.hasIndices: of d', () => {
  console.log(/a/d.hasIndices, /a/.hasIndices);
});

test('RegExp.prototype.exec: with d gives the places of groups', () => {
  const found = /a(?<x>b)(c)?/d.exec('xab');
  console.log(found?.indices?.[0], found?.indices?.[1], found?.indices?.[2]);
});

test('RegExp: toString is what was typed', () => {
  console.log(/a\/b/gi.toString(), String(new RegExp('x/y', 'u')), `${/[/]/}`);
});

test('RegExp: two literals are two objects', () => {
  const make = (): RegExp => /a/g;
  const first = make();
  first.lastIndex = 3;
  console.log(make().lastIndex, make() === make());
});

test('String.prototype.match: with g starts anew', () => {
  const pattern = /a/g;
  pattern.lastIndex = 2;
  console.log('aaa'.match(pattern), pattern.lastIndex);
});

test('String.prototype.replace: with y replaces where it stands', () => {
  const pattern = /a/y;
  console.log(
    'aab'.replace(pattern, '-'),
    pattern.lastIndex,
    'aab'.replace(pattern, '-'),
    pattern.lastIndex,
    'aab'.replace(/a/gy, '-'),
    'baa'.replace(/a/gy, '-'),
  );
});

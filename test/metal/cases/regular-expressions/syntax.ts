// What patterns can say.
import { test } from '../../test.ts';

const matches = (pattern: RegExp, ...texts: string[]): void => {
  for (const text of texts) {
    const found = pattern.exec(text);
    console.log(String(pattern), JSON.stringify(text), found === null ? null : [found.index, ...found]);
  }
};

test('RegExp: alternatives from left to right', () => {
  matches(/a|ab/, 'abc');
  matches(/((a)|(ab))((c)|(bc))/, 'abc');
  matches(/|a/, 'a');
});

test('RegExp: greedy and lazy counts', () => {
  matches(/a*/, 'aaab', 'b');
  matches(/a*?b/, 'aaab');
  matches(/a{2}/, 'aaa', 'a');
  matches(/a{2,}/, 'aaaa');
  matches(/a{1,2}?/, 'aaa');
  matches(/(a+?)(a*)/, 'aaa');
  matches(/a??b/, 'ab');
});

test('RegExp: a repeated group keeps its last round', () => {
  matches(/(a|b)*/, 'abba');
  matches(/(z)((a+)?(b+)?(c))*/, 'zaacbbbcac');
  matches(/(?:(a)|b)*/, 'ab');
});

test('RegExp: empty rounds end a repetition', () => {
  matches(/(a*)*/, 'b');
  matches(/(?:a?)*?b/, 'aab');
  matches(/(a*)+/, 'aa', '');
});

test('RegExp: backtracking', () => {
  matches(/^(a+)+$/, 'aaaa', 'aaab');
  matches(/(.*)(\d+)/, 'abc123');
  matches(/(.*?)(\d+)$/, 'abc123');
  matches(/x*x/, 'xxx');
});

test('RegExp: classes', () => {
  matches(/[abc]+/, 'xcabx');
  matches(/[^abc]+/, 'abxyc');
  matches(/[a-c0-2]+/, 'zb1d');
  matches(/[]/, 'a');
  matches(/[^]/, '\n');
  matches(/[\]\-\\^]+/, 'a^-]\\');
  matches(/[a-]+/, 'b-a');
  matches(/[\b]/, '\b');
});

test('RegExp: kinds of characters', () => {
  matches(/\d+/, 'a12b', '٣');
  matches(/\D+/, '12ab');
  matches(/\w+/, '-a_1-', 'é');
  matches(/\W/, 'a-', 'é');
  matches(/\s+/, 'a \t\n\u00a0\ufeff\u2028b');
  matches(/\S+/, '  ab ');
});

test('RegExp: escapes', () => {
  matches(/\x41\u0042/, 'AB');
  matches(/\cJ/, '\n');
  matches(/\0/, 'a\0');
  matches(/\t\n\v\f\r/, '\t\n\v\f\r');
  matches(/\.\*\+\?\(\)\[\]\{\}\|\^\$\//, '.*+?()[]{}|^$/');
  matches(/\u{41}/u, 'A');
});

test('RegExp: start and end', () => {
  matches(/^a/, 'ab', 'ba');
  matches(/b$/, 'ab', 'ab\n');
  matches(/^b/m, 'a\nb', 'a\rb', 'a\u2028b');
  matches(/a$/m, 'a\nb');
  matches(/^$/, '', 'a');
  matches(/^/gm, 'a\nb');
});

test('RegExp: word borders', () => {
  matches(/\bb/, 'ab b');
  matches(/\Bb/, 'b ab');
  matches(/\b\b/, ' a');
  matches(/é\b/, 'éa');
});

test('RegExp: the dot', () => {
  matches(/a.c/, 'a\nc', 'abc', 'a\u2028c', 'a\rc');
  matches(/a.c/s, 'a\nc');
  matches(/^.$/, '😀');
  matches(/^.$/u, '😀');
});

test('RegExp: references to groups', () => {
  matches(/(a)\1/, 'aa', 'ab');
  matches(/(?<q>['"]).*?\k<q>/, `say "it's"`);
  matches(/\1(a)/, 'aa');
  matches(/(a)?\1b/, 'b', 'aab');
  matches(/(A)\1/i, 'aA');
});

test('RegExp: looking ahead', () => {
  matches(/a(?=b)/, 'ac ab');
  matches(/a(?!b)/, 'ab ac');
  matches(/(?=(a+))a*b\1/, 'baaabac');
  matches(/(.*?)a(?!(a+)b\2c)\2(.*)/, 'baaabaac');
  matches(/^(?=.*\d)(?=.*[a-z]).+$/, 'a1', 'aa');
});

test('RegExp: looking behind', () => {
  matches(/(?<=\$)\d+/, 'a1 $22');
  matches(/(?<!\$)\b\d+/, '$1 22');
  matches(/(?<=a+)b/, 'aab');
  matches(/(?<=(\d)(\d))c/, '12c');
  matches(/(?<=^|,)x/, 'a,x');
});

test('RegExp: named groups', () => {
  const found = /(?<year>\d{4})-(?<month>\d\d)/.exec('on 2024-02');
  console.log(found?.groups?.['year'], found?.groups?.['month'], Object.keys(found?.groups ?? {}));
  console.log(/(?<a>x)|(?<b>y)/.exec('y')?.groups?.['a'], /x/.exec('x')?.groups);
});

test('RegExp: without regard to case', () => {
  matches(/abc/i, 'xABC');
  matches(/[a-z]+/i, 'ABC');
  matches(/É/i, 'é');
  matches(/[^x]/i, 'X');
  matches(/ß/i, 'ẞ');
  matches(/я/i, 'Я');
});

test('RegExp: with u, code points', () => {
  matches(/[😀-😂]/u, 'x😁');
  matches(/😀{2}/u, '😀😀');
  matches(/^[^x]$/u, '😀');
  matches(/\u{1F600}/u, '😀');
  matches(/\ud83d/, '😀');
  matches(/\ud83d/u, '😀');
});

test('RegExp: properties of Unicode', () => {
  matches(/\p{L}+/u, '1é€a');
  matches(/\P{L}/u, 'a1');
  matches(/\p{Lu}/u, 'aÀ');
  matches(/\p{Nd}+/u, 'a٣1');
});

test('RegExp: with y, only at lastIndex', () => {
  const sticky = /a/y;
  console.log(sticky.test('ba'), sticky.lastIndex);
  sticky.lastIndex = 1;
  console.log(sticky.test('ba'), sticky.lastIndex, sticky.test('ba'), sticky.lastIndex);
});

test('RegExp: braces that are no count', () => {
  matches(/a{/, 'a{');
  matches(/a{,2}/, 'a{,2}');
  matches(/x{1/, 'x{1');
});

// Repeating, padding, trimming, joining, and characters from codes.
console.log('ab'.repeat(3), `[${'ab'.repeat(0)}]`, 'a'.repeat(2.9), '€'.repeat(2), `[${'x'.repeat(NaN)}]`);
for (const count of [-1, Infinity]) {
  try {
    console.log('ab'.repeat(count).length);
  } catch (error) {
    console.log(error instanceof RangeError);
  }
}
console.log(
  '5'.padStart(3, '0'),
  '5'.padEnd(3, 'ab'),
  `[${'abc'.padStart(6)}]`,
  'abc'.padStart(2),
  'abc'.padStart(8, ''),
  'x'.padStart(5, 'abc'),
  'x€'.padStart(5, '€'),
);
console.log(
  ['  x ', '\u00a0\ufeff x\n', '\u2003x\u3000', '\t€ '].map((text) => [text.trim(), text.trimStart(), text.trimEnd()]),
);
console.log(
  String.fromCharCode(72, 105),
  String.fromCharCode(0x20ac),
  String.fromCharCode(0xd83d, 0xde00),
  String.fromCodePoint(65, 128512),
);
const codes = [65 + 65536, -1, 72.9];
console.log(
  codes.map((code) => String.fromCharCode(code).charCodeAt(0)),
  String.fromCharCode(...codes).length,
);
console.log(
  'abc'.concat('d', 'e'),
  ['a', '€', null, undefined, 1, [2, [3]]].join('-'),
  [[null], [undefined, 1]].join(';'),
  String([1, null, ['€', undefined]]),
  `${[null]}`,
);
console.log(encodeURIComponent('a b&é😀'), decodeURIComponent('a%20b%C3%A9'), encodeURI('a b&é/'));
console.log(
  String(null),
  String(undefined),
  String(true),
  String({}),
  String(Symbol('x')),
  String([]),
  `${[1, [2]]}`,
  `${{}}`,
  `${null} ${undefined} ${true} ${1.5}`,
);
const tag = (strings: TemplateStringsArray, ...values: unknown[]): string =>
  `${strings.raw.join('|')} ${strings.join('|')} ${values.join()}`;
console.log(tag`a\n${1}b${2}`, String.raw`a\nb${1}`, 'x'.concat(), '\x41\u0042\u{43}\0'.length);
let long = '';
for (let i = 0; i < 1000; i++) long += String.fromCharCode(97 + (i % 26));
console.log(long.length, long.slice(990), long.indexOf('xyz', 500));

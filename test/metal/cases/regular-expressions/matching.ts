// Patterns: groups, assertions, flags, lastIndex.
console.log(
  /a(b+)c/.exec('xabbc')?.index,
  /a(b+)c/.exec('xabbc')?.slice(1),
  /(?<y>\d+)-(?<m>\d+)/.exec('2020-01')?.groups?.['m'],
  /(a)?b/.exec('b')?.[1],
  /(\d+)\s\1/.test('12 12'),
  /a{2,3}?/.exec('aaaa')?.[0],
);
console.log(
  /^a.c$/s.test('a\nc'),
  /^b$/m.test('a\nb'),
  /A/i.test('a'),
  /\u{1F600}/u.test('😀'),
  /a|b/y.test('xa'),
  /a/gi.flags,
  /a\/b/.source,
  String(/a/g),
  /é/i.test('É'),
);
console.log(
  /(?=a)b/.test('b'),
  /(?<!x)y/.test('ay'),
  /(?<=x)y/.exec('xy')?.index,
  /\bfoo\b/.test('a foo b'),
  /a(?!b)/.exec('abac')?.index,
  /(?:a|ab)(?:c|bcd)(?:d*)/.exec('abcd')?.[0],
);
console.log(
  /\p{L}/u.test('é'),
  /[é-ü]/.test('ö'),
  /^.$/.test('😀'),
  /^.$/u.test('😀'),
  /\w/.test('é'),
  /\s/.test('\u00a0'),
  /[^a]/.exec('a€')?.[0],
  /[\w-]/.test('-'),
);
const every = /o/g;
const found: number[] = [];
for (let match = every.exec('foo boo'); match !== null; match = every.exec('foo boo'))
  found.push(match.index, every.lastIndex);
console.log(found, every.lastIndex, every.test('foo'), every.lastIndex);
const sticky = /a/y;
sticky.lastIndex = 1;
console.log(sticky.test('ba'), sticky.lastIndex, new RegExp('a+', 'g').source, new RegExp('\\d{2}').test('a12'));
for (const pattern of ['[', '(', 'a**']) {
  try {
    console.log(new RegExp(pattern).source);
  } catch (error) {
    console.log(error instanceof SyntaxError);
  }
}

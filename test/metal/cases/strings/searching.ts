// indexOf and its family, with start positions; search, match and replace with strings and patterns.
console.log(
  'abcabc'.indexOf('c'),
  'abcabc'.indexOf('c', 3),
  'abc'.indexOf(''),
  'abc'.indexOf('', 9),
  'abc'.indexOf('a', -5),
  'abcabc'.lastIndexOf('b'),
  'abcabc'.lastIndexOf('b', 3),
  'abc'.lastIndexOf(''),
  'a€b€'.indexOf('€', 2),
);
console.log(
  'abc'.includes('bc'),
  'abc'.includes(''),
  'abc'.includes('a', 1),
  'abc'.startsWith('b', 1),
  'abc'.endsWith('b', 2),
  '€uro'.includes('€'),
  '€uro'.startsWith('u', 1),
);
console.log('abc'.search(/b/), 'abc'.search('c'), 'abc'.search(/x/g), 'x.y'.search('[.]'));
console.log(
  'abcabc'.replace('b', 'X'),
  'abcabc'.replaceAll('b', 'X'),
  'abc'.replace('b', '$&$&'),
  'abc'.replace('b', '$$'),
  'abc'.replace('b', "$'|$`"),
  'abc'.replace('b', () => '$&'),
  'abc'.replace('', 'X'),
  'abc'.replaceAll('', '-'),
  '€a€'.replaceAll('€', 'E'),
  'abc'.replace('z', 'y'),
);
console.log(
  'john smith'.replace(/(\w+) (\w+)/, '$2, $1'),
  'a-b'.replace(/(?<x>a)-(?<y>b)/, '$<y>-$<x>'),
  'a1b2'.replace(/\d/g, (digit, at) => `<${digit}@${at}>`),
  'aa'.replaceAll(/a/g, 'b'),
);
console.log(
  'a1b22'.match(/\d+/g),
  'abc'.match(/x/),
  'abc'.match(/b/)?.index,
  [...'a1b2'.matchAll(/[a-z](\d)/g)].map((m) => `${m[1]}${m.index}`),
);
console.log(
  'a,b,,c'.split(','),
  'a,b,c'.split(',', 2),
  'abc'.split(''),
  ''.split(','),
  ''.split(''),
  'a1b2c'.split(/\d/),
  'a1b2c'.split(/(\d)/),
  'a€b'.split('€'),
  'a€'.split(''),
  'aXXb'.split('XX'),
);

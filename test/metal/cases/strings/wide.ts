// Strings of one byte and of two bytes a unit are the same strings.
const a = '€a'.slice(1);
console.log(
  a === 'a',
  a < 'b',
  `${a}b` === 'ab',
  new Map([['a', 1]]).get(a),
  new Set(['a']).has(a),
  ['a'].includes(a),
  ['a'].indexOf(a),
  Number('12€'.slice(0, 2)),
  parseInt('12€', 10),
  parseFloat('1.5€'),
);
const named: Record<string, number> = { a: 5, é: 1, '€': 2 };
console.log(named[a], Object.keys(named), JSON.stringify(named), '€' in named, named['€']);
switch (a) {
  case 'a':
    console.log('yes');
    break;
  default:
    console.log('no');
}
console.log(
  'é' + '€',
  ('é' + '€').slice(0, 1) === 'é',
  '€'.slice(1) === '',
  '€x'.at(-1),
  '€x'.charAt(0),
  ['€', 1].join(),
  ['a', 'b'].join('€'),
);
console.log(
  'a€b'.replace(/€/g, 'E'),
  /€+/.exec('a€€b')?.[0],
  'a€b'.split(/€/),
  JSON.parse('"\\u20ac"'),
  JSON.parse('{"€":"é😀"}'),
);
console.log('日本語テキスト', 'Ünïcödé', '👍🏽 ok', '\u0007'.length);

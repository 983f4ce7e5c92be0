// JSON.parse takes the grammar and nothing else.
const texts = [
  '{"a":[1,2.5,-3e2,1E+2,0.1],"c":"x\\n\\u0041\\/","d":{"b":null}}',
  ' 5 ',
  '"é€😀"',
  '"\\ud83d\\ude00"',
  '{"a":1,"a":2}',
  '[]',
  '{}',
  '[[],{}]',
  'true',
  'null',
  '-0',
  '1e5',
  '123456789012345678',
  '{"b":1,"a":2,"1":3}',
  '{bad',
  '',
  '[1,]',
  '01',
  '1 2',
  "'a'",
  '"\t"',
  '-',
  'nul',
  '{"a":1,}',
  '[1',
  '"abc',
  '{"a"}',
  '+1',
  '.5',
  '5.',
  '1e',
  '"\\x41"',
  '"\\u12"',
  'undefined',
  '{"__proto__":1}',
];
for (const text of texts) {
  try {
    console.log(text, JSON.parse(text));
  } catch (error) {
    console.log(text, error instanceof SyntaxError);
  }
}
console.log(
  JSON.parse('{"a":{"b":1},"c":[1,2]}', (_key, value) => (typeof value === 'number' ? value + 1 : value)),
  JSON.parse('[1,2,3]', (key, value) => (key === '1' ? undefined : value)),
);
const config = { net: { ip: '10.0.0.2', mtu: 1500 }, mods: ['a', 'b'], debug: false, ratio: 1.5, none: null };
console.log(JSON.stringify(JSON.parse(JSON.stringify(config))) === JSON.stringify(config));

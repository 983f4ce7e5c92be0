// Strings become numbers by the grammar of ECMA-262 §7.1.4.1, parseInt and parseFloat by their own.
const texts = [
  '12',
  '  12  ',
  '',
  '0x1F',
  '0b11',
  '0o17',
  '1e3',
  '1e-7',
  '.5',
  '5.',
  '1_000',
  'abc',
  '12abc',
  'Infinity',
  '-Infinity',
  '+5',
  '-0',
  '0.1',
  '123456789012345678901234567890',
  '1.7976931348623157e308',
  '5e-324',
  '0.30000000000000004',
  '1e1000',
  '-',
  '\n7\t',
  '0x',
  '1 2',
];
for (const text of texts)
  console.log(
    JSON.stringify(text),
    Number(text),
    +text,
    Number.parseFloat(text),
    Number.parseInt(text, 10),
    parseInt(text),
  );
console.log(
  parseInt('1f', 16),
  parseInt('z', 36),
  parseInt('12', 2),
  parseInt('0x1f', 16),
  parseInt('0b11', 2),
  parseInt('123', 37),
  parseInt('-ff', 16),
);
console.log(
  parseInt('9007199254740993'),
  parseInt('900719925474099300000'),
  parseInt('  -42abc'),
  parseInt('0x20000000000000'),
);
console.log(['1', '2', '3'].map(Number), ['10', '10', '10'].map(parseInt), ['1.5', 'x'].map(parseFloat));
const absent = (): number | undefined => undefined;
console.log(Number(absent()), Number(null), Number(true), Number([5]), Number([]), Number([1, 2]), isNaN(Number('x')));

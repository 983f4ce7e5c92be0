// Strings compare by code units, numbers by value; null and undefined are equal to each other alone.
const strings = ['', 'a', 'B', 'ab', 'abc', 'é', '\u00ff', '\u0100', '\u0201', '\u0102', '€', '€a', 'a€', '😀'];
for (const a of strings)
  console.log(
    strings.map((b) => (a < b ? '<' : a > b ? '>' : a === b ? '=' : '?')).join(''),
    strings.map((b) => a <= b).includes(false),
  );
console.log([...strings].sort());
const numbers = [0, -0, 1, NaN, Infinity, -1];
for (const a of numbers)
  console.log(numbers.map((b) => [a < b, a <= b, a === b, Object.is(a, b)].map(Number).join('')).join(' '));
const values: unknown[] = [null, undefined, 0, '', false, NaN];
console.log(
  values.map((v) => v == null),
  values.map((v) => v != null),
  values.map((v) => null === v),
);
let calls = 0;
const next = (): number | null => (calls++ === 0 ? null : calls);
console.log(next() == null, next() == null, calls, undefined == null);

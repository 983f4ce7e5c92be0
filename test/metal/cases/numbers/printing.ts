// Numbers print the shortest decimal that reads back, with the exponent where ECMA-262 puts it.
const numbers = [
  0, -0, 1, -1, 0.1, 0.1 + 0.2, 1 / 3, 100, 1e20, 1e21, 1.5e21, 123456789012345680000, 2 ** 53, 2 ** 53 + 2, 2 ** 63, 2 ** 64,
  1e-5, 1e-6, 1e-7, 1.5e-7, 123e-10, 0.000001, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2 ** -44, 2 ** -1022,
  4.35, 4.9e100, 9.5e-6, 99999999999999990000, 123456.789, 1e300, -1e-7, -1.5, NaN, Infinity, -Infinity,
];
for (const n of numbers) console.log(n, `${n}`, String(n), n.toString(), JSON.stringify(n));
console.log(numbers.join(' '));
console.log(numbers.slice(0, 8));
for (let power = -60; power <= 60; power += 4) console.log(2 ** power, 3 * 2 ** power);

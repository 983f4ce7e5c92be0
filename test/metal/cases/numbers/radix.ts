// Digits in other bases, of numbers that no longer hold all of theirs, and of fractions.
for (const value of [
  2 ** 53,
  2 ** 53 + 2,
  2 ** 60,
  1e21,
  123456789012345680000,
  2 ** 70 + 2 ** 40,
  1.6e16,
  -(2 ** 65),
]) {
  console.log([2, 3, 5, 7, 8, 16, 28, 33, 36].map((radix) => value.toString(radix)).join(' '));
}
for (const value of [0.1, 1e-7, 3.14159, 1e300, 0.5, -255.75, 1 / 3]) {
  console.log([2, 3, 16, 36].map((radix) => value.toString(radix)).join(' '));
}

export {};

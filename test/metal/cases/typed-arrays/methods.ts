// Methods of typed arrays: order by value, bounds checked, text as Node writes it.
const numbers = new Int16Array([5, -3, 100, 20, -1]);
console.log(
  numbers.slice().sort(),
  numbers.toSorted(),
  numbers.slice().sort((a, b) => b - a),
  numbers.toReversed(),
  numbers.with(1, 7),
);
console.log(
  numbers.join('-'),
  String(numbers),
  `${numbers}`,
  numbers.toString(),
  numbers.join(),
  new Float64Array([0.1, -0, NaN]).join('|'),
);
console.log(
  numbers.indexOf(20),
  numbers.includes(7),
  numbers.at(-1),
  numbers.at(9),
  numbers.find((x) => x > 6),
  numbers.findIndex((x) => x < 0),
  numbers.findLast((x) => x > 6),
);
console.log(
  numbers.reduce((a, b) => a + b, 0),
  numbers.some((x) => x > 99),
  numbers.every((x) => x > 0),
  numbers.filter((x) => x > 0),
  numbers.map((x) => x * 1000),
);
console.log(
  numbers.subarray(1, 3),
  numbers.slice(-2),
  numbers.fill(1, 3),
  numbers.copyWithin(0, 3),
  numbers.length,
  numbers.byteLength,
  numbers.BYTES_PER_ELEMENT,
  Uint32Array.BYTES_PER_ELEMENT,
);
const bytes = new Uint8Array(6);
bytes.set([1, 300, 3], 1);
bytes.set(bytes.subarray(0, 4), 2);
console.log(bytes, new Float32Array([3, -0, 0, NaN, 1]).sort());
const attempts: (() => unknown)[] = [
  () => bytes.set([1, 2, 3], 5),
  () => new Uint8Array(-1),
  () => new Uint16Array(new ArrayBuffer(8), 1),
  () => new Uint32Array(new ArrayBuffer(8), 0, 3),
  () => new Uint32Array(new ArrayBuffer(8), 4, 1).length,
  () => new Uint8Array(new ArrayBuffer(8), 9),
  () => new Uint16Array(new ArrayBuffer(7)),
  () => new Uint16Array(new ArrayBuffer(8), 2).length,
];
for (const attempt of attempts) {
  try {
    console.log(attempt());
  } catch (error) {
    console.log(error instanceof RangeError);
  }
}
console.log(bytes, Object.keys(new Uint8Array(3)));
for (const byte of bytes) console.log(byte);
const [first, , third, ...rest] = bytes;
console.log(first, third, rest);

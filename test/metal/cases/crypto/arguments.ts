// What crypto says of an argument is what Node says. The bytes are tested in test/boot/entropy.test.ts: not every processor has any.
// construct: crypto.getRandomValues, crypto.randomUUID
const show = (name: string, attempt: () => unknown): void => {
  try {
    attempt();
    console.log(name, 'ok');
  } catch (error) {
    const { name: kind, message, code } = error as DOMException;
    console.log(name, error instanceof DOMException, error instanceof Error, kind, code, message);
  }
};

// As JavaScript would call it.
const values: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 4],
  ['a string', 'bytes'],
  ['an array', [1, 2, 3]],
  ['an object', { length: 4 }],
  ['floats', new Float64Array(2)],
  ['short floats', new Float32Array(2)],
  ['a view', new DataView(new ArrayBuffer(8))],
  ['a buffer', new ArrayBuffer(8)],
];
for (const [name, value] of values) show(name, () => crypto.getRandomValues(value as Uint8Array));
show('65,537 bytes', () => crypto.getRandomValues(new Uint8Array(65_537)));
show('32,769 words', () => crypto.getRandomValues(new Uint16Array(32_769)));
show('16,385 longs', () => crypto.getRandomValues(new Int32Array(16_385)));

const none = new Uint8Array(0);
console.log(crypto.getRandomValues(none) === none, typeof crypto);

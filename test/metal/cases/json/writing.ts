// JSON.stringify: escapes, toJSON, replacers, indentation, what has no JSON.
console.log(
  JSON.stringify({ a: 1, b: 'x', c: [1, null, undefined, () => 1], d: undefined, e: () => 1, f: NaN, g: -0, h: true }),
);
console.log(
  JSON.stringify('a"b\\c\n\t\u0001\u007fé€😀\ud800'),
  JSON.stringify({ 'a b': 1, '': 2, '"': 3 }),
  JSON.stringify([]),
  JSON.stringify({}),
);
console.log(
  JSON.stringify({ a: [1, { b: 2 }, []], c: {} }, null, 2),
  JSON.stringify([1, [2]], null, '--'),
  JSON.stringify({ a: 1 }, null, 99),
  JSON.stringify({ a: 1 }, null, 0),
);
console.log(
  JSON.stringify({ a: 1, b: 2, c: { a: 3, d: 4 } }, ['a', 'c']),
  JSON.stringify({ a: 1, b: 'x' }, (key, value) => (key === 'a' ? undefined : value)),
  JSON.stringify([1, 2], (_key, value) => (typeof value === 'number' ? value * 2 : value)),
);
class Temperature {
  constructor(readonly celsius: number) {}
  toJSON(key: string): string {
    return `${key}:${this.celsius}°`;
  }
}
console.log(
  JSON.stringify({ t: new Temperature(21) }),
  JSON.stringify([new Temperature(1)]),
  JSON.stringify(new Date(0)),
  JSON.stringify({ at: new Date(NaN) }),
);
console.log(
  JSON.stringify(new Map([[1, 2]])),
  JSON.stringify(new Set([1])),
  JSON.stringify(undefined),
  JSON.stringify(null),
  JSON.stringify(Symbol('x')),
  JSON.stringify(new Uint8Array([1, 2])),
);
const cycle: { self?: unknown } = {};
cycle.self = cycle;
try {
  JSON.stringify(cycle);
} catch (error) {
  console.log(error instanceof TypeError);
}

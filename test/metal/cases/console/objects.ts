// Objects show as Node's util.inspect shows them.
class Point {
  constructor(
    public x: number,
    public y: number,
  ) {}
}
class Empty {}
class Special extends Point {
  label = 'p';
}
console.log({}, [], { a: 1, 'b-c': 'x', 1: true, "it's": null }, [1, 'a', [2, [3, [4, [5]]]]], {
  a: { b: { c: { d: 1 } } },
});
console.log(
  new Point(1, 2),
  new Empty(),
  new Special(3, 4),
  [new Point(5, 6)],
  { p: new Empty() },
  { deep: { deeper: { point: new Point(1, 2) } } },
);
console.log(
  new Map<unknown, unknown>([
    [1, { a: 1 }],
    ['k', [1, 2]],
  ]),
  new Set(['a', 1, { b: 2 }]),
  new Map(),
  new Set(),
  { m: new Map([[1, new Set([2])]]) },
);
console.log([
  "it's",
  'say "hi"',
  'both \' and "',
  'tick \' " `',
  'back\\slash',
  'new\nline',
  '\u0000\u001b\u007f',
  '€',
]);
console.log([undefined, null, NaN, -0, 1e21, true, Symbol('s')], { u: undefined, n: null });
console.log(/a\/b/gi, [/x/], new Date(0), { at: new Date(86400000) }, [new Date(NaN)]);
console.log({ f: () => 1, g() {}, h: function named() {} }, [(x: number) => x], {
  get a() {
    return 1;
  },
  set a(_v) {},
  get b() {
    return 2;
  },
  set c(_v: number) {},
});
console.log(
  new Uint8Array(3),
  new Float64Array([1.5, -0]),
  { bytes: new Uint8Array([1]) },
  new ArrayBuffer(4),
  new DataView(new ArrayBuffer(2)),
  new WeakMap(),
  new WeakSet(),
);
console.log(Object.create(null), Object.create({ a: 1 }), Object.assign(Object.create(null), { x: 1 }));
const cycle: Record<string, unknown> = { name: 'c' };
cycle['self'] = cycle;
cycle['list'] = [cycle, { back: cycle }];
console.log(cycle);
const extra = Object.assign([1, 2], { note: 'x' });
console.log(extra, [[]], [{}], [[[]]], [[[{}]]], [[[[1]]]], { a: [], b: {} });
console.log(
  [
    ['a', 1],
    ['b', 2],
  ],
  [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ],
);
console.log('text', { a: 1 }, ['x'], 5, 'more');

// Short circuits evaluate what they must, once.
let calls = 0;
const next = (v: number | undefined): number | undefined => {
  calls++;
  return v;
};
const oo: { a?: { b?: () => number }; list?: number[] } = { a: { b: () => 7 } };
console.log(next(undefined) ?? 5, next(0) ?? 5, oo.a?.b?.(), oo.list?.[0], oo.list?.length ?? -1, calls);
const x: { n?: number | undefined; s: string } = { s: '' };
x.n ??= 4;
x.n ||= 9;
x.s ||= 'filled';
x.n &&= x.n + 1;
console.log(x.n, x.s);
const del: Record<string, number> = { k: 1 };
console.log(delete del['k'], 'k' in del);

export {};

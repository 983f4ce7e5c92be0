// Getters, setters, descriptors, freezing, copying and taking apart.
const account = {
  cents: 100,
  get euros(): number {
    return this.cents / 100;
  },
  set euros(value: number) {
    this.cents = value * 100;
  },
};
account.euros = 5;
account.euros += 1;
console.log(account.cents, account.euros, account, Object.keys(account), JSON.stringify(account));
console.log(Object.getOwnPropertyDescriptor({ a: 1 }, 'a'), Object.getOwnPropertyDescriptor({ a: 1 }, 'b'));
const fixed: { a: number; b: { c: number }; z?: number } = Object.freeze({ a: 1, b: { c: 1 } });
fixed.b.c = 2;
for (const change of [
  () => (fixed as { a: number }).a++,
  () => (fixed.z = 1),
  () => delete fixed.z,
  () => delete (fixed as { a?: number }).a,
]) {
  try {
    console.log(change());
  } catch (error) {
    console.log(error instanceof TypeError);
  }
}
console.log(fixed, Object.isFrozen(fixed), Object.isFrozen({ a: 1 }), Object.isSealed(Object.seal({ a: 1 })));
const hidden = {};
Object.defineProperty(hidden, 'x', { value: 7, enumerable: false });
console.log(hidden, (hidden as { x: number }).x, Object.keys(hidden));
const { a, b: { c = 3, d = 4 } = { c: 0 }, ...others } = { a: 1, b: { c: 5, d: undefined }, e: 6, f: 7 };
const key = 'x';
const { [`${key}1`]: computed = 'none', length } = { x1: 'yes', length: 3 } as Record<string, unknown>;
console.log(a, c, d, others, computed, length, { ...account, cents: 1 }, { ...(null as object | null), ...[7] });
const make = (first: number, second = first * 2, ...more: number[]): number[] => [first, second, ...more];
console.log(make(1), make(1, undefined, 5), make(...([1, 2, 3] as const)), (({ p = 1, q } = { q: 2 }) => [p, q])());
const symbol = Symbol('s');
console.log(
  { [symbol]: 1, plain: 2 },
  symbol.toString(),
  symbol.description,
  Symbol.for('k') === Symbol.for('k'),
  Object.is(NaN, NaN),
  Object.is(0, -0),
);
console.log(
  Object.getPrototypeOf(Object.create(null)),
  Object.create(null),
  Object.setPrototypeOf({ own: 1 }, { inherited: 2 }).inherited,
);

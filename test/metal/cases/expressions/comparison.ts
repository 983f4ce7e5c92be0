// Equality and relational operators.
import { test } from '../../test.ts';

const untyped = (value: unknown): any => value;
const VALUES: unknown[] = [0, -0, 1, NaN, '', '0', 'a', true, false, null, undefined];

class Base1 {
  inherited = 1;
  method(): string {
    return 'method';
  }
  get accessor(): number {
    return 1;
  }
}
class Derived1 extends Base1 {
  own = 2;
}
enum Phase {
  start,
  middle,
  end,
}

test('strict equality: of all kinds of values', () => {
  for (const a of VALUES)
    console.log(a, VALUES.map((b) => (a === b ? 1 : 0)).join(''), VALUES.map((b) => (a !== b ? 1 : 0)).join(''));
});
test('strict equality: of objects is identity', () => {
  const a = { x: 1 };
  const b = { x: 1 };
  const c = a;
  const f = (): number => 1;
  const list = [1];
  console.log(a === b, a === c, f === f, list === [1].concat(), list === list, untyped([]) === untyped([]));
});
test('strict equality: of strings compares their characters', () => {
  const built = ['a', 'b'].join('');
  console.log(
    'ab' === built,
    'é' === ['e', '\u0301'].join(''),
    '\ud83d\ude00' === '😀',
    '' === built.slice(2),
    'ab' !== built,
  );
});
test('strict equality: NaN is not equal to itself, zeros are equal', () => {
  const not = NaN;
  const zero = 0;
  console.log(not === not, not !== not, zero === -0, Object.is(zero, -0), [not].includes(not), [not].indexOf(not));
});
test('loose equality: with null catches undefined', () => {
  for (const value of VALUES) console.log(value, value == null, value != null);
});
test('loose equality: with undefined catches null', () => {
  const values: (string | null | undefined)[] = ['', null, undefined];
  console.log(values.map((value) => value == undefined));
});
test('less than: of numbers at the edges', () => {
  const numbers = [-Infinity, -1, -0, 0, 5e-324, 1, Infinity, NaN];
  for (const a of numbers)
    console.log(a, numbers.map((b) => [a < b, a <= b, a > b, a >= b].map(Number).join('')).join(' '));
});
test('less than: of strings goes by code units', () => {
  const texts = ['', 'a', 'A', 'aa', 'b', '10', '9', 'é', '\ud83d\ude00', '\uffff', 'a\0'];
  for (const a of texts)
    console.log(JSON.stringify(a), texts.map((b) => [a < b, a <= b, a > b, a >= b].map(Number).join('')).join(' '));
});
test('less than: is evaluated from left to right', () => {
  const log: string[] = [];
  const of = (n: number): number => {
    log.push(String(n));
    return n;
  };
  console.log(of(1) < of(2), of(3) >= of(4), log.join());
});
test('less than: of enum members', () => {
  const now: Phase = untyped(Phase.middle);
  console.log(now < Phase.end, now > Phase.start, now === Phase.middle, Phase.start <= 0);
});
test('logical not: of all kinds of values', () => {
  console.log(VALUES.map((value) => (!value ? 1 : 0)).join(''), VALUES.map((value) => (!!value ? 1 : 0)).join(''));
  const objects: unknown[] = [[], {}, '0', () => 0, Symbol('x'), /x/, ' ', -1];
  console.log(objects.map((value) => !value).join());
});
test('in: own and inherited members, indices', () => {
  const o: object = {
    a: 1,
    b: undefined,
    get c() {
      return 1;
    },
  };
  const list: object = ['x', 'y'];
  console.log('a' in o, 'b' in o, 'c' in o, 'd' in o, 0 in list, 2 in list, 'length' in list);
});
test('in: after delete and after assignment', () => {
  const o: { a?: number; b?: number } = { a: 1 };
  delete o.a;
  o.b = 2;
  console.log('a' in o, 'b' in o);
});
test('in: members of a class and of its base', () => {
  const derived: object = new Derived1();
  console.log(
    'own' in derived,
    'inherited' in derived,
    'method' in derived,
    'accessor' in derived,
    'nothing' in derived,
  );
});
test('in: a symbol as key', () => {
  const key = Symbol('key');
  const o: object = { [key]: 1 };
  console.log(key in o, Symbol('key') in o);
});
test('in: narrows a union', () => {
  const area = (shape: { side: number } | { radius: number }): number =>
    'side' in shape ? shape.side ** 2 : 3 * shape.radius ** 2;
  console.log(area({ side: 3 }), area({ radius: 2 }));
});
test('in: a right side that is no object throws', () => {
  try {
    console.log('a' in untyped('abc'));
  } catch (error) {
    console.log((error as Error).name);
  }
});
test('instanceof: a class and its bases', () => {
  const b = new Base1();
  const d = new Derived1();
  console.log(b instanceof Base1, b instanceof Derived1, d instanceof Base1, d instanceof Derived1);
});
test('instanceof: of primitives is false', () => {
  console.log(VALUES.map((value) => (value instanceof Base1 ? 1 : 0)).join(''), untyped(5) instanceof Derived1);
});
test('instanceof: built-in classes', () => {
  console.log(
    untyped([]) instanceof Array,
    new Map() instanceof Map,
    new Set() instanceof Map,
    /x/ instanceof RegExp,
    new Date(0) instanceof Date,
  );
  console.log(
    new Uint8Array(1) instanceof Uint8Array,
    untyped(new Uint8Array(1)) instanceof Int8Array,
    Promise.resolve() instanceof Promise,
  );
});
test('instanceof: errors and their children', () => {
  const errors: unknown[] = [
    new Error('a'),
    new TypeError('b'),
    new RangeError('c'),
    new SyntaxError('d'),
    { message: 'e' },
  ];
  for (const error of errors)
    console.log(error instanceof Error, error instanceof TypeError, error instanceof RangeError);
});
test('instanceof: a right side that is no class throws', () => {
  try {
    console.log({} instanceof untyped(5));
  } catch (error) {
    console.log((error as Error).name);
  }
});
test('instanceof: an object made of a prototype', () => {
  const made = Object.create(untyped(new Base1())) as object;
  console.log(made instanceof Base1, Object.create(null) instanceof Base1);
});
test('typeof: of all kinds of values', () => {
  const values: unknown[] = [
    ...VALUES,
    {},
    [],
    () => 0,
    Base1,
    Symbol('s'),
    new Map(),
    /x/,
    new Date(0),
    new Error('e'),
  ];
  console.log(values.map((value) => typeof value).join());
});
test('typeof: binds tighter than arithmetic and comparison', () => {
  const n = 5;
  console.log(
    typeof n + 1,
    typeof (n + 1),
    typeof n === 'number',
    typeof typeof n,
    typeof -n,
    typeof !n,
    typeof void 0,
  );
});
test('typeof: narrows', () => {
  const show = (value: number | string | boolean | (() => number) | undefined): string => {
    if (typeof value === 'number') return value.toFixed(1);
    if (typeof value === 'string') return value.toUpperCase();
    if (typeof value === 'function') return String(value());
    if (typeof value === 'undefined') return 'nothing';
    return value ? 'yes' : 'no';
  };
  console.log(
    show(1),
    show('a'),
    show(true),
    show(() => 5),
    show(undefined),
  );
});
test('void: evaluates and gives undefined', () => {
  let calls = 0;
  const call = (): number => ++calls;
  console.log(void call(), void 0 === undefined, calls);
});
test('delete: removes a member and tells true', () => {
  const o: Record<string, number> = { a: 1, b: 2, c: 3 };
  console.log(delete o['b'], delete o['z'], o, Object.keys(o));
});
test('delete: by a computed key, and again', () => {
  const o: Record<string, number> = { x1: 1, x2: 2 };
  for (const n of [1, 2, 2]) console.log(delete o[`x${n}`], JSON.stringify(o));
  o['x1'] = 5;
  console.log(o);
});
test('delete: a method of the class shows again', () => {
  const d: { method?: () => string } = new Derived1();
  const call = (): string | undefined => d.method?.();
  d.method = () => 'own';
  console.log(call());
  delete d.method;
  console.log(call());
});
test('delete: from a frozen object throws', () => {
  const o: { a?: number } = Object.freeze({ a: 1 });
  try {
    console.log(delete o.a);
  } catch (error) {
    console.log((error as Error).name);
  }
  console.log(o);
});
test('delete: order of keys after adding again', () => {
  const o: Record<string, number> = { a: 1, b: 2, c: 3 };
  delete o['a'];
  o['a'] = 4;
  console.log(Object.entries(o).join(' '));
});

// Functions of all kinds: parameters, this, names, lengths, recursion, currying.
import { test } from '../../test.ts';

const out: unknown[] = [];
const said = (): string => out.splice(0).join(' ');
const say = <T>(value: T): T => {
  out.push(value);
  return value;
};
const untyped = (value: unknown): any => value;

test('function declaration: returns, with and without a value', () => {
  function none(): void {}
  function empty(): undefined {
    return;
  }
  function one(): number {
    return 1;
  }
  console.log(none(), empty(), one());
});
test('function expression: named, known inside only', () => {
  const factorial = function inner(n: number): number {
    return n <= 1 ? 1 : n * inner(n - 1);
  };
  console.log(factorial(10), factorial.name);
});
test('arrow function: bodies of all kinds', () => {
  const one = () => 1;
  const object = () => ({ a: 1 });
  const block = () => {
    const x = 5;
    return x;
  };
  const nothing = () => {};
  const nested = (a: number) => (b: number) => (c: number) => a + b + c;
  const list = () => [1, 2];
  console.log(one(), object(), block(), nothing(), nested(1)(2)(3), list());
});
test('arrow function: takes this from outside', () => {
  const o = {
    n: 5,
    list: [1, 2],
    sum(): number {
      return this.list.map((x) => x * this.n).reduce((a, b) => a + b);
    },
    later(): () => () => number {
      return () => () => this.n;
    },
  };
  console.log(o.sum(), o.later()()());
});
test('function expression: this is the object that it is called on', () => {
  const f = function (this: { n: number }, k: number): number {
    return this.n + k;
  };
  const a = { n: 1, f };
  const b = { n: 2, f };
  console.log(a.f(10), b.f(10), a['f'](5), f.call({ n: 3 }, 1), f.apply({ n: 4 }, [1]), f.bind({ n: 5 })(1));
});
test('function expression: this is undefined in a plain call', () => {
  const f = function (this: unknown): string {
    return typeof this;
  };
  const o = { f };
  const g = o.f;
  console.log(f(), g(), (0, o.f)(), o.f());
});
test('this: at the top of an arrow is undefined in a module', () => {
  const f = (): string => typeof untyped(undefined);
  console.log(f());
});
test('default parameter: for missing and undefined arguments only', () => {
  const f = (a = 1, b = 'x', c: number | null = 3): string => `${a} ${b} ${c}`;
  console.log(f(), f(undefined, undefined, undefined), f(0, '', null), f(5), f(undefined, 'y'));
});
test('default parameter: evaluated at each call, when needed', () => {
  const f = (a: number = say(1), b: number = say(a + 1)): number => a + b;
  console.log(f(), f(5), f(5, 6), said());
  const g = (list: number[] = []): number => list.push(1);
  console.log(g(), g(), g([1, 2]));
});
test('default parameter: uses parameters before it and the outer scope', () => {
  const x = 10;
  const f = (a: number, b = a * x, c = (() => a + b)()): number => c;
  console.log(f(1), f(1, 2), f(1, 2, 3));
});
test('default parameter: in front of a required one', () => {
  const f = (a = 1, b: number): number => a * b;
  console.log(f(undefined, 5), f(2, 5), f.length);
});
test('default parameter: may be any expression', () => {
  const f = (a = [1, 2].map((n) => n * 2), b = { n: a.length }, c = a[0]! > 1 ? 'yes' : 'no', d = `${c}!`): string =>
    JSON.stringify([a, b, c, d]);
  console.log(f(), f([1]));
});
test('rest parameter: all that is left', () => {
  const f = (first: number, ...rest: number[]): string => `${first} [${rest}] ${rest.length}`;
  const all = (...values: unknown[]): unknown[] => values;
  console.log(f(1), f(1, 2), f(1, 2, 3), all(), all(undefined), all([]), all(null, [1]));
});
test('rest parameter: is a new array at each call', () => {
  const keep = (...values: number[]): number[] => values;
  const a = keep(1);
  a.push(2);
  console.log(a, keep(1), keep() === keep());
});
test('rest parameter: a pattern', () => {
  const f = (...[a, b = 5, ...c]: number[]): string => `${a} ${b} ${c}`;
  console.log(f(1), f(1, 2, 3, 4));
});
test('parameter: undefined when missing', () => {
  const f = (a: number, b?: number, c?: string): string => `${a} ${b} ${c}`;
  console.log(f(1), f(1, 2), f(1, undefined, 'x'));
});
test('parameter: may be assigned to', () => {
  const f = (n: number, list: number[]): string => {
    n += 1;
    list = [...list, n];
    return `${n} ${list}`;
  };
  const list = [1];
  console.log(f(1, list), list);
});
test('parameter: captured and changed by closures', () => {
  const counter = (n: number): { up: () => number; down: () => number } => ({ up: () => ++n, down: () => --n });
  const a = counter(5);
  const b = counter(0);
  console.log(a.up(), a.up(), b.down(), a.down(), b.up());
});
test('parameter: too many and too few by an untyped call', () => {
  const f = (a: unknown, b: unknown): string => `${String(a)} ${String(b)}`;
  const g = untyped(f);
  console.log(g(), g(1), g(1, 2, 3));
});
test('length of a function: counts parameters before the first default or rest', () => {
  const all = [
    () => 0,
    (_: number) => 0,
    (_: number, b = 1) => b,
    (..._: number[]) => 0,
    (_: number, __: number, ...c: number[]) => c,
    function (_: number, __?: number) {},
  ];
  console.log(all.map((f) => f.length).join());
});
test('name of a function: of functions by their declaration', () => {
  const arrow = () => 0;
  const expression = function () {};
  const named = function other() {};
  function declared() {}
  const o = { method() {}, member: () => 0 };
  console.log(
    arrow.name,
    expression.name,
    named.name,
    declared.name,
    o.method.name,
    o.member.name,
    (() => 0).name === '',
  );
});
test('name of a function: of a bound function', () => {
  function twice(n: number): number {
    return n * 2;
  }
  console.log(twice.bind(null).name, twice.bind(null)(4));
});
test('Function.prototype.bind: keeps arguments', () => {
  const add = (a: number, b: number, c: number): number => a * 100 + b * 10 + c;
  console.log(
    add.bind(null, 1)(2, 3),
    add.bind(null, 1, 2)(3),
    add.bind(null, 1, 2, 3)(),
    add.bind(null, 4).bind(null, 5)(6),
  );
});
test('Function.prototype.bind: keeps this over call', () => {
  const o = {
    n: 1,
    get(): number {
      return this.n;
    },
  };
  const get = o.get.bind(o);
  const other = { n: 9, get };
  console.log(get(), other.get(), get.call({ n: 5 }));
});
test('Function.prototype.call: pass this and arguments', () => {
  function f(this: { n: number }, a: number, b = 2): string {
    return `${this.n} ${a} ${b}`;
  }
  console.log(f.call({ n: 1 }, 5), f.call({ n: 1 }, 5, 6), f.apply({ n: 2 }, [7]), f.apply({ n: 2 }, [7, 8]));
});
test('call: of functions in arrays, maps and objects', () => {
  const list = [(n: number) => n + 1, (n: number) => n * 2];
  const map = new Map([['neg', (n: number) => -n]]);
  const o: Record<string, (n: number) => number> = { half: (n) => n / 2 };
  console.log(
    list[0]!(5),
    list[1]!(5),
    map.get('neg')!(5),
    o['half']!(5),
    list.reduce((x, f) => f(x), 1),
  );
});
test('call: at once', () => {
  console.log(
    (() => 1)(),
    (function () {
      return 2;
    })(),
    ((n: number) => n * 3)(1),
    (
      () => () =>
        4
    )()(),
  );
});
test('recursion: deep enough for lists of hundreds', () => {
  const sum = (n: number): number => (n === 0 ? 0 : n + sum(n - 1));
  console.log(sum(500));
});
test('recursion: Ackermann and Fibonacci', () => {
  const ackermann = (m: number, n: number): number =>
    m === 0 ? n + 1 : n === 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
  const fibonacci = (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));
  console.log(ackermann(2, 3), fibonacci(20));
});
test('closure: two functions over one variable', () => {
  const make = (): [() => number, (n: number) => void] => {
    let value = 0;
    return [
      () => value,
      (n) => {
        value = n;
      },
    ];
  };
  const [get, set] = make();
  const [other] = make();
  set(5);
  console.log(get(), other());
});
test('closure: over variables of several levels', () => {
  const a = 1;
  const f = (b: number) => {
    let c = a + b;
    return (d: number) => {
      c += d;
      return () => a + b + c + d;
    };
  };
  const g = f(2);
  console.log(g(3)(), g(3)(), f(5)(1)());
});
test('closure: a variable assigned after it was made', () => {
  let f: () => number;
  let n = 1;
  f = () => n;
  n = 5;
  console.log(f());
  const later = (): string => text;
  const text = 'late';
  console.log(later());
});
test('closure: memoised, once, compose, curry', () => {
  const memo = <A, R>(f: (a: A) => R): ((a: A) => R) => {
    const known = new Map<A, R>();
    return (a) => {
      if (!known.has(a)) known.set(a, f(a));
      return known.get(a)!;
    };
  };
  const square = memo((n: number) => say(n) * n);
  console.log(square(4), square(4), square(5), said());
  const compose =
    <T>(...fs: ((x: T) => T)[]) =>
    (x: T): T =>
      fs.reduceRight((y, f) => f(y), x);
  console.log(
    compose<number>(
      (x) => x + 1,
      (x) => x * 2,
    )(5),
  );
});
test('call: argument expressions with side effects', () => {
  let n = 0;
  const f = (...values: number[]): string => values.join();
  console.log(f(n++, n++, ++n, (n = 10), n), n);
});
test('call: passes objects by reference, numbers by value', () => {
  const change = (o: { n: number }, n: number): void => {
    o.n = 5;
    n = 5;
  };
  const o = { n: 1 };
  let n = 1;
  change(o, n);
  console.log(o, n);
});
test('function expression: members of its own', () => {
  const f = Object.assign((n: number) => n + f.offset, { offset: 10, calls: 0 });
  f.calls++;
  console.log(f(5), f.calls, Object.keys(f));
});
test('function declaration: may be assigned members', () => {
  function counter(): number {
    return ++counter.count;
  }
  counter.count = 0;
  counter();
  console.log(counter(), counter.count);
});
test('function expression: as a key of Map and Set', () => {
  const [f, g] = [() => 1, () => 2];
  const names = new Map([
    [f, 'f'],
    [g, 'g'],
  ]);
  console.log(names.get(f), names.get(g), new Set([f, f, g]).size);
});
test('arrow function: sort, map with index, and early ends', () => {
  console.log(
    [3, 1, 2].sort((a, b) => b - a),
    ['a', 'b'].map((x, i, all) => `${x}${i}${all.length}`),
    [1, 2, 3].some((x) => say(x) === 2),
    said(),
  );
});
test('generic function: identity, pair and constraint', () => {
  const identity = <T>(value: T): T => value;
  function pair<A, B = A>(a: A, b: B): [A, B] {
    return [a, b];
  }
  const longest = <T extends { length: number }>(a: T, b: T): T => (a.length >= b.length ? a : b);
  console.log(
    identity(5),
    identity<string>('x'),
    pair(1, 'a'),
    pair<number>(1, 2),
    longest('ab', 'c'),
    longest([1], [2, 3]),
  );
});
test('overload: one implementation', () => {
  function size(value: string): number;
  function size(value: unknown[]): string;
  function size(value: string | unknown[]): number | string {
    return typeof value === 'string' ? value.length : `${value.length} elements`;
  }
  console.log(size('abc'), size([1, 2]));
});
test('type predicate: narrows its argument', () => {
  const isText = (value: unknown): value is string => typeof value === 'string';
  const list: unknown[] = [1, 'a', null, 'b'];
  console.log(list.filter(isText).map((text) => text.toUpperCase()));
});
test('assertion function: throws or narrows', () => {
  function assertText(value: unknown): asserts value is string {
    if (typeof value !== 'string') throw new TypeError('no text');
  }
  const f = (value: unknown): number => {
    assertText(value);
    return value.length;
  };
  try {
    console.log(f('abc'));
    f(5);
  } catch (error) {
    console.log(String(error));
  }
});
test('new.target: in a function called both ways', () => {
  function Maker(this: unknown): void {
    say(new.target === undefined ? 'called' : 'made');
  }
  Maker();
  new (Maker as unknown as new () => object)();
  console.log(said());
});
test('getter: in an object that closes over a parameter', () => {
  const make = (n: number) => ({
    get value(): number {
      return n;
    },
    set value(v: number) {
      n = v;
    },
    raise: () => ++n,
  });
  const a = make(1);
  a.value = 10;
  console.log(a.raise(), a.value, make(3).value);
});
test('function expression: strict mode, writing to a read-only member throws', () => {
  const o: { readonly n: number } = Object.freeze({ n: 1 });
  try {
    (o as { n: number }).n = 2;
    console.log('written');
  } catch (error) {
    console.log((error as Error).name, o.n);
  }
});
test('function expression: a result used in all positions', () => {
  const f = (): { list: number[]; g: () => string } => ({ list: [1, 2], g: () => 'g' });
  console.log(f().list[1], f().g(), f()['list'].length, [...f().list], `${f().g()}`, -f().list[0]!, !f(), typeof f().g);
});
test('arrow function: in conditional and logical expressions', () => {
  const pick = (up: boolean): ((n: number) => number) => (up ? (n) => n + 1 : (n) => n - 1);
  const f = untyped(null) ?? (() => 'default');
  console.log(pick(true)(5), pick(false)(5), f());
});
test('parameter: many of them', () => {
  const f = (
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    g: number,
    h: number,
    i: number,
    j: number,
    k: number,
    l: number,
    m: number,
  ): number => a + b * 2 + c * 3 + d * 4 + e * 5 + g * 6 + h * 7 + i * 8 + j * 9 + k * 10 + l * 11 + m * 12;
  const list: any = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  console.log(f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), (f as (...n: number[]) => number)(...list));
});

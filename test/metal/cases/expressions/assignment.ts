// Assignments to all kinds of targets, by all operators.
import { test } from '../../test.ts';

const log: unknown[] = [];
const said = (): string => log.splice(0).join(' ');
const say = <T>(value: T): T => {
  log.push(value);
  return value;
};
const traced = {
  kept: 8,
  get n(): number {
    log.push('get');
    return this.kept;
  },
  set n(value: number) {
    log.push(`set ${value}`);
    this.kept = value;
  },
};

test('assignment: gives the assigned value, from the right', () => {
  let a: number;
  let b: number;
  let c: number;
  a = b = c = 5;
  console.log(a, b, c, (a = 7), a);
});
test('assignment: evaluates target, key, then value', () => {
  const o: Record<string, number> = {};
  const get = (): typeof o => {
    log.push('object');
    return o;
  };
  get()[say('key')] = say(5);
  console.log(o, said());
});
test('assignment: to a setter gives the right side', () => {
  const o = {
    set x(_: number) {},
  };
  console.log((o.x = 5), (traced.n = 3), said());
});
test('assignment: into members of what is undefined throws', () => {
  const o: { a?: { b: number } } = {};
  try {
    o.a!.b = say(1);
  } catch (error) {
    console.log((error as Error).name);
  }
  said();
});
test('assignment: to a const throws before anything is printed', () => {
  const list: readonly number[] = [1];
  (list as number[])[0] = 2;
  console.log(list);
});
test('addition assignment: numbers and texts', () => {
  let n = 1;
  n += 2;
  n += -0.5;
  let s = 'a';
  s += 1;
  s += true;
  s += null;
  s += undefined;
  s += [1, 2];
  s += { x: 1 };
  s += -0;
  console.log(n, s, (s += '!'), (n += 1));
});
test('addition assignment: a text built in a loop', () => {
  let s = '';
  for (let i = 0; i < 300; i++) s += i % 10;
  console.log(s.length, s.slice(-12));
});
test('addition assignment: of members, elements and accessors', () => {
  const o = { n: 1, s: 'x', list: [1, 2], deep: { t: 'd' } };
  o.n += 5;
  o.s += o.n;
  o.list[1]! += 10;
  o['deep'].t += 'e' + 1;
  traced.n += 2;
  console.log(o, traced.kept, said());
});
test('addition assignment: evaluates object and key once', () => {
  const list = [1, 2, 3];
  let i = 0;
  list[i++]! += 10;
  list[i++]! *= 10;
  list[say(i)]! -= say(1);
  console.log(list, i, said());
});
test('addition assignment: reads the target before the right side', () => {
  let n = 1;
  const change = (): number => {
    n = 100;
    return 10;
  };
  n += change();
  console.log(n);
  const o = { s: 'a' };
  const grow = (): string => {
    o.s = 'changed';
    return 'b';
  };
  o.s += grow();
  console.log(o.s);
});
test('subtraction assignment: of all targets', () => {
  let n = 5;
  n -= 2;
  const o = { n: 1 };
  o.n -= n;
  traced.kept = 8;
  traced.n -= 3;
  console.log(n, o.n, traced.kept, (n -= 0.5), said());
});
test('multiplication assignment: of all targets', () => {
  let n = 5;
  n *= -2;
  const list = [2, 3];
  list[0]! *= list[1]!;
  console.log(n, list, (n *= 0), 1 / n);
});
test('division assignment: of all targets', () => {
  let n = 5;
  n /= 2;
  const o = { n: 1 };
  o.n /= 0;
  console.log(n, o.n, (n /= NaN));
});
test('remainder assignment: of all targets', () => {
  let n = -7;
  n %= 4;
  const list = [10, 5.5];
  list[0]! %= 3;
  list[1]! %= 2;
  console.log(n, list, (n %= 0));
});
test('exponentiation assignment: of variables and members', () => {
  let n = 3;
  n **= 2;
  const o = { n: 2 };
  o.n **= 10;
  console.log(n, o.n, (n **= 0.5), (n **= -1));
});
test('signed right shift assignment: of all targets', () => {
  let n = -9;
  n >>= 1;
  const list = [1024];
  list[0]! >>= 33;
  console.log(n, list, (n >>= 31));
});
test('unsigned right shift assignment: of all targets', () => {
  let n = -9;
  n >>>= 1;
  const o = { n: -1 };
  o.n >>>= 0;
  console.log(n, o.n, (n >>>= 28));
});
test('bitwise and assignment: of all targets', () => {
  let n = 0xff;
  n &= 0x3c;
  const list = [-1];
  list[0]! &= 0x80000000;
  console.log(n, list, (n &= ~4));
});
test('bitwise xor assignment: of all targets', () => {
  let n = 0xff;
  n ^= 0x0f;
  const o = { n: -1 };
  o.n ^= 1;
  console.log(n, o.n, (n ^= n));
});
test('assignment: chained through members and elements', () => {
  const o: { a?: number; list: number[] } = { list: [] };
  let x: number;
  o.list[0] = o.a = x = 4;
  console.log(o, x);
});
test('assignment: in conditions and arguments', () => {
  let n = 0;
  const f = (...values: number[]): string => values.join();
  if ((n = 5) > 4) console.log(n, f((n += 1), (n *= 2), n), n);
});
test('assignment: to array elements in order of evaluation', () => {
  const list: number[] = [0, 0, 0];
  let i = 0;
  list[i] = i = 2;
  console.log(list, i);
});
test('order of evaluation: operands from left to right, whatever the operator', () => {
  const results = [
    say(1) + say(2) * say(3),
    say(4) - say(5) / say(6),
    say(7) ** say(2),
    say(8) & say(9),
    say(1) << say(2),
  ];
  console.log(results.join(), said());
});
test('order of evaluation: a later operand may change a variable read before', () => {
  let n = 1;
  const next = (): number => ++n;
  console.log(n + next() + n, n * next() - n, [n, next(), n], `${n}${next()}${n}`, { a: n, b: next(), c: n });
});
test('order of evaluation: methods and arguments', () => {
  interface Chain {
    step(name: string): Chain;
  }
  const chain: Chain = {
    step(name: string): Chain {
      log.push(name);
      return chain;
    },
  };
  chain.step(say('a')).step(say('b'));
  console.log(said());
});
test('order of evaluation: conditions, defaults and patterns', () => {
  const { a = say('a'), b = say(`b${a}`) } = say({} as { a?: string; b?: string });
  const [c = say('c'), d = say('d')] = [say(1), undefined] as [number, undefined];
  console.log(a, b, c, d, said());
});
test('order of evaluation: keys and values of objects, elements of lists', () => {
  const o = { [say('x')]: say(1), y: [say(2), { [say('z')]: say(3) }] };
  console.log(JSON.stringify(o), said());
});
test('greater than: evaluated from the left', () => {
  console.log(say(2) > say(1), say(1) > say(2), say('b') > say('a'), said());
});
test('greater than or equal: of numbers and texts', () => {
  const [a, b, n] = [1, 2, NaN];
  console.log(a >= b, b >= a, a >= a, n >= n, 'a' >= 'a', 'a' >= 'b', -0 >= 0);
});
test('less than or equal: of numbers and texts', () => {
  const [a, b, n] = [1, 2, NaN];
  console.log(a <= b, b <= a, a <= a, n <= n, 'a' <= 'a', 'b' <= 'a', 0 <= -0);
});
test('strict inequality: of all kinds', () => {
  const values: unknown[] = [0, '0', null, undefined, false, NaN];
  for (const a of values) console.log(values.map((b) => (a !== b ? 1 : 0)).join(''));
});
test('loose inequality: with null', () => {
  const values: unknown[] = [0, '', null, undefined, false];
  console.log(values.map((value) => value != null));
});
test('null and undefined: differ', () => {
  const values: unknown[] = [null, undefined];
  console.log(
    values.map((value) => typeof value),
    values[0] === values[1],
    `${values}`,
    values,
  );
});
test('identifier: with dollar, underscore, letters of all alphabets and escapes', () => {
  const $ = 1;
  const _ = 2;
  const $a_1 = 3;
  const größe = 4;
  const имя = 5;
  const 名前 = 6;
  const \u0061bc = 7;
  console.log($, _, $a_1, größe, имя, 名前, abc);
});
test('identifier: words that are reserved only in places', () => {
  const of = 1;
  const async = 2;
  const get = 3;
  const set = 4;
  const from = 5;
  const as = 6;
  const type = 7;
  const declare = 8;
  const abstract = 9;
  const target = 10;
  for (const x of [of]) console.log(x, async, get, set, from, as, type, declare, abstract, target);
});
test('identifier: names of the C below and of common globals', () => {
  const int = 1;
  const double = 2;
  const main = 3;
  const printf = 4;
  const NULL = 5;
  const register = 6;
  const struct = 7;
  const malloc = 8;
  const errno = 9;
  const auto = 10;
  console.log(int, double, main, printf, NULL, register, struct, malloc, errno, auto);
});
test('comment: of all kinds, in all places', () => {
  // one
  /* two */ const a /* three */ = /* four */ 1; // five
  /**
   * six
   */
  const b =
    2 /* seven
     */ + a;
  console.log(a, /* eight */ b, '// no comment', `/* ${'none'} */`);
});
test('shorthand property: of variables, parameters and imports', () => {
  const make = (a: number, { b }: { b: string }): object => ({ a, b, log: say });
  console.log(Object.keys(make(1, { b: 'x' })), make(2, { b: 'y' }));
});
test('computed property name: of all kinds of expressions', () => {
  const key = Symbol('s');
  let n = 1;
  const o = {
    [1 + 1]: 'two',
    ['a' + 'b']: 'ab',
    [`t${n}`]: 't',
    [n++]: 'n',
    [n > 1 ? 'yes' : 'no']: n,
    [key]: 'symbol',
    [null as never]: 'null',
    [true as never]: 'true',
  };
  console.log(o, o[key]);
});
test('method of an object: super of another object', () => {
  const base = {
    greet(): string {
      return 'base';
    },
  };
  const o = Object.create(base) as typeof base;
  console.log(o.greet(), Object.keys(o).length);
});
test('getter of an object: computed, and of numbers', () => {
  const key = 'dyn';
  const o = {
    get [key](): number {
      return say(1);
    },
    get 5(): string {
      return 'five';
    },
    get 'quoted name'(): string {
      return 'q';
    },
  };
  console.log(o.dyn, o[5], o['quoted name'], Object.keys(o), said());
});
test('setter of an object: takes a pattern and a default', () => {
  const o = {
    sum: 0,
    set pair([a, b = 10]: number[]) {
      this.sum = (a ?? 0) + b;
    },
  };
  o.pair = [1];
  const first = o.sum;
  o.pair = [1, 2];
  console.log(first, o.sum);
});
test('new with spread: of classes and built-ins', () => {
  const values: [number, string] = [1, 'b'];
  console.log(
    new Pair5(...values).both(),
    new Set([...'aab']).size,
    new Uint8Array([...[1, 2]]).length,
    new Pair5(...([2, 'c'] as const)).both(),
  );
});
test('this of a function: of plain calls, methods and callbacks', () => {
  function kind(this: unknown): string {
    return this === undefined ? 'undefined' : typeof this;
  }
  const o = { kind };
  console.log(kind(), o.kind(), kind.call('text'), kind.call(5), kind.call(null), [1].map(kind)[0]);
});
test('this of an arrow function: is the one around it, whatever it is called on', () => {
  const o = {
    n: 1,
    make(): () => number {
      return () => this.n;
    },
  };
  const f = o.make();
  console.log(f(), f.call({ n: 9 }), { n: 8, f }.f());
});
test('strict mode: writing to a getter, a frozen object or a primitive throws', () => {
  const getter = {
    get x(): number {
      return 1;
    },
  } as { x: number };
  const frozen: { x: number } = Object.freeze({ x: 1 });
  const sealed: { x: number; y?: number } = Object.preventExtensions({ x: 1 });
  for (const write of [() => (getter.x = 2), () => (frozen.x = 2), () => (sealed.y = 2), () => (sealed.x = 3)]) {
    try {
      console.log(write());
    } catch (error) {
      console.log((error as Error).name);
    }
  }
});
test('destructured parameter: with defaults and rest, nested', () => {
  const f = (
    { a, b: [c = 5, ...d] = [] }: { a: number; b?: (number | undefined)[] },
    [e, { g = 'g' } = {}]: [number, { g?: string }?],
  ): string => `${a} ${c} ${d} ${e} ${g}`;
  console.log(f({ a: 1 }, [2]), f({ a: 1, b: [undefined, 3, 4] }, [2, { g: 'x' }]));
});
test('return: without a value, from nested blocks and in the middle', () => {
  const f = (n: number): number | undefined => {
    for (;;) {
      if (n > 5) return n;
      {
        if (n < 0) return;
      }
      n += 2;
    }
  };
  console.log(f(1), f(-1), f(9));
});
test('continue: in nested loops goes on with the inner one', () => {
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 3; j++) {
      if (j === 1) continue;
      log.push(`${i}${j}`);
    }
  }
  console.log(said());
});

class Pair5 {
  constructor(
    readonly a: number,
    readonly b: string,
  ) {}
  both(): string {
    return `${this.a}${this.b}`;
  }
}

// Spread in arrays, calls and objects.
import { test } from '../../test.ts';

const untyped = (value: unknown): any => value;

class Range1 {
  readonly from: number;
  readonly to: number;
  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
  }
  *[Symbol.iterator](): Generator<number> {
    for (let i = this.from; i < this.to; i++) yield i;
  }
  toString(): string {
    return `${this.from}..${this.to}`;
  }
}

test('array spread: at the start, in the middle, at the end', () => {
  const list = [1, 2];
  console.log([...list, 3], [0, ...list, 3], [0, ...list], [...list, ...list], [...[], ...list]);
});
test('array spread: of strings, maps, sets and generators', () => {
  const count = function* (n: number): Generator<number> {
    for (let i = 0; i < n; i++) yield i;
  };
  console.log([...'a😀'], [...new Map([[1, 2]])], [...new Set([1, 1, 2])], [...count(3)], ['x', ...count(2), ...'yz']);
});
test('array spread: of iterators of built-ins', () => {
  const map = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  console.log([...map.keys()], [...map.values()], [...['x', 'y'].entries()], [...[1, 2].keys()]);
});
test('array spread: of a class with an iterator', () => {
  console.log([...new Range1(1, 4)], [0, ...new Range1(5, 5), 9]);
});
test('array spread: copies, not deep', () => {
  const inner = [1];
  const list = [inner, [2]];
  const copy = [...list];
  inner.push(5);
  copy.push([3]);
  console.log(list, copy, copy[0] === inner);
});
test('array spread: of typed arrays', () => {
  console.log([...new Uint8Array([1, 2, 300])], [...new Float64Array([0.5, -0])]);
});
test('array spread: of what is not iterable throws', () => {
  for (const value of [5, {}, null, undefined, true]) {
    try {
      console.log([...untyped(value)]);
    } catch (error) {
      console.log((error as Error).name);
    }
  }
});
test('array spread: is evaluated from left to right', () => {
  const log: string[] = [];
  const give = (name: string, ...values: number[]): number[] => {
    log.push(name);
    return values;
  };
  console.log([...give('a', 1, 2), ...give('b'), ...give('c', 3)], log.join());
});
test('call with spread: to rest, fixed and missing parameters', () => {
  const f = (a: number, b = 10, ...rest: number[]): string => `${a} ${b} [${rest}]`;
  const list: [number, number, ...number[]] = [1, 2, 3, 4];
  const one: [number] = [7];
  console.log(f(...list), f(...one), f(5, ...one), f(1, 2, ...list), f(...one, ...one, ...one));
});
test('call with spread: of iterables', () => {
  console.log(
    Math.max(...[3, 1, 2]),
    Math.max(...new Set([4, 9])),
    Math.min(...new Range1(2, 5)),
    Math.max(...[]),
    String.fromCharCode(...[72, 105]),
  );
});
test('call with spread: of methods keeps this', () => {
  const o = {
    base: 10,
    add(...values: number[]): number {
      return values.reduce((a, b) => a + b, this.base);
    },
  };
  const list = [1, 2, 3];
  console.log(o.add(...list), o['add'](...list, 4), o?.add(...list));
});
test('call with spread: in the middle', () => {
  const all = (...values: unknown[]): string => values.join();
  const list = [1, 2];
  console.log(all('a', ...list, 'b', ...list, 'c'), all(...list, ...'xy'));
});
test('call with spread: of new', () => {
  const parts: [number, number] = [2, 6];
  console.log(new Range1(...parts).toString(), [...new Range1(...parts)]);
});
test('call with spread: pushes into a list', () => {
  const list = [1];
  list.push(...[2, 3], 4, ...new Set([5]));
  list.splice(1, 1, ...[8, 9]);
  list.unshift(...('ab' as unknown as number[]));
  console.log(list);
});
test('call with spread: an optional call', () => {
  const f: ((...n: number[]) => number) | undefined = untyped((...n: number[]) => n.length);
  const none: ((...n: number[]) => number) | undefined = untyped(undefined);
  console.log(f?.(...[1, 2, 3]), none?.(...[1, 2, 3]));
});
test('call with spread: thousands of arguments', () => {
  const list = Array.from({ length: 5000 }, (_, i) => i);
  const count = (...values: number[]): number => values.length + values[values.length - 1]!;
  console.log(count(...list), Math.max(...list));
});
test('object spread: later members win, places stay', () => {
  const base: { a: number; b?: number } = { a: 1, b: 2 };
  console.log({ ...base, c: 3 }, { ...{ b: 9 }, ...base }, { ...base, a: 9 }, { ...base, ...{ b: 5, d: 6 } });
});
test('object spread: of null, undefined, numbers and strings', () => {
  const none: object | null = untyped(null);
  const missing: object | undefined = untyped(undefined);
  const flag = false as boolean;
  console.log(
    { ...none },
    { ...missing },
    { ...(flag && { a: 1 }) },
    { ...untyped(5) },
    { ...untyped('ab') },
    { ...[7, 8] },
  );
});
test('object spread: reads getters and copies values', () => {
  let reads = 0;
  const o = {
    get n(): number {
      return ++reads;
    },
  };
  const copy = { ...o };
  console.log(copy.n, copy.n, reads, o.n);
});
test('object spread: of an instance takes fields, not methods', () => {
  const copy = { ...new Range1(1, 2) };
  console.log(copy, 'toString' in copy, Object.keys(copy));
});
test('object spread: does not call setters', () => {
  const log: string[] = [];
  const o = {
    set n(value: number) {
      log.push(`set ${value}`);
    },
  };
  const copy = { ...o, n: 5 };
  console.log(copy.n, log.length);
});
test('object spread: copies symbols', () => {
  const key = Symbol('key');
  const copy = { ...{ [key]: 1, a: 2 } };
  console.log(copy[key], copy.a);
});
test('object spread: conditional members', () => {
  const make = (name?: string, age?: number): object => ({
    ...(name !== undefined && { name }),
    ...(age ? { age } : {}),
    end: true,
  });
  console.log(make(), make('x'), make('x', 5), make(undefined, 1));
});
test('object spread: nested and deep copies by hand', () => {
  const state = { user: { name: 'a', tags: ['x'] }, n: 1 };
  const next = { ...state, user: { ...state.user, name: 'b', tags: [...state.user.tags, 'y'] } };
  console.log(state, next);
});
test('object spread: order of evaluation', () => {
  const log: string[] = [];
  const say = <T>(name: string, value: T): T => {
    log.push(name);
    return value;
  };
  const o = { a: say('a', 1), ...say('spread', { b: 2 } as { b: number; a?: number }), [say('key', 'c')]: say('c', 3) };
  console.log(o, log.join());
});
test('object spread: with methods and accessors behind it', () => {
  const base = { n: 2 };
  const o = {
    ...base,
    get twice(): number {
      return this.n * 2;
    },
    add(k: number): number {
      return this.n + k;
    },
  };
  console.log(o.twice, o.add(3), o.n);
});
test('array spread: while the source grows in a later element', () => {
  const list = [1];
  const grow = (): number => {
    list.push(2);
    return 0;
  };
  console.log([...list, grow(), ...list]);
});

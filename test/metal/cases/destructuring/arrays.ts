// Array patterns in declarations, assignments, parameters and loops.
import { test } from '../../test.ts';

const untyped = (value: unknown): any => value;
const log: string[] = [];
const say = <T>(value: T): T => {
  log.push(String(value));
  return value;
};
const said = (): string => log.splice(0).join(' ');
const traced = (to: number): Iterable<number> => ({
  [Symbol.iterator]: (): Iterator<number> => {
    let i = 0;
    return {
      next: () => (say(i) < to ? { done: false, value: i++ } : { done: true, value: undefined }),
      return: () => {
        log.push('return');
        return { done: true, value: undefined };
      },
    };
  },
});

test('array pattern: takes elements by position', () => {
  const [a, b, c] = [1, 2, 3];
  console.log(a, b, c);
});
test('array pattern: a short array gives undefined', () => {
  const list: number[] = [1];
  const [a, b, c = 'default'] = list;
  console.log(a, b, c);
});
test('array pattern: skips elements', () => {
  const [, a, , b] = [1, 2, 3, 4];
  console.log(a, b);
});
test('array pattern: rest', () => {
  const [a, ...rest] = [1, 2, 3];
  const [...all] = [1, 2];
  const [x, y, ...none] = [1, 2];
  console.log(a, rest, all, x, y, none);
});
test('array pattern: rest is taken apart again', () => {
  const [a, ...[b, ...{ length }]] = [1, 2, 3, 4];
  console.log(a, b, length);
});
test('array pattern: defaults only for undefined', () => {
  const list: (number | null | undefined)[] = [undefined, null, 0];
  const [a = 1, b = 2, c = 3, d = 4] = list;
  console.log(a, b, c, d);
});
test('array pattern: defaults are evaluated only when needed, from left to right', () => {
  const list: (number | undefined)[] = [1, undefined];
  const [a = say(10), b = say(20), c = say(30)] = list;
  console.log(a, b, c, said());
});
test('array pattern: a default uses what stands before it', () => {
  const list: number[] = [1];
  const [a, b = (a ?? 0) + 1, c = (b ?? 0) + 1] = list;
  console.log(a, b, c);
});
test('array pattern: nested', () => {
  const [
    [a, [b]],
    {
      c,
      d: [e],
    },
  ] = [[1, [2]], { c: 3, d: [4] }] as [[number, [number]], { c: number; d: [number] }];
  console.log(a, b, c, e);
});
test('array pattern: nested with defaults', () => {
  const list: [number, number][] = [];
  const [[a, b] = [7, 8]] = list;
  console.log(a, b);
});
test('array pattern: of a string goes by code points', () => {
  const [a, b, ...c] = 'x😀yz';
  console.log(a, b, c);
});
test('array pattern: of a Map and a Set', () => {
  const [[k, v] = ['', 0]] = new Map([['a', 1]]);
  const [first, second] = new Set([3, 4]);
  console.log(k, v, first, second);
});
test('array pattern: of a generator', () => {
  const [a, b] = (function* () {
    yield say(1);
    yield say(2);
    yield say(3);
  })();
  console.log(a, b, said());
});
test('array pattern: of an iterable asks for no more than it needs, and closes it', () => {
  const [a, b] = traced(5);
  console.log(a, b, said());
});
test('array pattern: of an iterable that ends is not closed', () => {
  const [a, b, c] = traced(2);
  console.log(a, b, c, said());
});
test('array pattern: rest of an iterable', () => {
  const [a, ...rest] = traced(3);
  console.log(a, rest, said());
});
test('array pattern: empty asks for nothing but closes', () => {
  const [] = traced(3);
  console.log(said());
});
test('array pattern: skips of an iterable', () => {
  const [, , a] = traced(5);
  console.log(a, said());
});
test('array pattern: a default that throws closes the iterator', () => {
  const fail = (): number => {
    throw new Error('default');
  };
  const values: Iterable<number | undefined> = {
    [Symbol.iterator]: () => ({
      next: () => ({ done: false, value: undefined }),
      return: () => {
        log.push('return');
        return { done: true, value: undefined };
      },
    }),
  };
  try {
    const [a = fail()] = values;
    console.log(a);
  } catch (error) {
    console.log(String(error), said());
  }
});
test('array pattern: what is not iterable throws', () => {
  for (const value of [null, undefined, 5, {}]) {
    try {
      const [a] = untyped(value);
      console.log(a);
    } catch (error) {
      console.log((error as Error).name);
    }
  }
});
test('array assignment pattern: swaps', () => {
  let [a, b, c] = [1, 2, 3];
  [a, b] = [b, a];
  console.log(a, b);
  [a, b, c] = [c, a, b];
  console.log(a, b, c);
});
test('array assignment pattern: into elements and members', () => {
  const list = [1, 2, 3];
  const o = { x: 0, y: { z: 0 } };
  [list[0], list[2]] = [list[2]!, list[0]!];
  [o.x, o.y.z] = list as [number, number];
  console.log(list, o);
});
test('array assignment pattern: targets are evaluated in order', () => {
  const o: Record<string, number> = {};
  [o[say('a')], o[say('b')] = say(5)] = [say(1), untyped(undefined)] as [number, number];
  console.log(o, said());
});
test('array assignment pattern: gives the right side', () => {
  let a: number;
  let b: number;
  const right = [1, 2, 3] as [number, number, number];
  const result = ([a, b] = right);
  console.log(result === right, a, b);
});
test('array assignment pattern: rest into a member', () => {
  const o: { rest: number[] } = { rest: [] };
  let first: number | undefined;
  [first, ...o.rest] = [1, 2, 3];
  console.log(first, o);
});
test('array assignment pattern: nested, with defaults', () => {
  let a = 0;
  let b = 0;
  let c = 0;
  [a = 1, [b = 2, c = 3]] = [5, [untyped(undefined), 6]] as [number, [number, number]];
  console.log(a, b, c);
});
test('array assignment pattern: Fibonacci by turns', () => {
  let [a, b] = [0, 1];
  const out: number[] = [];
  for (let i = 0; i < 10; i++) {
    out.push(a);
    [a, b] = [b, a + b];
  }
  console.log(out.join());
});
test('array assignment pattern: in a for loop’s head', () => {
  const out: string[] = [];
  for (let [i, j] = [0, 10]; i < j; [i, j] = [i + 2, j - 1]) out.push(`${i}:${j}`);
  console.log(out.join());
});
test('array pattern: in for-of', () => {
  for (const [key, value = 'none'] of [['a', 'b'], ['c']] as string[][]) console.log(key, value);
});
test('array pattern: in parameters', () => {
  const f = ([a, b = 5]: number[], [c]: [string]): string => `${a}${b}${c}`;
  console.log(f([1], ['x']), f([1, 2, 3], ['y']), f.length);
});
test('array pattern: in parameters with a default', () => {
  const f = ([a, b]: [number, number] = [1, 2]): number => a + b;
  console.log(f(), f([5, 6]));
});
test('array pattern: in a catch clause', () => {
  try {
    throw [1, 'two'];
  } catch (error) {
    const [n, s] = error as [number, string];
    console.log(n, s);
  }
});
test('array pattern: of a tuple with optional and rest members', () => {
  const f = (tuple: [number, string?, ...boolean[]]): string => {
    const [n, s, ...flags] = tuple;
    return `${n} ${s} ${flags.join()}`;
  };
  console.log(f([1]), f([1, 'a']), f([1, 'a', true, false]));
});
test('array pattern: copies, the array may change after', () => {
  const list = [1, 2, 3];
  const [a, ...rest] = list;
  list[1] = 9;
  rest.push(4);
  console.log(a, rest, list);
});

// Object patterns in declarations, assignments, parameters and loops.
import { test } from '../../test.ts';

const untyped = (value: unknown): any => value;
const log: string[] = [];
const say = <T>(value: T): T => {
  log.push(String(value));
  return value;
};
const said = (): string => log.splice(0).join(' ');

class Pair1 {
  a = 1;
  b = 2;
  sum(): number {
    return this.a + this.b;
  }
  get twice(): number {
    return this.sum() * 2;
  }
}
class Box1 {
  width: number;
  height: number;
  constructor({ width, height = width }: { width: number; height?: number }) {
    this.width = width;
    this.height = height;
  }
  area({ scale = 1 }: { scale?: number }): number {
    return this.width * this.height * scale;
  }
  set size({ width, height }: { width: number; height: number }) {
    this.width = width;
    this.height = height;
  }
}

test('object pattern: by name, renamed', () => {
  const { a, b: other, 'c d': text } = { a: 1, b: 2, 'c d': 3 };
  console.log(a, other, text);
});
test('object pattern: missing members are undefined', () => {
  const o: { a?: number; b?: number } = { a: 1 };
  const { a, b } = o;
  console.log(a, b);
});
test('object pattern: defaults only for undefined', () => {
  const o: { a?: number | null; b?: number | null; c?: number | null; d?: number } = { a: undefined, b: null, c: 0 };
  const { a = 1, b = 2, c = 3, d = 4 } = o;
  console.log(a, b, c, d);
});
test('object pattern: defaults are evaluated when needed, in order', () => {
  const o: { a?: number; b?: number; c?: number } = { b: 5 };
  const { a = say(1), b = say(2), c = say(a + b) } = o;
  console.log(a, b, c, said());
});
test('object pattern: computed keys', () => {
  const o: Record<string, number> = { x1: 1, x2: 2 };
  let i = 1;
  const { [`x${i++}`]: a, [`x${i}`]: b, [say('x3')]: c = 3 } = o;
  console.log(a, b, c, i, said());
});
test('object pattern: nested', () => {
  const {
    a: {
      b: [c, { d }],
    },
    e = { f: 1 },
  } = { a: { b: [1, { d: 2 }] as [number, { d: number }] } } as {
    a: { b: [number, { d: number }] };
    e?: { f: number };
  };
  console.log(c, d, e);
});
test('object pattern: nested with defaults', () => {
  const o: { a?: { b?: number } } = {};
  const { a: { b = 5 } = {} } = o;
  console.log(b);
});
test('object pattern: rest', () => {
  const { a, ...rest } = { a: 1, b: 2, c: 3 };
  const { ...all } = { x: 1 };
  console.log(a, rest, all);
});
test('object pattern: rest leaves out computed names', () => {
  const key: string = 'b';
  const source: Record<string, number> = { a: 1, b: 2, c: 3 };
  const { [key]: value, ...rest } = source;
  console.log(value, rest);
});
test('object pattern: rest copies own members, getters by value', () => {
  const o = {
    a: 1,
    get b(): number {
      return say(2);
    },
  };
  const { a, ...rest } = o;
  console.log(a, rest, said(), Object.keys(rest));
});
test('object pattern: rest of a class instance has no methods', () => {
  const { a, ...rest } = new Pair1();
  console.log(a, rest, 'sum' in rest);
});
test('object pattern: reads getters in order', () => {
  const o = {
    get a(): number {
      return say(1);
    },
    get b(): number {
      return say(2);
    },
  };
  const { b, a } = o;
  console.log(a, b, said());
});
test('object pattern: inherited members and methods', () => {
  const { b, sum, twice } = new Pair1();
  console.log(b, typeof sum, twice);
});
test('object pattern: of arrays, strings and functions', () => {
  const { length, 0: first, [1]: second } = ['a', 'b', 'c'];
  const { length: size } = 'text';
  const { name } = function named(): void {};
  console.log(length, first, second, size, name);
});
test('object pattern: of numbers and booleans', () => {
  const { toFixed } = { toFixed: 5 };
  const { missing = 'none' } = untyped(5);
  console.log(toFixed, missing);
});
test('object pattern: of null and undefined throws', () => {
  for (const value of [null, undefined]) {
    try {
      const { a } = untyped(value);
      console.log(a);
    } catch (error) {
      console.log((error as Error).name);
    }
    try {
      const {} = untyped(value);
      console.log('empty');
    } catch (error) {
      console.log((error as Error).name);
    }
  }
});
test('object assignment pattern: into variables', () => {
  let a = 0;
  let b = 0;
  ({ a, b } = { a: 1, b: 2 });
  ({ a: b, b: a } = { a, b });
  console.log(a, b);
});
test('object assignment pattern: into members and elements', () => {
  const o: { x?: number; list: number[] } = { list: [] };
  ({ a: o.x, b: o.list[0], c: o.list[1] = 9 } = { a: 1, b: 2 } as { a: number; b: number; c?: number });
  console.log(o);
});
test('object assignment pattern: gives the right side', () => {
  let a: number;
  const right = { a: 1 };
  const result = ({ a } = right);
  console.log(result === right, a);
});
test('object assignment pattern: rest', () => {
  let a = 0;
  let rest: { b?: number; c?: number } = {};
  ({ a, ...rest } = { a: 1, b: 2, c: 3 });
  console.log(a, rest);
});
test('object assignment pattern: nested in arrays', () => {
  let a = 0;
  let b = '';
  [{ a, b = 'default' }] = [{ a: 5 } as { a: number; b?: string }];
  console.log(a, b);
});
test('object assignment pattern: defaults that are assignments', () => {
  let a: number;
  let b = 0;
  ({ a = (b = 7) } = {} as { a?: number });
  console.log(a, b);
});
test('object pattern: in parameters', () => {
  const f = ({ a, b: { c = 5 } = {} }: { a: number; b?: { c?: number } }): string => `${a} ${c}`;
  console.log(f({ a: 1 }), f({ a: 1, b: {} }), f({ a: 1, b: { c: 2 } }));
});
test('object pattern: in parameters with a default', () => {
  const f = ({ width = 10, height = width * 2 }: { width?: number; height?: number } = {}): number => width * height;
  console.log(f(), f({}), f({ width: 3 }), f({ height: 1 }));
});
test('object pattern: in arrow functions over lists', () => {
  const people = [
    { name: 'A', age: 1 },
    { name: 'B', age: 2 },
  ];
  console.log(
    people.map(({ name }) => name),
    people.reduce((sum, { age }) => sum + age, 0),
    people.filter(({ age }) => age > 1),
  );
});
test('object pattern: in for-of with entries', () => {
  for (const {
    id,
    tags: [tag = 'none'],
  } of [
    { id: 1, tags: ['x'] },
    { id: 2, tags: [] as string[] },
  ])
    console.log(id, tag);
});
test('object pattern: in a catch clause', () => {
  try {
    throw new RangeError('far');
  } catch (error) {
    const { name, message } = error as Error;
    console.log(name, message);
  }
});
test('object pattern: in a catch clause’s own pattern', () => {
  try {
    throw { code: 5, detail: { text: 'x' } };
  } catch ({ code, detail: { text } }: any) {
    console.log(code, text);
  }
});
test('object pattern: in methods, constructors and setters', () => {
  const box = new Box1({ width: 3 });
  box.size = { width: 5, height: 6 };
  console.log(box.area({ scale: 2 }), box.area({}));
});
test('object pattern: names of the default functions', () => {
  const { f = () => 1, g = function () {} } = {} as { f?: () => number; g?: () => void };
  console.log(f.name, g.name);
});
test('object pattern: the same member twice', () => {
  const {
    a,
    a: again,
    a: { length },
  } = { a: 'text' };
  console.log(a, again, length);
});
test('object pattern: shorthand of a symbol-keyed member', () => {
  const key = Symbol('key');
  const { [key]: value } = { [key]: 5 };
  console.log(value);
});
test('object pattern: closures keep the variables', () => {
  const counters = [{ n: 1 }, { n: 2 }].map(
    ({ n }) =>
      () =>
        n++,
  );
  console.log(
    counters.map((count) => count()),
    counters.map((count) => count()),
  );
});

// What TypeScript adds to the language: enums have values, the rest is erased and leaves what it was written around.
import { test } from '../../test.ts';

enum Direction9 {
  up,
  down,
  left = 10,
  right,
}
enum Colour9 {
  red = 'RED',
  green = 'GREEN',
}
enum Flags9 {
  none = 0,
  a = 1 << 0,
  b = 1 << 1,
  both = a | b,
  size = 'four'.length,
  negative = -5,
  half = 0.5,
}
enum Mixed9 {
  no = 0,
  yes = 'YES',
}
const enum Const9 {
  one = 1,
  two = one * 2,
  text = 'text',
}
enum Merged9 {
  first = 1,
}
enum Merged9 {
  second = 2,
}
interface Point9 {
  x: number;
  y: number;
}
interface Point9 {
  z?: number;
}
interface Callable9 {
  (n: number): string;
  label: string;
}
interface Constructable9 {
  new (n: number): { n: number };
}
type Shape9 = { kind: 'square'; side: number } | { kind: 'circle'; radius: number } | { kind: 'none' };
type Keys9<T> = { [K in keyof T]: string };
type Getters9<T> = { [K in keyof T as `get${Capitalize<string & K>}`]: () => T[K] };
type Element9<T> = T extends (infer U)[] ? U : never;
type Tree9<T> = { value: T; children?: Tree9<T>[] };
type Pair9 = [name: string, size?: number, ...rest: boolean[]];
abstract class Repository9<T extends { id: number }> {
  protected readonly items = new Map<number, T>();
  abstract validate(item: T): boolean;
  add(item: T): this {
    if (this.validate(item)) this.items.set(item.id, item);
    return this;
  }
  find<K extends keyof T>(id: number, key: K): T[K] | undefined {
    return this.items.get(id)?.[key];
  }
}
class Users9 extends Repository9<{ id: number; name: string }> {
  validate({ name }: { name: string }): boolean {
    return name !== '';
  }
}
class Declared9 {
  declare kind: string;
  optional?: number;
  definite!: string;
  readonly fixed: number = 5;
  static readonly table: Readonly<Record<string, number>> = { a: 1 };
  constructor() {
    Object.assign(this, { kind: 'set' });
  }
}
class Box9<T> {
  constructor(readonly value: T) {}
  map<R>(f: (value: T) => R): Box9<R> {
    return new Box9(f(this.value));
  }
  isSame(other: this): boolean {
    return other.value === this.value;
  }
  isText(): this is Box9<string> {
    return typeof this.value === 'string';
  }
}

test('enum: numbers count up, and lead back to names', () => {
  console.log(
    Direction9.up,
    Direction9.down,
    Direction9.left,
    Direction9.right,
    Direction9[0],
    Direction9[11],
    Direction9[5],
  );
});
test('enum: members by computed names', () => {
  const name: keyof typeof Direction9 = 'left';
  const n: Direction9 = Direction9.right;
  console.log(Direction9[name], Direction9[n], Direction9['up']);
});
test('enum: texts have no way back', () => {
  console.log(Colour9.red, Colour9.green, Object.keys(Colour9), Object.values(Colour9));
});
test('enum: keys and values of numbers go both ways', () => {
  console.log(Object.keys(Direction9).join(), Object.values(Direction9).join(), Object.entries(Colour9).join(' '));
});
test('enum: constant expressions', () => {
  console.log(Flags9.both, Flags9.size, Flags9.negative, Flags9.half, Flags9[-5], Flags9[3]);
});
test('enum: of numbers and texts', () => {
  console.log(Mixed9.no, Mixed9.yes, Mixed9[0]);
});
test('enum: as a parameter and in switch', () => {
  const turn = (d: Direction9): Direction9 => {
    switch (d) {
      case Direction9.up:
        return Direction9.right;
      case Direction9.right:
        return Direction9.down;
      default:
        return Direction9.up;
    }
  };
  console.log(turn(Direction9.up), turn(turn(Direction9.up)), Direction9[turn(Direction9.left)]);
});
test('enum: printed and written to JSON', () => {
  console.log(Colour9, JSON.stringify({ d: Direction9.left, c: Colour9.green }), `${Colour9.red}`);
});
test('enum: two declarations are one', () => {
  console.log(Merged9.first, Merged9.second, Object.keys(Merged9).length);
});
test('enum: as keys of a record and of a Map', () => {
  const names: Record<Colour9, number> = { [Colour9.red]: 1, [Colour9.green]: 2 };
  const map = new Map<Direction9, string>([[Direction9.up, 'u']]);
  console.log(names, names[Colour9.green], map.get(Direction9.up));
});
test('const enum: members are their values', () => {
  console.log(Const9.one, Const9.two, Const9.text, Const9.one + Const9.two);
});
test('interface: merged, optional members', () => {
  const p: Point9 = { x: 1, y: 2 };
  const q: Point9 = { ...p, z: 3 };
  console.log(p.z, q.z, 'z' in p);
});
test('interface: of a callable object and of a constructor', () => {
  const f: Callable9 = Object.assign((n: number) => `#${n}`, { label: 'numbers' });
  const make = (Kind: Constructable9): number => new Kind(5).n;
  class_: {
    console.log(f(1), f.label, make(Numbered9));
    break class_;
  }
});
test('discriminated union: narrowed by its tag', () => {
  const area = (shape: Shape9): number => {
    if (shape.kind === 'square') return shape.side ** 2;
    if (shape.kind === 'circle') return 3 * shape.radius ** 2;
    const none: { kind: 'none' } = shape;
    return none.kind.length;
  };
  console.log(area({ kind: 'square', side: 2 }), area({ kind: 'circle', radius: 1 }), area({ kind: 'none' }));
});
test('narrowing: by truth, equality, in, instanceof and assignment', () => {
  const show = (value: string | number | null | Date | { text: string }): string => {
    if (!value) return `falsy ${String(value)}`;
    if (typeof value === 'string') return value.toUpperCase();
    if (typeof value === 'number') return value.toFixed(1);
    if (value instanceof Date) return value.toISOString();
    return value.text;
  };
  console.log(show('a'), show(5), show(null), show(0), show(''), show(new Date(0)), show({ text: 't' }));
});
test('narrowing: never at the end of a switch', () => {
  const unreachable = (value: never): never => {
    throw new Error(`unexpected ${String(value)}`);
  };
  const name = (kind: 'a' | 'b'): number => {
    switch (kind) {
      case 'a':
        return 1;
      case 'b':
        return 2;
      default:
        return unreachable(kind);
    }
  };
  try {
    console.log(name('a'), name('b'), name('c' as 'a'));
  } catch (error) {
    console.log(String(error));
  }
});
test('type alias: mapped, conditional and template types are erased', () => {
  const names: Keys9<Point9> = { x: 'ex', y: 'why' };
  const getters: Getters9<{ size: number }> = { getSize: () => 7 };
  const element: Element9<string[]> = 'e';
  console.log(names, getters.getSize(), element);
});
test('type alias: recursive', () => {
  const sum = (tree: Tree9<number>): number =>
    tree.value + (tree.children ?? []).reduce((n, child) => n + sum(child), 0);
  console.log(sum({ value: 1, children: [{ value: 2 }, { value: 3, children: [{ value: 4 }] }] }));
});
test('tuple type: named, optional and rest members', () => {
  const show = ([name, size = 0, ...rest]: Pair9): string => `${name} ${size} ${rest.length}`;
  console.log(show(['a']), show(['b', 2]), show(['c', 3, true, false]));
});
test('generic class: constraint and keys', () => {
  const users = new Users9().add({ id: 1, name: 'a' }).add({ id: 2, name: '' });
  console.log(users.find(1, 'name'), users.find(2, 'name'), users.find(1, 'id'));
});
test('generic class: maps to another type, this types', () => {
  const box = new Box9(5).map((n) => `n${n}`);
  console.log(box.value, box.isSame(new Box9('n5')), box.isText(), new Box9(1).isText());
});
test('declared field: leaves nothing behind', () => {
  const d = new Declared9();
  console.log(d.kind, Object.keys(d).join(), d.fixed, Declared9.table['a']);
});
test('optional member: is there and undefined', () => {
  console.log('optional' in new Declared9(), new Declared9().optional);
});
test('definite assignment: of variables and fields', () => {
  let text!: string;
  const set = (): void => {
    text = 'set';
  };
  set();
  const d = new Declared9();
  d.definite = 'd';
  console.log(text, d.definite);
});
test('as: changes nothing at run time', () => {
  const value: unknown = '5';
  const n = value as number;
  console.log(typeof n, (value as string).length, (value as any).length, [1, 2] as const);
});
test('as const: freezes types only', () => {
  const list = ['a', 'b'] as const;
  const o = { kind: 'k', list } as const;
  (list as unknown as string[]).push('c');
  console.log(list, o.kind, o.list.length);
});
test('angle-bracket assertion: like as', () => {
  const value: unknown = 'text';
  console.log((<string>value).length, <number>(<unknown>5) + 1);
});
test('non-null assertion: in chains, calls and assignments', () => {
  const o: { a?: { b?: number[] }; f?: () => number } = { a: { b: [1, 2] }, f: () => 3 };
  o.a!.b![0]! += 10;
  console.log(o.a!.b![0]!, o.f!(), o.a!.b!.length, o!.a!.b!.at(-1)!);
});
test('satisfies: checks and keeps the type', () => {
  const table = { a: 1, b: [2, 3] } satisfies Record<string, number | number[]>;
  const f = ((n: number) => n * 2) satisfies (n: number) => number;
  console.log(table.a.toFixed(1), table.b.length, f(4), [1, 2] satisfies number[]);
});
test('keyof and indexed access: read members by name', () => {
  const get = <T, K extends keyof T>(o: T, key: K): T[K] => o[key];
  const p: Point9 = { x: 1, y: 2 };
  const keys = Object.keys(p) as (keyof Point9)[];
  console.log(
    get(p, 'x'),
    keys.map((key) => get(p, key)),
  );
});
test('type query: of values', () => {
  const defaults = { width: 10, name: 'n' };
  const make = (options: Partial<typeof defaults> = {}): typeof defaults => ({ ...defaults, ...options });
  console.log(make(), make({ width: 5 }));
});
test('intersection type: has members of both', () => {
  const both: { a: number } & { b: string } = { a: 1, b: 'x' };
  const extend = <T extends object, U extends object>(a: T, b: U): T & U => ({ ...a, ...b });
  console.log(both, extend({ a: 1 }, { b: 2 }).b);
});
test('this parameter: is no parameter', () => {
  function scale(this: { factor: number }, n: number, ..._rest: number[]): number {
    return this.factor * n;
  }
  console.log(scale.call({ factor: 3 }, 5), scale.length, scale.bind({ factor: 2 })(4));
});
test('this type: chains keep the derived class', () => {
  console.log(new Users9().add({ id: 7, name: 'n' }).find(7, 'name'));
});
test('unique symbol: as a key', () => {
  const key: unique symbol = Symbol('key');
  const o: { [key]: number } = { [key]: 5 };
  console.log(o[key]);
});
test('instantiation expression: gives the function itself', () => {
  const identity = <T>(value: T): T => value;
  const text = identity<string>;
  const Made = Box9<number>;
  console.log(text('x'), new Made(3).value, text === (identity as unknown));
});
test('object type: index signatures and call signatures', () => {
  const counts: { [word: string]: number } = {};
  for (const word of ['a', 'b', 'a']) counts[word] = (counts[word] ?? 0) + 1;
  console.log(counts);
});
test('function type: constructors and overloads as types', () => {
  const make: new (n: number) => { n: number } = Numbered9;
  const twice: { (n: number): number; (s: string): string } = ((x: number | string) =>
    typeof x === 'number' ? x * 2 : x + x) as never;
  console.log(new make(4).n, twice(2), twice('a'));
});
test('array type: readonly and nested', () => {
  const grid: readonly (readonly number[])[] = [[1, 2], [3]];
  const rows: ReadonlyArray<number> = grid.flat();
  console.log(grid, rows.length);
});
test('template literal type: values are texts', () => {
  const size: `${number}px` = '12px';
  const event = <T extends string>(name: T): `on${Capitalize<T>}` =>
    `on${name.charAt(0).toUpperCase()}${name.slice(1)}` as `on${Capitalize<T>}`;
  console.log(size, event('click'));
});
test('conditional type: of a function', () => {
  const wrap = <T>(value: T): T extends string ? string[] : T =>
    (typeof value === 'string' ? [value] : value) as T extends string ? string[] : T;
  console.log(wrap('a'), wrap(5));
});
test('mapped type: keys renamed by hand', () => {
  const boxed = <T extends Record<string, unknown>>(o: T): { [K in keyof T]: { value: T[K] } } =>
    Object.fromEntries(Object.entries(o).map(([key, value]) => [key, { value }])) as {
      [K in keyof T]: { value: T[K] };
    };
  console.log(boxed({ a: 1, b: 'x' }));
});
test('type annotation: of all kinds leaves values alone', () => {
  const all: [any, unknown, number, string, boolean, symbol | undefined, object, null, undefined, void] = [
    1,
    'u',
    2,
    's',
    true,
    undefined,
    { o: 1 },
    null,
    undefined,
    undefined,
  ];
  console.log(all);
});
test('declaration merging: of a function and its members', () => {
  function version(): string {
    return `${version.major}.${version.minor}`;
  }
  version.major = 1;
  version.minor = 2;
  console.log(version());
});
test('bigint type: is a type that no value here has', () => {
  const show = (value: number | bigint): string => typeof value;
  console.log(show(5), show(2 ** 60));
});
test('abstract class: implements an interface', () => {
  const users: Repository9<{ id: number; name: string }> = new Users9();
  console.log(users instanceof Users9, users instanceof Repository9, users.validate({ id: 1, name: 'x' }));
});

class Numbered9 {
  constructor(readonly n: number) {}
}

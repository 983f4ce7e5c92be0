// Members of classes: fields, methods, accessors, statics, computed names, parameter properties.
import { test } from '../../test.ts';

const out: unknown[] = [];
const said = (): string => out.splice(0).join(' ');
const say = <T>(value: T): T => {
  out.push(value);
  return value;
};
const key = 'computed';
const symbol = Symbol('symbol');

class Empty2 {}
class Fields2 {
  a = 1;
  b = this.a + 1;
  c: number | undefined;
  'quoted name' = 'q';
  5 = 'five';
  list = [this.a];
  arrow = (): number => this.a + this.b;
}
class Order2 {
  first = say('first');
  constructor() {
    say('constructor');
    this.second = say('assigned');
  }
  second = say('second');
  third = say(`third sees ${String(this.second)}`);
}
class Computed2 {
  [key] = 1;
  [`${key}Method`](): string {
    return `method ${this[key]}`;
  }
  get [`${key}Getter`](): number {
    return this[key] * 2;
  }
  [symbol] = 'by symbol';
  static [key] = 's';
  static [symbol](): string {
    return 'static by symbol';
  }
}
class Accessors2 {
  private kept = 0;
  get value(): number {
    say('get');
    return this.kept;
  }
  set value(value: number) {
    say(`set ${value}`);
    this.kept = value;
  }
  get readOnly(): string {
    return `r${this.kept}`;
  }
  set writeOnly(value: number) {
    this.kept = value * 10;
  }
}
class Statics2 {
  static count = 0;
  static readonly names: string[] = [];
  static last: Statics2 | undefined;
  static {
    Statics2.names.push('block');
    this.count = 10;
  }
  static make(name: string): Statics2 {
    const made = new this(name);
    this.last = made;
    return made;
  }
  static get size(): number {
    return Statics2.names.length;
  }
  static set size(value: number) {
    Statics2.names.length = value;
  }
  static {
    const local = Statics2.count;
    Statics2.names.push(`second ${local}`);
  }
  constructor(readonly name: string) {
    Statics2.count++;
    Statics2.names.push(name);
  }
}
class Params2 {
  sum = 0;
  constructor(
    public a: number,
    protected readonly b: number,
    private c = a + b,
    readonly d?: string,
  ) {
    this.sum = this.a + this.b + this.c;
  }
  all(): string {
    return `${this.a} ${this.b} ${this.c} ${this.d}`;
  }
}
class Chain2 {
  private readonly parts: string[] = [];
  add(part: string): this {
    this.parts.push(part);
    return this;
  }
  end(): string {
    return this.parts.join('-');
  }
}
class Overloads2 {
  read(at: number): string;
  read(name: string): number;
  read(what: number | string): number | string {
    return typeof what === 'number' ? `at ${what}` : what.length;
  }
}
class Generic2<T, K extends string = 'key'> {
  private readonly values = new Map<K, T>();
  set(name: K, value: T): this {
    this.values.set(name, value);
    return this;
  }
  get(name: K): T | undefined {
    return this.values.get(name);
  }
  map<R>(f: (value: T) => R): R[] {
    return [...this.values.values()].map(f);
  }
}
class Methods2 {
  n = 1;
  plain(): number {
    return this.n;
  }
  *items(): Generator<number> {
    yield this.n;
    yield this.n + 1;
  }
  async later(): Promise<number> {
    return this.n;
  }
  'quoted method'(): string {
    return 'q';
  }
  7(): string {
    return 'seven';
  }
  if(): string {
    return 'keyword';
  }
  get get(): string {
    return 'get';
  }
  set set(value: string) {
    say(value);
  }
  static static(): string {
    return 'static';
  }
  async(): string {
    return 'async';
  }
}
class Named2 {
  static title = 'own';
  target: string;
  constructor() {
    this.target = new.target.title;
  }
}
class Returns2 {
  n = 1;
  constructor(other?: object) {
    if (other) return other as Returns2;
  }
}
class Lazy2 {
  private cached: number[] | undefined;
  get list(): number[] {
    return (this.cached ??= [say(1), 2]);
  }
}
class Self2 {
  static readonly zero = new Self2(0);
  static readonly one = new Self2(1);
  private constructor(readonly n: number) {}
  static of(n: number): Self2 {
    return n === 0 ? Self2.zero : n === 1 ? Self2.one : new Self2(n);
  }
}
const Expression2 = class {
  n = 5;
};
const Expression3 = class Inner3 {
  name(): string {
    return Inner3.name;
  }
};

test('class declaration: empty', () => {
  const e = new Empty2();
  console.log(e, Object.keys(e), Empty2.name, e.constructor === Empty2, Empty2.length);
});
test('field: with and without a value, of all kinds of names', () => {
  const f = new Fields2();
  console.log(f.a, f.b, f.c, f['quoted name'], f[5], f.list, f.arrow(), Object.keys(f).join());
});
test('field: is the instance’s own', () => {
  const [a, b] = [new Fields2(), new Fields2()];
  a.list.push(2);
  a.a = 10;
  console.log(a.list, b.list, a.arrow(), b.arrow(), a.arrow === b.arrow);
});
test('field: initialised in order, before the constructor’s body', () => {
  const o = new Order2();
  console.log(said(), o.second);
});
test('field: an undefined one is there', () => {
  console.log('c' in new Fields2(), Object.keys(new Fields2()).includes('c'));
});
test('computed member: fields, methods, accessors and statics', () => {
  const c = new Computed2();
  const any: any = c;
  console.log(c[key], any.computedMethod(), any.computedGetter, c[symbol], Computed2[key], Computed2[symbol]());
});
test('getter: get and set, compound assignment and increment', () => {
  const a = new Accessors2();
  a.value = 5;
  a.value += 2;
  a.value++;
  console.log(a.value, said());
});
test('getter: one half only', () => {
  const a = new Accessors2();
  a.writeOnly = 4;
  console.log(a.readOnly, (a as unknown as { writeOnly: unknown }).writeOnly);
  try {
    (a as { readOnly: string }).readOnly = 'x';
    console.log('written');
  } catch (error) {
    console.log((error as Error).name);
  }
});
test('getter: is not the instance’s own', () => {
  const a = new Accessors2();
  console.log(Object.keys(a), 'value' in a, Object.hasOwn(a, 'value'), JSON.stringify(a));
});
test('static field: fields, blocks and methods', () => {
  console.log(Statics2.count, Statics2.names, Statics2.size, Statics2.last);
  const made = Statics2.make('x');
  console.log(made.name, Statics2.count, Statics2.last === made, Statics2.size);
  Statics2.size = 1;
  console.log(Statics2.names);
});
test('static field: is not on instances', () => {
  console.log('count' in Statics2.make('y'), Object.keys(Statics2).join());
});
test('static block: sees the class and its locals', () => {
  console.log(Statics2.names[0], Statics2.count >= 10);
});
test('static field: instances of the class itself', () => {
  console.log(Self2.of(0) === Self2.zero, Self2.of(1).n, Self2.of(5).n, Self2.of(5) === Self2.of(5));
});
test('parameter property: of all visibilities, with defaults', () => {
  const p = new Params2(1, 2);
  console.log(p.all(), p.sum, new Params2(1, 2, 3, 'd').all(), Object.keys(p).join());
});
test('method: returns this', () => {
  console.log(new Chain2().add('a').add('b').end());
});
test('method: overloads', () => {
  const o = new Overloads2();
  console.log(o.read(5), o.read('abc'));
});
test('method: names of all kinds', () => {
  const m = new Methods2();
  m.set = 'set';
  console.log(
    m.plain(),
    [...m.items()],
    m['quoted method'](),
    m[7](),
    m.if(),
    m.get,
    Methods2.static(),
    m.async(),
    said(),
  );
});
test('method: is shared, not enumerable, and has a name', () => {
  const [a, b] = [new Methods2(), new Methods2()];
  console.log(a.plain === b.plain, Object.keys(a), a.plain.name, a.items.name, a.plain.length);
});
test('method: taken out loses this', () => {
  const { plain } = new Methods2();
  try {
    console.log(plain());
  } catch (error) {
    console.log((error as Error).name);
  }
  console.log(plain.call({ n: 7 } as Methods2), plain.bind(new Methods2())());
});
test('method: replaced on one instance', () => {
  const m = new Methods2();
  m.plain = () => 99;
  console.log(m.plain(), new Methods2().plain());
});
test('method: through a computed name', () => {
  const m = new Methods2();
  const names = ['plain', 'if', 'async'] as const;
  console.log(names.map((name) => m[name]()));
});
test('generic class: with default type and methods', () => {
  const g = new Generic2<number>().set('key', 5);
  const h = new Generic2<string, 'a' | 'b'>().set('a', 'x').set('b', 'y');
  console.log(
    g.get('key'),
    h.map((text) => text.toUpperCase()),
    h.get('b'),
  );
});
test('new.target: in a constructor', () => {
  console.log(new Named2().target, Named2.title, Named2.name);
});
test('constructor: returning another object', () => {
  const other = { n: 9 };
  console.log((new Returns2(other) as unknown) === other, new Returns2().n);
});
test('class expression: anonymous and named', () => {
  console.log(new Expression2().n, Expression2.name, new Expression3().name(), Expression3.name);
});
test('getter: lazy value', () => {
  const l = new Lazy2();
  console.log(l.list, l.list === l.list, said());
});
test('class declaration: called without new throws', () => {
  const call = Empty2 as unknown as () => void;
  try {
    call();
    console.log('called');
  } catch (error) {
    console.log((error as Error).name);
  }
});
test('class declaration: in a Map, an array and as a value', () => {
  const kinds = new Map<string, new () => object>([
    ['empty', Empty2],
    ['methods', Methods2],
  ]);
  console.log([...kinds].map(([name, Kind]) => `${name} ${new Kind() instanceof Kind} ${Kind.name}`));
});
test('class declaration: typeof and constructor', () => {
  console.log(
    typeof Empty2,
    typeof new Empty2(),
    new Fields2().constructor.name,
    new Fields2().constructor === Fields2,
  );
});
test('class declaration: fields are written to JSON, methods and accessors are not', () => {
  console.log(
    JSON.stringify(new Accessors2()),
    JSON.stringify(new Params2(1, 2)),
    JSON.stringify({ ...new Fields2() }),
  );
});
test('class declaration: console.log shows name and fields', () => {
  console.log(new Params2(1, 2), [new Empty2()], new Methods2(), { o: new Chain2().add('z') });
});
test('class declaration: private and protected are ordinary members at run time', () => {
  const loose = new Params2(1, 2) as unknown as { b: number; c: number };
  console.log(loose.b, loose.c);
});
test('class declaration: delete and add members of an instance', () => {
  const o: { a?: number; extra?: string } & object = new Fields2() as { a?: number; extra?: string };
  delete o.a;
  o.extra = 'new';
  console.log(Object.keys(o).join(), 'a' in o);
});
test('class declaration: ten thousand instances', () => {
  const list: Params2[] = [];
  for (let i = 0; i < 10_000; i++) list.push(new Params2(i, 1));
  console.log(list.reduce((sum, p) => sum + p.sum, 0));
});

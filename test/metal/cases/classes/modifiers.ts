// Modifiers of members, static members of all kinds, and what super reaches.
import { test } from '../../test.ts';

const log: unknown[] = [];
const said = (): string => log.splice(0).join(' ');

class Visible6 {
  public open = 1;
  protected half = 2;
  private closed = 3;
  readonly fixed = 4;
  static readonly limit: number = 5;
  protected static shared = 6;
  sum(): number {
    return this.open + this.half + this.closed + this.fixed + Visible6.limit + Visible6.shared;
  }
  private helper(n: number): number {
    return n * this.closed;
  }
  isLike(other: Visible6): boolean {
    return other.closed === this.closed && this.helper(1) === other.helper(1);
  }
}
class Wider6 extends Visible6 {
  public override half = 20;
  static total(): number {
    return this.shared + Wider6.limit;
  }
}
class Statics6 {
  static a = 1;
  static b = Statics6.a + 1;
  static c = this.a + this.b;
  static list = [this.a, this.b];
  static arrow = (): number => this.c;
  static method(n = this.a): number {
    return n + this.b;
  }
  static get doubled(): number {
    return this.a * 2;
  }
  static set doubled(value: number) {
    this.a = value / 2;
  }
  static async later(): Promise<number> {
    return this.a;
  }
  static *items(): Generator<number> {
    yield this.a;
    yield this.b;
  }
  static {
    log.push('block', this.list.length);
    for (const n of this.list) log.push(n);
    try {
      throw new Error('in a block');
    } catch (error) {
      log.push((error as Error).message);
    }
  }
}
class Derived6 extends Statics6 {
  static override b = super.method(10);
  static d = this.a + 100;
  static override method(n: number): number {
    return super.method(n) * 2;
  }
  static {
    log.push('derived', this.d, super.doubled);
  }
}
class Setters6 {
  protected kept: number[] = [];
  set last(value: number) {
    this.kept.push(value);
  }
  get last(): number {
    return this.kept.at(-1) ?? -1;
  }
  set first(value: number) {
    this.kept.unshift(value);
  }
}
class Calls6 {
  readonly log: string[] = [];
  constructor(...names: string[]) {
    this.log.push(`base ${names.join('+')}`);
  }
}
class CallsDerived6 extends Calls6 {
  constructor(a: string, b = `${a}${a}`) {
    const c = `${b}!`;
    super(a, b, c);
    this.log.push('derived');
  }
}
class Optional6 {
  a?: number;
  b? = 5;
  method?(): string;
  constructor(a?: number) {
    if (a !== undefined) this.a = a;
  }
}
class Indexed6 {
  [key: string]: number;
  one = 1;
}
class Handlers6 {
  private readonly handlers = new Map<string, ((n: number) => void)[]>();
  on = (name: string, handler: (n: number) => void): this => {
    const list = this.handlers.get(name) ?? [];
    list.push(handler);
    this.handlers.set(name, list);
    return this;
  };
  emit(name: string, n: number): number {
    const list = this.handlers.get(name) ?? [];
    for (const handler of list) handler(n);
    return list.length;
  }
}
const started = said();

test('access modifier: all members are there at run time', () => {
  const v = new Visible6();
  console.log(v.sum(), Object.keys(v).join(), v.isLike(new Visible6()), JSON.stringify(v));
});
test('access modifier: made public by a derived class', () => {
  const w = new Wider6();
  console.log(w.half, w.sum(), Wider6.total());
});
test('readonly: is a promise of the types only', () => {
  const v = new Visible6();
  (v as { fixed: number }).fixed = 40;
  console.log(v.fixed, v.sum());
});
test('override: of fields and methods', () => {
  console.log(new Wider6() instanceof Visible6, Object.keys(new Wider6()).join());
});
test('static field: initialised in order, with this', () => {
  console.log(Statics6.b, Statics6.c, Statics6.list, Statics6.arrow());
});
test('static block: loops, try and this', () => {
  console.log(started);
});
test('static method: this is the class it is called on', () => {
  console.log(Statics6.method(), Statics6.method(5), Derived6.method(5), Derived6.b, Derived6.d);
});
test('static accessor: get and set through the class', () => {
  const before = Statics6.a;
  Statics6.doubled = 20;
  console.log(Statics6.a, Statics6.doubled);
  Statics6.doubled += 2;
  console.log(Statics6.a);
  Statics6.a = before;
});
test('static method: generators and async ones', () => {
  console.log([...Statics6.items()], Statics6.later() instanceof Promise);
});
test('setter: beside a getter, and alone', () => {
  const s = new Setters6();
  s.last = 1;
  s.last = 2;
  s.first = 0;
  s.last += 5;
  console.log(s.last, JSON.stringify(s));
});
test('super call: after statements, with defaults', () => {
  console.log(new CallsDerived6('a').log, new CallsDerived6('a', 'b').log);
});
test('super property: in static members', () => {
  console.log(Derived6.method(1), Derived6.b);
});
test('optional member: fields and methods that may be missing', () => {
  const o = new Optional6();
  console.log(o.a, o.b, o.method?.(), Object.keys(o).join(), new Optional6(3).a);
});
test('field: index signature', () => {
  const o = new Indexed6();
  o['two'] = 2;
  console.log(o.one, o['two'], Object.keys(o).join());
});
test('field: arrow functions keep this when passed on', () => {
  const h = new Handlers6();
  const seen: number[] = [];
  const { on } = h;
  on('a', (n) => seen.push(n)).on('a', (n) => seen.push(n * 10));
  console.log(h.emit('a', 2), h.emit('b', 3), seen);
});
test('method: called on the result of new and of calls', () => {
  console.log(new Setters6().last, new Calls6('x').log[0], new Visible6()['sum'](), [new Wider6()][0]!.half);
});
test('constructor: evaluates arguments before the fields are made', () => {
  let n = 0;
  const next = (): number => ++n;
  const o = new Ordered6(next(), next());
  console.log(o, n);
});

class Ordered6 {
  first = 'field';
  constructor(
    readonly a: number,
    readonly b: number,
  ) {}
}

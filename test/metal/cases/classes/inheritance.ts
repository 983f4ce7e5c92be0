// Inheritance: super, overriding, abstract classes, interfaces, order of construction.
import { test } from '../../test.ts';

const out: unknown[] = [];
const said = (): string => out.splice(0).join(' ');
const say = <T>(value: T): T => {
  out.push(value);
  return value;
};

class Animal4 {
  legs = 4;
  constructor(readonly name: string) {
    say(`Animal ${name} ${new.target.name}`);
  }
  speak(): string {
    return `${this.name} makes ${this.sound()}`;
  }
  sound(): string {
    return 'a sound';
  }
  get title(): string {
    return `animal ${this.name}`;
  }
  static create(name: string): Animal4 {
    return new this(name);
  }
  static kind = 'animal';
  static describe(): string {
    return `${this.kind} ${this.name}`;
  }
}
class Dog4 extends Animal4 {
  override sound(): string {
    return `${super.sound()}: woof`;
  }
  override get title(): string {
    return `dog, ${super.title}`;
  }
  static override kind = 'dog';
  static override describe(): string {
    return `a ${super.describe()}`;
  }
}
class Puppy4 extends Dog4 {
  override legs = 3;
  age = say('field age');
  constructor(name: string) {
    say('before super');
    super(`little ${name}`);
    say(`after super ${this.age}`);
  }
  override sound(): string {
    return `${super.sound()}!`;
  }
  both(): string {
    const inner = (): string => super.sound();
    return `${inner()} / ${this.sound()}`;
  }
}
abstract class Shape4 {
  abstract area(): number;
  abstract readonly label: string;
  protected scale = 1;
  describe(): string {
    return `${this.label} ${this.area() * this.scale}`;
  }
  grown(by: number): this {
    this.scale *= by;
    return this;
  }
}
class Square4 extends Shape4 {
  readonly label = 'square';
  constructor(private readonly side: number) {
    super();
  }
  area(): number {
    return this.side ** 2;
  }
}
class Circle4 extends Shape4 {
  get label(): string {
    return `circle of ${this.radius}`;
  }
  constructor(private readonly radius: number) {
    super();
    this.scale = 2;
  }
  area(): number {
    return 3 * this.radius ** 2;
  }
}
interface Comparable4<T> {
  compare(other: T): number;
}
interface Named4 {
  readonly name: string;
}
class Version4 implements Comparable4<Version4>, Named4 {
  constructor(
    readonly major: number,
    readonly minor: number,
  ) {}
  get name(): string {
    return `${this.major}.${this.minor}`;
  }
  compare(other: Version4): number {
    return this.major - other.major || this.minor - other.minor;
  }
}
class Base4 {
  value = 'base';
  constructor() {
    say(`base sees ${this.read()}`);
  }
  read(): string {
    return `base ${this.value}`;
  }
}
class Late4 extends Base4 {
  own: string | undefined = 'own';
  override read(): string {
    return `late ${this.own}`;
  }
}
class Redeclare4 extends Base4 {
  override value = 'redeclared';
}
class WithSetter4 {
  protected kept = 0;
  get n(): number {
    return this.kept;
  }
  set n(value: number) {
    this.kept = value;
  }
}
class Doubling4 extends WithSetter4 {
  override get n(): number {
    return this.kept;
  }
  override set n(value: number) {
    this.kept = value * 2;
  }
}
class DefaultArgs4 {
  text: string;
  constructor(a = 1, b = 'x', ...rest: number[]) {
    this.text = `${a}${b}${rest}`;
  }
}
class NoConstructor4 extends DefaultArgs4 {
  extra = 'e';
}
class Passing4 extends DefaultArgs4 {
  constructor(...all: [number?, string?, ...number[]]) {
    super(...all);
    this.text += '!';
  }
}
class Counter4 {
  static total = 0;
  id = ++Counter4.total;
}
class SubCounter4 extends Counter4 {
  double = this.id * 2;
}
class Node4<T> {
  next: Node4<T> | null = null;
  constructor(public value: T) {}
}
class Stack4<T> {
  protected head: Node4<T> | null = null;
  push(value: T): this {
    const node = new Node4(value);
    node.next = this.head;
    this.head = node;
    return this;
  }
  pop(): T | undefined {
    const value = this.head?.value;
    this.head = this.head?.next ?? null;
    return value;
  }
}
class CountingStack4<T> extends Stack4<T> {
  size = 0;
  override push(value: T): this {
    this.size++;
    return super.push(value);
  }
  override pop(): T | undefined {
    if (this.size > 0) this.size--;
    return super.pop();
  }
}
class A4 {
  who(): string {
    return 'A';
  }
}
class B4 extends A4 {}
class C4 extends B4 {
  override who(): string {
    return `C${super.who()}`;
  }
}
class D4 extends C4 {
  override who(): string {
    return `D${super.who()}`;
  }
}
class AsyncBase4 {
  async load(n: number): Promise<string> {
    return `base ${n}`;
  }
  *items(): Generator<number> {
    yield 1;
    yield 2;
  }
}
class AsyncDerived4 extends AsyncBase4 {
  override async load(n: number): Promise<string> {
    return `derived ${await super.load(n + 1)}`;
  }
  override *items(): Generator<number> {
    yield 0;
    yield* super.items();
    yield 3;
  }
}

class Broken4 extends A4 {
  n = 1;
  constructor(fail: boolean) {
    super();
    if (fail) throw new Error('broken');
  }
}
class Reader4 extends C4 {
  read(): string {
    const who = super.who;
    return who.call(this);
  }
}

test('extends: methods, accessors and fields are inherited', () => {
  const d = new Dog4('Rex');
  console.log(d.name, d.legs, d.speak(), d.title, d instanceof Animal4, said());
});
test('super property: calls up two levels', () => {
  const p = new Puppy4('Bo');
  console.log(said());
  console.log(p.speak(), p.legs, p.both(), p.title);
});
test('extends: statics are inherited and overridden', () => {
  console.log(
    Animal4.describe(),
    Dog4.describe(),
    Puppy4.describe(),
    Puppy4.kind,
    Dog4.create('x') instanceof Dog4,
    said(),
  );
});
test('extends: a static written on the derived class stays there', () => {
  SubCounter4.total = 50;
  const [a, b] = [new SubCounter4(), new SubCounter4()];
  console.log(Counter4.total, SubCounter4.total, a.id, b.id, b.double);
});
test('abstract class: calls what the derived class defines', () => {
  const shapes: Shape4[] = [new Square4(3), new Circle4(2), new Square4(1).grown(5)];
  console.log(shapes.map((shape) => shape.describe()));
});
test('implements: interfaces are types only', () => {
  const list = [new Version4(2, 1), new Version4(1, 9), new Version4(2, 0)];
  list.sort((a, b) => a.compare(b));
  console.log(list.map(({ name }) => name).join(), list[0]);
});
test('extends: the base constructor calls the derived method before its fields are set', () => {
  const late = new Late4();
  console.log(said(), late.read());
});
test('extends: a field declared again has the derived value after super', () => {
  const r = new Redeclare4();
  console.log(said(), r.read(), Object.keys(r));
});
test('extends: accessors overridden in pairs', () => {
  const d = new Doubling4();
  d.n = 5;
  d.n += 1;
  console.log(d.n, new WithSetter4().n);
});
test('extends: without a constructor passes all arguments', () => {
  console.log(new NoConstructor4().text, new NoConstructor4(2, 'y', 3, 4).text, new NoConstructor4(5).extra);
});
test('super property: call with spread arguments', () => {
  console.log(new Passing4().text, new Passing4(7, 'z', 8, 9).text);
});
test('extends: generic classes with overridden methods', () => {
  const s = new CountingStack4<string>().push('a').push('b');
  console.log(s.size, s.pop(), s.pop(), s.pop(), s.size);
});
test('super property: through a class without the method', () => {
  console.log(new D4().who(), new C4().who(), new B4().who());
});
test('super property: in generator methods', () => {
  console.log([...new AsyncDerived4().items()], [...new AsyncBase4().items()]);
});
test('extends: names and constructors', () => {
  const d = new D4();
  console.log(
    d.constructor.name,
    d.constructor === D4,
    Object.getPrototypeOf(Object.getPrototypeOf(d)) === C4.prototype,
    D4.name,
  );
});
test('extends: order of fields in keys', () => {
  const p = new Puppy4('K');
  said();
  console.log(Object.keys(p).join(), JSON.stringify(p));
});
test('extends: instanceof of a whole chain', () => {
  const all = [A4, B4, C4, D4];
  const made = all.map((Kind) => new Kind());
  for (const o of made) console.log(all.map((Kind) => (o instanceof Kind ? 1 : 0)).join(''));
});
test('extends: a method is looked up at each call', () => {
  const a: { who(): string } = new C4();
  const before = a.who();
  a.who = () => 'own';
  console.log(before, a.who(), new C4().who());
});
test('extends: this in callbacks of inherited methods', () => {
  const s = new CountingStack4<number>();
  [1, 2, 3].forEach((n) => s.push(n));
  console.log(s.size, s.pop());
});
test('extends: private names of base and derived do not hide one another by type', () => {
  const list: (Square4 | Circle4)[] = [new Square4(2), new Circle4(1)];
  console.log(list.map((shape) => (shape instanceof Square4 ? 'square' : shape.label)));
});
test('constructor: that throws leaves no object', () => {
  let made: Broken4 | undefined;
  try {
    made = new Broken4(true);
  } catch (error) {
    console.log(String(error), made);
  }
  console.log(new Broken4(false).n);
});
test('super property: property of the base read as a value', () => {
  console.log(new Reader4().read());
});
test('extends: deep chains of calls keep this', () => {
  const p = new Puppy4('T');
  said();
  console.log([p.speak, p.sound, p.both].map((f) => f.call(p)));
});

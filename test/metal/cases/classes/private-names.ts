// #private names.
import { test } from '../../test.ts';

class Base {
  static #made = 0;
  #size = 1;
  readonly label: string;
  constructor(label: string) {
    this.label = label;
    Base.#made += 1;
  }
  get size(): number {
    return this.#size;
  }
  grow(): number {
    this.#size++;
    this.#size += this.#step(2);
    return this.#double;
  }
  static made(): number {
    return Base.#made;
  }
  static #make(label: string): Base {
    return new Base(label);
  }
  static pair(): Base[] {
    return [Base.#make('one'), Base.#make('two')];
  }
  is(other: object): boolean {
    return #size in other;
  }
  equals(other: Base): boolean {
    return other.#size === this.#size;
  }
  give(other: Base): number {
    other.#size = 5;
    return other.#size;
  }
  #step(by: number): number {
    return by * this.#size;
  }
  get #double(): number {
    return this.#size * 2;
  }
  set #double(value: number) {
    this.#size = value / 2;
  }
  halve(): number {
    this.#double = this.#size;
    return this.#size;
  }
}

class Derived extends Base {
  #size = 'mine';
  readonly #list: number[] = [];
  add(n: number): readonly number[] {
    this.#list.push(n);
    return this.#list;
  }
  own(): string {
    return `${this.#size}${super.size}`;
  }
}

const attempt = (body: () => unknown): void => {
  try {
    console.log(body());
  } catch (error) {
    console.log(String(error));
  }
};

test('private field: is read, written and counted up', () => {
  const base = new Base('a');
  console.log(base.size, base.grow(), base.size, base.halve(), base.give(new Base('b')));
});

test('private field: of a base class and of a derived one are two', () => {
  const derived = new Derived('d');
  console.log(derived.own(), derived.grow(), derived.own(), derived.add(1), derived.add(2));
});

test('private field: does not show', () => {
  const derived = new Derived('d');
  console.log(derived, JSON.stringify(derived), Object.keys(derived), Object.getOwnPropertyNames(derived));
  console.log({ ...derived }, Object.entries(derived), Object.assign({}, derived), Base, Object.keys(Base));
  for (const key in derived) console.log(key);
});

test('private field: of an object that has none throws', () => {
  const base = new Base('a');
  attempt(() => base.equals({} as Base));
  attempt(() => base.equals(new Derived('d')));
  attempt(() => base.equals({ ...base } as Base));
  attempt(() => base.is(Object.assign({}, base)));
});

test('private method: is called, also a static one', () => {
  console.log(
    Base.pair().map((base) => base.grow()),
    typeof Base.made(),
  );
});

test('private name in: tells whose object it is', () => {
  const base = new Base('a');
  console.log(base.is(base), base.is(new Derived('d')), base.is({}), base.is([]));
});

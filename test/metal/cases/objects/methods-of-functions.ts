// Functions as objects.
import { test } from '../../test.ts';

class A {}

function add(this: { base: number } | undefined, a: number, b: number): number {
  return (this?.base ?? 0) + a + b;
}

test('Function.prototype.call: with a this and values', () => {
  console.log(add.call({ base: 100 }, 1, 2), add.call(undefined, 1, 2));
});

test('Function.prototype.apply: with a list of values', () => {
  console.log(add.apply({ base: 10 }, [1, 2]), Math.max.apply(undefined, [3, 7, 5]));
});

test('Function.prototype.bind: keeps this and the first values', () => {
  const bound = add.bind({ base: 1000 }, 1);
  console.log(bound(2), bound(5), add.bind({ base: 1 }, 2, 3)());
});

test('Function.prototype.bind: a bound function keeps its this', () => {
  const bound = add.bind({ base: 1 });
  console.log(bound.call({ base: 50 } as never, 1, 1));
});

test('Function.prototype.bind: a method taken off its object', () => {
  const counter = {
    n: 0,
    up() {
      this.n++;
      return this.n;
    },
  };
  const up = counter.up.bind(counter);
  console.log(up(), up(), counter.n);
});

test('Function.prototype.name: follows the place of its making', () => {
  const arrow = (): number => 1;
  const object = {
    method() {},
    field: () => {},
    get g() {
      return 1;
    },
  };
  console.log(
    add.name,
    arrow.name,
    object.method.name,
    object.field.name,
    (() => {}).name === '',
    add.bind(undefined).name,
  );
});

test('Function: equality is identity', () => {
  const make = () => () => 1;
  const a = make();
  console.log(a === a, a === make(), typeof a);
});

test('Function: may have properties of its own', () => {
  const counter = Object.assign((): number => ++counter.count, { count: 0 });
  counter();
  counter();
  console.log(counter.count, Object.keys(counter));
});

test('Function.prototype.prototype: an instance made by new has it', () => {
  const a = new A();
  console.log(Object.getPrototypeOf(a) === A.prototype, A.prototype.constructor === A);
});

test('Function.prototype.length: counts parameters before the first with a default', () => {
  const withDefault = (a: number, b = 1, c = 2): number => a + b + c;
  const withRest = (...all: number[]): number => all.length;
  console.log(add.length, withRest.length, withDefault.length, (() => 1).length);
});

// What debug.test.ts looks at through gdb: a value of each kind, closures, classes, async functions, and both planes.

import { addTo, Box } from './debug-machine.ts';

class Animal {
  readonly legs: number;
  constructor(legs: number) {
    this.legs = legs;
  }
  speak(word: string): string {
    const said = `${word} on ${this.legs}`;
    return said;
  }
}

class NotFoundError extends Error {
  readonly code = 'ENOENT';
}

const values = (): number => {
  const text = 'plain "quoted"\n';
  const wide = 'grün → 😀';
  const empty = '';
  const whole = 42;
  const half = -0.5;
  const notNumber = Number.NaN;
  const yes = text.length > 3;
  const nothing = undefined;
  const none = null;
  const list = [1, 'two', [3, null], undefined];
  const object = { name: 'disk', size: 512, nested: { ready: true }, 'odd key': [] as number[] };
  const map = new Map<string, unknown>([
    ['a', 1],
    ['b', { c: 2 }],
  ]);
  map.delete('a');
  const set = new Set([1, 'x']);
  const error = new TypeError('wrong thing');
  const own = new NotFoundError('no file', { cause: error });
  const animal = new Animal(4);
  const work = animal.speak;
  const bytes = new Uint8Array([1, 2, 255]);
  const floats = new Float64Array([0.5, -1]);
  const buffer = bytes.buffer;
  const promise = Promise.resolve('done');
  const symbol = Symbol('mark');
  const pattern = /a+b/gi;
  const date = new Date(0);
  const box = new Box();
  const all = [text, wide, empty, whole, half, notNumber, yes, nothing, none, list, object, map, set, error, own];
  const more = [animal, work, bytes, floats, buffer, promise, symbol, pattern, date];
  console.log('values', all.length, more.length); // Stop here for the values.
  return addTo(box, 5) + list.length;
};

let calls = 0;

const counter = (start: number): (() => number) => {
  let count = start;
  const add = (step: number): void => {
    count += step;
  };
  add(1);
  let last: string | undefined;
  calls += 1; // Stop here for the variables that closures share.
  return () => {
    last = `after ${count}`;
    count += 1; // Stop here for the closure.
    calls += 1;
    return last.length + count - start;
  };
};

const later = async (name: string): Promise<string> => {
  const before = `before ${name}`;
  await Promise.resolve();
  const after = `after ${name}`;
  return `${before}, ${after}`; // Stop here for the async function.
};

const greeting = 'hello';
const next = counter(5);
console.log(values());
console.log(next(), next());
console.log(new Animal(2).speak('walk'));
console.log(await later(greeting));
// biome-ignore lint/suspicious/noDebugger: it is what is tested.
debugger;
console.log('the end');

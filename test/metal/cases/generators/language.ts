// Generator functions: yield in all positions, next, return, throw, delegation, iteration protocol.
import { test } from '../../test.ts';

class Tree1 {
  constructor(
    readonly value: number,
    readonly left?: Tree1,
    readonly right?: Tree1,
  ) {}
  *[Symbol.iterator](): Generator<number> {
    if (this.left) yield* this.left;
    yield this.value;
    if (this.right) yield* this.right;
  }
  static *range(to: number): Generator<number> {
    for (let i = 0; i < to; i++) yield i;
  }
}

const out: unknown[] = [];
const said = (): string => out.splice(0).join(' ');
const say = <T>(value: T): T => {
  out.push(value);
  return value;
};
function* count(to: number): Generator<number, string, unknown> {
  for (let i = 0; i < to; i++) yield i;
  return 'done';
}

test('generator: does not start before next', () => {
  function* g(): Generator<number> {
    say('started');
    yield 1;
  }
  const it = g();
  console.log(out.length);
  console.log(it.next(), said());
});
test('generator: next to the end and beyond', () => {
  const it = count(2);
  console.log(it.next(), it.next(), it.next(), it.next());
});
test('generator: empty, and return at once', () => {
  function* none(): Generator<number> {}
  function* five(): Generator<number, number> {
    return 5;
  }
  console.log(none().next(), five().next(), [...none()], [...five()]);
});
test('yield: gives what next was given', () => {
  function* g(): Generator<string, number, number> {
    const a = yield 'first';
    const b = yield `got ${a}`;
    return a + b;
  }
  const it = g();
  console.log(it.next(99), it.next(5), it.next(6));
});
test('yield: in all kinds of expressions', () => {
  function* g(): Generator<number, unknown, number> {
    const list = [yield 1, yield 2];
    const o = { a: yield 3, [`k${yield 4}`]: yield 5 };
    const sum = (yield 6) + (yield 7);
    const text = `${yield 8}`;
    const chosen = (yield 9) ? yield 10 : yield 11;
    return [list, o, sum, text, chosen];
  }
  const it = g();
  let step = it.next(0);
  let n = 100;
  while (!step.done) step = it.next(n++);
  console.log(step.value, n);
});
test('yield: in conditions of statements', () => {
  function* g(): Generator<string, void, boolean | number> {
    if (yield 'if') say('then');
    while (yield 'while') say('round');
    for (let i = 0; i < ((yield 'for') as number); i++) say(i);
    switch (yield 'switch') {
      case 7:
        say('seven');
    }
    throw yield 'throw';
  }
  const it = g();
  const answers = [undefined, true, true, true, false, 2, 2, 2, 7, 55] as (boolean | number)[];
  try {
    for (const answer of answers) say(it.next(answer).value);
  } catch (error) {
    say(`thrown ${String(error)}`);
  }
  console.log(said());
});
test('yield: without a value gives undefined', () => {
  function* g(): Generator<undefined> {
    yield;
    yield;
  }
  console.log([...g()]);
});
test('yield: as arguments of a call', () => {
  const f = (...n: number[]): string => n.join('+');
  function* g(): Generator<number, string, number> {
    return f(yield 1, yield 2, (yield 3) * 2);
  }
  const it = g();
  it.next();
  it.next(10);
  it.next(20);
  console.log(it.next(30));
});
test('yield*: delegates and gives the result', () => {
  function* outer(): Generator<number | string, string, unknown> {
    yield 'start';
    const result = yield* count(2);
    return `inner was ${result}`;
  }
  const it = outer();
  console.log(it.next(), it.next(), it.next(), it.next(), it.next());
});
test('yield*: over arrays, strings and sets', () => {
  function* g(): Generator<number | string> {
    yield* [1, 2];
    yield* 'ab';
    yield* new Set([3]);
    yield* [];
  }
  console.log([...g()]);
});
test('yield*: hands values and throws to the inner one', () => {
  function* inner(): Generator<string, string, string> {
    try {
      const a = yield 'one';
      say(`inner got ${a}`);
      yield 'two';
    } catch (error) {
      say(`inner caught ${String(error)}`);
      return 'after catch';
    }
    return 'normal';
  }
  function* outer(): Generator<string, void, string> {
    const result = yield* inner();
    say(result);
  }
  const it = outer();
  it.next();
  it.next('x');
  console.log(it.throw('bang').done, said());
});
test('generator: ends it and runs finally', () => {
  function* g(): Generator<number, string> {
    try {
      yield 1;
      yield 2;
    } finally {
      say('finally');
    }
    return 'end';
  }
  const it = g();
  it.next();
  console.log(it.return('early'), said(), it.next());
  const fresh = g();
  console.log(fresh.return('unstarted'), said(), fresh.next());
});
test('generator: a yield in finally goes on', () => {
  function* g(): Generator<number, number> {
    try {
      yield 1;
    } finally {
      yield 2;
    }
    return 3;
  }
  const it = g();
  console.log(it.next(), it.return(9), it.next(), it.next());
});
test('generator: into it, caught and not', () => {
  function* g(): Generator<number, string> {
    try {
      yield 1;
    } catch (error) {
      say(`caught ${String(error)}`);
      yield 2;
    }
    return 'end';
  }
  const it = g();
  it.next();
  console.log(it.throw('a'), said(), it.next());
  const other = g();
  try {
    other.throw(new Error('unstarted'));
  } catch (error) {
    console.log(String(error), other.next());
  }
});
test('generator: out of it ends it', () => {
  function* g(): Generator<number> {
    yield 1;
    throw new Error('inside');
  }
  const it = g();
  it.next();
  try {
    it.next();
  } catch (error) {
    console.log(String(error));
  }
  console.log(it.next());
});
test('generator: while it is running throws', () => {
  const make = function* (): Generator<number> {
    try {
      it.next();
    } catch (error) {
      say((error as Error).name);
    }
    yield 1;
  };
  const it: Generator<number> = make();
  console.log(it.next(), said());
});
test('generator method: of classes, static, and of objects', () => {
  const tree = new Tree1(4, new Tree1(2, new Tree1(1), new Tree1(3)), new Tree1(6));
  const o = {
    *pair(): Generator<string> {
      yield 'a';
      yield 'b';
    },
  };
  console.log([...tree], [...Tree1.range(3)], [...o.pair()], Math.max(...tree));
});
test('generator: parameters with defaults and patterns', () => {
  function* g({ from = 0, to }: { from?: number; to: number }, step = 1, ...extra: number[]): Generator<number> {
    for (let i = from; i < to; i += step) yield i;
    yield* extra;
  }
  console.log([...g({ to: 3 })], [...g({ from: 2, to: 9 }, 3)], [...g({ to: 1 }, 1, 7, 8)]);
});
test('generator: parameters are evaluated at the call', () => {
  function* g(n = say('default')): Generator<string> {
    yield n;
  }
  const it = g();
  console.log(said(), it.next().value);
});
test('generator: infinite, taken in part', () => {
  function* naturals(): Generator<number> {
    for (let i = 0; ; i++) yield i;
  }
  function* take<T>(values: Iterable<T>, n: number): Generator<T> {
    if (n <= 0) return;
    for (const value of values) {
      yield value;
      if (--n === 0) return;
    }
  }
  function* map<T, R>(values: Iterable<T>, f: (x: T) => R): Generator<R> {
    for (const value of values) yield f(value);
  }
  console.log(
    [
      ...take(
        map(naturals(), (n) => n * n),
        5,
      ),
    ],
    [...take(naturals(), 0)],
  );
});
test('generator: local variables and closures live on', () => {
  function* g(): Generator<() => number> {
    let n = 0;
    while (n < 3) {
      const mine = n;
      yield () => mine * 10 + n;
      n++;
    }
  }
  console.log([...g()].map((f) => f()));
});
test('generator: for-of does not see the returned value', () => {
  for (const x of count(3)) say(x);
  console.log(said());
});
test('generator: destructuring closes it', () => {
  function* g(): Generator<number> {
    try {
      yield 1;
      yield 2;
      yield 3;
    } finally {
      say('closed');
    }
  }
  const [a, b] = g();
  console.log(a, b, said());
});
test('generator: is its own iterator', () => {
  const it = count(3);
  it.next();
  console.log(it[Symbol.iterator]() === it, [...it], [...it]);
});
test('generator: two at the same time', () => {
  const [a, b] = [count(3), count(3)];
  console.log(
    a.next().value,
    b.next().value,
    a.next().value,
    a.next().value,
    b.next().value,
    a.next().done,
    b.next().value,
  );
});
test('generator: as a state machine', () => {
  function* lights(): Generator<string, never, number> {
    while (true) {
      for (const colour of ['green', 'yellow', 'red']) {
        const times = yield colour;
        for (let i = 0; i < times; i++) yield `${colour}${i}`;
      }
    }
  }
  const it = lights();
  console.log([undefined, 0, 2, 0, 0, 0, 1, 0].map((n) => it.next(n as number).value).join());
});
test('generator: recursion by delegation', () => {
  function* permutations(list: number[]): Generator<number[]> {
    if (list.length === 0) yield [];
    for (const [i, x] of list.entries())
      for (const rest of permutations(list.filter((_, j) => j !== i))) yield [x, ...rest];
  }
  console.log([...permutations([1, 2, 3])].map((p) => p.join('')).join());
});
test('generator: try with several yields', () => {
  function* g(): Generator<number, void, unknown> {
    for (let i = 0; i < 3; i++) {
      try {
        yield i;
        if (i === 1) throw new Error('one');
      } catch (error) {
        say((error as Error).message);
      } finally {
        say(`f${i}`);
        yield i * 10;
      }
    }
  }
  console.log([...g()], said());
});
test('generator: Array.from, Map and Set of it', () => {
  function* pairs(): Generator<[string, number]> {
    yield ['a', 1];
    yield ['b', 2];
  }
  console.log(
    Array.from(count(3)),
    Array.from(count(3), (n) => n * 2),
    new Map(pairs()),
    new Set(count(2)),
    Object.fromEntries(pairs()),
  );
});
test('iterator protocol: next without done, and extra members', () => {
  const three = {
    [Symbol.iterator]: () => {
      let n = 0;
      return { next: () => (n < 3 ? { value: n++ } : { done: true as const, value: undefined }) };
    },
  };
  console.log([...(three as Iterable<number>)], Math.max(...(three as Iterable<number>)));
});
test('iterator protocol: Symbol.iterator that returns a built-in iterator', () => {
  const o = { [Symbol.iterator]: () => [7, 8][Symbol.iterator]() };
  const p = {
    list: ['x'],
    [Symbol.iterator](): Iterator<string> {
      return this.list.values();
    },
  };
  console.log([...o], [...p]);
});
test('yield: keeps variables over thousands of rounds', () => {
  function* sums(): Generator<number> {
    let sum = 0;
    for (let i = 0; i < 5000; i++) {
      sum += i;
      yield sum;
    }
  }
  let last = 0;
  for (const sum of sums()) last = sum;
  console.log(last);
});

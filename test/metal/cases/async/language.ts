// async functions, await, async generators and for await: order, errors, closures.
import { test, testAsync } from '../../test.ts';

class Job8 {
  private readonly done: string[] = [];
  constructor(readonly name: string) {}
  async run(n: number): Promise<string> {
    for (let i = 0; i < n; i++) {
      await null;
      this.done.push(`${this.name}${i}`);
    }
    return this.done.join();
  }
  static async of(name: string): Promise<Job8> {
    await undefined;
    return new this(name);
  }
  async *steps(n: number): AsyncGenerator<string> {
    for (let i = 0; i < n; i++) {
      await null;
      yield `${this.name}:${i}`;
    }
  }
  later = async (): Promise<string> => {
    await 0;
    return this.name;
  };
  get value(): Promise<number> {
    return Promise.resolve(this.name.length);
  }
}
class Disposable8 {
  constructor(private readonly log: unknown[]) {}
  async *[Symbol.asyncIterator](): AsyncGenerator<number> {
    try {
      yield 1;
      yield 2;
      yield 3;
    } finally {
      this.log.push('closed');
    }
  }
}

const fail = async (text: string): Promise<never> => {
  await null;
  throw new Error(text);
};
const later = async <T>(value: T, turns = 1): Promise<T> => {
  for (let i = 0; i < turns; i++) await null;
  return value;
};

test('async function: runs at once up to the first await', () => {
  const log: string[] = [];
  const f = async (): Promise<void> => {
    log.push('start');
    await null;
    log.push('rest');
  };
  void f();
  log.push('caller');
  console.log(log.join());
});
testAsync('async function: gives a promise of what it returns', async () => {
  const f = async (): Promise<number> => 5;
  const g = async (): Promise<number> => f();
  const none = async (): Promise<void> => {};
  console.log(f() instanceof Promise, await f(), await g(), await none());
});
testAsync('async function: throws become rejections, also before the first await', async () => {
  const f = async (n: number): Promise<number> => {
    if (n < 0) throw new RangeError('negative');
    await null;
    if (n === 0) throw new TypeError('zero');
    return n;
  };
  for (const n of [-1, 0, 1]) {
    try {
      console.log(await f(n));
    } catch (error) {
      console.log(String(error));
    }
  }
});
testAsync('async function: declarations are hoisted and recursive', async () => {
  console.log(await sum(10));
  async function sum(n: number): Promise<number> {
    return n === 0 ? 0 : n + (await sum(n - 1));
  }
});
testAsync('async function: default parameters that throw reject', async () => {
  const bad = (): number => {
    throw new Error('default');
  };
  const f = async (n = bad()): Promise<number> => n;
  console.log(await f(1));
  await f().catch((error: unknown) => console.log(String(error)));
});
testAsync('await: of values that are no promises', async () => {
  console.log(await 5, await 'x', await null, await undefined, await [1], await { a: 1 });
});
testAsync('await: in all kinds of expressions', async () => {
  const o = { a: await later(1), [`k${await later(2)}`]: [await later(3), ...(await later([4, 5]))] };
  const text = `${await later('t')}${(await later({ x: { y: 6 } })).x.y}`;
  const sum = (await later(1)) + (await later(2, 3)) * (await later(3, 2));
  const pick = (await later(true)) ? await later('yes') : await later('no');
  console.log(o, text, sum, pick, !(await later(false)), typeof (await later(1)), -(await later(7)));
});
testAsync('await: keeps the order of operands', async () => {
  let n = 1;
  const change = async (): Promise<number> => {
    await null;
    n = 10;
    return 100;
  };
  console.log(n + (await change()), n);
  const list = [1];
  const push = async (): Promise<number> => {
    list.push(2);
    return 5;
  };
  console.log([list.length, await push(), list.length]);
});
testAsync('await: in arguments, from left to right', async () => {
  const log: number[] = [];
  const say = async (x: number): Promise<number> => {
    log.push(x);
    await null;
    log.push(-x);
    return x;
  };
  console.log(Math.max(await say(1), await say(3), await say(2)), log.join());
});
testAsync('await: compound assignment reads before it waits', async () => {
  let n = 1;
  const add = async (): Promise<void> => {
    n += await later(10);
  };
  const p = add();
  n = 5;
  await p;
  console.log(n);
});
testAsync('await: logical operators and optional chaining leave it out', async () => {
  const log: string[] = [];
  const say = async (text: string): Promise<string> => {
    log.push(text);
    return text;
  };
  const none = (await later<{ f(x: string): string } | undefined>(undefined, 1)) as
    | { f(x: string): string }
    | undefined;
  console.log(
    (await later(false)) && (await say('a')),
    (await later('')) || (await say('b')),
    (await later<string | null>(null)) ?? (await say('c')),
    none?.f(await say('d')),
  );
  console.log(log.join());
});
testAsync('await: in conditions of all loops', async () => {
  const log: number[] = [];
  for (let i = await later(0); i < (await later(3)); i += await later(1)) log.push(i);
  let n = 0;
  while (await later(n < 2)) log.push(n++);
  do log.push(n);
  while (await later(n++ < 3));
  for (const x of await later([7, 8])) log.push(await later(x));
  for (const key in await later({ a: 1 })) log.push(key.length);
  console.log(log.join());
});
testAsync('await: in switch, if and throw', async () => {
  const f = async (n: number): Promise<string> => {
    switch (await later(n)) {
      case await later(1):
        return 'one';
      case 2:
        if (await later(true)) return 'two';
        break;
      default:
        throw await later(new Error('default'));
    }
    return 'never';
  };
  console.log(await f(1), await f(2), await f(3).catch((error: Error) => error.message));
});
testAsync('await: try, catch and finally', async () => {
  const log: string[] = [];
  const f = async (text: string): Promise<string> => {
    try {
      log.push('try');
      if (text !== '') await fail(text);
      return await later('fine');
    } catch (error) {
      log.push(`catch ${(error as Error).message}`);
      return await later('caught');
    } finally {
      await null;
      log.push('finally');
    }
  };
  console.log(await f(''), await f('x'), log.join());
});
testAsync('await: return without await inside try is not caught', async () => {
  const f = async (): Promise<string> => {
    try {
      return fail('outside') as Promise<string>;
    } catch {
      return 'caught';
    }
  };
  const g = async (): Promise<string> => {
    try {
      return await (fail('inside') as Promise<string>);
    } catch {
      return 'caught';
    }
  };
  console.log(await f().catch((error: Error) => error.message), await g());
});
testAsync('await: finally with jumps out of loops', async () => {
  const log: string[] = [];
  outer: for (const a of [1, 2, 3]) {
    for (const b of [1, 2]) {
      try {
        await null;
        if (a === 1 && b === 2) continue outer;
        if (a === 2) break outer;
        log.push(`${a}${b}`);
      } finally {
        await null;
        log.push('f');
      }
    }
  }
  console.log(log.join());
});
testAsync('await: several tasks take turns', async () => {
  const log: string[] = [];
  const task = async (name: string, n: number): Promise<void> => {
    for (let i = 0; i < n; i++) {
      log.push(`${name}${i}`);
      await null;
    }
  };
  await Promise.all([task('a', 3), task('b', 2), task('c', 4)]);
  console.log(log.join());
});
testAsync('await: order against then and queueMicrotask', async () => {
  const log: string[] = [];
  const a = (async () => {
    log.push('a1');
    await null;
    log.push('a2');
    await null;
    log.push('a3');
  })();
  Promise.resolve()
    .then(() => log.push('t1'))
    .then(() => log.push('t2'))
    .then(() => log.push('t3'));
  queueMicrotask(() => log.push('q'));
  const b = (async () => {
    await a;
    log.push('b');
  })();
  await b;
  console.log(log.join());
});
testAsync('await: returning a promise takes three turns, awaiting it one', async () => {
  const log: string[] = [];
  const resolved = Promise.resolve();
  const returns = async (): Promise<void> => resolved;
  const awaits = async (): Promise<void> => {
    await resolved;
  };
  const all = [returns().then(() => log.push('returns')), awaits().then(() => log.push('awaits'))];
  let p = Promise.resolve();
  for (let i = 1; i <= 4; i++) p = p.then(() => void log.push(String(i)));
  await Promise.all([...all, p]);
  console.log(log.join());
});
testAsync('await: of a thenable object', async () => {
  const log: string[] = [];
  const thenable = {
    then(resolve: (value: number) => void): void {
      log.push('then');
      resolve(5);
    },
  };
  console.log(await thenable, log.join());
});
testAsync('async arrow function: keeps this and closures', async () => {
  const o = {
    n: 1,
    async add(k: number): Promise<number> {
      const inner = async (): Promise<number> => {
        await null;
        return (this.n += k);
      };
      return inner();
    },
  };
  console.log(await o.add(2), await Promise.all([o.add(1), o.add(1)]), o.n);
});
testAsync('async arrow function: closures of a loop with await', async () => {
  const log: (() => number)[] = [];
  for (let i = 0; i < 3; i++) {
    const twice = i * 2;
    await null;
    log.push(() => i + twice);
  }
  console.log(log.map((f) => f()));
});
testAsync('async method: of classes and statics', async () => {
  const job = await Job8.of('j');
  console.log(await job.run(2), await job.run(1), await job.later(), await job.value);
});
testAsync('async method: this survives the waits of two objects', async () => {
  const [a, b] = [new Job8('a'), new Job8('b')];
  console.log(await Promise.all([a.run(2), b.run(3)]));
});
testAsync('async generator: yields and ends', async () => {
  async function* g(): AsyncGenerator<number, string> {
    yield 1;
    await null;
    yield 2;
    return 'end';
  }
  const it = g();
  console.log(await it.next(), await it.next(), await it.next(), await it.next());
});
testAsync('async generator: awaits what it yields and returns', async () => {
  async function* g(): AsyncGenerator<number, string> {
    yield later(1);
    return later('r');
  }
  const it = g();
  console.log(await it.next(), await it.next());
});
testAsync('async generator: is given values and throws', async () => {
  const log: unknown[] = [];
  async function* g(): AsyncGenerator<string, void, number> {
    try {
      log.push(yield 'a');
      log.push(yield 'b');
    } catch (error) {
      log.push(String(error));
      yield 'c';
    } finally {
      log.push('finally');
    }
  }
  const it = g();
  await it.next(0);
  await it.next(1);
  console.log(await it.throw(new Error('into')), await it.next(9), log.join());
});
testAsync('async generator: return runs finally', async () => {
  const log: unknown[] = [];
  const it = new Disposable8(log)[Symbol.asyncIterator]();
  await it.next();
  console.log(await it.return(undefined), log.join(), await it.next());
});
testAsync('async generator: several next at once are answered in order', async () => {
  const job = new Job8('q');
  const it = job.steps(2);
  console.log(await Promise.all([it.next(), it.next(), it.next(), it.next()]));
});
testAsync('async generator: throws reject and end it', async () => {
  async function* g(): AsyncGenerator<number> {
    yield 1;
    throw new Error('inside');
  }
  const it = g();
  await it.next();
  await it.next().catch((error: unknown) => console.log(String(error)));
  console.log(await it.next());
});
testAsync('async generator: a method of an object, and an expression', async () => {
  const o = {
    async *pair(): AsyncGenerator<string> {
      yield 'a';
      yield 'b';
    },
  };
  const expression = async function* (n: number): AsyncGenerator<number> {
    yield n;
  };
  const out: unknown[] = [];
  for await (const x of o.pair()) out.push(x);
  for await (const x of expression(5)) out.push(x);
  console.log(out);
});
testAsync('for await: over an async generator, with break', async () => {
  const log: unknown[] = [];
  for await (const x of new Disposable8(log)) {
    log.push(x);
    if (x === 2) break;
  }
  console.log(log.join());
});
testAsync('for await: to the end does not close', async () => {
  const log: unknown[] = [];
  for await (const x of new Disposable8(log)) log.push(x);
  console.log(log.join());
});
testAsync('for await: throw and return close', async () => {
  const log: unknown[] = [];
  const f = async (): Promise<number> => {
    for await (const x of new Disposable8(log)) return x;
    return 0;
  };
  log.push(await f());
  try {
    for await (const x of new Disposable8(log)) throw new Error(`at ${x}`);
  } catch (error) {
    log.push((error as Error).message);
  }
  console.log(log.join());
});
testAsync('for await: over an array of promises and values', async () => {
  const out: unknown[] = [];
  for await (const x of [later(1, 3), 2, later('c')]) out.push(x);
  for await (const x of new Set([later(4)])) out.push(x);
  console.log(out);
});
testAsync('for await: a rejected element is thrown', async () => {
  const out: unknown[] = [];
  try {
    for await (const x of [later(1), fail('two')]) out.push(x);
  } catch (error) {
    out.push(String(error));
  }
  console.log(out);
});
testAsync('for await: labels and continue', async () => {
  const out: string[] = [];
  outer: for await (const x of new Job8('x').steps(3)) {
    for await (const y of new Job8('y').steps(3)) {
      if (y === 'y:1') continue outer;
      if (x === 'x:2') break outer;
      out.push(x + y);
    }
  }
  console.log(out.join());
});
testAsync('async iterator protocol: an object of one’s own', async () => {
  const count = {
    [Symbol.asyncIterator]: (): AsyncIterator<number> => {
      let n = 0;
      return { next: async () => (n < 3 ? { done: false, value: n++ } : { done: true, value: undefined }) };
    },
  };
  const out: number[] = [];
  for await (const n of count) out.push(n);
  console.log(out);
});
testAsync('async function: a thousand at once', async () => {
  const all = await Promise.all(Array.from({ length: 1000 }, (_, i) => later(i, i % 7)));
  console.log(
    all.length,
    all.reduce((a, b) => a + b, 0),
  );
});
testAsync('async function: deep chains of awaits', async () => {
  const dig = async (n: number): Promise<number> => (n === 0 ? 0 : 1 + (await dig(n - 1)));
  console.log(await dig(200));
});
testAsync('async function: destructuring of what is awaited', async () => {
  const {
    a,
    b: [c, d = 5],
  } = await later({ a: 1, b: [2] as number[] });
  const [x, ...rest] = await later([1, 2, 3]);
  console.log(a, c, d, x, rest);
});
testAsync('async function: spread and templates of what is awaited', async () => {
  const f = (...values: unknown[]): string => values.join('|');
  console.log(f(...(await later([1, 2])), await later(3)), { ...(await later({ a: 1 })), b: await later(2) });
});
testAsync('async function: variables of a try before and after the wait', async () => {
  let n = 0;
  const f = async (): Promise<string> => {
    let state = 'a';
    try {
      state += 'b';
      await later(0);
      state += 'c';
      n = await fail('x');
      state += 'd';
    } catch (error) {
      state += (error as Error).message;
      await null;
      state += 'e';
    }
    return state;
  };
  console.log(await f(), n);
});
testAsync('async function: a race of a result and a failure', async () => {
  const first = await Promise.race([later('slow', 5), later('fast', 1), fail('late').catch(() => 'never')]);
  console.log(first);
});
testAsync('async function: a lock made of promises', async () => {
  const log: string[] = [];
  let tail: Promise<unknown> = Promise.resolve();
  const locked = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
  const work = (name: string) => async (): Promise<void> => {
    log.push(`${name}<`);
    await later(0, 3);
    log.push(`>${name}`);
    if (name === 'b') throw new Error('b');
  };
  await Promise.allSettled([locked(work('a')), locked(work('b')), locked(work('c'))]);
  console.log(log.join(' '));
});

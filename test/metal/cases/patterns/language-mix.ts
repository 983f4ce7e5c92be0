// Constructs inside one another, as programs have them.
import { test, testAsync } from '../../test.ts';

class Emitter7<Events extends Record<string, unknown[]>> {
  private readonly listeners: { [K in keyof Events]?: ((...values: Events[K]) => void)[] } = {};
  on<K extends keyof Events>(name: K, listener: (...values: Events[K]) => void): () => void {
    (this.listeners[name] ??= []).push(listener);
    return () => {
      this.listeners[name] = this.listeners[name]?.filter((known) => known !== listener);
    };
  }
  emit<K extends keyof Events>(name: K, ...values: Events[K]): number {
    const list = this.listeners[name] ?? [];
    for (const listener of [...list]) listener(...values);
    return list.length;
  }
}
class Matrix7 {
  private constructor(private readonly rows: readonly (readonly number[])[]) {}
  static of(...rows: number[][]): Matrix7 {
    return new Matrix7(rows);
  }
  static identity(n: number): Matrix7 {
    return new Matrix7(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))));
  }
  times(other: Matrix7): Matrix7 {
    return new Matrix7(
      this.rows.map((row) => other.rows[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * other.rows[k]![j]!, 0))),
    );
  }
  power(n: number): Matrix7 {
    return n === 0
      ? Matrix7.identity(this.rows.length)
      : n % 2
        ? this.times(this.power(n - 1))
        : this.times(this).power(n / 2);
  }
  toString(): string {
    return this.rows.map((row) => row.join(' ')).join('; ');
  }
}
type Expression7 =
  | { type: 'number'; value: number }
  | { type: 'binary'; operator: '+' | '-' | '*' | '/'; left: Expression7; right: Expression7 }
  | { type: 'call'; name: string; values: Expression7[] };
type Token7 = { kind: 'number'; value: number } | { kind: 'name'; text: string } | { kind: 'sign'; text: string };
class Parser7 {
  private at = 0;
  private readonly tokens: Token7[];
  constructor(text: string) {
    this.tokens = [...Parser7.tokens(text)];
  }
  static *tokens(text: string): Generator<Token7> {
    for (const [whole, number, name] of text.matchAll(/\s*(?:(\d+(?:\.\d+)?)|([a-z]+)|.)/gy)) {
      if (number !== undefined) yield { kind: 'number', value: Number(number) };
      else if (name !== undefined) yield { kind: 'name', text: name };
      else yield { kind: 'sign', text: whole.trim() };
    }
  }
  private take(text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.at++;
    return true;
  }
  parse(level = 0): Expression7 {
    const operators = [
      ['+', '-'],
      ['*', '/'],
    ][level];
    if (!operators) return this.primary();
    let left = this.parse(level + 1);
    for (;;) {
      const operator = operators.find((sign) => this.take(sign)) as '+' | undefined;
      if (!operator) return left;
      left = { type: 'binary', operator, left, right: this.parse(level + 1) };
    }
  }
  private primary(): Expression7 {
    if (this.take('(')) {
      const inner = this.parse();
      if (!this.take(')')) throw new SyntaxError(`) expected at ${this.at}`);
      return inner;
    }
    const token = this.tokens[this.at++];
    switch (token?.kind) {
      case 'number':
        return { type: 'number', value: token.value };
      case 'name': {
        const values: Expression7[] = [];
        if (this.take('(')) {
          do values.push(this.parse());
          while (this.take(','));
          this.take(')');
        }
        return { type: 'call', name: token.text, values };
      }
      default:
        throw new SyntaxError(token ? `unexpected ${token.text}` : 'unexpected end');
    }
  }
}
const evaluate7 = (e: Expression7, scope: Record<string, (...n: number[]) => number>): number => {
  switch (e.type) {
    case 'number':
      return e.value;
    case 'call': {
      const f = scope[e.name];
      if (!f) throw new ReferenceError(`${e.name}?`);
      return f(...e.values.map((value) => evaluate7(value, scope)));
    }
    case 'binary': {
      const [a, b] = [evaluate7(e.left, scope), evaluate7(e.right, scope)];
      return { '+': () => a + b, '-': () => a - b, '*': () => a * b, '/': () => a / b }[e.operator]();
    }
  }
};

test('discriminated union: a parser and an evaluator', () => {
  const scope = { max: Math.max, pi: () => 3, twice: (n: number) => n * 2 };
  for (const text of ['1+2*3', '(1+2)*3', '8/4/2', 'max(1, 7-2, 3)*twice(pi)', '2*(3', '1+', 'nope(1)', '1 + + 2']) {
    try {
      console.log(text, evaluate7(new Parser7(text).parse(), scope));
    } catch (error) {
      console.log(text, String(error));
    }
  }
});
test('generic class: an emitter whose listeners go while it emits', () => {
  const e = new Emitter7<{ add: [number, string]; end: [] }>();
  const log: string[] = [];
  const off = e.on('add', (n, text) => {
    log.push(`${n}${text}`);
    off();
  });
  e.on('add', (n) => log.push(`second ${n}`));
  e.on('end', () => log.push('end'));
  console.log(e.emit('add', 1, 'a'), e.emit('add', 2, 'b'), e.emit('end'), log.join());
});
test('recursion: matrices by powers', () => {
  console.log(
    `${Matrix7.of([1, 1], [1, 0]).power(10)}`,
    String(Matrix7.identity(3).times(Matrix7.of([1, 2, 3], [4, 5, 6], [7, 8, 9]))),
  );
});
test('closure: a reactive value', () => {
  const watch = <T>(value: T) => {
    const readers = new Set<(value: T) => void>();
    return {
      get: () => value,
      set: (next: T | ((before: T) => T)) => {
        value = typeof next === 'function' ? (next as (before: T) => T)(value) : next;
        for (const reader of readers) reader(value);
      },
      read: (reader: (value: T) => void) => {
        readers.add(reader);
        reader(value);
        return () => readers.delete(reader);
      },
    };
  };
  const n = watch(1);
  const log: number[] = [];
  const stop = n.read((value) => log.push(value));
  n.set(5);
  n.set((before) => before * 2);
  console.log(stop(), stop(), n.get());
  n.set(0);
  console.log(log);
});
test('generator: a pipeline of lazy steps', () => {
  const log: string[] = [];
  const pipe = <T>(source: Iterable<T>) => ({
    map: <R>(f: (x: T) => R) =>
      pipe(
        (function* () {
          for (const x of source) yield f(x);
        })(),
      ),
    keep: (f: (x: T) => boolean) =>
      pipe(
        (function* () {
          for (const x of source) if (f(x)) yield x;
        })(),
      ),
    take: (n: number) =>
      pipe(
        (function* () {
          let i = 0;
          if (n > 0)
            for (const x of source) {
              yield x;
              if (++i >= n) return;
            }
        })(),
      ),
    list: () => [...source],
  });
  const numbers = function* (): Generator<number> {
    try {
      for (let i = 1; ; i++) {
        log.push(`${i}`);
        yield i;
      }
    } finally {
      log.push('closed');
    }
  };
  console.log(
    pipe(numbers())
      .keep((n) => n % 2 === 1)
      .map((n) => n * n)
      .take(3)
      .list(),
    log.join(),
  );
});
test('try…finally: resources given back in reverse order', () => {
  const log: string[] = [];
  const withAll = <T>(names: string[], body: () => T): T => {
    const [first, ...rest] = names;
    if (first === undefined) return body();
    log.push(`+${first}`);
    try {
      return withAll(rest, body);
    } finally {
      log.push(`-${first}`);
    }
  };
  console.log(withAll(['a', 'b'], () => 5));
  try {
    withAll(['c', 'd'], () => {
      throw new Error('inside');
    });
  } catch (error) {
    log.push((error as Error).message);
  }
  console.log(log.join(' '));
});
test('label: a sieve, and a search in a grid', () => {
  const primes: number[] = [];
  search: for (let n = 2; n < 40; n++) {
    for (const p of primes) {
      if (p * p > n) break;
      if (n % p === 0) continue search;
    }
    primes.push(n);
  }
  const grid = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  let found: [number, number] | undefined;
  rows: for (const [y, row] of grid.entries())
    for (const [x, value] of row.entries())
      if (value === 5) {
        found = [x, y];
        break rows;
      }
  console.log(primes.join(), found);
});
test('object spread: an undoable state', () => {
  type State = { readonly n: number; readonly tags: readonly string[]; readonly deep: { readonly on: boolean } };
  const steps: ((s: State) => State)[] = [
    (s) => ({ ...s, n: s.n + 1 }),
    (s) => ({ ...s, tags: [...s.tags, `t${s.n}`] }),
    (s) => ({ ...s, deep: { ...s.deep, on: !s.deep.on } }),
  ];
  const history: State[] = [{ n: 0, tags: [], deep: { on: false } }];
  for (const step of [...steps, ...steps]) history.push(step(history.at(-1)!));
  console.log(
    history.map((s) => `${s.n}${s.tags.join('')}${s.deep.on ? 'x' : '-'}`).join(' '),
    history[0] !== history[1],
    history[1]!.tags === history[0]!.tags,
  );
});
testAsync('async function: a queue with workers', async () => {
  const log: string[] = [];
  const queue = [5, 1, 3, 2];
  const worker = async (name: string): Promise<number> => {
    let done = 0;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      for (let i = 0; i < job; i++) await null;
      log.push(`${name}${job}`);
      done++;
    }
    return done;
  };
  console.log(await Promise.all([worker('a'), worker('b')]), log.join());
});
testAsync('async generator: pages of a slow source', async () => {
  const fetchPage = async (n: number): Promise<{ items: string[]; next?: number }> => {
    await null;
    return n < 2 ? { items: [`${n}a`, `${n}b`], next: n + 1 } : { items: [`${n}a`] };
  };
  async function* items(): AsyncGenerator<string> {
    for (let page: number | undefined = 0; page !== undefined; ) {
      const { items, next }: { items: string[]; next?: number } = await fetchPage(page);
      for (const item of items) yield item;
      page = next;
    }
  }
  const out: string[] = [];
  for await (const item of items()) {
    if (item === '1a') continue;
    out.push(item);
  }
  console.log(out.join());
});
testAsync('try…catch: retries with a growing wait', async () => {
  const log: string[] = [];
  let tries = 0;
  const flaky = async (): Promise<string> => {
    await null;
    if (++tries < 3) throw new Error(`try ${tries}`);
    return `ok after ${tries}`;
  };
  const retry = async <T>(work: () => Promise<T>, limit: number): Promise<T> => {
    for (let i = 1; ; i++) {
      try {
        return await work();
      } catch (error) {
        log.push((error as Error).message);
        if (i >= limit) throw error;
        for (let k = 0; k < 2 ** i; k++) await null;
      }
    }
  };
  console.log(await retry(flaky, 5), log.join());
  tries = -5;
  await retry(flaky, 2).catch((error: Error) => console.log('gave up:', error.message));
});

// What a unit test needs to run on metal, too: the part of Vitest that it uses, in kernel TypeScript. Under Vitest an import of this file is Vitest itself
// (test/vitest.config.ts); in the program that the corpus makes of unit tests each `it` is a case, which prints what it finds wrong.

import { isEqual, matches } from './equal.ts';
import { test, whenFileEnds } from './test.ts';

type Hook = () => unknown;

/** A `describe` under way, or the file. The hooks of all around a test are its own. */
interface Suite {
  readonly name: string;
  readonly before: Hook[];
  readonly after: Hook[];
  readonly outer: Suite | undefined;
}

const newSuite = (name: string, outer: Suite | undefined): Suite => ({ name, before: [], after: [], outer });

let suite = newSuite('', undefined);
whenFileEnds(() => {
  suite = newSuite('', undefined);
});

/** Runs `body`, which names the tests of a subject. */
export const describe = (name: string, body: () => void): void => {
  const outer = suite;
  suite = newSuite(outer.outer === undefined ? name : `${outer.name} > ${name}`, outer);
  body();
  suite = outer;
};

/** Has `hook` run before each test of the suite, and of those inside it. */
export const beforeEach = (hook: Hook): void => {
  suite.before.push(hook);
};

/** Has `hook` run behind each test of the suite, and of those inside it. */
export const afterEach = (hook: Hook): void => {
  suite.after.push(hook);
};

const addTest = (name: string, body: () => unknown): void => {
  const before: Hook[] = [];
  const after: Hook[] = [];
  for (let each: Suite | undefined = suite; each !== undefined; each = each.outer) {
    before.unshift(...each.before);
    after.push(...each.after);
  }
  const finish = (): void => {
    for (const hook of after) hook();
  };
  test(suite.name === '' ? name : `${suite.name} > ${name}`, (): unknown => {
    for (const hook of before) hook();
    const result = body();
    if (result instanceof Promise) return result.then(finish);
    finish();
    return undefined;
  });
};

/** A list gives the parameters, anything else is the one parameter. */
interface Each {
  <T extends readonly unknown[] | [unknown]>(
    rows: readonly T[],
  ): (name: string, body: (...row: [...T]) => unknown) => void;
  <T>(rows: readonly T[]): (name: string, body: (row: T) => unknown) => void;
}

const each =
  (rows: readonly unknown[]) =>
  (name: string, body: (...row: unknown[]) => unknown): void => {
    rows.forEach((row, index) => {
      addTest(`${name} [${index}]`, () => (Array.isArray(row) ? body(...(row as unknown[])) : body(row)));
    });
  };

/** Adds a test. `it.each(rows)` adds one for each row. */
export const it = Object.assign(addTest, { each: each as Each });

/** What a test finds wrong. */
class ExpectationError extends Error {}

const textOf = (value: unknown): string => {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? 'object') : `${value}`;
};

/** What is expected of a value. Every method throws an ExpectationError where it is not so. */
export class Expectation {
  private readonly value: unknown;
  private readonly wanted: boolean;

  constructor(value: unknown, wanted: boolean) {
    this.value = value;
    this.wanted = wanted;
  }

  /** The contrary. */
  get not(): Expectation {
    return new Expectation(this.value, !this.wanted);
  }

  /** Of a promise: what it is fulfilled with. */
  get resolves(): Settled {
    return new Settled(this.value as Promise<unknown>, this.wanted);
  }

  /** Of a promise: what it is rejected with. */
  get rejects(): Settled {
    const promise = this.value as Promise<unknown>;
    const reason = promise.then(
      (value) => {
        throw new ExpectationError(`expected a rejection, found ${textOf(value)}`);
      },
      (error: unknown) => error,
    );
    return new Settled(reason, this.wanted);
  }

  /** Is the same value, by Object.is. */
  toBe(expected: unknown): void {
    this.check(Object.is(this.value, expected), 'to be', expected);
  }

  /** Has the same contents; a property that is undefined counts as absent. */
  toEqual(expected: unknown): void {
    this.check(isEqual(this.value, expected), 'to equal', expected);
  }

  /** Has at least these contents. */
  toMatchObject(expected: unknown): void {
    this.check(matches(this.value, expected), 'to match', expected);
  }

  toBeUndefined(): void {
    this.toBe(undefined);
  }

  toBeDefined(): void {
    this.check(this.value !== undefined, 'to be', 'defined');
  }

  toBeLessThan(limit: number): void {
    this.check((this.value as number) < limit, 'to be less than', limit);
  }

  toBeLessThanOrEqual(limit: number): void {
    this.check((this.value as number) <= limit, 'to be at most', limit);
  }

  toBeGreaterThan(limit: number): void {
    this.check((this.value as number) > limit, 'to be greater than', limit);
  }

  toBeGreaterThanOrEqual(limit: number): void {
    this.check((this.value as number) >= limit, 'to be at least', limit);
  }

  toHaveLength(length: number): void {
    this.check((this.value as readonly unknown[]).length === length, 'to have the length', length);
  }

  /** Of a text: has this part. Of a list: has this element. */
  toContain(part: unknown): void {
    const found =
      typeof this.value === 'string'
        ? this.value.includes(part as string)
        : (this.value as readonly unknown[]).some((element) => Object.is(element, part));
    this.check(found, 'to contain', part);
  }

  toMatch(pattern: RegExp): void {
    this.check(pattern.test(this.value as string), 'to match', pattern.source);
  }

  /** Of a function: throws, and the message has this part, matches, or is that of the error. */
  toThrow(message?: string | RegExp | Error): void {
    let thrown: unknown;
    let hasThrown = false;
    try {
      (this.value as () => unknown)();
    } catch (error) {
      thrown = error;
      hasThrown = true;
    }
    this.check(hasThrown && isMessageOf(thrown, message), 'to throw', message ?? 'something');
  }

  private check(holds: boolean, what: string, expected: unknown): void {
    if (holds !== this.wanted)
      throw new ExpectationError(
        `expected ${textOf(this.value)} ${this.wanted ? '' : 'not '}${what} ${textOf(expected)}`,
      );
  }
}

const isMessageOf = (error: unknown, message: string | RegExp | Error | undefined): boolean => {
  if (message === undefined) return true;
  const text = error instanceof Error ? error.message : `${error}`;
  if (message instanceof Error) return text === message.message;
  return typeof message === 'string' ? text.includes(message) : message.test(text);
};

/** What is expected of the value, or the reason, that a promise settles with. */
export class Settled {
  private readonly settled: Promise<unknown>;
  private readonly wanted: boolean;

  constructor(settled: Promise<unknown>, wanted: boolean) {
    this.settled = settled;
    this.wanted = wanted;
  }

  async toBe(expected: unknown): Promise<void> {
    new Expectation(await this.settled, this.wanted).toBe(expected);
  }

  async toEqual(expected: unknown): Promise<void> {
    new Expectation(await this.settled, this.wanted).toEqual(expected);
  }

  async toMatchObject(expected: unknown): Promise<void> {
    new Expectation(await this.settled, this.wanted).toMatchObject(expected);
  }

  async toBeUndefined(): Promise<void> {
    new Expectation(await this.settled, this.wanted).toBeUndefined();
  }

  /** Behind `rejects`: the message of the reason has this part or matches. */
  async toThrow(message?: string | RegExp | Error): Promise<void> {
    const reason = await this.settled;
    const thrower = (): never => {
      throw reason;
    };
    new Expectation(thrower, this.wanted).toThrow(message);
  }
}

/** Returns what can be expected of `value`. */
export const expect = (value: unknown): Expectation => new Expectation(value, true);

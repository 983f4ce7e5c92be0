// What the test files of an image have named: suites, tests and hooks, each with a number. Nothing runs here: the host asks for one number after the other (serve.ts),
// and decides with that what is skipped, repeated, or meant by `only`.

import { title } from './title.ts';

/** What a body is given. */
export interface TestContext {
  /** Ends the test as skipped; with a condition only where that holds. */
  skip(condition?: boolean | string, note?: string): void;
}

/** The body of a test or of a hook; what it returns is awaited. */
export type Body = (context: TestContext) => unknown;

/** What can be said of a test or a suite. */
export interface TestOptions {
  readonly skip?: boolean;
  readonly only?: boolean;
  readonly todo?: boolean;
  /** The test is right when it fails. */
  readonly fails?: boolean;
  /** How long it may take, in milliseconds. Default: what the host says, 5000. */
  readonly timeout?: number;
  /** How often it is tried again when it fails. */
  readonly retry?: number;
  /** How often it runs again when it passes. */
  readonly repeats?: number;
}

/** When a hook runs. */
export type HookKind = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';

/** One suite, test or hook; its number is its place in `entries`. */
export interface Entry {
  readonly kind: 'file' | 'suite' | 'test' | HookKind;
  /** The number of what it stands in; -1 for a file. */
  readonly parent: number;
  readonly name: string;
  readonly options: TestOptions;
  readonly body: Body;
}

/** All of them, in the order in which they were named. */
export const entries: Entry[] = [];

/** The file, or the suite, whose parts are being named. */
let current = -1;

const NO_OPTIONS: TestOptions = {};
const noBody: Body = () => undefined;

const add = (kind: Entry['kind'], name: string, options: TestOptions, body: Body): number =>
  entries.push({ kind, parent: current, name, options, body }) - 1;

/** Has what is named from now on belong to a file. */
export const beginFile = (name: string): void => {
  current = -1;
  current = add('file', name, NO_OPTIONS, noBody);
};

/** A test's name with its body and the longest time for it, or with options before the body. */
interface Add<B> {
  (name: string, body?: B, timeoutMs?: number): void;
  (name: string, options: TestOptions, body: B): void;
}

/** Adds one for each row. A list gives the parameters, anything else is the one parameter. The name may show them: %s, %i, %o, %#, $name. */
interface Each {
  <T extends readonly unknown[] | [unknown]>(
    rows: readonly T[],
  ): (name: string, body: (...row: [...T]) => unknown, timeoutMs?: number) => void;
  <T>(rows: readonly T[]): (name: string, body: (row: T) => unknown, timeoutMs?: number) => void;
}

/** Adds one for each row, as the one parameter. */
type For = <T>(
  rows: readonly T[],
) => (name: string, body: (row: T, context: TestContext) => unknown, timeoutMs?: number) => void;

/** Adds a test or a suite, as its options say. */
export interface Adder<B> extends Add<B> {
  readonly each: Each;
  readonly for: For;
}

/** `describe` and `it`, with what can be written behind their names. */
export interface Chain<B> extends Adder<B> {
  readonly skip: Adder<B>;
  /** Has the file run these alone. */
  readonly only: Adder<B>;
  readonly todo: (name: string) => void;
  /** One processor runs one test after the other: the same as without. */
  readonly concurrent: Adder<B>;
  readonly sequential: Adder<B>;
  readonly skipIf: (condition: unknown) => Adder<B>;
  readonly runIf: (condition: unknown) => Adder<B>;
}

type Register = (name: string, options: TestOptions, body: Body) => void;

const adder = <B>(register: Register, given: TestOptions): Adder<B> => {
  const addOne = (name: string, first?: unknown, second?: unknown): void => {
    if (typeof first === 'function')
      register(name, typeof second === 'number' ? { ...given, timeout: second } : given, first as Body);
    else if (typeof second === 'function') register(name, { ...given, ...(first as TestOptions) }, second as Body);
    else register(name, { ...given, todo: true }, noBody);
  };
  const addEach =
    (rows: readonly unknown[]) =>
    (name: string, body: (...row: unknown[]) => unknown, timeoutMs?: number): void => {
      rows.forEach((row, index) => {
        const parameters = Array.isArray(row) ? (row as unknown[]) : [row];
        addOne(title(name, parameters, index), () => body(...parameters), timeoutMs);
      });
    };
  const addFor =
    (rows: readonly unknown[]) =>
    (name: string, body: (row: unknown, context: TestContext) => unknown, timeoutMs?: number): void => {
      rows.forEach((row, index) => {
        addOne(title(name, [row], index), (context: TestContext) => body(row, context), timeoutMs);
      });
    };
  return Object.assign(addOne, { each: addEach, for: addFor }) as unknown as Adder<B>;
};

const chain = <B>(register: Register): Chain<B> => {
  const plain = adder<B>(register, NO_OPTIONS);
  const skip = adder<B>(register, { skip: true });
  return Object.assign(plain, {
    skip,
    only: adder<B>(register, { only: true }),
    todo: (name: string): void => register(name, { todo: true }, noBody),
    concurrent: plain,
    sequential: plain,
    skipIf: (condition: unknown): Adder<B> => (condition ? skip : plain),
    runIf: (condition: unknown): Adder<B> => (condition ? plain : skip),
  }) as unknown as Chain<B>;
};

const addTest: Register = (name, options, body) => {
  add('test', name, options, body);
};

const addSuite: Register = (name, options, body) => {
  const outer = current;
  current = add('suite', name, options, noBody);
  const result = (body as () => unknown)();
  current = outer;
  if (result instanceof Promise)
    throw new Error(`describe('${name}'): a suite names its tests at once, its function cannot be async`);
};

/** Names the tests of a subject: `body` is called at once. */
export const describe: Chain<() => void> = chain(addSuite);

/** Names a test. */
export const it: Chain<Body> & { readonly fails: Adder<Body> } = Object.assign(chain<Body>(addTest), {
  fails: adder<Body>(addTest, { fails: true }),
});

const addHook = (kind: HookKind, body: Body, timeoutMs: number | undefined): void => {
  add(kind, '', timeoutMs === undefined ? NO_OPTIONS : { timeout: timeoutMs }, body);
};

/** Has `body` run before the first test of the suite, or of the file. What it returns, if that is a function, runs behind the last. */
export const beforeAll = (body: Body, timeoutMs?: number): void => addHook('beforeAll', body, timeoutMs);

/** Has `body` run behind the last test of the suite, or of the file. */
export const afterAll = (body: Body, timeoutMs?: number): void => addHook('afterAll', body, timeoutMs);

/** Has `body` run before each test of the suite, or of the file. What it returns, if that is a function, runs behind each. */
export const beforeEach = (body: Body, timeoutMs?: number): void => addHook('beforeEach', body, timeoutMs);

/** Has `body` run behind each test of the suite, or of the file. */
export const afterEach = (body: Body, timeoutMs?: number): void => addHook('afterEach', body, timeoutMs);

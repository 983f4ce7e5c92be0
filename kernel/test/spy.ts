// Functions that note their calls: vi.fn.

/** How a call ended. */
export interface SpyResult {
  readonly type: 'return' | 'throw';
  readonly value: unknown;
}

/** What is known of a function's calls, in their order. */
export interface SpyState {
  readonly calls: (readonly unknown[])[];
  readonly results: SpyResult[];
  /** The arguments of the last call. */
  readonly lastCall: readonly unknown[] | undefined;
}

type AnyFunction = (...parameters: never[]) => unknown;

/** A function that notes its calls. */
export interface Spy<F extends AnyFunction = AnyFunction> {
  (...parameters: Parameters<F>): ReturnType<F>;
  readonly mock: SpyState;
  /** Forgets the calls. */
  mockClear(): this;
  /** Has `body` run at each call from now on. */
  mockImplementation(body: F): this;
  /** Has `body` run at the next call that has none of its own yet. */
  mockImplementationOnce(body: F): this;
  mockReturnValue(value: ReturnType<F>): this;
  mockReturnValueOnce(value: ReturnType<F>): this;
}

/** Returns whether `value` is such a function. */
export const isSpy = (value: unknown): value is Spy => typeof value === 'function' && 'mock' in value;

/** Returns a function that notes its calls and does what `body` does, by default nothing. */
export const fn = <F extends AnyFunction>(body?: F): Spy<F> => {
  const calls: (readonly unknown[])[] = [];
  const results: SpyResult[] = [];
  const next: AnyFunction[] = [];
  let usual: AnyFunction | undefined = body;

  const spy = (...parameters: unknown[]): unknown => {
    calls.push(parameters);
    const run = next.shift() ?? usual;
    try {
      const value = run === undefined ? undefined : (run as (...given: unknown[]) => unknown)(...parameters);
      results.push({ type: 'return', value });
      return value;
    } catch (error) {
      results.push({ type: 'throw', value: error });
      throw error;
    }
  };
  const state: SpyState = {
    calls,
    results,
    get lastCall() {
      return calls.at(-1);
    },
  };
  const always = (run: AnyFunction): Spy<F> => {
    usual = run;
    return made;
  };
  const once = (run: AnyFunction): Spy<F> => {
    next.push(run);
    return made;
  };
  const made = Object.assign(spy, {
    mock: state,
    mockClear: (): Spy<F> => {
      calls.length = 0;
      results.length = 0;
      return made;
    },
    mockImplementation: always,
    mockImplementationOnce: once,
    mockReturnValue: (value: unknown): Spy<F> => always(() => value),
    mockReturnValueOnce: (value: unknown): Spy<F> => once(() => value),
  }) as unknown as Spy<F>;
  return made;
};

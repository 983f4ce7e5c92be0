// expect(value): what must hold of a value, of what a promise is fulfilled with (`resolves`), or of why it was rejected (`rejects`).

import { isEqual, LOOSE, PARTIAL, STRICT } from './equal.ts';
import { type AsymmetricMatcher, isMatcher } from './matcher.ts';
import { any, anything, type Constructor, closeTo, containing, isClose, isMatchOf } from './matchers.ts';
import { show } from './show.ts';
import { isSpy, type Spy } from './spy.ts';

/** What a test found wrong. `comparison` holds both values where their difference says more than the message. */
export class ExpectationError extends Error {
  readonly comparison: readonly [actual: unknown, expected: unknown] | undefined;

  constructor(message: string, comparison?: readonly [unknown, unknown]) {
    super(message);
    this.comparison = comparison;
  }
}

/** What came of a look at a value. `says` follows `expected VALUE` or `expected VALUE not`. */
interface Verdict {
  readonly holds: boolean;
  readonly says: () => string;
  /** In a list, so that undefined can be expected, too. */
  readonly expected?: readonly [unknown];
  readonly actual?: readonly [unknown];
}

/** Hands the value to who looks at it: at once, or when its promise has settled. */
type Take<Result> = (look: (value: unknown) => void) => Result;

/** What `toThrow` takes: a part of the message, a pattern of it, an error with the same one, the error's class, or a matcher. */
export type Thrown = string | RegExp | Error | AsymmetricMatcher | Constructor;

/** What is expected of a value. Every method throws an ExpectationError where it is not so; behind `resolves` and `rejects` its promise is rejected with it. */
export class Expectation<Result> {
  private readonly take: Take<Result>;
  private readonly wanted: boolean;
  /** Whether the value is what was thrown already, behind `rejects`. */
  private readonly isReason: boolean;

  constructor(take: Take<Result>, wanted: boolean, isReason: boolean) {
    this.take = take;
    this.wanted = wanted;
    this.isReason = isReason;
  }

  /** The contrary. */
  get not(): Expectation<Result> {
    return new Expectation(this.take, !this.wanted, this.isReason);
  }

  /** Is the same value, by Object.is. */
  toBe(expected: unknown): Result {
    return this.check((value) => ({
      holds: Object.is(value, expected),
      says: () => `to be ${show(expected)} // Object.is equality`,
      expected: [expected],
    }));
  }

  /** Has the same contents; a property that is undefined counts as absent, and classes do not count. */
  toEqual(expected: unknown): Result {
    return this.check((value) => ({
      holds: isEqual(value, expected, LOOSE),
      says: () => `to deeply equal ${show(expected)}`,
      expected: [expected],
    }));
  }

  /** Has the same contents, classes and undefined properties included. */
  toStrictEqual(expected: unknown): Result {
    return this.check((value) => ({
      holds: isEqual(value, expected, STRICT),
      says: () => `to strictly equal ${show(expected)}`,
      expected: [expected],
    }));
  }

  /** Has at least these contents; lists are as long as each other. */
  toMatchObject(expected: object): Result {
    return this.check((value) => ({
      holds: isEqual(value, expected, PARTIAL),
      says: () => `to match object ${show(expected)}`,
      expected: [expected],
    }));
  }

  toBeUndefined(): Result {
    return this.check((value) => ({ holds: value === undefined, says: () => 'to be undefined' }));
  }

  toBeDefined(): Result {
    return this.check((value) => ({ holds: value !== undefined, says: () => 'to be defined' }));
  }

  toBeNull(): Result {
    return this.check((value) => ({ holds: value === null, says: () => 'to be null' }));
  }

  /** Is null or undefined. */
  toBeNullable(): Result {
    return this.check((value) => ({ holds: value === null || value === undefined, says: () => 'to be nullish' }));
  }

  toBeTruthy(): Result {
    return this.check((value) => ({ holds: Boolean(value), says: () => 'to be truthy' }));
  }

  toBeFalsy(): Result {
    return this.check((value) => ({ holds: !value, says: () => 'to be falsy' }));
  }

  toBeNaN(): Result {
    return this.check((value) => ({ holds: Number.isNaN(value), says: () => 'to be NaN' }));
  }

  /** Is what typeof calls so. */
  toBeTypeOf(type: string): Result {
    return this.check((value) => ({ holds: typeof value === type, says: () => `to be type of ${show(type)}` }));
  }

  /** Is an object of the class, or of one derived from it. */
  toBeInstanceOf(constructor: Constructor): Result {
    const { name } = constructor as { readonly name: string };
    return this.check((value) => ({ holds: value instanceof constructor, says: () => `to be an instance of ${name}` }));
  }

  /** Is one of the values of the list, by Object.is. */
  toBeOneOf(values: readonly unknown[]): Result {
    return this.check((value) => ({
      holds: values.some((each) => (isMatcher(each) ? each.matches(value) : Object.is(each, value))),
      says: () => `to be one of ${show(values)}`,
    }));
  }

  /** Is a value for which `predicate` returns true. */
  toSatisfy(predicate: (value: never) => boolean, message?: string): Result {
    return this.check((value) => ({
      holds: predicate(value as never),
      says: () => message ?? `to satisfy ${predicate.name === '' ? 'the predicate' : predicate.name}`,
    }));
  }

  toBeLessThan(limit: number): Result {
    return this.check((value) => ({ holds: (value as number) < limit, says: () => `to be less than ${limit}` }));
  }

  toBeLessThanOrEqual(limit: number): Result {
    return this.check((value) => ({
      holds: (value as number) <= limit,
      says: () => `to be less than or equal to ${limit}`,
    }));
  }

  toBeGreaterThan(limit: number): Result {
    return this.check((value) => ({ holds: (value as number) > limit, says: () => `to be greater than ${limit}` }));
  }

  toBeGreaterThanOrEqual(limit: number): Result {
    return this.check((value) => ({
      holds: (value as number) >= limit,
      says: () => `to be greater than or equal to ${limit}`,
    }));
  }

  /** Differs by less than half of the last of so many decimal places. */
  toBeCloseTo(expected: number, digits = 2): Result {
    return this.check((value) => ({
      holds: isClose(value, expected, digits),
      says: () => `to be close to ${expected}, to ${digits} digits`,
    }));
  }

  /** Of a text or a list. */
  toHaveLength(length: number): Result {
    return this.check((value) => {
      const found = (value as { readonly length?: unknown }).length;
      return { holds: found === length, says: () => `to have a length of ${length} but got ${show(found)}` };
    });
  }

  /** Of a text: has this part. Of a list or a Set: has this element, by Object.is. */
  toContain(part: unknown): Result {
    return this.check((value) => ({
      holds:
        typeof value === 'string'
          ? value.includes(part as string)
          : elementsOf(value).some((each) => Object.is(each, part)),
      says: () => `to include ${show(part)}`,
      expected: typeof value === 'string' ? [part] : undefined,
    }));
  }

  /** Of a list or a Set: has an element with these contents. */
  toContainEqual(expected: unknown): Result {
    return this.check((value) => ({
      holds: elementsOf(value).some((each) => isEqual(each, expected, LOOSE)),
      says: () => `to deep equally contain ${show(expected)}`,
    }));
  }

  /** Has a property of that name, or behind that path (`a.b[0]`, or a list of names), and if a second argument is given with these contents. */
  toHaveProperty(path: string | readonly (string | number)[], ...expected: readonly [unknown?]): Result {
    return this.check((value) => {
      const found = propertyAt(value, path);
      const holds = found !== undefined && (expected.length === 0 || isEqual(found[0], expected[0], LOOSE));
      const rest = expected.length === 0 ? '' : ` with value ${show(expected[0])}`;
      const comparison = found === undefined || expected.length === 0 ? undefined : ([expected[0]] as const);
      return { holds, says: () => `to have property ${show(path)}${rest}`, expected: comparison, actual: found };
    });
  }

  /** Of a text: matches, or has this part. */
  toMatch(pattern: RegExp | string): Result {
    return this.check((value) => ({
      holds: isMatchOf(value as string, pattern),
      says: () => `to match ${show(pattern)}`,
    }));
  }

  /** Of a function: throws when it is called. Behind `rejects`: the reason is as described. */
  toThrow(expected?: Thrown): Result {
    return this.check((value) => {
      const thrown = this.isReason ? [value] : thrownBy(value as () => unknown);
      const what = expected === undefined ? 'an error' : thrownText(expected);
      const found = thrown.length === 0 ? 'nothing was thrown' : `got ${show(thrown[0])}`;
      return {
        holds: thrown.length > 0 && isThrown(thrown[0], expected),
        says: () => `to throw ${what}${this.wanted ? `, ${found}` : ''}`,
      };
    });
  }

  /** The same as toThrow. */
  toThrowError(expected?: Thrown): Result {
    return this.toThrow(expected);
  }

  /** Of a function of vi.fn: was called. */
  toHaveBeenCalled(): Result {
    return this.check((value) => ({ holds: callsOf(value).length > 0, says: () => 'to be called at least once' }));
  }

  toHaveBeenCalledOnce(): Result {
    return this.toHaveBeenCalledTimes(1);
  }

  toHaveBeenCalledTimes(count: number): Result {
    return this.check((value) => {
      const found = callsOf(value).length;
      return { holds: found === count, says: () => `to be called ${count} times, but got ${found} times` };
    });
  }

  /** One of the calls had arguments with these contents. */
  toHaveBeenCalledWith(...parameters: readonly unknown[]): Result {
    return this.check((value) => ({
      holds: callsOf(value).some((call) => isEqual(call, parameters, LOOSE)),
      says: () => `to be called with arguments ${show(parameters)}; the calls: ${show(callsOf(value))}`,
    }));
  }

  toHaveBeenLastCalledWith(...parameters: readonly unknown[]): Result {
    return this.check((value) => ({
      holds: isEqual(callsOf(value).at(-1), parameters, LOOSE),
      says: () => `to be last called with ${show(parameters)}`,
      expected: [parameters],
      actual: [callsOf(value).at(-1)],
    }));
  }

  toHaveBeenNthCalledWith(number: number, ...parameters: readonly unknown[]): Result {
    return this.check((value) => ({
      holds: isEqual(callsOf(value)[number - 1], parameters, LOOSE),
      says: () => `to be called with ${show(parameters)} at call ${number}`,
      expected: [parameters],
      actual: [callsOf(value)[number - 1]],
    }));
  }

  /** One of the calls returned a value with these contents. */
  toHaveReturnedWith(expected: unknown): Result {
    return this.check((value) => ({
      holds: spyOf(value).mock.results.some(
        (result) => result.type === 'return' && isEqual(result.value, expected, LOOSE),
      ),
      says: () => `to return ${show(expected)}`,
    }));
  }

  private check(judge: (value: unknown) => Verdict): Result {
    counts.made++;
    return this.take((value) => {
      const { holds, says, expected, actual } = judge(value);
      if (holds === this.wanted) return;
      const subject = this.isReason || typeof value !== 'function' ? show(value) : 'function';
      const message = `expected ${subject} ${this.wanted ? '' : 'not '}${says()}`;
      const found = actual === undefined ? value : actual[0];
      throw new ExpectationError(message, this.wanted && expected !== undefined ? [found, expected[0]] : undefined);
    });
  }
}

const elementsOf = (value: unknown): readonly unknown[] => (value instanceof Set ? [...value] : (value as unknown[]));

/** Returns the property in a list, undefined where there is none. */
const propertyAt = (value: unknown, path: string | readonly (string | number)[]): readonly [unknown] | undefined => {
  const whole = typeof path === 'string' ? [path] : [];
  const names = typeof path === 'string' ? path.split(/[.[\]]+/).filter((name) => name !== '') : path;
  for (const keys of [whole, names]) {
    let found: readonly [unknown] | undefined = keys.length > 0 ? [value] : undefined;
    for (const key of keys) found = found === undefined ? undefined : member(found[0], `${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
};

const member = (value: unknown, key: string): readonly [unknown] | undefined => {
  if (Array.isArray(value)) {
    if (key === 'length') return [value.length];
    const index = Number(key);
    return Number.isInteger(index) && index >= 0 && index < value.length ? [value[index]] : undefined;
  }
  if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
  return [(value as Readonly<Record<string, unknown>>)[key]];
};

/** Returns what a call throws, in a list; an empty one when it returns. */
const thrownBy = (body: () => unknown): readonly [unknown] | readonly [] => {
  try {
    body();
  } catch (error) {
    return [error];
  }
  return [];
};

const isThrown = (error: unknown, expected: Thrown | undefined): boolean => {
  if (expected === undefined) return true;
  if (typeof expected === 'function') return error instanceof expected;
  if (isMatcher(expected)) return expected.matches(error);
  const message = error instanceof Error ? error.message : `${error}`;
  if (expected instanceof Error) return message === expected.message;
  return isMatchOf(message, expected as string | RegExp);
};

const thrownText = (expected: Thrown): string => {
  if (typeof expected === 'function') return (expected as { readonly name: string }).name;
  if (isMatcher(expected)) return expected.text;
  return typeof expected === 'string' ? `an error with ${show(expected)}` : `an error that matches ${show(expected)}`;
};

const spyOf = (value: unknown): Spy => {
  if (isSpy(value)) return value;
  throw new ExpectationError(`${show(value)} is no function made by vi.fn()`);
};

const callsOf = (value: unknown): readonly (readonly unknown[])[] => spyOf(value).mock.calls;

/** The expectations of the test under way, and how many it has promised. */
const counts = { made: 0, promised: -1 };

/** Begins to count for a test. */
export const startCounting = (): void => {
  counts.made = 0;
  counts.promised = -1;
};

/** Throws when a test has made another number of expectations than it promised. */
export const checkCount = (): void => {
  const { made, promised } = counts;
  if (promised === AT_LEAST_ONE && made === 0)
    throw new ExpectationError('expected any number of assertions, but got none');
  if (promised >= 0 && made !== promised)
    throw new ExpectationError(`expected number of assertions to be ${promised}, but got ${made}`);
};

const AT_LEAST_ONE = -2;

/** What can be expected of a value itself, or when its promise has settled. */
export interface Expected extends Expectation<void> {
  /** Of a promise: what it is fulfilled with. */
  readonly resolves: Expectation<Promise<void>>;
  /** Of a promise, or a function that returns one: what it is rejected with. */
  readonly rejects: Expectation<Promise<void>>;
}

/** An expectation of a value that may be a promise. */
class ExpectationNow extends Expectation<void> {
  private readonly value: unknown;

  constructor(value: unknown) {
    super((look) => look(value), true, false);
    this.value = value;
  }

  get resolves(): Expectation<Promise<void>> {
    const { value } = this;
    return new Expectation(async (look) => look(await fulfilled(value)), true, false);
  }

  get rejects(): Expectation<Promise<void>> {
    const { value } = this;
    return new Expectation(async (look) => look(await rejected(value)), true, true);
  }
}

const fulfilled = async (value: unknown): Promise<unknown> => {
  let reason: unknown;
  try {
    return await (value as Promise<unknown>);
  } catch (error) {
    reason = error;
  }
  throw new ExpectationError(`promise rejected ${show(reason)} instead of resolving`);
};

const rejected = async (value: unknown): Promise<unknown> => {
  let result: unknown;
  try {
    result = await (typeof value === 'function' ? (value as () => unknown)() : value);
  } catch (error) {
    return error;
  }
  throw new ExpectationError(`promise resolved ${show(result)} instead of rejecting`);
};

/** Returns what can be expected of `value`. */
export const expect = Object.assign((value: unknown): Expected => new ExpectationNow(value), {
  any,
  anything,
  closeTo,
  ...containing(true),
  /** The contraries of those that have one. */
  not: containing(false),
  /** Has the test fail unless it makes so many expectations. */
  assertions: (count: number): void => {
    counts.promised = count;
  },
  /** Has the test fail unless it makes an expectation. */
  hasAssertions: (): void => {
    counts.promised = AT_LEAST_ONE;
  },
  /** Fails: for what must not be reached. */
  unreachable: (message?: string): never => {
    throw new ExpectationError(`expected${message === undefined ? '' : ` ${show(message)}`} not to be reached`);
  },
});

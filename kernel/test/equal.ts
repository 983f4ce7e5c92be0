// Whether two values have the same contents, as toEqual, toStrictEqual and toMatchObject of Vitest see it.

import { isMatcher } from './matcher.ts';

type Fields = Record<string | symbol, unknown>;

/** How two values are compared. */
export interface Comparison {
  /** Whether classes must be the same, and a property that is undefined differs from one that is absent. */
  readonly strict: boolean;
  /** Whether objects of the first value may have more properties than those of the second. */
  readonly partial: boolean;
}

/** toEqual. */
export const LOOSE: Comparison = { strict: false, partial: false };
/** toStrictEqual. */
export const STRICT: Comparison = { strict: true, partial: false };
/** toMatchObject. */
export const PARTIAL: Comparison = { strict: false, partial: true };

/** Returns whether `value` has the contents of `expected`, in which matchers such as `expect.any(Number)` stand for what they match. */
export const isEqual = (value: unknown, expected: unknown, how: Comparison): boolean =>
  isSame({ how, open: [] }, value, expected);

/** One comparison under way. `open` are the pairs of objects around: a pair that is met inside itself is taken for equal. */
interface State {
  readonly how: Comparison;
  readonly open: (readonly [object, object])[];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isSame = (state: State, a: unknown, b: unknown): boolean => {
  if (isMatcher(b)) return b.matches(a);
  if (isMatcher(a)) return a.matches(b);
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  if (a === b || state.open.some(([x, y]) => x === a && y === b)) return true;
  if (state.how.strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  state.open.push([a, b]);
  const same = isSameObject(state, a, b);
  state.open.pop();
  return same;
};

const isSameObject = (state: State, a: object, b: object): boolean => {
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && isSameList(state, a, b);
  const bytes = bytesOf(a);
  const others = bytesOf(b);
  if (bytes !== undefined || others !== undefined)
    return bytes !== undefined && others !== undefined && isSameList(state, bytes, others);
  if (a instanceof Map || b instanceof Map) return a instanceof Map && b instanceof Map && isSameMap(state, a, b);
  if (a instanceof Set || b instanceof Set) return a instanceof Set && b instanceof Set && isSameSet(state, a, b);
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp || b instanceof RegExp)
    return a instanceof RegExp && b instanceof RegExp && a.source === b.source && a.flags === b.flags;
  if (a instanceof Error || b instanceof Error)
    return a instanceof Error && b instanceof Error && isSameError(state, a, b);
  if (a instanceof Promise || b instanceof Promise) return false;
  return isSameFields(state, a as Fields, b as Fields);
};

const isSameList = (state: State, a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((element, index) => isSame(state, element, b[index]));

/** A key or an element that is an object is looked for by its contents. */
const isSameMap = (state: State, a: Map<unknown, unknown>, b: Map<unknown, unknown>): boolean =>
  a.size === b.size &&
  [...a].every(
    ([key, value]) =>
      (b.has(key) && isSame(state, value, b.get(key))) ||
      [...b].some(([other, found]) => isSame(state, key, other) && isSame(state, value, found)),
  );

const isSameSet = (state: State, a: Set<unknown>, b: Set<unknown>): boolean =>
  a.size === b.size && [...a].every((value) => b.has(value) || [...b].some((other) => isSame(state, value, other)));

const isSameError = (state: State, a: Error, b: Error): boolean =>
  a.name === b.name && a.message === b.message && (b.cause === undefined || isSame(state, a.cause, b.cause));

const isSameFields = (state: State, a: Fields, b: Fields): boolean =>
  hasFieldsOf(state, a, b) && (state.how.partial || keysOf(a).every((key) => isAbsent(state, a, key) || key in b));

const hasFieldsOf = (state: State, a: Fields, b: Fields): boolean =>
  keysOf(b).every((key) =>
    isAbsent(state, b, key) ? a[key] === undefined : key in a && isSame(state, a[key], b[key]),
  );

/** toEqual takes a property that is undefined for none; toMatchObject wants it to be there. */
const isAbsent = (state: State, object: Fields, key: string | symbol): boolean =>
  !state.how.strict && !state.how.partial && object[key] === undefined;

const keysOf = (object: Fields): (string | symbol)[] => [
  ...Object.keys(object),
  ...Object.getOwnPropertySymbols(object),
];

/** Returns the elements of a typed array, or the bytes of a buffer; undefined for anything else. */
export const bytesOf = (value: object): number[] | undefined => {
  if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
  if (value instanceof Uint8Array) return Array.from(value);
  if (value instanceof Uint8ClampedArray) return Array.from(value);
  if (value instanceof Uint16Array) return Array.from(value);
  if (value instanceof Uint32Array) return Array.from(value);
  if (value instanceof Int8Array) return Array.from(value);
  if (value instanceof Int16Array) return Array.from(value);
  if (value instanceof Int32Array) return Array.from(value);
  if (value instanceof Float32Array) return Array.from(value);
  if (value instanceof Float64Array) return Array.from(value);
  if (value instanceof DataView) return Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  return undefined;
};

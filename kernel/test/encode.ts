// Values for the other side of the serial line, which shows in what they differ. Strings, finite numbers, booleans and null are themselves in JSON; all else is an object
// with a `type`; scripts/test/decode.ts makes values of it again.

import { bytesOf } from './equal.ts';
import { isMatcher } from './matcher.ts';

/** What JSON has a word for. */
export type Encoded = string | number | boolean | null | EncodedObject;

/** Anything else. */
export interface EncodedObject {
  readonly type: string;
  /** The name of a class, a function or a number that JSON does not have; the text of a symbol, a pattern or a matcher. */
  readonly name?: string;
  readonly elements?: readonly Encoded[];
  readonly entries?: readonly (readonly [Encoded, Encoded])[];
}

const DEPTH_MAX = 6;
const ELEMENTS_MAX = 200;

/** Returns `value` for JSON. What is too deep, too much or inside itself is left out, and a note stands for it. */
export const encode = (value: unknown): Encoded => encoded(value, []);

const encoded = (value: unknown, open: readonly object[]): Encoded => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { type: 'number', name: Object.is(value, -0) ? '-0' : `${value}` };
  if (typeof value === 'undefined') return { type: 'undefined' };
  if (typeof value === 'symbol') return { type: 'symbol', name: value.description ?? '' };
  if (typeof value === 'function') return { type: 'function', name: value.name };
  const object = value as object;
  if (isMatcher(object)) return { type: 'matcher', name: object.text };
  if (open.includes(object)) return note('[Circular]');
  if (open.length >= DEPTH_MAX) return note('[…]');
  return encodedObject(object, [...open, object]);
};

const note = (name: string): EncodedObject => ({ type: 'note', name });

const encodedObject = (value: object, open: readonly object[]): EncodedObject => {
  const list = (values: readonly unknown[]): Encoded[] => [
    ...values.slice(0, ELEMENTS_MAX).map((each) => encoded(each, open)),
    ...(values.length > ELEMENTS_MAX ? [note(`[${values.length - ELEMENTS_MAX} more]`)] : []),
  ];
  const pairs = (values: readonly (readonly [unknown, unknown])[]): (readonly [Encoded, Encoded])[] =>
    values.slice(0, ELEMENTS_MAX).map(([key, found]): [Encoded, Encoded] => [encoded(key, open), encoded(found, open)]);

  if (Array.isArray(value)) return { type: 'array', elements: list(value) };
  if (value instanceof Map) return { type: 'map', entries: pairs([...value]) };
  if (value instanceof Set) return { type: 'set', elements: list([...value]) };
  if (value instanceof Date) return { type: 'date', elements: [encoded(value.getTime(), open)] };
  if (value instanceof RegExp) return { type: 'pattern', name: value.source, elements: [value.flags] };
  if (value instanceof Error) return { type: 'error', name: value.name, elements: [value.message] };
  if (value instanceof Promise) return note('Promise {}');
  const bytes = bytesOf(value);
  if (bytes !== undefined) return { type: 'numbers', name: className(value), elements: list(bytes) };
  const fields = value as Readonly<Record<string, unknown>>;
  return {
    type: 'object',
    name: className(value),
    entries: pairs(Object.keys(value).map((key) => [key, fields[key]])),
  };
};

/** Returns the name of an object's class, '' where it has none. */
const className = (value: object): string => {
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: { readonly name?: unknown } } | null;
  const name = prototype?.constructor?.name;
  return typeof name === 'string' ? name : '';
};

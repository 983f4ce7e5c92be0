// What Node's functions say of an argument that they cannot take: Node's text and Node's code.

import { quoted } from './quote.ts';

const TEXT_LENGTH_MAX = 28;
/** Integers beyond are shown with their digits in groups of three. */
const PLAIN_INTEGER_MAX = 2 ** 32;

/** Returns `error` with a code, which its text shows too. */
export const withCode = <E extends Error>(error: E, code: string): E => {
  const text = `${error.name} [${code}]: ${error.message}`;
  Object.defineProperty(error, 'toString', { value: () => text });
  return Object.assign(error, { code });
};

/** Returns the TypeError of an argument of the wrong type; `wanted` is the right one. */
export const invalidType = (name: string, wanted: string, value: unknown): TypeError =>
  withCode(
    new TypeError(`The "${name}" argument must be of type ${wanted}. Received ${description(value)}`),
    'ERR_INVALID_ARG_TYPE',
  );

/** Returns the RangeError of a number out of range; `wanted` says which it has to be. */
export const outOfRange = (name: string, wanted: string, value: number): RangeError =>
  withCode(
    new RangeError(`The value of "${name}" is out of range. It must be ${wanted}. Received ${numberText(value)}`),
    'ERR_OUT_OF_RANGE',
  );

const description = (value: unknown): string => {
  if (value === undefined || value === null) return `${value}`;
  if (typeof value === 'object') return `an instance of ${nameOfClass(value)}`;
  if (typeof value === 'string') return `type string (${quoted(shortened(value))})`;
  return `type ${typeof value} (${Object.is(value, -0) ? '-0' : String(value)})`;
};

/** Literals have no constructor in Porffor. */
const nameOfClass = (value: object): string => {
  if (Array.isArray(value)) return 'Array';
  return (value.constructor as { name: string } | undefined)?.name ?? 'Object';
};

const shortened = (text: string): string =>
  text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX - 3)}...` : text;

const numberText = (value: number): string => {
  const text = Object.is(value, -0) ? '-0' : `${value}`;
  if (!Number.isInteger(value) || Math.abs(value) <= PLAIN_INTEGER_MAX) return text;
  const start = text.startsWith('-') ? 1 : 0;
  let grouped = '';
  let end = text.length;
  for (; end >= start + 4; end -= 3) grouped = `_${text.slice(end - 3, end)}${grouped}`;
  return text.slice(0, end) + grouped;
};

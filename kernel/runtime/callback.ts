// What a function of Node's says of a callback that is none: Node's text and Node's code.

import { quoted } from './quote.ts';

type Callback = (...values: unknown[]) => unknown;

const CODE = 'ERR_INVALID_ARG_TYPE';
const TEXT_LENGTH_MAX = 28;

/** Returns when `callback` is a function. Throws a TypeError with the code ERR_INVALID_ARG_TYPE otherwise. */
export const checkCallback: (callback: unknown) => asserts callback is Callback = (callback) => {
  if (typeof callback === 'function') return;
  const message = `The "callback" argument must be of type function. Received ${description(callback)}`;
  const error = Object.assign(new TypeError(message), { code: CODE });
  Object.defineProperty(error, 'toString', { value: () => `${error.name} [${CODE}]: ${message}` });
  throw error;
};

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

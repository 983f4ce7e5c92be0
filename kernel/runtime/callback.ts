// Callbacks that are none.

import { invalidType } from './invalid-argument.ts';

type Callback = (...values: unknown[]) => unknown;

/** Returns when `callback` is a function. Throws a TypeError with the code ERR_INVALID_ARG_TYPE otherwise. */
export const checkCallback: (callback: unknown) => asserts callback is Callback = (callback) => {
  if (typeof callback !== 'function') throw invalidType('callback', 'function', callback);
};

// console.log passed on as a function.

import { writeLine } from './console.ts';
import { formatted } from './format.ts';

/** Prints `values` as console.log does. */
export const logValues = (...values: unknown[]): void => {
  writeLine(formatted(values));
};

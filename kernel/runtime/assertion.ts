// What a failed assertion of the control plane becomes. Called by lowered code only.

import { assertionFailedText } from '../hal/power.ts';

/** Stops the machine with status 33. `place` is the file, line and column of the assertion. */
export const assertionFailed = (fact: string, place: string): never =>
  assertionFailedText(`${fact}\n  asserted at ${place}`);

/** The same of a comparison, with the two values that were compared. `condition` is its source. */
export const comparisonFailed = (
  fact: string,
  place: string,
  condition: string,
  left: unknown,
  operator: string,
  right: unknown,
): never => assertionFailed(fact, `${place}\n  ${condition}: ${shown(left)} ${operator} ${shown(right)}`);

const shown = (value: unknown): string => {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};

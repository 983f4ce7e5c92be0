// How a value looks in the line that says what is wrong with it.

import { inspect } from '../runtime/inspect.ts';

const DEPTH_MAX = 2;
const LENGTH_MAX = 100;

/** Returns the value as console.log shows it, in one line of at most a hundred characters. */
export const show = (value: unknown): string => {
  const line = inspect(value, DEPTH_MAX).replaceAll(/\n\s*/g, ' ').replaceAll(MATCHER, '$2');
  return line.length > LENGTH_MAX ? `${line.slice(0, LENGTH_MAX - 1)}…` : line;
};

/** A matcher, as inspect shows it: its text says it all. */
const MATCHER = /AsymmetricMatcher \{ text: (['"`])(.*?)\1, matches: \[[^\]]*\] \}/g;

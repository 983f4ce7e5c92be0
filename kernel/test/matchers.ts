// The matchers behind the name of expect: expect.any(Number), expect.objectContaining({ … }), expect.not.stringContaining('…').

import { isEqual, LOOSE, PARTIAL } from './equal.ts';
import { AsymmetricMatcher } from './matcher.ts';
import { show } from './show.ts';

/** A class, of the program or of the language. */
export type Constructor = abstract new (...parameters: never[]) => unknown;

/** Returns a matcher of the values of a class; of Number, String, Boolean and Symbol those that typeof calls so. */
export const any = (constructor: unknown): AsymmetricMatcher => {
  const { name } = constructor as { readonly name: string };
  const plain = PLAIN[name];
  if (plain !== undefined)
    return new AsymmetricMatcher(`Any<${plain}>`, (value) => typeof value === plain.toLowerCase());
  return new AsymmetricMatcher(`Any<${name}>`, (value) => value instanceof (constructor as Constructor));
};

/** What is asked by typeof. Number as an argument is lowered to the helper that stands for it (kernel/runtime/numbers.ts). */
const PLAIN: Readonly<Record<string, string>> = {
  Number: 'Number',
  toNumber: 'Number',
  String: 'String',
  Boolean: 'Boolean',
  Symbol: 'Symbol',
};

/** Returns a matcher of whatever is neither null nor undefined. */
export const anything = (): AsymmetricMatcher =>
  new AsymmetricMatcher('Anything', (value) => value !== null && value !== undefined);

/** Returns a matcher of numbers that are as close to `expected` as toBeCloseTo wants them. */
export const closeTo = (expected: number, digits = 2): AsymmetricMatcher =>
  new AsymmetricMatcher(`NumberCloseTo ${expected} (${digits} digits)`, (value) => isClose(value, expected, digits));

/** Returns whether `value` is a number less than half of the last of `digits` decimal places from `expected`. */
export const isClose = (value: unknown, expected: number, digits: number): boolean =>
  Object.is(value, expected) || (typeof value === 'number' && Math.abs(expected - value) < 10 ** -digits / 2);

/** The matchers that have a contrary, and so stand behind `expect.not`, too. */
export interface Containing {
  /** Returns a matcher of objects that have at least these properties. */
  objectContaining(part: object): AsymmetricMatcher;
  /** Returns a matcher of lists that have at least these elements, in any order. */
  arrayContaining(elements: readonly unknown[]): AsymmetricMatcher;
  /** Returns a matcher of texts with this part. */
  stringContaining(part: string): AsymmetricMatcher;
  /** Returns a matcher of texts that match, or have this part. */
  stringMatching(pattern: RegExp | string): AsymmetricMatcher;
}

/** Returns the matchers of what contains something, or of what does not. */
export const containing = (wanted: boolean): Containing => {
  const matcher = (name: string, shown: unknown, matches: (value: unknown) => boolean): AsymmetricMatcher =>
    new AsymmetricMatcher(`${name}${wanted ? '' : ' not'} ${show(shown)}`, (value) => matches(value) === wanted);
  return {
    objectContaining: (part) => matcher('ObjectContaining', part, (value) => isEqual(value, part, PARTIAL)),
    arrayContaining: (elements) =>
      matcher(
        'ArrayContaining',
        elements,
        (value) => Array.isArray(value) && elements.every((each) => value.some((found) => isEqual(found, each, LOOSE))),
      ),
    stringContaining: (part) =>
      matcher('StringContaining', part, (value) => typeof value === 'string' && value.includes(part)),
    stringMatching: (pattern) =>
      matcher('StringMatching', pattern, (value) => typeof value === 'string' && isMatchOf(value, pattern)),
  };
};

/** Returns whether a text matches a pattern, or has a part. */
export const isMatchOf = (text: string, pattern: RegExp | string): boolean =>
  typeof pattern === 'string' ? text.includes(pattern) : new RegExp(pattern.source, pattern.flags).test(text);

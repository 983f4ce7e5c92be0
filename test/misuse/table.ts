// How the tables of wrong calls are written: for each class of devices every method of everything that its opener gives, and each way to call it that is wrong in itself.
// The simulated machine and an image take the same tables (test/unit/drivers/misuse.test.ts, test/boot/images/misuse.ts).
//
// A wrong call is refused with a DeviceFailure before anything reaches the device. Numbers that count nothing are the same for all of them.

import type { FailureKind } from '../../kernel/device/failure.ts';

/** Numbers that count nothing. */
const NOT_WHOLE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0.5, -0.5];

/** Whole numbers that are more than any device has. */
const TOO_LARGE = [2 ** 32, 2 ** 53, 1e300];

/** What becomes of a call: a kind, `fulfilled`, or `returned` where it is no promise. */
export type Outcome = FailureKind | 'fulfilled' | 'returned';

/** A call that is wrong in itself, and what becomes of it. */
export interface WrongCall<Bag> {
  readonly what: string;
  readonly call: (bag: Bag) => unknown;
  readonly kind: Outcome;
}

/** A call that is right, and what becomes of it while the device is open, and once it is closed. */
export interface RightCall<Bag> {
  /** `object.method`. */
  readonly name: string;
  readonly call: (bag: Bag) => unknown;
  readonly live: Outcome;
  readonly closed: Outcome;
}

/** One class of devices. A bag has what is open of one. */
export interface Table<Bag> {
  readonly name: string;
  /** Ends the device. */
  readonly close: (bag: Bag) => Promise<void>;
  /** Every method. What ends an object comes behind its other methods. */
  readonly calls: readonly RightCall<Bag>[];
  readonly wrong: readonly WrongCall<Bag>[];
}

/** Returns a right call: it is fulfilled, and rejects with `closed` afterwards, unless something else is said. */
export const right = <Bag>(
  name: string,
  call: (bag: Bag) => unknown,
  closed: Outcome = 'closed',
  live: Outcome = 'fulfilled',
): RightCall<Bag> => ({ name, call, live, closed });

/** Returns one that returns at once, whatever has become of the device: of who listens, or looks at what is known. */
export const returned = <Bag>(name: string, call: (bag: Bag) => unknown): RightCall<Bag> =>
  right(name, call, 'returned', 'returned');

/** Returns one of who listens to a device, which is refused when that has ended. */
export const listens = <Bag>(name: string, call: (bag: Bag) => unknown): RightCall<Bag> =>
  right(name, call, 'closed', 'returned');

/** Returns one that may be done at any time. */
export const ends = <Bag>(name: string, call: (bag: Bag) => unknown): RightCall<Bag> => right(name, call, 'fulfilled');

/** Returns a wrong call. */
export const wrong = <Bag>(what: string, kind: Outcome, call: (bag: Bag) => unknown): WrongCall<Bag> => ({
  what,
  kind,
  call,
});

/** Returns the call with each number that counts nothing. */
export const noCount = <Bag>(
  what: string,
  call: (bag: Bag, value: number) => unknown,
  kind: Outcome = 'invalid-argument',
): WrongCall<Bag>[] => NOT_WHOLE.map((value) => wrong(`${what} ${value}`, kind, (bag: Bag) => call(bag, value)));

/** Returns the call with each number that is too large, and with those that count nothing: `notWhole` is the kind of these. */
export const noNumber = <Bag>(
  what: string,
  kind: Outcome,
  call: (bag: Bag, value: number) => unknown,
  notWhole: Outcome = 'invalid-argument',
): WrongCall<Bag>[] => [
  ...noCount(what, call, notWhole),
  ...TOO_LARGE.map((value) => wrong(`${what} ${value}`, kind, (bag: Bag) => call(bag, value))),
];

/** The same where a limit is all that counts: `out-of-range` for each of them. */
export const outOfRange = <Bag>(what: string, call: (bag: Bag, value: number) => unknown): WrongCall<Bag>[] =>
  noNumber(what, 'out-of-range', call, 'out-of-range');

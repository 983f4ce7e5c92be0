// An image that fails as its command line says, behind an await or in a promise: what a panic must know although the functions have returned.

import { findOption } from '../../../kernel/base/command-line.ts';
import { pendingPromise, reject } from '../../../kernel/event/pending.ts';
import { readOptions } from '../../../kernel/hal/options.ts';

const options = readOptions();
const has = (name: string): boolean => findOption(options, name) !== undefined;

const check = (sector: number): void => {
  if (sector > 3) throw new RangeError(`no sector ${sector}`);
};

const readSector = async (sector: number): Promise<number> => {
  await null;
  check(sector);
  return sector;
};

const readAll = async (count: number): Promise<void> => {
  try {
    for (let sector = 0; sector < count; sector++) await readSector(sector);
  } finally {
    console.log('closed');
  }
};

const request = pendingPromise<number>();
const waitForRequest = async (): Promise<void> => {
  const answer = await request;
  console.log('never', answer);
};

const recurse = (depth: number): number => (depth < 0 ? 0 : recurse(depth + 1) + 1);

/** A function that waits has a stack of its own. */
const recurseLater = async (): Promise<number> => {
  await null;
  return recurse(0);
};

/** One such stack for each call. */
const recurseWaiting = async (depth: number): Promise<number> => (await recurseWaiting(depth + 1)) + 1;

const failInCallback = (): void => {
  throw new Error('of a callback');
};

if (has('timer')) setTimeout(failInCallback, 1);
if (has('request')) {
  void waitForRequest();
  setTimeout(() => reject(request, new Error('the device is gone')), 1);
}
if (has('handled')) {
  // Many are handled, one is not: it is that one's trace that is shown.
  for (let sector = 4; sector < 12; sector++) {
    try {
      await readSector(sector);
    } catch {
      // As expected.
    }
  }
  void readSector(99);
  for (let sector = 4; sector < 6; sector++) await readSector(sector).catch(() => {});
}
if (has('stack')) await recurseLater();
if (has('callback')) setTimeout(() => console.log(recurse(0)), 1);
if (has('stacks')) await recurseWaiting(0);
if (has('unsettled')) await new Promise<void>(() => {});
if (has('main')) await readAll(9);

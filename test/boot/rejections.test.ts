// Errors behind an await: the message, the functions that they came through, by their names and lines, and the status.

import { describe, expect, it } from 'vitest';
import { bootToEnd, placeOf } from './harness.ts';

const IMAGE = 'test/boot/images/rejections.ts';

/** Returns the lines of the panic, from its second on to the state of the machine. */
const panicOf = async (
  what: string,
  release: boolean,
  status: number,
  kind: string,
  memory = '64M',
): Promise<string[]> => {
  const { exit, text } = await bootToEnd(IMAGE, { commandLine: what, release, memory });
  expect(exit.status).toBe(status);
  const lines = text.split(/\r?\n/);
  const start = lines.indexOf(`PANIC ${kind} (status ${status})`);
  expect(start).toBeGreaterThanOrEqual(0);
  return lines.slice(start + 1, lines.indexOf('state:')).filter((line) => line !== '');
};

const frame = (name: string, text: string): string => `  at ${name} (${placeOf(IMAGE, text)})`;

describe('an error in an async function that the main module awaits', () => {
  it('shows who threw it, and who awaited', async () => {
    expect(await panicOf('main', false, 32, 'uncaught exception')).toEqual([
      '  RangeError: no sector 4',
      frame('check', 'throw new RangeError'),
      frame('readSector', '  check(sector);'),
      frame('async readAll', 'sector < count'),
      frame('async main', 'await readAll(9)'),
    ]);
  });

  it('shows it in a release build, where small functions are gone', async () => {
    const lines = await panicOf('main', true, 32, 'uncaught exception');
    expect(lines[0]).toBe('  RangeError: no sector 4');
    expect(lines).toContain(frame('async readAll', 'sector < count'));
    expect(lines).toContain(frame('async main', 'await readAll(9)'));
  });
});

describe('a rejection that nobody handles', () => {
  it.each([false, true])('of a pending promise shows who awaits it (release build: %s)', async (release) => {
    const lines = await panicOf('request', release, 32, 'uncaught exception');
    expect(lines[0]).toBe('  Error: the device is gone');
    expect(lines).toContain(frame('waitForRequest', 'const answer = await request'));
  });

  it('among many that are handled shows its own way', async () => {
    const lines = await panicOf('handled', false, 32, 'uncaught exception');
    expect(lines.slice(0, 3)).toEqual([
      '  RangeError: no sector 99',
      frame('check', 'throw new RangeError'),
      frame('readSector', '  check(sector);'),
    ]);
  });
});

describe('an exception in a callback of a timer', () => {
  it('shows the callback', async () => {
    const lines = await panicOf('timer', false, 32, 'uncaught exception');
    expect(lines.slice(0, 2)).toEqual([
      '  Error: of a callback',
      frame('failInCallback', "throw new Error('of a callback')"),
    ]);
  });
});

describe('a main module that awaits what nothing settles', () => {
  it.each([false, true])('shows the line (release build: %s)', async (release) => {
    expect(await panicOf('unsettled', release, 41, 'unsettled await')).toEqual([
      '  the main module awaits what nothing can settle: no job, timer or request is left',
      frame('main', 'await new Promise<void>'),
    ]);
  });
});

describe('a function that waits and calls itself for ever', () => {
  it.each(['stack', 'callback'])('runs into the guard pages of its stack: %s', async (what) => {
    const lines = await panicOf(what, false, 36, 'stack overflow');
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}at recurse \(/));
  });

  it('takes all memory where each call has a stack of its own', async () => {
    const [reason] = await panicOf('stacks', false, 35, 'out of memory', '32M');
    expect(reason).toMatch(/^ {2}all \d+ KiB of RAM are in use/);
  });
});

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../../scripts/build.ts';
import { compileProgram } from '../../../scripts/front-end.ts';

const ENTRY = path.join(ROOT, 'apps/mine/main.ts');

const compiled = async (entry: string, text?: string): Promise<string> => {
  const overlay = new Map(text === undefined ? [] : [[entry, text]]);
  const { control, diagnostics } = compileProgram(
    { root: ROOT, entry, runtimeFiles: await runtimeFiles(), overlay },
    true,
  );
  expect(diagnostics).toEqual([]);
  return control;
};

/** The loop is run by the last line of the program. */
const ENDS_WITH_LOOP = /\nrunLoop\w*\(\);\s*$/;

describe('the event loop', () => {
  it.each([
    ['a timer', 'setTimeout(() => console.log(1), 5);\n'],
    ['an interval that is passed on', 'export const set = setInterval;\nset(() => console.log(1), 5).unref();\n'],
    ['an immediate', 'setImmediate(() => console.log(1));\n'],
    ['a sleep', "import { sleep } from '../../kernel/event/time.ts';\nawait sleep(5);\n"],
    [
      'a listener to an interrupt',
      "import { onInterrupt } from '../../kernel/event/interrupts.ts';\nonInterrupt(40, () => console.log(1));\n",
    ],
    [
      'a disk',
      "import { openBlockDevice } from '../../drivers/open/block.ts';\nconsole.log((await openBlockDevice()).name);\n",
    ],
  ])('is run at the end of a program with %s', async (_, text) => {
    expect(await compiled(ENTRY, text)).toMatch(ENDS_WITH_LOOP);
  });

  it.each([
    ['nothing to wait for', "console.log('hello');\n"],
    ['promises alone', 'await Promise.resolve();\nqueueMicrotask(() => console.log(1));\n'],
    [
      'functions that have the names of timers',
      'const setTimeout = (callback: () => void): void => callback();\nsetTimeout(() => console.log(1));\nexport {};\n',
    ],
  ])('is not in a program with %s', async (_, text) => {
    expect(await compiled(ENTRY, text)).not.toContain('runLoop');
  });

  it.each(['probe', 'hello'])('is not in %s, which polls', async (app) => {
    const entry = path.join(ROOT, 'apps', app, 'main.ts');
    expect(existsSync(entry), readdirSync(path.join(ROOT, 'apps')).join()).toBe(true);
    expect(await compiled(entry)).not.toContain('runLoop');
  });

  it('is set up before any module of the program runs, and what helpers need before the helpers', async () => {
    const text =
      "import { sleep } from '../../kernel/event/time.ts';\nexport const signal = AbortSignal.timeout(5);\nqueueMicrotask(() => console.log(1));\nawait sleep(5);\n";
    const control = await compiled(ENTRY, text);
    const places = ['withCode = (', 'class AbortSignalObject', 'lists = new Map()', 'abortAfter(5)'].map((part) =>
      control.indexOf(part),
    );
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(places).toEqual([...places].sort((x, y) => x - y));
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/build.ts';
import { STATUS_NO_ANSWER, STATUS_QEMU_FAILED, STATUS_USAGE, statusName } from '../../../scripts/qemu/exit-status.ts';

const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

describe('the README', () => {
  it('shows apps/hello as it is', () => {
    const shown = /```ts\n(import[\s\S]*?)```/.exec(text('README.md'))?.[1];
    expect(shown).toBe(text('apps/hello/main.ts'));
  });

  it('names every exit status of the kernel and of the runner', () => {
    const named = [...text('README.md').matchAll(/^\| (\d+) \|/gm)].map((row) => Number(row[1]));
    const documented = [32, 33, 34, 35, 36, 37, 38, 39, 40, STATUS_NO_ANSWER, STATUS_QEMU_FAILED, STATUS_USAGE];
    for (const status of documented) expect(named, statusName(status)).toContain(status);
  });

  it('lists every variable that the Makefile takes', () => {
    const variables = [...text('Makefile').matchAll(/^([A-Z_]+)\s+\?=/gm)].map((row) => row[1]);
    for (const variable of variables) expect(text('README.md')).toContain(`| \`${variable}\` |`);
  });
});

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/build.ts';
import { createReporter } from '../../../scripts/diagnostics.ts';
import { openProject, typeErrors } from '../../../scripts/program.ts';

let folder: string;
let now = 1_000_000;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hedyn-types-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file anew: it has another time of change, as after an edit. */
const write = (name: string, text: string): void => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  now += 10;
  utimesSync(file, now, now);
};

/** Returns the files with errors in the program that begins at `name`. */
const filesWithErrors = (name = 'main.ts'): string[] => {
  const entry = path.join(folder, name);
  const project = openProject({ root: ROOT, entry, runtimeFiles: [] }, createReporter(ROOT));
  return typeErrors(project).map(({ file }) => path.basename(file));
};

it.each([
  ['a value', `import { value } from './far.ts';\nexport const near: number = value;\n`],
  ['a type', `import type { Far } from './far.ts';\nexport const near: Far = 1;\n`],
  ['a type within a type', `export const near: import('./far.ts').Far = 1;\n`],
])('a file without errors is checked again when what it imports has changed: %s', (_, near) => {
  write('main.ts', `import { near } from './near.ts';\nexport const sum = near + 1;\n`);
  write('near.ts', near);
  write('far.ts', 'export type Far = number;\nexport const value = 1;\n');
  expect([filesWithErrors(), filesWithErrors()]).toEqual([[], []]);
  write('far.ts', `export type Far = string;\nexport const value = 'one';\n`);
  expect(filesWithErrors()).toEqual(['near.ts']);
  expect(filesWithErrors()).toEqual(['near.ts']); // And is not forgotten.
  write('far.ts', 'export type Far = number;\nexport const value = 2;\n');
  expect(filesWithErrors()).toEqual([]);
});

it('a file without errors is checked again when another program has found the change', () => {
  write('main.ts', `import { middle } from './middle.ts';\nexport const sum: number = middle;\n`);
  write('middle.ts', `import { far } from './far.ts';\nexport const middle = far;\n`);
  write('far.ts', 'export const far = 1;\n');
  expect(filesWithErrors()).toEqual([]);
  write('far.ts', `export const far = 'one';\n`);
  expect(filesWithErrors('middle.ts')).toEqual([]);
  expect(filesWithErrors()).toEqual(['main.ts']);
});

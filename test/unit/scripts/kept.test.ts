import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../../scripts/build.ts';
import { formatDiagnostic } from '../../../scripts/diagnostics.ts';
import { compileProgram } from '../../../scripts/front-end.ts';

let folder: string;
let helpers: readonly string[];
let now = 1_000_000;

beforeAll(async () => {
  mkdirSync(path.join(ROOT, 'build'), { recursive: true });
  folder = mkdtempSync(path.join(ROOT, 'build/kept-'));
  helpers = await runtimeFiles();
});

afterAll(() => rmSync(folder, { recursive: true }));

const touch = (name: string): void => {
  now += 10;
  utimesSync(path.join(folder, name), now, now);
};

/** Writes a file anew: it has another time of change, as after an edit. */
const write = (name: string, text: string): void => {
  writeFileSync(path.join(folder, name), text);
  touch(name);
};

/** Returns all that the build would compile: what it has kept of earlier calls is in it. */
const compiled = (checked = true): string => {
  const entry = path.join(folder, 'main.ts');
  const { control, machine, diagnostics } = compileProgram({ root: ROOT, entry, runtimeFiles: helpers }, checked);
  expect(diagnostics.map(formatDiagnostic)).toEqual([]);
  return [control, ...machine].join('\n');
};

const FILES: Readonly<Record<string, string>> = {
  'main.ts': `import { twice, LIMIT } from './sums.ts';\nimport { shown } from './words.ts';\nimport { Ring } from './ring.ts';\nconst ring = new Ring();\nconsole.log(twice(LIMIT), shown(ring.head), ring.slots[1]);\n`,
  'sums.ts': `export const LIMIT = 12;\nconst size = LIMIT + 1;\nexport const twice = (value: number): number => value * size;\n`,
  'words.ts': `import { first } from './ring.ts';\nimport type { Ring } from './ring.ts';\nexport const shown = (head: number): string => String(head).padStart(3);\nexport const one = (ring: Ring): number => {\n  const doubled = (): number => first(ring) * 2;\n  return doubled();\n};\n`,
  'ring.ts': `'use machine';\nimport { type FixedArray, fixedArray, type u16 } from '../../kernel/base/machine.ts';\nexport class Ring {\n  head: u16 = 7;\n  slots: FixedArray<u16, 4> = fixedArray(4, 9);\n}\nexport const first = (ring: Ring): u16 => ring.head;\n`,
};

const EDITS: readonly (readonly [string, string, string])[] = [
  ['a constant that another module uses', 'sums.ts', FILES['sums.ts']!.replace('12', '13')],
  [
    'a name that another module has, too',
    'words.ts',
    `${FILES['words.ts']}const size = one;\nconsole.log(size.length);\n`,
  ],
  [
    'a name that is a local elsewhere',
    'words.ts',
    FILES['words.ts']!.replace('head: number', 'twice: number').replace('String(head)', 'String(twice)'),
  ],
  [
    'a local function of a name that a later module has, too',
    'sums.ts',
    FILES['sums.ts']!.replace(
      'value * size;',
      '{\n  const doubled = (): number => value * 2;\n  return doubled() * size;\n};',
    ),
  ],
  ['a further field of a record', 'ring.ts', FILES['ring.ts']!.replace('  head', '  tail: u16 = 3;\n  head')],
  [
    'another name of a field',
    'ring.ts',
    FILES['ring.ts']!.replaceAll('head', 'front').replace('front: u16', 'head: u16 = 1;\n  front: u16'),
  ],
  ['another type of a result', 'words.ts', FILES['words.ts']!.replace('String(head).padStart(3)', '`${head}`')],
  ['a helper that was not called', 'words.ts', FILES['words.ts']!.replace('padStart', 'padEnd')],
  [
    'a module that is imported no more',
    'main.ts',
    FILES['main.ts']!.replace(/import \{ shown.*\n/, '').replace('shown(ring.head)', 'ring.head'),
  ],
];

it.each(EDITS)(
  '%s: what was lowered before gives what lowering gives',
  (_, edited, text) => {
    for (const [name, original] of Object.entries(FILES)) write(name, original);
    const before = [compiled(), compiled(false)];
    expect(compiled()).toBe(before[0]); // All of it kept.
    write(edited, text);
    const kept = [compiled(), compiled(false)];
    expect(kept[0]).not.toBe(before[0]);
    for (const name of Object.keys(FILES)) touch(name);
    expect([compiled(), compiled(false)]).toEqual(kept); // Nothing of it kept.
    write(edited, FILES[edited]!);
    expect([compiled(), compiled(false)]).toEqual(before);
  },
  60_000,
);

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../../scripts/build.ts';
import { formatDiagnostic } from '../../../scripts/diagnostics.ts';
import { QUEUE_EXAMPLE } from '../../../scripts/dialect/machine.ts';
import { CHAPTERS } from '../../../scripts/dialect/page.ts';
import { compileProgram } from '../../../scripts/front-end.ts';

// Where an example stands decides its floor. Its neighbours are what examples import.
const at = (file: string): string => path.join(ROOT, file);
const EXAMPLE = at('kernel/base/example.ts');
const NEIGHBOURS: readonly (readonly [string, string])[] = [
  [
    at('kernel/base/other.ts'),
    `export const value = 1;\nclass Twin {}\nexport class Other { twin(): boolean { return new Twin() instanceof Twin; } }\n`,
  ],
  [at('kernel/base/cycle.ts'), `import { ONE } from './example.ts';\nexport const two = (): number => ONE + 1;\n`],
  [at('kernel/base/queue.ts'), QUEUE_EXAMPLE],
  [at('kernel/base/waiting.ts'), `export const answer = await Promise.resolve(42);\n`],
  [at('kernel/base/later.ts'), `export const askLater = async () => Promise.resolve(42);\n`],
  [at('kernel/device/example.ts'), `export type Twin = number;\n`],
];

const compile = async (text: string): Promise<readonly string[]> => {
  const overlay = new Map([...NEIGHBOURS, [EXAMPLE, text] as const]);
  const { diagnostics } = compileProgram(
    { root: ROOT, entry: EXAMPLE, runtimeFiles: await runtimeFiles(), overlay },
    true,
  );
  return diagnostics.map(formatDiagnostic);
};

describe('the dialect', () => {
  const rules = CHAPTERS.flatMap((chapter) => chapter.rules);

  it('numbers each rule once', () => {
    expect(new Set(rules.map((rule) => rule.code)).size).toBe(rules.length);
  });

  describe.each(rules)('$code $title', (rule) => {
    it('refuses the wrong example with this number and no other', async () => {
      const found = await compile(rule.wrong);
      expect(found.map((line) => / error (HED\d+): /.exec(line)?.[1])).not.toEqual([]);
      for (const line of found) expect(line).toContain(`error ${rule.code}: `);
    });

    it('accepts the right example', async () => {
      expect(await compile(rule.right)).toEqual([]);
    });
  });

  it('says file, line, column, number, what, why and what to write instead, all errors of a run together', async () => {
    const found = await compile(
      `export const big = 10n;\nexport const text: string = 5;\nvar old = 1;\nexport const twice = old;\n`,
    );
    expect(found.length).toBeGreaterThanOrEqual(3);
    for (const line of found) expect(line).toMatch(/^kernel\/base\/example\.ts:\d+:\d+ error HED\d{3}: .+/);
  });
});

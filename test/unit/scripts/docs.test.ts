import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../../scripts/build.ts';
import { formatDiagnostic } from '../../../scripts/diagnostics.ts';
import { compileProgram } from '../../../scripts/front-end.ts';

const PAGES = [
  'docs/event-loop.md',
  'docs/block-devices.md',
  'docs/hot-plug.md',
  'docs/project.md',
  ...readdirSync(path.join(ROOT, 'docs/devices')).map((file) => `docs/devices/${file}`),
];
/** Where an app of the reader's would stand. */
const ENTRY = path.join(ROOT, 'apps/mine/main.ts');

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  const programs = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, program]) => ({
    program: program!,
    first: program!.slice(0, program!.indexOf('\n')),
  }));

  it('has programs', () => expect(programs.length).toBeGreaterThan(0));

  it.each(programs)('is accepted by the build: $first', { timeout: 120_000 }, async ({ program }) => {
    const files = {
      root: ROOT,
      entry: ENTRY,
      runtimeFiles: await runtimeFiles(),
      overlay: new Map([[ENTRY, program]]),
    };
    expect(compileProgram(files, true).diagnostics.map(formatDiagnostic)).toEqual([]);
  });
});

it('docs/trust.md names tests and pages that exist', () => {
  const text = readFileSync(path.join(ROOT, 'docs/trust.md'), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((link) => !existsSync(path.join(ROOT, 'docs', link)))).toEqual([]);
});

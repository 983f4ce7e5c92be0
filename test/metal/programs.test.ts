// Cases with an image of their own, and what is refused.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../scripts/build.ts';
import { formatDiagnostic } from '../../scripts/diagnostics.ts';
import { compileProgram } from '../../scripts/front-end.ts';
import { readCorpus } from './corpus.ts';
import { runProgramOnNode } from './group.ts';
import { runOnMetal } from './image.ts';

const { alone, refused, ending } = readCorpus();

describe('a program of its own', () => {
  it.each(alone)('$name', async ({ file }) => {
    const [node, metal] = await Promise.all([runProgramOnNode(file), runOnMetal(file, true)]);
    expect(metal.text.replaceAll('\r\n', '\n')).toBe(node);
    expect(metal.exit.status).toBe(0);
  });
});

describe('what is refused', () => {
  it.each(refused)('$name gives $code', async ({ file, code }) => {
    const { diagnostics } = compileProgram({ root: ROOT, entry: file, runtimeFiles: await runtimeFiles() }, true);
    expect([...new Set(diagnostics.map((found) => found.code))], diagnostics.map(formatDiagnostic).join('\n')).toEqual([
      code,
    ]);
  });
});

describe('how a program ends', () => {
  it.each(ending)('$name ends with status $status', async ({ file, text, status }) => {
    const result = await runOnMetal(file, false);
    expect(result.exit.status, result.text).toBe(status);
    const [, expected] = /^\/\/ says (.*)$/m.exec(text) ?? [];
    if (expected !== undefined) expect(result.text).toContain(expected);
  });

  it('gives every case with an image of its own a file name of its own', () => {
    const names = [...ending, ...alone].map(({ file }) => path.basename(file));
    expect(new Set(names).size).toBe(names.length);
  });
});

// What the build accepts behaves as on Node: the corpus, run on both and compared byte for byte.

import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildImage, RefusedError, ROOT, runtimeFiles } from '../../scripts/build.ts';
import { formatDiagnostic } from '../../scripts/diagnostics.ts';
import { compileProgram } from '../../scripts/front-end.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import type { QemuExit } from '../../scripts/qemu/exit-status.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { startQemu } from '../../scripts/qemu/start.ts';
import { readCorpus } from './corpus.ts';
import { type Group, groupsOf, type Outputs, runOnNode, runProgramOnNode, splitOutput, writeGroup } from './group.ts';

const SILENCE_LIMIT_MS = 120_000;

/** Builds and boots a program; returns what it printed and how it ended. */
const runOnMetal = async (entry: string, release: boolean): Promise<{ text: string; exit: QemuExit }> => {
  const [{ elf }, program] = await Promise.all([
    buildImage({ entry, release }).catch(explainRefusal),
    ensureQemu(process.env.QEMU),
  ]);
  const qemu = startQemu({
    qemu: program,
    machine: 'microvm',
    accelerator: chooseAccelerator(),
    memory: '256M',
    image: elf,
    limitMs: SILENCE_LIMIT_MS,
  });
  const exit = await qemu.exit;
  return { text: qemu.serial.text(), exit };
};

const explainRefusal = (error: unknown): never => {
  if (!(error instanceof RefusedError)) throw error;
  throw new Error(error.diagnostics.map(formatDiagnostic).join('\n'));
};

/** A written group without the cases that the build refuses, and what it says against those, by their names. */
interface Accepted {
  readonly group: Group;
  readonly entry: string;
  readonly refusals: ReadonlyMap<string, string>;
}

/** A refused case must not take the others with it: it is left out, and fails alone. */
const acceptedOf = async (group: Group, release: boolean): Promise<Accepted> => {
  const entry = writeGroup(group);
  try {
    await buildImage({ entry, release });
    return { group, entry, refusals: new Map() };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const refusals = new Map<string, string>();
    for (const { name, file } of group.cases) {
      const against = error.diagnostics.filter((diagnostic) => path.join(ROOT, diagnostic.file) === file);
      if (against.length > 0) refusals.set(name, against.map(formatDiagnostic).join('\n'));
    }
    const cases = group.cases.filter(({ name }) => !refusals.has(name));
    const smaller = { ...group, name: `${group.name}-accepted`, cases };
    return { group: smaller, entry: writeGroup(smaller), refusals };
  }
};

const { running, alone, refused, ending } = readCorpus();

describe.each([
  { build: 'development', release: false },
  { build: 'release', release: true },
])('the corpus, $build build', ({ release }) => {
  describe.each(groupsOf(running))('$name', (group) => {
    let onNode: Outputs;
    let onMetal: Outputs;
    let refusals: ReadonlyMap<string, string>;
    let last: string;

    beforeAll(async () => {
      const accepted = await acceptedOf(group, release);
      refusals = accepted.refusals;
      const [node, metal] = await Promise.all([runOnNode(accepted.group), runOnMetal(accepted.entry, release)]);
      onNode = node;
      onMetal = splitOutput(metal.text);
      last = `the image ended with status ${metal.exit.status}:\n${metal.text.slice(-800)}`;
    });

    it.each(group.cases)('$name', ({ name }) => {
      expect(refusals.get(name)).toBeUndefined();
      expect(onMetal.get(name) ?? last).toBe(onNode.get(name));
    });
  });
});

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

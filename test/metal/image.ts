// Programs of the corpus as images: built without what the build refuses, and booted.

import path from 'node:path';
import { buildImage, RefusedError, ROOT } from '../../scripts/build.ts';
import { formatDiagnostic } from '../../scripts/diagnostics.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import type { QemuExit } from '../../scripts/qemu/exit-status.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { startQemu } from '../../scripts/qemu/start.ts';
import { type Group, writeGroup } from './group.ts';

const SILENCE_LIMIT_MS = 120_000;

export type Build = 'development' | 'release';

/** Builds and boots a program; returns what it printed and how it ended. */
export const runOnMetal = async (entry: string, release: boolean): Promise<{ text: string; exit: QemuExit }> => {
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
export interface Accepted {
  readonly group: Group;
  readonly entry: string;
  readonly refusals: ReadonlyMap<string, string>;
}

/** A refused case must not take the others with it: it is left out, and fails alone. */
export const acceptedOf = async (group: Group, build: Build): Promise<Accepted> => {
  const entry = writeGroup(group, build);
  try {
    await buildImage({ entry, release: build === 'release' });
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
    return { group: smaller, entry: writeGroup(smaller, build), refusals };
  }
};

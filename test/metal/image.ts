// Programs of the corpus as images: built without what the build refuses, and booted.

import path from 'node:path';
import { buildImage, RefusedError, ROOT, runtimeFiles } from '../../scripts/build.ts';
import { formatDiagnostic } from '../../scripts/diagnostics.ts';
import { compileProgram } from '../../scripts/front-end.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import type { QemuExit } from '../../scripts/qemu/exit-status.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { startQemu } from '../../scripts/qemu/start.ts';
import { type Group, writeGroup } from './group.ts';

const SILENCE_LIMIT_MS = 120_000;

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
export const acceptedOf = async (group: Group): Promise<Accepted> => {
  const entry = writeGroup(group);
  const refusals = new Map<string, string>();
  const { diagnostics } = compileProgram({ root: ROOT, entry, runtimeFiles: await runtimeFiles() }, true);
  if (diagnostics.length === 0) return { group, entry, refusals };
  for (const { name, file } of group.cases) {
    const against = diagnostics.filter((diagnostic) => path.join(ROOT, diagnostic.file) === file);
    if (against.length > 0) refusals.set(name, against.map(formatDiagnostic).join('\n'));
  }
  if (refusals.size === 0) throw new RefusedError(diagnostics);
  const cases = group.cases.filter(({ name }) => !refusals.has(name));
  const smaller = await acceptedOf({ ...group, name: `${group.name}-accepted`, cases });
  return { ...smaller, refusals: new Map([...refusals, ...smaller.refusals]) };
};

// Machine modules as Linux programs: what the machine back end makes of them, run without booting anything.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createReporter, formatDiagnostic } from '../../scripts/diagnostics.ts';
import { compileMachine, type MachineExports } from '../../scripts/machine/compile.ts';
import { openProject, typeErrors } from '../../scripts/program.ts';
import { runTool, zigPath } from '../../scripts/toolchain.ts';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = path.join(ROOT, 'build/native');

/** Machine modules compiled to C, or what was wrong with them. */
export interface CompiledSource {
  readonly exports: MachineExports;
  /** The C, with all that is exported open to callers from outside. */
  readonly c: string;
  /** What the back end refused, as a user reads it. */
  readonly refusals: readonly string[];
  /** Returns TypeScript's own errors. */
  typeErrors(): string[];
}

/** Where a text stands that has no file of its own. */
const EXAMPLE = path.join(ROOT, 'kernel/base/example.ts');

/** Compiles the machine module `text` as if it stood in kernel/base/example.ts, with all it imports. */
export const compileSource = (text: string, checked = true): CompiledSource => compileText(text, [checked])[0]!;

/** Compiles `text` for a checked and for a release build, in this order. */
export const compileBoth = (text: string): readonly CompiledSource[] => compileText(text, [true, false]);

const compileText = (text: string, modes: readonly boolean[]): CompiledSource[] =>
  compileFile(EXAMPLE, modes, new Map([[EXAMPLE, text]]));

/** Compiles the machine module in `file` with all it imports, once for each mode (true for a checked build). */
export const compileFile = (
  file: string,
  modes: readonly boolean[],
  overlay: ReadonlyMap<string, string> = new Map(),
): CompiledSource[] => {
  const project = openProject({ root: ROOT, entry: file, runtimeFiles: [], overlay }, createReporter(ROOT));
  const { checker, machine, versions } = project;
  return modes.map((checked) => {
    const reporter = createReporter(ROOT);
    const compiled = compileMachine({ checker, files: machine, root: ROOT, checked, reporter, versions });
    return {
      exports: compiled.exports,
      c: compiled.text((definition) => definition.exported, ''),
      refusals: reporter.diagnostics.map(formatDiagnostic),
      typeErrors: () => typeErrors(project).map(formatDiagnostic),
    };
  });
};

/** The flags that the image is built with, for Linux. */
const FLAGS = [
  '-target',
  'x86_64-linux-musl',
  '-w',
  '-g',
  '-fwrapv',
  '-fno-strict-aliasing',
  '-fno-strict-float-cast-overflow',
  '-fno-sanitize=undefined',
  '-ffunction-sections',
  '-Wl,--gc-sections',
];

/** Builds a Linux program from C texts and the machine layer of hal.zig. Returns its path; the same texts are built once. */
export const buildNative = async (texts: readonly string[], level: '-O0' | '-O1' | '-O2'): Promise<string> => {
  const key = createHash('sha256')
    .update(JSON.stringify([FLAGS, level, texts]))
    .digest('hex')
    .slice(0, 16);
  const program = path.join(BUILD, key);
  if (existsSync(program)) return program;
  await mkdir(BUILD, { recursive: true });
  const sources = texts.map((_, index) => `${program}.${index}.c`);
  await Promise.all(sources.map((source, index) => writeFile(source, texts[index]!)));
  const layer = `${program}.hal.o`;
  await runTool(zigPath(), [
    'build-obj',
    path.join(ROOT, 'test/native/hal.zig'),
    '-target',
    'x86_64-linux-musl',
    '-O',
    'ReleaseSmall',
    `-femit-bin=${layer}`,
  ]);
  await runTool(zigPath(), ['cc', ...FLAGS, level, ...sources, layer, '-o', program]);
  return program;
};

/** The end of a program that shows what would have stopped the machine: `stopped STATUS: WHAT (WHERE)`. */
export const STOP_AND_EXIT = `
#include <stdio.h>
#include <stdlib.h>
extern void native_start(void);
__attribute__((constructor)) static void native_begin(void) { native_start(); }
__attribute__((noreturn)) void native_stopped(unsigned char status, const char *what, const char *where) {
  printf("stopped %d: %s (%s)\\n", status, what, where);
  fflush(stdout);
  _Exit(status);
}
`;

// From TypeScript to a bootable image.
//
//   front end ─┬─ control plane ─▶ Porffor ─▶ patch ─▶ C ─┐
//              └─ machine modules ─▶ C ───────────────────┼─▶ zig cc ─▶ objects ─▶ linker.ld ─▶ ELF ─▶ symbols ─▶ image
//   boot/*.zig ─▶ zig build-obj ──────────────────────────┘

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, hashOf, hashOfFiles, inputsOf, isUpToDate, writeRecord } from './cache.ts';
import type { Diagnostic } from './diagnostics.ts';
import { stripped } from './elf.ts';
import { LOOP_MODULES } from './loop.ts';
import { hasLoop } from './patch/hot.ts';
import { splitInvoke } from './patch/invoke.ts';
import { holdPlaces } from './patch/places.ts';
import { patchC } from './patch.ts';
import { symbolTable } from './symbols.ts';
import { porfPath, runTool, zigPath } from './toolchain.ts';

/** The project's root: where package.json is. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const BUILD = path.join(ROOT, 'build');
const CACHE = path.join(BUILD, 'cache');

/** What to build. `entry` is the path of the program's main.ts; `release` leaves the arithmetic checks out and optimises. */
export interface BuildOptions {
  readonly entry: string;
  readonly release: boolean;
}

/** The built files: `elf` boots, `debugElf` is for gdb. `fresh` is true when nothing had to be built. */
export interface Image {
  readonly elf: string;
  readonly debugElf: string;
  readonly fresh: boolean;
}

/** The program was refused. */
export class RefusedError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(`${diagnostics.length} error${diagnostics.length === 1 ? '' : 's'} in the program`);
    this.diagnostics = diagnostics;
  }
}

/** Builds an image, or finds it built. Throws RefusedError or ToolError. */
export const buildImage = async (options: BuildOptions): Promise<Image> => {
  const entry = path.resolve(options.entry);
  const profile = options.release ? 'release' : 'development';
  const name = imageName(entry);
  const folder = path.join(BUILD, profile, name);
  const image = { elf: path.join(folder, `${name}.elf`), debugElf: path.join(folder, `${name}.debug.elf`) };
  const record = path.join(folder, 'inputs.json');
  const identity = hashOf(entry, profile);
  if (await isUpToDate(record, identity)) return { ...image, fresh: true };

  // TypeScript is loaded only when there is something to build: it takes longer than finding out.
  const { compileProgram } = await import('./front-end.ts');
  const compiled = compileProgram({ root: ROOT, entry, runtimeFiles: await runtimeFiles() }, !options.release);
  if (compiled.diagnostics.length > 0) throw new RefusedError(compiled.diagnostics);

  const draft = path.join(folder, `draft.${process.pid}`); // Others may build the same image, or boot it, at the same time.
  await mkdir(draft, { recursive: true });
  try {
    await writeFile(path.join(draft, 'control.js'), compiled.control);
    await writeFile(path.join(draft, 'machine.c'), compiled.machine.join('\n'));
    const [boot, control, ...machine] = await Promise.all([
      compileBoot(),
      compileControl(compiled.control, options.release, draft),
      ...compiled.machine.map((unit) =>
        compileC(unit, options.release ? [...RELEASE, '-O2'] : [...DEVELOPMENT, '-O1']),
      ),
    ]);
    await linkImage([boot, control, ...machine], {
      elf: inFolder(draft, image.elf),
      debugElf: inFolder(draft, image.debugElf),
    });
    await moveAll(draft, folder);
    await writeRecord(
      inFolder(draft, record),
      identity,
      await inputsOf([...compiled.sources, ...(await toolSources())]),
    );
    await moveAll(draft, folder);
  } finally {
    await rm(draft, { recursive: true });
  }
  return { ...image, fresh: false };
};

const inFolder = (folder: string, file: string): string => path.join(folder, path.basename(file));

/** Moves the files of a folder into another, each at once. */
const moveAll = async (from: string, to: string): Promise<void> => {
  for (const name of await readdir(from)) await rename(path.join(from, name), path.join(to, name));
};

/** apps/probe/main.ts is `probe`; another file goes by its own name. */
const imageName = (entry: string): string => {
  const file = path.basename(entry, '.ts');
  return file === 'main' ? path.basename(path.dirname(entry)) : file;
};

const C_FLAGS = [
  '-target',
  'x86_64-linux-musl',
  '-c',
  '-w', // Porffor's C warns by the hundred, about nothing that a reader of TypeScript could mend.
  '-fwrapv',
  '-fno-strict-aliasing',
  '-fno-strict-float-cast-overflow',
  '-fno-sanitize=undefined',
  '-fno-omit-frame-pointer',
  '-mno-omit-leaf-frame-pointer',
  '-ffunction-sections',
  '-fdata-sections',
];

const DEVELOPMENT = ['-g'];
/** Places of lines, for traces and breakpoints, but no variables: those of optimised code are mostly gone, and a fifth of the time goes into what describes them. */
const RELEASE = ['-gline-tables-only'];

/** For size: under TCG every instruction is translated before it runs, and most of the control plane runs once. */
const SMALL = ['-Os', '-Xclang', '-Oz'];
/** With the event loop, for speed where scripts/patch/hot.ts does not say otherwise. */
const QUICK = ['-O2'];

const BOOT_FLAGS = [
  '-target',
  'x86_64-freestanding',
  '-mcpu',
  'x86_64-sse-sse2-mmx-x87+soft_float',
  '-O',
  'ReleaseSmall',
  '-mno-red-zone',
  '-fno-stack-check',
  '-fno-omit-frame-pointer',
  '-fno-strip',
  '-ffunction-sections',
  '-fdata-sections',
];

const compileControl = async (js: string, release: boolean, folder: string): Promise<string> => {
  const source = await cached(CACHE, hashOf('porf', js), '.c', async (file) => {
    const input = path.join(folder, 'control.js');
    await runTool(porfPath(), ['c', input, '-o', file]);
  });
  const mended = patchC(await readFile(source, 'utf8'), { target: 'metal' });
  const c = holdPlaces(release ? mended : splitInvoke(mended));
  await writeFile(path.join(folder, 'control.c'), c);
  return compileC(c, !release ? [...DEVELOPMENT, '-O0'] : [...RELEASE, ...(hasLoop(c) ? QUICK : SMALL)]);
};

const compileC = (c: string, level: readonly string[]): Promise<string> =>
  cached(CACHE, hashOf(c, ...level, ...C_FLAGS), '.o', async (file) => {
    const source = `${file}.c`;
    await writeFile(source, c);
    await runTool(zigPath(), ['cc', ...C_FLAGS, ...level, source, '-o', file], { cwd: ROOT });
  });

const compileBoot = async (): Promise<string> => {
  const folder = path.join(ROOT, 'boot');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.zig')).sort();
  const key = hashOf(await hashOfFiles(files.map((name) => path.join(folder, name))), ...BOOT_FLAGS);
  return cached(CACHE, key, '.o', async (file) => {
    await runTool(zigPath(), ['build-obj', 'boot/start.zig', ...BOOT_FLAGS, `-femit-bin=${file}`], { cwd: ROOT });
  });
};

/** Links twice: the table of symbols can be written only when all addresses are known, and lies behind everything that has one. */
const linkImage = async (objects: readonly string[], image: { elf: string; debugElf: string }): Promise<void> => {
  await link(objects, image.debugElf);
  const table = symbolTable(await readFile(image.debugElf));
  await link([...objects, await symbolObject(table)], image.debugElf);
  await writeFile(image.elf, stripped(await readFile(image.debugElf)));
};

const link = (objects: readonly string[], output: string): Promise<string> =>
  runTool(
    zigPath(),
    [
      'cc',
      '-target',
      'x86_64-linux-musl',
      '-static',
      '-g',
      '-Wl,--gc-sections',
      '-Wl,--build-id=none',
      '-Wl,-T,linker.ld',
      ...objects,
      '-o',
      output,
    ],
    { cwd: ROOT },
  );

const symbolObject = (table: Buffer): Promise<string> =>
  cached(CACHE, hashOf('symbols', table), '.o', async (file) => {
    await writeFile(`${file}.bin`, table);
    await writeFile(`${file}.S`, `.section .hedyn.symbols,"a",@progbits\n.incbin "${file}.bin"\n`);
    await runTool(zigPath(), ['cc', '-target', 'x86_64-linux-musl', '-c', `${file}.S`, '-o', file]);
  });

/** Returns the modules whose helpers lowering may link, by path. */
export const runtimeFiles = async (): Promise<string[]> => {
  const folder = path.join(ROOT, 'kernel/runtime');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  return [...names.map((name) => path.join(folder, name)), ...LOOP_MODULES.map((file) => path.join(ROOT, file))];
};

/** The build tool's own files: a change in them is a change of every image. */
const toolSources = async (): Promise<string[]> => {
  const folders = ['scripts', 'boot'];
  const nested = await Promise.all(folders.map((folder) => readdir(path.join(ROOT, folder), { recursive: true })));
  const files = nested.flatMap((names, index) => names.map((name) => path.join(ROOT, folders[index] ?? '', name)));
  const sources = files.filter((file) => /\.(ts|zig)$/.test(file) && !file.includes(`${path.sep}qemu${path.sep}`));
  return [...sources, ...['linker.ld', 'package-lock.json', 'tsconfig.json'].map((name) => path.join(ROOT, name))];
};

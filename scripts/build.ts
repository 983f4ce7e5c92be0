// From TypeScript to a bootable image.
//
//   front end ─┬─ control plane ─▶ Porffor ─▶ patch ─▶ C ─┐
//              └─ machine modules ─▶ C ───────────────────┼─▶ zig cc ─▶ objects ─▶ linker.ld ─▶ ELF ─▶ symbols ─▶ image
//   boot/*.zig ─▶ zig build-obj ──────────────────────────┘

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached, hashOf, hashOfFiles, type Inputs, inputsOf, upToDate, writeRecord } from './cache.ts';
import { showSourceNames } from './debug-names.ts';
import type { Diagnostic } from './diagnostics.ts';
import { readElf, stripped } from './elf.ts';
import { nameIn, PROJECT, ROOT } from './folders.ts';
import { LOOP_MODULES } from './loop.ts';
import { hasLoop } from './patch/hot.ts';
import { splitInvoke } from './patch/invoke.ts';
import { holdPlaces } from './patch/places.ts';
import { showVariables } from './patch/variables.ts';
import { patchC } from './patch.ts';
import { symbolTable } from './symbols.ts';
import { porfPath, runTool, zigPath } from './toolchain.ts';
import { splitUnits } from './units.ts';

export { ROOT };

const BUILD = path.join(PROJECT, 'build');
const CACHE = path.join(BUILD, 'cache');

/** What a build is doing, for who waits for it. */
export type Stage = 'reading the program' | 'compiling' | 'linking';

/** What to build. `entry` is the path of the program's main.ts; `release` leaves the arithmetic checks out and optimises. */
export interface BuildOptions {
  readonly entry: string;
  readonly release: boolean;
  /** Instead of a development build: nothing is optimised, and every variable is where a debugger finds it. */
  readonly debug?: boolean;
  /** Called when a stage begins; not at all where nothing has to be built. */
  readonly onStage?: (stage: Stage) => void;
  /** The program notes what it does, for `make trace`. Default false. */
  readonly traced?: boolean;
  /** The timer notes where the program is, for `make profile`. Default false. */
  readonly sampled?: boolean;
  /** The control plane is compiled in parts (units.ts), for who builds again and again: a development build at `build/watch`. Default false. */
  readonly inParts?: boolean;
}

/** The built files: `elf` boots, `debugElf` is for gdb. `fresh` is true when nothing had to be built. `inputs` are the files that it was made from. */
export interface Image {
  readonly elf: string;
  readonly debugElf: string;
  readonly fresh: boolean;
  readonly inputs: readonly string[];
}

/** The program was refused. `inputs` are the files that were looked at. */
export class RefusedError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly inputs: readonly string[];
  constructor(diagnostics: readonly Diagnostic[], inputs: readonly string[] = []) {
    super(`${diagnostics.length} error${diagnostics.length === 1 ? '' : 's'} in the program`);
    this.diagnostics = diagnostics;
    this.inputs = inputs;
  }
}

/** Builds an image, or finds it built. Throws RefusedError or ToolError. */
export const buildImage = async (options: BuildOptions): Promise<Image> => {
  const { traced = false, sampled = false, inParts = false } = options;
  const entry = path.resolve(options.entry);
  const kind = inParts ? 'watch' : levelOf(options);
  const profile = `${kind}${traced ? '-traced' : ''}${sampled ? '-sampled' : ''}`;
  const name = imageName(entry);
  const folder = path.join(BUILD, profile, name);
  const image = { elf: path.join(folder, `${name}.elf`), debugElf: path.join(folder, `${name}.debug.elf`) };
  const record = path.join(folder, 'inputs.json');
  const identity = hashOf(entry, profile);
  const current = await upToDate(record, identity);
  if (current !== undefined) return { ...image, fresh: true, inputs: current };

  // TypeScript is loaded only when there is something to build: it takes longer than finding out.
  options.onStage?.('reading the program');
  const startedMs = Date.now();
  const tool = await toolInputs();
  const { compileProgram } = await import('./front-end.ts');
  const compiled = compileProgram(
    { root: PROJECT, entry, runtimeFiles: await runtimeFiles(), traced },
    !options.release,
  );
  const inputs = [...compiled.sources, ...(await fixedInputs())];
  if (compiled.diagnostics.length > 0) throw new RefusedError(compiled.diagnostics, inputs);

  options.onStage?.('compiling');
  const draft = path.join(folder, `draft.${process.pid}`); // Others may build the same image, or boot it, at the same time.
  await mkdir(draft, { recursive: true });
  try {
    const js = levelOf(options) === 'debug' ? await marked(compiled.control) : compiled.control;
    await writeFile(path.join(draft, 'control.js'), js);
    await writeFile(path.join(draft, 'machine.c'), compiled.machine.join('\n'));
    const [boot, control, ...machine] = await Promise.all([
      compileBoot(traced ? 'traced' : sampled ? 'sampled' : 'start'),
      compileControlOnce(js, options, draft),
      ...compiled.machine.map((unit) => compileC(unit, MACHINE_FLAGS[levelOf(options)])),
    ]);
    options.onStage?.('linking');
    const objects = [boot, ...control.objects, ...machine];
    const script = await linkerScript(control.symbols);
    const drafts = { elf: inFolder(draft, image.elf), debugElf: inFolder(draft, image.debugElf) };
    await linkImage({ objects, script }, drafts, await tableSize(image.debugElf));
    await moveAll(draft, folder);
    const states = { ...(await inputsOf(inputs, startedMs)), ...tool };
    await writeRecord(inFolder(draft, record), identity, states);
    await moveAll(draft, folder);
  } finally {
    await rm(draft, { recursive: true });
  }
  return { ...image, fresh: false, inputs };
};

const inFolder = (folder: string, file: string): string => path.join(folder, path.basename(file));

/** Moves the files of a folder into another, each at once. */
const moveAll = async (from: string, to: string): Promise<void> => {
  for (const name of await readdir(from)) await rename(path.join(from, name), path.join(to, name));
};

/** apps/probe/main.ts is `probe`, src/main.ts is the project itself; another file goes by its own name. */
const imageName = (entry: string): string => {
  if (nameIn(PROJECT, entry) === 'src/main.ts') return path.basename(PROJECT);
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

/** How far the code is optimised, and what a debugger finds in it. */
type Level = 'development' | 'release' | 'debug';

const levelOf = ({ release, debug }: BuildOptions): Level => (release ? 'release' : debug ? 'debug' : 'development');

const MACHINE_FLAGS: Readonly<Record<Level, readonly string[]>> = {
  development: [...DEVELOPMENT, '-O1'],
  release: [...RELEASE, '-O2'],
  debug: [...DEVELOPMENT, '-O0'],
};

const marked = async (js: string): Promise<string> => {
  const { markVariables } = await import('./debug-variables.ts');
  return markVariables(js);
};

/** What the linker is given for the control plane: objects, and lines of its script. */
interface Control {
  readonly objects: readonly string[];
  readonly symbols: string;
}

const compileControl = async (js: string, options: BuildOptions, folder: string): Promise<Control> => {
  const { traced } = options;
  const level = levelOf(options);
  const source = await cached(CACHE, hashOf('porf', js), '.c', async (file) => {
    const input = path.join(folder, 'control.js');
    await runTool(porfPath(), ['c', input, '-o', file]);
  });
  const mended = patchC(await readFile(source, 'utf8'), { target: 'metal', traced });
  if (options.inParts === true) return compileParts(splitInvoke(mended));
  const c = holdPlaces(shaped(mended, level), level === 'debug');
  await writeFile(path.join(folder, 'control.c'), c);
  const flags = level !== 'release' ? [...DEVELOPMENT, '-O0'] : [...RELEASE, ...(hasLoop(c) ? QUICK : SMALL)];
  return { objects: [await compileC(c, flags)], symbols: '' };
};

/** Returns the control plane's C as a build that does not optimise, or a debugger, needs it. */
const shaped = (c: string, level: Level): string => {
  if (level === 'release') return c;
  return level === 'debug' ? showVariables(splitInvoke(c)) : splitInvoke(c);
};

const compileParts = async (c: string): Promise<Control> => {
  const { texts, symbols } = splitUnits(c);
  return { objects: await Promise.all(texts.map((text) => compileC(text, [...DEVELOPMENT, '-O0']))), symbols };
};

/** The last control plane of this process, for a build in parts: a change in a machine module leaves it as it is. */
let last: { readonly key: string; readonly control: Control } | undefined;

const compileControlOnce = async (js: string, options: BuildOptions, folder: string): Promise<Control> => {
  if (options.inParts !== true) return compileControl(js, options, folder);
  const key = hashOf(js, String(options.traced));
  if (last?.key !== key) last = { key, control: await compileControl(js, options, folder) };
  return last.control;
};

const compileC = (c: string, level: readonly string[]): Promise<string> =>
  cached(CACHE, hashOf(c, ...level, ...C_FLAGS), '.o', async (file) => {
    const source = `${file}.c`;
    await writeFile(source, c);
    await runTool(zigPath(), ['cc', ...C_FLAGS, ...level, source, '-o', file], { cwd: PROJECT });
  });

const compileBoot = async (name: 'start' | 'traced' | 'sampled'): Promise<string> => {
  const root = `boot/${name}.zig`;
  const folder = path.join(ROOT, 'boot');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.zig')).sort();
  const key = hashOf(root, await hashOfFiles(files.map((name) => path.join(folder, name))), ...BOOT_FLAGS);
  return cached(CACHE, key, '.o', async (file) => {
    await runTool(zigPath(), ['build-obj', root, ...BOOT_FLAGS, `-femit-bin=${file}`], { cwd: ROOT });
  });
};

const SYMBOLS = '.hedyn.symbols';
const TABLE_PAGE = 4096;

/**
 * Links with as much room for the table of symbols as the last image needed. It can be written only when all addresses are known, and lies behind everything that has one:
 * where it needs more pages or fewer, the image is linked again, and nothing else has moved.
 */
const linkImage = async (
  { objects, script }: { objects: readonly string[]; script: string },
  image: { elf: string; debugElf: string },
  expectedSize: number,
): Promise<void> => {
  await link([...objects, await tableObject(expectedSize)], script, image.debugElf);
  const table = symbolTable(await readFile(image.debugElf));
  const size = Math.ceil(table.length / TABLE_PAGE) * TABLE_PAGE;
  if (size !== expectedSize) await link([...objects, await tableObject(size)], script, image.debugElf);
  const linked = await readFile(image.debugElf);
  readElf(linked).bytes(SYMBOLS).set(table); // The section's bytes are a view of the file's.
  showSourceNames(linked);
  await writeFile(image.debugElf, linked);
  await writeFile(image.elf, stripped(linked));
};

/** Returns the room for the table in a linked image, in bytes; a page where there is no image. */
const tableSize = async (debugElf: string): Promise<number> => {
  try {
    return readElf(await readFile(debugElf)).bytes(SYMBOLS).length || TABLE_PAGE;
  } catch {
    return TABLE_PAGE; // The first image, or one of a build that did not end: there is nothing to learn from it.
  }
};

const link = (objects: readonly string[], script: string, output: string): Promise<string> =>
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
      `-Wl,-T,${nameIn(PROJECT, script)}`, // A comma in it would begin another option.
      ...objects,
      '-o',
      output,
    ],
    { cwd: PROJECT },
  );

/** Returns linker.ld with more symbols. */
const linkerScript = async (symbols: string): Promise<string> => {
  const text = `${await readFile(path.join(ROOT, 'linker.ld'), 'utf8')}${symbols}`;
  return cached(CACHE, hashOf(text), '.ld', (file) => writeFile(file, text));
};

/** Returns an object with room for a table of `size` bytes. */
const tableObject = (size: number): Promise<string> =>
  cached(CACHE, hashOf('symbols', String(size)), '.o', async (file) => {
    await writeFile(`${file}.S`, `.section ${SYMBOLS},"a",@progbits\n.zero ${size}\n`);
    await runTool(zigPath(), ['cc', '-target', 'x86_64-linux-musl', '-c', `${file}.S`, '-o', file]);
  });

/** Returns the modules whose helpers lowering may link, by path. */
export const runtimeFiles = async (): Promise<string[]> => {
  const folder = path.join(ROOT, 'kernel/runtime');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  return [...names.map((name) => path.join(folder, name)), ...LOOP_MODULES.map((file) => path.join(ROOT, file))];
};

/** What every image is made from beside its program: the Zig layer, and how TypeScript and the linker are set. */
const fixedInputs = async (): Promise<string[]> => {
  const names = (await readdir(path.join(ROOT, 'boot'))).filter((name) => name.endsWith('.zig')).sort();
  const own = [...names.map((name) => path.join('boot', name)), 'linker.ld', 'tsconfig.json'];
  return [...own.map((name) => path.join(ROOT, name)), path.join(PROJECT, 'tsconfig.json')];
};

let ownInputs: Promise<Inputs> | undefined;

/** Returns the build tool's own files as they were when this process began to build: what it makes, it makes by these, whatever becomes of them. */
const toolInputs = (): Promise<Inputs> => {
  ownInputs ??= readToolInputs();
  return ownInputs;
};

const readToolInputs = async (): Promise<Inputs> => {
  const names = await readdir(path.join(ROOT, 'scripts'), { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && !name.startsWith(`qemu${path.sep}`));
  return inputsOf([...sources.map((name) => path.join(ROOT, 'scripts', name)), path.join(ROOT, 'package.json')]);
};

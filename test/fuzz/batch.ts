// Many programs as one: each is a module with a function `run`, and what it prints stands behind a line with its number.
//
//   programs ─▶ modules p0, p1, … and main ─▶ Node
//                                          └▶ front end ─▶ Porffor ─▶ patch ─▶ C for Linux, at the levels that are shipped

import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { ROOT, runtimeFiles } from '../../scripts/build.ts';
import { formatDiagnostic } from '../../scripts/diagnostics.ts';
import { type Compiled, compileProgram } from '../../scripts/front-end.ts';
import { splitInvoke } from '../../scripts/patch/invoke.ts';
import { patchC } from '../../scripts/patch.ts';
import { porfPath, runTool, zigPath } from '../../scripts/toolchain.ts';
import { STOP_AND_EXIT } from '../native/build.ts';

const BUILD = path.join(ROOT, 'build/fuzz');
const RUN_LIMIT_MS = 60_000;
const MARK = '#program ';

/** How the control plane of an image is compiled: a development build, a release, and a release with the event loop. */
export type Level = '-O0' | '-Oz' | '-O2';

const LEVEL_FLAGS: Readonly<Record<Level, readonly string[]>> = {
  '-O0': ['-O0'],
  '-Oz': ['-Os', '-Xclang', '-Oz'],
  '-O2': ['-O2'],
};

const FLAGS = [
  ...['-target', 'x86_64-linux-musl', '-w'],
  ...['-fwrapv', '-fno-strict-aliasing', '-fno-strict-float-cast-overflow', '-fno-sanitize=undefined'],
  ...['-fno-omit-frame-pointer', '-mno-omit-leaf-frame-pointer', '-ffunction-sections', '-fdata-sections'],
];

/** As on the smallest machine, so that the collector runs often. */
const NURSERY_BYTES = 1 << 20;
const NURSERY = /(#define PORF_GC_NURSERY_BYTES )\d+u/;

/** What became of one program. Outputs are undefined where it was not run. */
export interface Outcome {
  /** Why the build refuses it; empty for one that it accepts. */
  readonly refusals: readonly string[];
  readonly onNode: string | undefined;
  readonly natively: ReadonlyMap<Level, string>;
}

/** Returns true where a program printed something else than on Node. */
export const isDifferent = ({ onNode, natively }: Outcome): boolean =>
  onNode !== undefined && [...natively.values()].some((output) => output !== onNode);

/** Builds and runs programs that export `run`, in one executable a level. `name` tells batches of one process apart. Throws when a tool fails. */
export const runBatch = async (
  name: string,
  texts: readonly string[],
  levels: readonly Level[],
): Promise<Outcome[]> => {
  const folder = path.join(BUILD, `${name}-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    return await runIn(folder, texts, levels);
  } finally {
    if (!process.env['FUZZ_KEEP']) await rm(folder, { recursive: true });
  }
};

const runIn = async (folder: string, texts: readonly string[], levels: readonly Level[]): Promise<Outcome[]> => {
  const named = texts.map((text, index) => text.replaceAll(/(?<=\w)_P\b/g, `_${index}`));
  const { compiled, refusals } = await compile(folder, named);
  const accepted = named.flatMap((_, index) => (refusals[index]!.length === 0 ? [index] : []));
  const outputs = new Map<Level | 'Node', Outputs>();
  if (accepted.length > 0) {
    const c = await translate(folder, compiled);
    const runs = levels.map(async (level) => {
      const program = await build(folder, c, level);
      outputs.set(level, await runAll(program, [], accepted));
    });
    await Promise.all([...runs, runOnNode(folder, named, accepted).then((output) => outputs.set('Node', output))]);
  }
  return texts.map((_, index) => {
    const reached = levels.filter((level) => outputs.get(level)?.has(index));
    return {
      refusals: refusals[index]!,
      onNode: outputs.get('Node')?.get(index),
      natively: new Map(reached.map((level) => [level, outputs.get(level)!.get(index)!])),
    };
  });
};

type Outputs = ReadonlyMap<number, string>;

const moduleName = (index: number): string => `p${index}.ts`;

/** `first` is the text of what says where to begin: behind a program that ended the run. */
const mainText = (indices: readonly number[], extension: string, first: string): string => {
  const imports = indices.map((index) => `import { run as run${index} } from './p${index}.${extension}';\n`);
  const calls = indices.map(
    (index) => `  if (first <= ${index}) {
    console.log('${MARK}${index}');
    try { await run${index}(); } catch (error) { console.log('thrown', error instanceof Error ? error.name : error); }
  }
`,
  );
  return `${imports.join('')}
const runAll = async () => {
  const first = ${first};
${calls.join('')}};
runAll();
`;
};

/** Where to begin, on Node and natively: there the machine's clock, of which this is the only use, tells it. */
const FIRST_ON_NODE = 'Number(process.env.FUZZ_FIRST)';
const NATIVE_HEAD = `import { clockNow } from '${path.relative(path.join(BUILD, 'a'), path.join(ROOT, 'kernel/hal/clock.ts'))}';\n`;
const FIRST_NATIVELY = 'clockNow()';
const NATIVE_LAYER = `${STOP_AND_EXIT}
#include <stdint.h>
uint64_t hal_clockNow(void) { return strtoull(getenv("FUZZ_FIRST"), 0, 10); }
`;

/** Compiles what is accepted of the programs; each refused one is left out of a second attempt. */
const compile = async (
  folder: string,
  texts: readonly string[],
): Promise<{ compiled: Compiled; refusals: string[][] }> => {
  const refusals = texts.map((): string[] => []);
  const helpers = await runtimeFiles();
  for (let attempt = 0; attempt < 4; attempt++) {
    const accepted = texts.flatMap((_, index) => (refusals[index]!.length === 0 ? [index] : []));
    const overlay = new Map(accepted.map((index) => [path.join(folder, moduleName(index)), texts[index]!]));
    const entry = path.join(folder, 'main.ts');
    overlay.set(entry, NATIVE_HEAD + mainText(accepted, 'ts', FIRST_NATIVELY));
    const compiled = compileProgram({ root: ROOT, entry, runtimeFiles: helpers, overlay }, true);
    if (compiled.diagnostics.length === 0) return { compiled, refusals };
    for (const diagnostic of compiled.diagnostics) {
      const index = Number(/p(\d+)\.ts$/.exec(diagnostic.file)?.[1]);
      if (refusals[index] === undefined) throw new Error(formatDiagnostic(diagnostic));
      refusals[index].push(formatDiagnostic(diagnostic));
    }
  }
  throw new Error('the front end still refuses programs');
};

const translate = async (folder: string, compiled: Compiled): Promise<readonly string[]> => {
  const js = path.join(folder, 'control.js');
  const c = path.join(folder, 'porffor.c');
  await writeFile(js, compiled.control);
  await runTool(porfPath(), ['c', js, '-o', c]);
  const control = patchC(await readFile(c, 'utf8'), { target: 'native' }).replace(NURSERY, `$1${NURSERY_BYTES}u`);
  return [control, ...compiled.machine, NATIVE_LAYER];
};

const build = async (folder: string, [control, ...others]: readonly string[], level: Level): Promise<string> => {
  const program = path.join(folder, `program${level}`);
  const layer = path.join(folder, `hal${level}.o`);
  const hal = path.join(ROOT, 'test/native/hal.zig');
  await runTool(zigPath(), [
    'build-obj',
    hal,
    '-target',
    'x86_64-linux-musl',
    '-O',
    'ReleaseSmall',
    `-femit-bin=${layer}`,
  ]);
  const objects = await Promise.all(
    [control!, ...others].map(async (text, index) => {
      const source = `${program}.${index}.c`;
      await writeFile(source, index === 0 && level === '-O0' ? splitInvoke(text) : text);
      await runTool(zigPath(), [
        'cc',
        ...FLAGS,
        ...(index === 0 ? LEVEL_FLAGS[level] : ['-O1']),
        '-c',
        source,
        '-o',
        `${source}.o`,
      ]);
      return `${source}.o`;
    }),
  );
  const link = ['-target', 'x86_64-linux-musl', '-static', '-Wl,--gc-sections'];
  await runTool(zigPath(), ['cc', ...link, ...objects, layer, '-o', program]);
  return program;
};

const runOnNode = async (folder: string, texts: readonly string[], indices: readonly number[]): Promise<Outputs> => {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const write = (name: string, text: string): Promise<void> => writeFile(path.join(folder, name), text);
  await Promise.all([
    write('main.mjs', `Error.stackTraceLimit = 0;\n${mainText(indices, 'mjs', FIRST_ON_NODE)}`),
    ...indices.map((index) =>
      write(`p${index}.mjs`, ts.transpileModule(texts[index]!, { compilerOptions }).outputText),
    ),
  ]);
  return runAll(process.execPath, [path.join(folder, 'main.mjs')], indices);
};

/** Runs the programs of an executable, again behind each one that ends the run. */
const runAll = async (executable: string, args: readonly string[], indices: readonly number[]): Promise<Outputs> => {
  const outputs = new Map<number, string>();
  for (let first: number | undefined = indices[0]; first !== undefined; ) {
    const { output, end }: Run = await run(executable, args, first);
    const found = splitOutput(output);
    const last: number = [...found.keys()].at(-1) ?? first;
    for (const [index, text] of found) outputs.set(index, text);
    if (end !== '') outputs.set(last, `${found.get(last) ?? ''}ended with ${end}\n`);
    first = end === '' ? undefined : indices.find((index) => index > last);
  }
  return outputs;
};

/** What an executable printed, and how it ended where that was a bad end. */
interface Run {
  readonly output: string;
  readonly end: string;
}

/** Runs an executable from the program `first` on. */
const run = (executable: string, args: readonly string[], first: number): Promise<Run> =>
  new Promise((resolve, reject) => {
    const child = spawn(executable, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_LIMIT_MS,
      env: { ...process.env, TZ: 'UTC', FUZZ_FIRST: String(first) },
    });
    let output = '';
    const collect = (piece: string): void => {
      output += piece;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ output, end: code === 0 ? '' : `${signal ?? code}` }));
  });

/** Returns what stands behind each mark. */
const splitOutput = (text: string): Outputs => {
  const parts = text.split(new RegExp(`^${MARK}`, 'm')).slice(1);
  return new Map(
    parts.map((part): [number, string] => {
      const end = part.indexOf('\n');
      return [Number(part.slice(0, end)), part.slice(end + 1)];
    }),
  );
};

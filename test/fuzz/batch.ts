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

/** What became of one program. Outputs are undefined where it was not run. */
export interface Outcome {
  /** Why the build refuses it; empty for one that it accepts. */
  readonly refusals: readonly string[];
  readonly onNode: string | undefined;
  readonly natively: ReadonlyMap<Level, string>;
  /** True for a program that was accepted and not reached: one before it ended the run. */
  readonly wasLeftOut: boolean;
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
      outputs.set(level, splitOutput(await run(program, []), accepted));
    });
    await Promise.all([...runs, runOnNode(folder, named, accepted).then((output) => outputs.set('Node', output))]);
  }
  return texts.map((_, index) => {
    const reached = levels.filter((level) => outputs.get(level)?.has(index));
    return {
      refusals: refusals[index]!,
      onNode: outputs.get('Node')?.get(index),
      natively: new Map(reached.map((level) => [level, outputs.get(level)!.get(index)!])),
      wasLeftOut: refusals[index]!.length === 0 && (reached.length === 0 || !outputs.get('Node')?.has(index)),
    };
  });
};

type Outputs = ReadonlyMap<number, string>;

const moduleName = (index: number): string => `p${index}.ts`;

const mainText = (indices: readonly number[], extension: string): string => `${indices
  .map((index) => `import { run as run${index} } from './p${index}.${extension}';\n`)
  .join('')}
const runAll = async () => {
${indices.map((index) => `  console.log('${MARK}${index}');\n  try { await run${index}(); } catch (error) { console.log('thrown', error instanceof Error ? error.name : error); }`).join('\n')}
  console.log('${MARK}end');
};
runAll();
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
    overlay.set(entry, mainText(accepted, 'ts'));
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
  const control = path.join(folder, 'control.js');
  const c = path.join(folder, 'porffor.c');
  await writeFile(control, compiled.control);
  await runTool(porfPath(), ['c', control, '-o', c]);
  return [patchC(await readFile(c, 'utf8'), { target: 'native' }), compiled.machine, STOP_AND_EXIT];
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
      await writeFile(source, text);
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
    write('main.mjs', `Error.stackTraceLimit = 0;\n${mainText(indices, 'mjs')}`),
    ...indices.map((index) =>
      write(`p${index}.mjs`, ts.transpileModule(texts[index]!, { compilerOptions }).outputText),
    ),
  ]);
  return splitOutput(await run(process.execPath, [path.join(folder, 'main.mjs')]), indices);
};

/** Returns what a program printed, and how it ended where that was its bad end. */
const run = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_LIMIT_MS,
      env: { ...process.env, TZ: 'UTC' },
    });
    let output = '';
    const collect = (piece: string): void => {
      output += piece;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code === 0 ? output : `${output}\nended with ${signal ?? code}\n`));
  });

/** Returns what stands behind each mark. Programs behind one that ended the run are missing. */
const splitOutput = (text: string, indices: readonly number[]): Outputs => {
  const parts = text.split(new RegExp(`^${MARK}`, 'm')).slice(1);
  const found = parts.map((part): [number, string] => {
    const end = part.indexOf('\n');
    return [Number(part.slice(0, end)), part.slice(end + 1)];
  });
  return new Map(found.filter(([index]) => indices.includes(index)));
};

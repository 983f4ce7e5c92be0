// Devices that lie, against the real drivers on the simulated machine: hostile/episode.ts says what holds after each of their deeds.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { simulatedMachine } from '../simulated-machine.ts';
import type { HostileRun } from './hostile/run.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Does `stepCount` steps of hostile devices, from `seed` on: deeds of theirs, each followed by a turn of the loop and a look at all that must hold. Returns the figures as
 * a line. Throws when something does not hold; the message begins with the seed and the step to repeat it with.
 */
export const runHostile = async (seed: number, stepCount: number): Promise<string> => {
  const { run } = (await join('run.ts')) as { run: (seed: number, stepCount: number) => Promise<HostileRun> };
  const { steps, episodes, problem } = await run(seed, stepCount);
  if (problem !== undefined) throw new Error(`hostile: ${problem}`);
  return `hostile: ${steps} steps of ${episodes} devices, seed ${seed}`;
};

/** Joins a module of hostile/, with all that it imports, into one file, and returns what that exports: the tests' loader would take twice the time. */
export const join = async (name: string): Promise<unknown> => {
  const outfile = path.join(root, `build/fuzz/${process.pid}-${name}.mjs`);
  await build({
    entryPoints: [path.join(root, 'test/fuzz/hostile', name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [onSimulatedMachine, withShortRecords],
  });
  return import(pathToFileURL(outfile).href);
};

const onSimulatedMachine: Plugin = {
  name: 'simulated-machine',
  setup(context) {
    context.onResolve({ filter: /^\./ }, ({ path: source, importer }) => {
      const found = simulatedMachine(source, importer);
      return found === undefined ? undefined : { path: found };
    });
  },
};

/** Records that drivers make, by file: their elements, and as many as simulated devices need. To make all of them anew for each device would take most of the time. */
const SHORTER: readonly (readonly [file: RegExp, from: string, to: string])[] = [
  [/./, '32768', '256'],
  [/[\\/]virtio[\\/]buffers\.ts$/, '1024', '256'],
  [/[\\/]blk[\\/](operations|pieces)\.ts$/, '4096', '256'],
];

const withShortRecords: Plugin = {
  name: 'short-records',
  setup(context) {
    context.onLoad({ filter: /[\\/]drivers[\\/].*\.ts$/ }, async ({ path: file }) => {
      let contents = await readFile(file, 'utf8');
      for (const [pattern, from, to] of SHORTER) if (pattern.test(file)) contents = contents.replaceAll(from, to);
      return { contents, loader: 'ts' };
    });
  },
};

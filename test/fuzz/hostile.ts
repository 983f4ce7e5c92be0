// Devices that lie, against the real drivers on the simulated machine: hostile/episode.ts says what holds after each of their deeds.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { simulatedMachine } from '../simulated-machine.ts';
import { type Fields, isMachineModule, noteFields, withChecks } from './checked.ts';
import type { HostileRun } from './hostile/run.ts';
import type { Part } from './part.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Plays episodes, as hostile/run.ts has it. */
type Run = (seed: number, stepCount: number) => Promise<HostileRun>;

/** Steps of one turn of `make fuzz`: seconds, and fewer devices than a turn has seeds. */
const STEPS_EACH = 50_000;

let loaded: Promise<Run> | undefined;

/**
 * Does `stepCount` steps of hostile devices, from `seed` on: deeds of theirs, each followed by a turn of the loop and a look at all that must hold. Returns the figures as
 * a line. Throws when something does not hold; the message begins with the seed and the step to repeat it with.
 */
export const runHostile = async (seed: number, stepCount: number): Promise<string> => {
  const { steps, episodes, problem } = await (await load())(seed, stepCount);
  if (problem !== undefined) throw new Error(`hostile: ${problem}`);
  return `hostile: ${figuresOf(steps, episodes)}, seed ${seed}`;
};

/** Returns the part of `make fuzz` that has hostile devices. */
export const hostilePart = (): Part => {
  let steps = 0;
  let episodes = 0;
  let faults = 0;
  return {
    turn: async (seed) => {
      const outcome = await (await load())(seed, STEPS_EACH);
      steps += outcome.steps;
      episodes += outcome.episodes;
      if (outcome.problem === undefined) return;
      faults += 1;
      console.log(`\nA driver was hurt: ${outcome.problem}`);
    },
    figures: () => `${figuresOf(steps, episodes)}, ${faults} of them hurt their driver`,
    faultCount: () => faults,
  };
};

const figuresOf = (steps: number, episodes: number): string => `${steps} steps of ${episodes} hostile devices`;

const load = (): Promise<Run> => {
  loaded ??= join('run.ts').then((module) => (module as { run: Run }).run);
  return loaded;
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
    plugins: [onSimulatedMachine, asDrivers],
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
  [/[\\/]drivers[\\/]/, '32768', '128'],
  [/[\\/]virtio[\\/]buffers\.ts$/, '1024', '256'],
  [/[\\/]blk[\\/](operations|pieces)\.ts$/, '4096', '64'],
];

const asDrivers: Plugin = {
  name: 'drivers',
  setup(context) {
    const fields: Fields = new Map();
    context.onStart(async () => {
      for (const file of await modules()) {
        const text = await readFile(file, 'utf8');
        if (isMachineModule(text)) noteFields(text, fields);
      }
    });
    context.onLoad({ filter: /[\\/](drivers|kernel)[\\/].*\.ts$/ }, async ({ path: file }) => {
      let contents = await readFile(file, 'utf8');
      for (const [pattern, from, to] of SHORTER) if (pattern.test(file)) contents = contents.replaceAll(from, to);
      if (isMachineModule(contents))
        contents = withChecks(contents, fields, path.join(root, 'test/fuzz/hostile/store.ts'));
      return { contents, loader: 'ts' };
    });
  },
};

/** Returns the files of drivers and kernel. */
const modules = async (): Promise<string[]> => {
  const found: string[] = [];
  for (const folder of ['drivers', 'kernel']) {
    for (const name of await readdir(path.join(root, folder), { recursive: true }))
      if (name.endsWith('.ts')) found.push(path.join(root, folder, name));
  }
  return found;
};

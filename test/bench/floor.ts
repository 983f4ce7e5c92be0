// Builds the floor driver (floor/floor.zig): a freestanding image of Zig alone, with no part of Hedyn in it.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../scripts/build.ts';
import { cached, hashOf, hashOfFiles } from '../../scripts/cache.ts';
import { runTool, zigPath } from '../../scripts/toolchain.ts';

const FOLDER = 'test/bench/floor';

/** For speed: it is what ours is measured against. */
const FLAGS = [
  ...['-target', 'x86_64-freestanding', '-mcpu', 'x86_64', '-O', 'ReleaseFast'],
  ...['-mno-red-zone', '-fno-stack-check', '-fstrip', '-fentry=start32', '-T', `${FOLDER}/floor.ld`],
];

/** Returns the image of the floor driver, built when its sources have changed. */
export const buildFloor = async (): Promise<string> => {
  const names = (await readdir(path.join(ROOT, FOLDER))).sort();
  const key = hashOf(await hashOfFiles(names.map((name) => path.join(ROOT, FOLDER, name))), ...FLAGS);
  return cached(path.join(ROOT, 'build/cache'), key, '.elf', async (file) => {
    await runTool(zigPath(), ['build-exe', `${FOLDER}/floor.zig`, ...FLAGS, `-femit-bin=${file}`], { cwd: ROOT });
  });
};

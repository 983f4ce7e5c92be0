// Builds the floor drivers (floor/floor.zig, floor/gpu.zig, floor/net.zig): freestanding images of Zig alone, with no part of Hedyn in them.

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

/** Returns the image of a floor driver, that of disks, of GPUs or of networks, built when its sources have changed. */
export const buildFloor = async (name: 'floor' | 'gpu' | 'net'): Promise<string> => {
  const files = (await readdir(path.join(ROOT, FOLDER))).sort();
  const key = hashOf(await hashOfFiles(files.map((file) => path.join(ROOT, FOLDER, file))), name, ...FLAGS);
  return cached(path.join(ROOT, 'build/cache'), key, '.elf', async (elf) => {
    await runTool(zigPath(), ['build-exe', `${FOLDER}/${name}.zig`, ...FLAGS, `-femit-bin=${elf}`], { cwd: ROOT });
  });
};

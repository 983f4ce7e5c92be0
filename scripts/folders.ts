// The two folders that the build tool works between. In this repository they are one; elsewhere the first is node_modules/hedyn.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this package: kernel, drivers, boot and the build tool itself. Nothing is written here but the joined tool. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Returns the nearest folder with a package.json, from `folder` upwards; `folder` itself where there is none. */
const projectAround = (folder: string): string => {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'package.json'))) return at;
    if (at === path.dirname(at)) return folder;
  }
};

/** The root of the user's project: the program with its tsconfig.json, and build/. Names of files in messages are relative to it. */
export const PROJECT = projectAround(process.cwd());

/** Returns the name of a file relative to `folder`, with forward slashes. */
export const nameIn = (folder: string, file: string): string => path.relative(folder, file).split(path.sep).join('/');

/** Returns true for a file of this package below `name`, such as `kernel/runtime/`, or of that very name. */
export const isOwnFile = (file: string, name: string): boolean => {
  const own = nameIn(ROOT, file);
  return name.endsWith('/') ? own.startsWith(name) : own === name;
};

// `hedyn new my-os`: a folder with a program of one's own, that has this package as a tarball in vendor/.
//
//   scripts/template/  ─▶ as it is        this package ─ npm pack ─▶ vendor/hedyn-0.1.0.tgz        package.json, package-lock.json, .gitignore ◀─ written here
//
// npm leaves a .gitignore out of what it packs, and takes a package.json for that of another package.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './folders.ts';
import { hashOfTarball, lockFor, type PackageLock, type PackageManifest } from './new-lock.ts';
import { usageError } from './qemu/runner-error.ts';
import { runTool, ToolError } from './toolchain.ts';

/** Makes a project in the folder that `name` names. Returns its path. Throws a RunnerError where it may not be made. */
export const newProject = async (name: string): Promise<string> => {
  const folder = placeFor(name);
  const draft = `${folder}.${process.pid}.tmp`; // It appears when it is whole.
  try {
    mkdirSync(path.join(draft, 'vendor'), { recursive: true });
    cpSync(path.join(ROOT, 'scripts/template'), draft, { recursive: true });
    const tarball = path.join('vendor', await pack(path.join(draft, 'vendor')));
    writeManifests(draft, packageName(folder), tarball);
    writeFileSync(path.join(draft, '.gitignore'), 'node_modules/\nbuild/\n');
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
};

/** Returns the folder to make. A bare name that is typed in this repository means a folder beside it. */
const placeFor = (name: string): string => {
  const typed = path.resolve(typedIn(), name);
  const folder =
    isInside(typed) && typed !== ROOT && path.basename(name) === name ? path.resolve(ROOT, '..', name) : typed;
  if (isInside(folder)) throw usageError(`${name} is inside ${ROOT}: name a folder outside of it, as ../my-os`);
  if (existsSync(folder)) throw usageError(`${folder} exists already: name a folder that does not`);
  if (packageName(folder) === '')
    throw usageError(`${name} has no letter that npm takes in a name: name it like my-os`);
  return folder;
};

/** Returns the folder in which the command was typed: npm runs its scripts in the root. */
const typedIn = (): string => (process.env.npm_lifecycle_event === 'new' && process.env.INIT_CWD) || process.cwd();

/** Returns a path as the user would type it. */
export const asTyped = (file: string): string => {
  const relative = path.relative(typedIn(), file);
  return relative.length < file.length ? relative : file;
};

const isInside = (folder: string): boolean => `${folder}/`.startsWith(`${ROOT}/`);

/** What npm takes as a name: `My OS` becomes my-os. */
const packageName = (folder: string): string =>
  path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** Packs this package into `folder`. Returns the tarball's name. */
const pack = async (folder: string): Promise<string> => {
  await runTool('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, ROOT]);
  const [tarball] = readdirSync(folder);
  if (tarball === undefined) throw new ToolError('npm', 'packed nothing', '');
  return tarball;
};

const writeManifests = (folder: string, name: string, tarball: string): void => {
  const own: PackageManifest = readJson(path.join(ROOT, 'package.json'));
  const manifest = {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: own.engines,
    scripts: { build: 'hedyn build', start: 'hedyn run', test: 'hedyn test' },
    dependencies: { hedyn: `file:${tarball}` },
    allowScripts: own.allowScripts,
  };
  writeJson(path.join(folder, 'package.json'), manifest);
  const ownLock = path.join(ROOT, 'package-lock.json'); // Absent in a packed package: npm makes one then.
  if (!existsSync(ownLock)) return;
  const lock: PackageLock = readJson(ownLock);
  writeJson(
    path.join(folder, 'package-lock.json'),
    lockFor(manifest, own, lock, hashOfTarball(path.join(folder, tarball))),
  );
};

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8'));

const writeJson = (file: string, value: unknown): void =>
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);

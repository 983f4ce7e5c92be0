// What was built before need not be built again: results are kept under the hash of everything they were made from.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Returns the hash of `parts`, in order. */
export const hashOf = (...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 32);
};

/** Returns the hash of the named files' contents and names. */
export const hashOfFiles = async (files: readonly string[]): Promise<string> => {
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return hashOf(...files.flatMap((file, index) => [file, contents[index] ?? '']));
};

/**
 * Returns the path of the cached file `key` + `extension`, after `make` has written it if it was not there.
 * `make` is given a path of its own, which is moved into place when it is complete.
 */
export const cached = async (
  folder: string,
  key: string,
  extension: string,
  make: (file: string) => Promise<void>,
): Promise<string> => {
  const file = path.join(folder, `${key}${extension}`);
  if (await exists(file)) return file;
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `${key}.${process.pid}${extension}`);
  await make(draft);
  await rename(draft, file);
  return file;
};

/** Returns true when there is a file. */
const exists = async (file: string): Promise<boolean> => {
  try {
    await stat(file);
    return true;
  } catch {
    return false; // The only answer asked for: whatever the reason, there is nothing to use.
  }
};

/** What a result was made from: name, size and time of change of each file. */
export type Inputs = Readonly<Record<string, string>>;

/** Returns the present state of `files`. */
export const inputsOf = async (files: readonly string[]): Promise<Inputs> => {
  const states = await Promise.all(files.map(async (file) => [file, await stateOf(file)] as const));
  return Object.fromEntries(states);
};

/** Returns true when `record` was written for these very inputs and none of them has changed. */
export const isUpToDate = async (record: string, identity: string): Promise<boolean> => {
  if (!(await exists(record))) return false;
  const { identity: builtAs, inputs } = JSON.parse(await readFile(record, 'utf8')) as {
    identity: string;
    inputs: Inputs;
  };
  if (builtAs !== identity) return false;
  const states = await Promise.all(Object.keys(inputs).map(async (file) => (await stateOf(file)) === inputs[file]));
  return states.every(Boolean);
};

/** Notes what a result was made from. */
export const writeRecord = async (record: string, identity: string, inputs: Inputs): Promise<void> =>
  writeFile(record, JSON.stringify({ identity, inputs }));

const stateOf = async (file: string): Promise<string> => {
  try {
    const { size, mtimeMs } = await stat(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'absent'; // A file that went away is a change like any other.
  }
};

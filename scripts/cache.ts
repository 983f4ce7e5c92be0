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

/** As coarse as a file system's clock may be. */
const CLOCK_STEP_MS = 10;

/** Returns the present state of `files`. A file that was written after `sinceMs`, when they were read, has none that it could be found in again. */
export const inputsOf = async (files: readonly string[], sinceMs = Number.POSITIVE_INFINITY): Promise<Inputs> => {
  const states = await Promise.all(files.map(async (file) => [file, await stateOf(file, sinceMs)] as const));
  return Object.fromEntries(states);
};

/** Returns the names of the inputs when `record` was written for these very ones and none of them has changed; otherwise undefined. */
export const upToDate = async (record: string, identity: string): Promise<readonly string[] | undefined> => {
  if (!(await exists(record))) return undefined;
  const { identity: builtAs, inputs } = JSON.parse(await readFile(record, 'utf8')) as {
    identity: string;
    inputs: Inputs;
  };
  if (builtAs !== identity) return undefined;
  const files = Object.keys(inputs);
  const states = await Promise.all(files.map(async (file) => (await stateOf(file)) === inputs[file]));
  return states.every(Boolean) ? files : undefined;
};

/** Notes what a result was made from. */
export const writeRecord = async (record: string, identity: string, inputs: Inputs): Promise<void> =>
  writeFile(record, JSON.stringify({ identity, inputs }));

const stateOf = async (file: string, sinceMs = Number.POSITIVE_INFINITY): Promise<string> => {
  try {
    const { size, mtimeMs } = await stat(file);
    return mtimeMs < sinceMs - CLOCK_STEP_MS ? `${size} ${mtimeMs}` : 'written meanwhile';
  } catch {
    return 'absent'; // A file that went away is a change like any other.
  }
};

// Programs on this host: where they are, and what they print.

import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Returns the path of the program `name`: looked up in PATH, or taken as it is when it names a folder. Undefined when there is none. */
export const findProgram = (name: string): string | undefined => {
  const candidates = name.includes('/')
    ? [name]
    : (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
  return candidates.find(isExecutableFile);
};

const isExecutableFile = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // Not there, or not for us to run.
  }
};

/** Returns what a program wrote to its standard output, or undefined when it failed. */
export const outputOf = (program: string, programArguments: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile(program, programArguments, { timeout: 30_000 }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });

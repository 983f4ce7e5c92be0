// From test files to a machine that knows their tests. A file that cannot be built, or ends the machine before it has named its tests, fails by itself: the others go on without it.

import { buildImage, RefusedError } from '../build.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { nameIn, PROJECT } from '../folders.ts';
import type { StartOptions } from '../qemu/start.ts';
import { endError, refusalError, type TestError } from './errors.ts';
import { type FailedLoad, startMachine, type TestMachine } from './machine.ts';
import { writeTestProgram } from './program.ts';

/** What to run, and on what. */
export interface LoadOptions {
  /** Absolute. */
  readonly files: readonly string[];
  readonly release: boolean;
  /** The machine, without the image. */
  readonly machine: Omit<StartOptions, 'image' | 'onSerial' | 'limitMs'>;
}

/** What came of it. */
export interface LoadedTests {
  /** Undefined when no file is left. */
  readonly machine: TestMachine | undefined;
  /** What it has booted. */
  readonly image: string;
  /** What is wrong with the other files, by their names in the project. */
  readonly failed: ReadonlyMap<string, readonly TestError[]>;
}

/** Builds the program of all files and boots it. */
export const loadTests = async ({ files, release, machine }: LoadOptions): Promise<LoadedTests> => {
  const failed = new Map<string, readonly TestError[]>();
  for (;;) {
    const left = files.filter((file) => !failed.has(nameIn(PROJECT, file)));
    if (left.length === 0) return { machine: undefined, image: '', failed };
    try {
      const image = (await buildImage({ entry: writeTestProgram(left), release })).elf;
      const started = await startMachine({ ...machine, image });
      if (!('exit' in started)) return { machine: started, image, failed };
      noteFailedLoad(started, left, failed);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      noteRefusals(error.diagnostics, left, failed);
    }
  }
};

type Failures = Map<string, readonly TestError[]>;

/** What is refused in a module that the tests import is said by all of them. */
const noteRefusals = (diagnostics: readonly Diagnostic[], files: readonly string[], failed: Failures): void => {
  const names = files.map((file) => nameIn(PROJECT, file));
  const guilty = names.filter((name) => diagnostics.some(({ file }) => file === name));
  for (const name of guilty) failed.set(name, diagnostics.filter(({ file }) => file === name).map(refusalError));
  if (guilty.length === 0) for (const name of names) failed.set(name, diagnostics.map(refusalError));
};

/** A machine that has come to no file at all is the failure of all of them. */
const noteFailedLoad = ({ file, exit, printed }: FailedLoad, files: readonly string[], failed: Failures): void => {
  const names = file === undefined ? files.map((each) => nameIn(PROJECT, each)) : [file];
  for (const name of names) failed.set(name, [endError(exit, printed)]);
};

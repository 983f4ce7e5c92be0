// The tests of a run on the machine: one image, one boot. A test that stops the machine fails, and the machine boots again for the next.

import path from 'node:path';
import { buildImage, RefusedError } from '../build.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { nameIn, PROJECT } from '../folders.ts';
import type { StartOptions } from '../qemu/start.ts';
import { type Answer, type FailedLoad, startMachine, type TestMachine } from './machine.ts';
import { type Frame, framesIn } from './places.ts';
import { writeTestProgram } from './program.ts';
import type { Failure, TestEntry } from './records.ts';

/** Why a test, a hook or a whole file failed. */
export interface TestError extends Failure {
  readonly frames: readonly Frame[];
}

/** What a file has, or why it cannot be run. */
export type Collected = { readonly entries: readonly TestEntry[] } | { readonly errors: readonly TestError[] };

/** What came of a test or a hook, and what the program printed meanwhile. */
export type Outcome = { readonly printed: string } & (
  | { readonly kind: 'passed'; readonly cleanup?: number | undefined }
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'failed'; readonly error: TestError }
);

/** A run. */
export interface Session {
  /** Returns what a file names; the first call builds and boots the program of all of them. */
  collect(file: string): Promise<Collected>;
  /** Runs a test or a hook. */
  call(entry: number, limitMs: number): Promise<Outcome>;
  /** Ends the machine. */
  stop(): Promise<void>;
}

/** What to run, and on what. */
export interface SessionOptions {
  /** Absolute. */
  readonly files: readonly string[];
  readonly release: boolean;
  /** The machine, without the image. */
  readonly machine: Omit<StartOptions, 'image' | 'onSerial' | 'limitMs'>;
}

/** Returns a run that has not begun. */
export const createSession = (options: SessionOptions): Session => {
  const failed = new Map<string, readonly TestError[]>(); // By the names of files.
  let image = '';
  let machine: Promise<TestMachine | undefined> | undefined;
  let entries: readonly TestEntry[] = [];
  const cleanups = new Set<number>(); // What hooks have returned to the machine that is running.
  const called: number[] = []; // beforeAll hooks that ran: a machine that boots again needs what they did.

  /** Builds and boots; what a file makes impossible is its own failure, and the others go on without it. */
  const start = async (): Promise<TestMachine | undefined> => {
    const files = options.files.filter((file) => !failed.has(nameIn(PROJECT, file)));
    if (files.length === 0) return undefined;
    try {
      image = (await buildImage({ entry: writeTestProgram(files), release: options.release })).elf;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      noteRefusals(
        error.diagnostics,
        files.map((file) => nameIn(PROJECT, file)),
      );
      return start();
    }
    const started = await boot();
    if (started !== undefined) entries = started.entries;
    return started ?? start();
  };

  const boot = async (): Promise<TestMachine | undefined> => {
    cleanups.clear();
    const started = await startMachine({ ...options.machine, image });
    if (!('exit' in started)) return started;
    noteFailedLoad(started);
    return undefined;
  };

  const noteRefusals = (diagnostics: readonly Diagnostic[], names: readonly string[]): void => {
    const errors = diagnostics.map((each) => ({ file: each.file, error: refusal(each) }));
    const guilty = names.filter((name) => errors.some(({ file }) => file === name));
    // What is refused in a module that the tests import is said by all of them.
    for (const name of guilty.length > 0 ? guilty : names) {
      const own = errors.filter(({ file }) => guilty.length === 0 || file === name);
      failed.set(
        name,
        own.map(({ error }) => error),
      );
    }
  };

  const noteFailedLoad = ({ file, exit, printed }: FailedLoad): void => {
    const error = { ...endError(exit, printed), frames: framesIn(printed) };
    if (file !== undefined) failed.set(file, [error]);
    else for (const each of options.files) failed.set(nameIn(PROJECT, each), [error]);
  };

  const collect = async (file: string): Promise<Collected> => {
    machine ??= start();
    await machine;
    const name = nameIn(PROJECT, file);
    const errors = failed.get(name);
    if (errors !== undefined) return { errors };
    const root = entries.find((entry) => entry.kind === 'file' && entry.name === name)?.entry;
    return { entries: entries.filter((entry) => fileOf(entry) === root) };
  };

  const fileOf = (entry: TestEntry): number => {
    const parent = entries[entry.parent];
    return parent === undefined ? entry.entry : fileOf(parent);
  };

  const isAround = (hook: TestEntry, entry: TestEntry): boolean => {
    const parent = entries[entry.parent];
    return hook.parent === entry.parent || (parent !== undefined && isAround(hook, parent));
  };

  /** Returns the machine, booted again if it has ended, with the beforeAll hooks around `entry` run anew. */
  const running = async (entry: TestEntry): Promise<TestMachine | undefined> => {
    const before = await machine;
    if (before?.isRunning()) return before;
    machine = boot();
    const after = await machine;
    for (const number of called) {
      const hook = entries[number];
      if (hook !== undefined && isAround(hook, entry)) await after?.ask(number, 0);
    }
    return after;
  };

  const call = async (number: number, limitMs: number): Promise<Outcome> => {
    const entry = entries[number];
    const now = await machine;
    // What would put in order a machine that is not there any more has nothing to do.
    const isIdle =
      !now?.isRunning() && (entry === undefined || entry.kind === 'afterEach' || entry.kind === 'afterAll');
    if (isIdle || (entry === undefined && !cleanups.has(number))) return { kind: 'passed', printed: '' };
    const answering = entry === undefined ? now : await running(entry);
    if (answering === undefined) throw new Error('the machine does not boot any more');
    const answer = await answering.ask(number, limitMs);
    if (answer.kind === 'done' && answer.cleanup !== undefined) cleanups.add(answer.cleanup);
    if (answer.kind === 'done' && entry?.kind === 'beforeAll') called.push(number);
    return outcomeOf(answer, entry?.kind ?? 'afterEach', limitMs);
  };

  return {
    collect,
    call,
    stop: async () => void (await (await machine)?.stop()),
  };
};

const refusal = ({ file, line, column, code, message }: Diagnostic): TestError => ({
  name: code,
  message,
  frames: [{ name: 'module', file: path.resolve(PROJECT, file), line, column }],
});

const outcomeOf = (answer: Answer, kind: TestEntry['kind'], limitMs: number): Outcome => {
  const { printed } = answer;
  switch (answer.kind) {
    case 'done':
      return { printed, kind: 'passed', cleanup: answer.cleanup };
    case 'skipped':
      return { printed, kind: 'skipped', note: answer.note };
    case 'failed':
      return { printed, kind: 'failed', error: { ...answer.failure, frames: framesIn(answer.trace) } };
    case 'late': {
      const what = kind === 'test' ? 'Test' : 'Hook';
      const message = `${what} timed out in ${limitMs}ms.\nIf it is to take so long, pass a timeout as its last argument.`;
      return { printed, kind: 'failed', error: { name: 'Error', message, frames: [] } };
    }
    default: {
      const error = { ...endError(answer.exit, printed), frames: framesIn(printed) };
      return { printed: printed.slice(0, panicStart(printed)), kind: 'failed', error };
    }
  }
};

/** The end of a machine, in the words of its panic where it had time for them. */
const endError = ({ status, reason }: { status: number; reason: string }, printed: string): Failure => {
  const panic = printed
    .slice(panicStart(printed))
    .split('\n')
    .filter((line) => !/^ {2}at |^\s*$/.test(line));
  return { name: 'Error', message: [`the machine ended with status ${status}: ${reason}`, ...panic].join('\n') };
};

/** Returns where in what was printed the panic begins; its end where there is none. */
const panicStart = (printed: string): number => {
  const found = printed.search(/^PANIC /m);
  return found < 0 ? printed.length : found;
};

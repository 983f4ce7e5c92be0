// The tests of a run on the machine: one image, one boot. A test that stops the machine fails, and the machine boots again for the next.

import path from 'node:path';
import { PROJECT } from '../folders.ts';
import { endError, panicStart, type TestError, timeoutError } from './errors.ts';
import { type LoadOptions, loadTests } from './load.ts';
import { type Answer, startMachine, type TestMachine } from './machine.ts';
import { framesIn, placeOfTest } from './places.ts';
import type { TestEntry } from './records.ts';

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
  /** Returns what a file names; `name` is that in the project. */
  collect(name: string): Collected;
  /** Runs a test, a hook, or a function that a hook has returned. */
  call(entry: number, limitMs: number): Promise<Outcome>;
  /** Ends the machine. */
  stop(): Promise<void>;
}

/** Builds and boots the program of all files of a run. */
export const startSession = async (options: LoadOptions): Promise<Session> => {
  const loaded = await loadTests(options);
  const { failed, image } = loaded;
  let { machine } = loaded;
  const entries = machine?.entries ?? [];
  const around = createFamily(entries);
  const cleanups = new Set<number>(); // What hooks have returned to the machine that is running.
  const called: TestEntry[] = []; // beforeAll hooks that ran: a machine that boots again needs what they did.

  /** Returns the machine, booted again if it has ended, with the beforeAll hooks around `entry` run anew. */
  const running = async (entry: TestEntry): Promise<TestMachine> => {
    if (machine?.isRunning()) return machine;
    cleanups.clear();
    const started = await startMachine({ ...options.machine, image });
    if ('exit' in started) throw new Error(`the machine does not boot any more: ${started.exit.reason}`);
    machine = started;
    for (const hook of called) if (around.isAround(hook, entry)) await started.ask(hook.entry, 0);
    return started;
  };

  const answerTo = async (number: number, limitMs: number): Promise<Answer | undefined> => {
    const entry = entries[number];
    if (entry === undefined) return cleanups.has(number) ? machine?.ask(number, limitMs) : undefined;
    // What would put in order a machine that is not there any more has nothing to do.
    const isOrder = entry.kind === 'afterEach' || entry.kind === 'afterAll';
    if (isOrder && !machine?.isRunning()) return undefined;
    const answer = await (await running(entry)).ask(number, limitMs);
    if (answer.kind === 'done' && answer.cleanup !== undefined) cleanups.add(answer.cleanup);
    if (answer.kind === 'done' && entry.kind === 'beforeAll') called.push(entry);
    return answer;
  };

  return {
    collect(name) {
      const errors = failed.get(name);
      return errors === undefined ? { entries: around.inFile(name) } : { errors };
    },
    async call(number, limitMs) {
      const answer = await answerTo(number, limitMs);
      if (answer === undefined) return { kind: 'passed', printed: '' };
      const entry = entries[number];
      return outcomeOf(answer, entry, around.fileOf(entry), limitMs);
    },
    stop: async () => void (await machine?.stop()),
  };
};

/** Who stands in what. */
interface Family {
  /** Returns all that a file names, the file itself first. */
  inFile(name: string): TestEntry[];
  /** Returns the name of the file of an entry. */
  fileOf(entry: TestEntry | undefined): string | undefined;
  /** Returns whether a hook is one for `entry`. */
  isAround(hook: TestEntry, entry: TestEntry): boolean;
}

const createFamily = (entries: readonly TestEntry[]): Family => {
  const parents = (entry: TestEntry | undefined): TestEntry[] =>
    entry === undefined ? [] : [entry, ...parents(entries[entry.parent])];
  const fileOf = (entry: TestEntry | undefined): string | undefined => parents(entry).at(-1)?.name;
  return {
    inFile: (name) => entries.filter((entry) => fileOf(entry) === name),
    fileOf,
    isAround: (hook, entry) => parents(entry).some(({ entry: number }) => number === hook.parent),
  };
};

const outcomeOf = (
  answer: Answer,
  entry: TestEntry | undefined,
  file: string | undefined,
  limitMs: number,
): Outcome => {
  const { printed } = answer;
  if (answer.kind === 'done') return { printed, kind: 'passed', cleanup: answer.cleanup };
  if (answer.kind === 'skipped') return { printed, kind: 'skipped', note: answer.note };
  const error = errorOf(answer, entry, limitMs);
  const place =
    error.frames.length === 0 && entry !== undefined && file !== undefined
      ? placeOfTest(path.resolve(PROJECT, file), entry.name)
      : undefined;
  const shown = answer.kind === 'ended' ? printed.slice(0, panicStart(printed)) : printed;
  return { printed: shown, kind: 'failed', error: place === undefined ? error : { ...error, frames: [place] } };
};

const errorOf = (
  answer: Answer & { readonly kind: 'failed' | 'late' | 'ended' },
  entry: TestEntry | undefined,
  limitMs: number,
): TestError => {
  if (answer.kind === 'failed') return { ...answer.failure, frames: framesIn(answer.trace) };
  if (answer.kind === 'late') return timeoutError(entry?.kind === 'test', limitMs);
  return endError(answer.exit, answer.printed);
};

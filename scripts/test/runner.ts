// Vitest's runner for *.metal.test.ts. It does not load such a file: it asks what the machine has found in it, names the same suites, tests and hooks to Vitest, and has the
// machine run each when Vitest comes to it. So order, filters, `only`, retries and reports are Vitest's own.

import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, type TestContext, TestRunner, test } from 'vitest';
import { decode } from './decode.ts';
import type { TestError } from './errors.ts';
import type { TestEntry } from './records.ts';
import { SOCKET_VARIABLE, type TestReply, type TestRequest } from './server.ts';
import type { Collected, Outcome } from './session.ts';

/** The runner; a project of Vitest's names this file as `test.runner`. */
export default class MetalRunner extends TestRunner {
  override async importFile(file: string, source: 'collect' | 'setup'): Promise<unknown> {
    if (source !== 'collect') return super.importFile(file, source);
    const collected = (await ask(this.config.name ?? '', { collect: file })) as Collected;
    if ('errors' in collected) throw new AggregateError(collected.errors.map(errorOf));
    const root = collected.entries.find(({ kind }) => kind === 'file');
    if (root !== undefined) this.nameParts(collected.entries, root.entry);
    return undefined;
  }

  private nameParts(entries: readonly TestEntry[], parent: number): void {
    for (const entry of entries.filter((each) => each.parent === parent)) this.nameEntry(entries, entry);
  }

  private nameEntry(entries: readonly TestEntry[], entry: TestEntry): void {
    const { kind, name, options } = entry;
    const { hookTimeout, testTimeout } = this.config;
    const { timeout = kind === 'test' ? testTimeout : hookTimeout, ...rest } = options;
    const run = (number: number, context?: TestContext): Promise<number | undefined> =>
      call(this.config.name ?? '', { call: number, limitMs: timeout }, context);
    const hook = async (): Promise<(() => Promise<void>) | undefined> => {
      const cleanup = await run(entry.entry);
      return cleanup === undefined ? undefined : async () => void (await run(cleanup));
    };
    // The limit is the machine's to keep: one that is given up has to be ended.
    const own = { ...rest, timeout: 0 };
    if (kind === 'suite') describe(name, rest, () => this.nameParts(entries, entry.entry));
    else if (kind === 'test') test(name, own, async (context) => void (await run(entry.entry, context)));
    else if (kind === 'beforeAll') beforeAll(hook, 0);
    else if (kind === 'afterAll') afterAll(hook, 0);
    else if (kind === 'beforeEach') beforeEach(hook, 0);
    else if (kind === 'afterEach') afterEach(hook, 0);
  }
}

/** Has the machine run an entry. Returns the number of the function that a hook has returned; throws what the body threw. */
const call = async (
  project: string,
  question: Question,
  context: TestContext | undefined,
): Promise<number | undefined> => {
  const outcome = (await ask(project, question)) as Outcome;
  if (outcome.printed !== '') console.log(outcome.printed.replace(/\n$/, ''));
  if (outcome.kind === 'passed') return outcome.cleanup;
  if (outcome.kind === 'failed') throw errorOf(outcome.error);
  context?.skip(outcome.note);
  return undefined;
};

/** Returns the error as Vitest shows one: with the place, the stack, and what was expected. */
const errorOf = ({ name = 'Error', message = '', comparison, cause, thrown, frames }: TestError): unknown => {
  if (thrown !== undefined && frames.length === 0) return decode(thrown);
  const text = thrown === undefined ? message : `thrown: ${String(decode(thrown))}`;
  const error = new Error(text, cause === undefined ? undefined : { cause: decode(cause) });
  // `stacks` is what Vitest makes of a stack: given so, it is not taken for that of a module of Vite's.
  const stacks = frames.map(({ name: method, file, line, column }) => ({ method, file, line, column }));
  const lines = stacks.map(({ method, file, line, column }) => `    at ${method} (${file}:${line}:${column})`);
  Object.assign(error, { name, stacks, stack: [`${name}: ${text}`, ...lines].join('\n') });
  if (comparison === undefined) return error;
  return Object.assign(error, { actual: decode(comparison[0]), expected: decode(comparison[1]), showDiff: true });
};

type Question = { readonly collect: string } | { readonly call: number; readonly limitMs: number };

const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let lastId = 0;

const socket = connect(process.env[SOCKET_VARIABLE] ?? '');
socket.unref();
socket.on('close', () => {
  for (const { reject } of waiting.values()) reject(new Error('the run has ended'));
});
createInterface({ input: socket }).on('line', (line) => {
  const { id, result, failed } = JSON.parse(line) as TestReply;
  const asker = waiting.get(id);
  waiting.delete(id);
  if (failed === undefined) asker?.resolve(result);
  else asker?.reject(new Error(failed));
});

const ask = (project: string, question: Question): Promise<unknown> =>
  new Promise((resolve, reject) => {
    lastId += 1;
    waiting.set(lastId, { resolve, reject });
    socket.write(`${JSON.stringify({ ...question, project, id: lastId } satisfies TestRequest)}\n`);
  });

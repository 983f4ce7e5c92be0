// One boot of a program of tests: it names them, and runs what it is asked for.

import { type QemuExit, STATUS_NO_ANSWER } from '../qemu/exit-status.ts';
import { type StartOptions, startQemu } from '../qemu/start.ts';
import { createRecordReader, type Failure, type TestEntry, type TestRecord } from './records.ts';

/** What came of a body. `printed` is what the program wrote on its console meanwhile. */
export type Answer = { readonly printed: string } & (
  | { readonly kind: 'done'; readonly cleanup: number | undefined }
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly trace: string }
  | { readonly kind: 'late' }
  | { readonly kind: 'ended'; readonly exit: QemuExit }
);

/** A machine that has named its tests. */
export interface TestMachine {
  readonly entries: readonly TestEntry[];
  /** Has the body of an entry run. `late` is the answer when it takes longer than the limit; the machine has ended then. 0 is no limit. */
  ask(entry: number, limitMs: number): Promise<Answer>;
  isRunning(): boolean;
  stop(): Promise<void>;
}

/** A machine that ended before it had named all its tests: `file` is the file that it was at, undefined before the first. */
export interface FailedLoad {
  readonly file: string | undefined;
  readonly exit: QemuExit;
  readonly printed: string;
}

/** Longest time for the modules of all files. */
const LOAD_LIMIT_MS = 60_000;

/** Boots a program of tests; returns when it has named them, or has ended. */
export const startMachine = async (
  options: Omit<StartOptions, 'onSerial' | 'limitMs'>,
): Promise<TestMachine | FailedLoad> => {
  const entries: TestEntry[] = [];
  let printed = '';
  let hear: (record: TestRecord | undefined) => void = () => {};
  const reader = createRecordReader({
    record(record) {
      if ('entry' in record) entries.push(record);
      else hear(record);
    },
    text(text) {
      printed += text;
    },
  });
  const qemu = startQemu({ ...options, limitMs: 0, onSerial: reader.push });
  let ended: QemuExit | undefined;
  const end = qemu.exit.then((exit) => {
    ended = exit;
    reader.rest();
    hear(undefined);
  });

  /** Returns the next record, undefined at the machine's end; a machine that takes too long is ended. */
  const next = (limitMs: number): Promise<TestRecord | undefined> =>
    new Promise((resolve) => {
      if (ended !== undefined) return resolve(undefined);
      const timer = limitMs > 0 ? setTimeout(() => void qemu.stop(), limitMs) : undefined;
      hear = (record) => {
        clearTimeout(timer);
        resolve(record);
      };
    });

  const takePrinted = (): string => {
    const text = printed;
    printed = '';
    return text.replaceAll('\r\n', '\n');
  };

  const ask = async (entry: number, limitMs: number): Promise<Answer> => {
    const started = performance.now();
    qemu.send(`${entry}\n`);
    const record = await next(limitMs);
    const output = takePrinted();
    if (record === undefined) {
      await end;
      if (limitMs > 0 && performance.now() - started >= limitMs) return { printed: output, kind: 'late' };
      return { printed: output, kind: 'ended', exit: ended as QemuExit };
    }
    if ('skipped' in record) return { printed: output, kind: 'skipped', note: record.note };
    if ('done' in record) return { printed: output, kind: 'done', cleanup: record.cleanup };
    const failed = await next(LOAD_LIMIT_MS);
    const failure = failed !== undefined && 'failed' in failed ? failed.error : {};
    return { printed: output, kind: 'failed', failure, trace: takePrinted() };
  };

  const loaded = await next(LOAD_LIMIT_MS);
  if (loaded === undefined) {
    await end;
    const exit = ended as unknown as QemuExit;
    const late = { status: STATUS_NO_ANSWER, reason: `the files were not loaded within ${LOAD_LIMIT_MS / 1000} s` };
    const isLate = exit.reason === 'stopped by the runner';
    const file = entries.findLast(({ kind }) => kind === 'file')?.name;
    return { file, exit: isLate ? late : exit, printed: takePrinted() + qemu.complaints() };
  }
  return { entries, ask, isRunning: () => ended === undefined, stop: async () => void (await qemu.stop()) };
};

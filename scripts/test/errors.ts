// Why a test, a hook or a whole file failed.

import path from 'node:path';
import type { Diagnostic } from '../diagnostics.ts';
import { PROJECT } from '../folders.ts';
import type { QemuExit } from '../qemu/exit-status.ts';
import { type Frame, framesIn } from './places.ts';
import type { Failure } from './records.ts';

/** What the machine, or the build, has said, with the way there, innermost first. */
export interface TestError extends Failure {
  readonly frames: readonly Frame[];
}

/** Returns what the build has against a file. */
export const refusalError = ({ file, line, column, code, message }: Diagnostic): TestError => ({
  name: code,
  message,
  frames: [{ name: 'module', file: path.resolve(PROJECT, file), line, column }],
});

/** Returns the end of a machine, in the words of its panic where it had time for them. */
export const endError = ({ status, reason }: QemuExit, printed: string): TestError => {
  const panic = printed.slice(panicStart(printed)).split('\n');
  const words = panic.filter((line) => !/^ {2}at |^\s*$/.test(line));
  const message = [`the machine ended with status ${status}: ${reason}`, ...words].join('\n');
  return { name: 'Error', message, frames: framesIn(printed) };
};

/** Returns where in what was printed the panic begins; its end where there is none. */
export const panicStart = (printed: string): number => {
  const found = printed.search(/^PANIC /m);
  return found < 0 ? printed.length : found;
};

/** Returns what is said of a test or a hook that was given up. */
export const timeoutError = (isTest: boolean, limitMs: number): TestError => ({
  name: 'Error',
  message: `${isTest ? 'Test' : 'Hook'} timed out in ${limitMs}ms.\nIf it is to take so long, pass a timeout as its last argument.`,
  frames: [],
});

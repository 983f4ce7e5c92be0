// gdb as an editor runs it: commands and answers of its machine interface, a line each. GDB manual, chapter 27.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A gdb in its machine interface. */
export interface Mi {
  /** Returns the answer to a command. Rejects when it is an error. */
  ask(command: string): Promise<string>;
  /** Lets the program go on by a command, and returns how it stopped. */
  go(command: string): Promise<string>;
  /** Ends gdb. */
  end(): Promise<void>;
}

const LIMIT_MS = 30_000;

/** Starts gdb. It is stopped at the end of the test at the latest. */
export const startMi = (gdb: string): Mi => {
  const child = spawn(gdb, ['-nx', '-q', '--interpreter=mi'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onTestFinished(() => void child.kill('SIGKILL'));

  const waiting: { starts: RegExp; resolve(line: string): void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const index = waiting.findIndex(({ starts }) => starts.test(line));
    if (index >= 0) waiting.splice(index, 1)[0]?.resolve(line);
  });
  const next = (starts: RegExp, command: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`gdb did not answer ${command}`)), LIMIT_MS);
      const answer = (line: string): void => {
        clearTimeout(timer);
        resolve(line);
      };
      waiting.push({ starts, resolve: answer });
    });

  const ask = async (command: string): Promise<string> => {
    child.stdin.write(`${command}\n`);
    const answer = await next(/^\^/, command);
    if (answer.startsWith('^error')) throw new Error(`gdb: ${command} was answered by ${answer}`);
    return answer;
  };
  return {
    ask,
    async go(command) {
      const stop = next(/^\*stopped/, command);
      await ask(command);
      return stop;
    },
    async end() {
      child.stdin.write('-gdb-exit\n');
      await ended;
    },
  };
};

// The debugger's side of `make debug`: a port for QEMU's gdb stub, and the gdb that joins it.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { ROOT } from '../folders.ts';
import { leaveInterrupts } from './children.ts';
import { quoted } from './command-line.ts';
import { qemuError, usageError } from './runner-error.ts';

/** What teaches gdb TypeScript: gdb loads it with `-x` or `source`. */
const GDB_SUPPORT = path.join(ROOT, 'scripts/gdb/hedyn.py');

/** gdb's customary port; another is taken when it is in use. */
const USUAL_PORT = 1234;

/**
 * Returns a TCP port of the loopback interface that nobody listens on: `wanted` (GDB_PORT=), or else the usual one or any. Throws a
 * RunnerError when the wanted one is taken.
 */
export const chooseGdbPort = async (wanted?: number): Promise<number> => {
  if (wanted === undefined) return (await tryPort(USUAL_PORT)) ?? ((await tryPort(0)) as number);
  const port = await tryPort(wanted);
  if (port === undefined)
    throw usageError(`GDB_PORT=${wanted}: the port is in use; end what listens there, or choose another`);
  return port;
};

const tryPort = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });

/** Returns the words behind `gdb` that load `debugImage`, join the stub and run to `breakpoint` (gdb's notation, `apps/probe/main.ts:20`). */
export const gdbArguments = (debugImage: string, port: number, breakpoint: string): string[] => [
  '-q',
  ...['-x', path.relative('', GDB_SUPPORT), debugImage],
  ...[`target remote localhost:${port}`, `break ${breakpoint}`, 'continue'].flatMap((command) => ['-ex', command]),
];

/** Returns the same as a command for a shell. */
export const gdbCommand = (debugImage: string, port: number, breakpoint: string): string =>
  ['gdb', ...gdbArguments(debugImage, port, breakpoint).map(quoted)].join(' ');

/** Gives this terminal to gdb until its user leaves it. */
export const runGdb = (gdb: string, gdbWords: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    leaveInterrupts();
    const child = spawn(gdb, gdbWords, { stdio: 'inherit' });
    child.once('error', (error) => reject(qemuError(`${gdb} could not be started: ${error.message}`)));
    child.once('close', () => resolve());
  });

// The debugger's side of `make debug`: a port for QEMU's gdb stub, and the command that joins it.

import { createServer } from 'node:net';

/** gdb's customary port; another is taken when it is in use. */
const USUAL_PORT = 1234;

/** Returns a TCP port of the loopback interface that nobody listens on. */
export const chooseGdbPort = async (): Promise<number> => (await tryPort(USUAL_PORT)) ?? ((await tryPort(0)) as number);

const tryPort = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });

/** Returns the shell command that stops at `breakpoint` (gdb's notation, `apps/probe/main.ts:20`) in the image with `debugImage`'s symbols. */
export const gdbCommand = (debugImage: string, port: number, breakpoint: string): string =>
  [
    `gdb ${quote(debugImage)}`,
    `-ex 'target remote localhost:${port}'`,
    `-ex ${quote(`break ${breakpoint}`)}`,
    "-ex 'continue'",
  ].join(' ');

const quote = (word: string): string => (/^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

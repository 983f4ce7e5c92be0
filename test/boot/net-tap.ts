// Taps: a network between QEMU and the host's own kernel, where this host lets us have one.

import { execFile } from 'node:child_process';
import dgram from 'node:dgram';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/build.ts';
import { cached, hashOf, hashOfFiles } from '../../scripts/cache.ts';
import { runTool, zigPath } from '../../scripts/toolchain.ts';

const SOURCE = 'test/boot/ping.zig';
const FLAGS = ['-O', 'ReleaseSmall'];
const LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 5_000;

const canOpenTun = (): boolean => {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** Whether QEMU can have a tap, and we can give it an address. */
export const hasTap = process.platform === 'linux' && process.getuid?.() === 0 && canOpenTun();

/** Gives the host's end of a tap an address, pings the guest from it, and returns what ping.zig says of that. */
export const pingFrom = async (
  name: string,
  own: string,
  guest: string,
  count: number,
  bytes: number,
): Promise<string> => {
  const program = await buildPing();
  return new Promise((resolve, reject) => {
    const child = execFile(program, { timeout: LIMIT_MS }, (error, stdout) => {
      if (stdout === '') reject(error ?? new Error('ping.zig said nothing'));
      else resolve(stdout.trimEnd());
    });
    child.stdin?.end(`${name} ${own} ${guest} ${count} ${bytes}\n`);
  });
};

/** Sends a datagram of 200 bytes that asks for one of `length` bytes, and returns that. */
export const askDatagram = (guest: string, length: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const socket = dgram.createSocket('udp4');
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      socket.close();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new Error(`no answer of ${length} bytes`))), ANSWER_LIMIT_MS);
    socket.on('message', (answer) => end(() => resolve(answer)));
    const question = Buffer.alloc(200);
    question.writeUInt16BE(length);
    socket.send(question, 4242, guest);
  });

const buildPing = async (): Promise<string> => {
  const key = hashOf(await hashOfFiles([path.join(ROOT, SOURCE)]), ...FLAGS);
  return cached(path.join(ROOT, 'build/cache'), key, '.ping', async (file) => {
    await runTool(zigPath(), ['build-exe', SOURCE, ...FLAGS, `-femit-bin=${file}`], { cwd: ROOT });
  });
};

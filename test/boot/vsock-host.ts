// Starts vsock-host.zig, the host of a socket device, and says what it said.

import { spawn } from 'node:child_process';
import path from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import { ROOT } from '../../scripts/build.ts';
import { cached, hashOf, hashOfFiles } from '../../scripts/cache.ts';
import { runTool, zigPath } from '../../scripts/toolchain.ts';

const SOURCE = 'test/boot/vsock-host.zig';
const FLAGS = ['-O', 'ReleaseSmall'];
const START_LIMIT_MS = 10_000;

/** The host of one machine. */
export interface VsockHost {
  /** The lines that it has said so far. */
  lines(): string[];
  /** Is fulfilled when it has ended, which it does with QEMU. */
  readonly ended: Promise<void>;
}

/** Starts a host to which QEMU connects by the socket at `file`. It is stopped at the end of the test at the latest. */
export const startVsockHost = async (file: string): Promise<VsockHost> => {
  const child = spawn(await buildHost(), { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  onTestFinished(() => void child.kill());
  onTestFailed(() => console.error(`--- the host said:\n${text}`));
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('vsock-host.zig is not ready')), START_LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('ready')) return;
      clearTimeout(timer);
      resolve();
    });
  });
  child.stdin.end(`${file}\n`);
  await ready;
  return { lines: () => text.split('\n'), ended };
};

const buildHost = async (): Promise<string> => {
  const key = hashOf(await hashOfFiles([path.join(ROOT, SOURCE)]), ...FLAGS);
  return cached(path.join(ROOT, 'build/cache'), key, '.vsock-host', async (file) => {
    await runTool(zigPath(), ['build-exe', SOURCE, ...FLAGS, `-femit-bin=${file}`], { cwd: ROOT });
  });
};

// `make watch` as its user sees it: files are saved, and the serial port and the errors are looked at.

import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFailed, onTestFinished, vi } from 'vitest';
import { ROOT } from '../../scripts/build.ts';
import { createSerialLog, type SerialLog } from '../../scripts/qemu/serial.ts';
import { temporaryFolder } from './harness.ts';
import { childrenOf, isRunning } from './processes.ts';

/** Many times what a build takes, with everything to be compiled, on a loaded machine. */
const LIMIT_MS = 90_000;

const MACHINE_TYPES = path.join(ROOT, 'kernel/base/machine.ts');

/** Starts the command behind the Makefile's target on `entry`. Returns it with all that it prints. */
const startWatch = (entry: string): { child: ChildProcess; output: SerialLog } => {
  const child = spawn(process.execPath, ['scripts/start.mjs', 'watch'], {
    cwd: ROOT,
    env: { ...process.env, APP: entry, MACHINE: 'microvm' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = createSerialLog();
  child.stdout?.setEncoding('utf8').on('data', output.push);
  child.stderr?.setEncoding('utf8').on('data', output.push);
  child.once('close', output.end);
  onTestFailed(() => console.error(`--- make watch said:\n${output.text()}`));
  return { child, output };
};

it('make watch: what is saved boots, errors are shown, and nothing that goes wrong ends it', {
  timeout: 4 * LIMIT_MS,
}, async () => {
  const folder = temporaryFolder();
  const entry = path.join(folder, 'main.ts');
  const machine = path.join(folder, 'twice.ts');
  const saveTwice = (body: string): void =>
    writeFileSync(
      machine,
      `'use machine';\nimport type { u32 } from '${path.relative(folder, MACHINE_TYPES)}';\nexport const twice = (value: u32): u32 => ${body};\n`,
    );
  const saveMain = (text: string): void => writeFileSync(entry, `import { twice } from './twice.ts';\n${text}\n`);
  saveTwice('value + value');
  saveMain("console.log('first', twice(21)); while (true) {}");

  const { child, output } = startWatch(entry);
  await output.waitFor(/^first 42$/m, LIMIT_MS);
  const machines = childrenOf(child.pid as number);

  saveMain("console.log('second', twice(21)); throw new Error('as it is meant');"); // The first one never ends by itself.
  await output.waitFor(/^second 42$/m, LIMIT_MS);
  await output.waitFor(/exit status 32: uncaught exception/, LIMIT_MS);
  if (process.platform === 'linux') expect(machines.filter(isRunning)).toEqual([]);

  saveMain("console.log('third', twice('21'));");
  await output.waitFor(/main\.ts:2:28 error HED001: .*'string' is not assignable/, LIMIT_MS);

  saveTwice('value * 2 + 1');
  saveMain("console.log('fourth', twice(21)); while (true) {}");
  await output.waitFor(/^fourth 43$/m, LIMIT_MS);
  expect(output.text()).not.toMatch(/^third/m);

  const running = childrenOf(child.pid as number);
  child.kill('SIGINT');
  if (process.platform === 'linux')
    await vi.waitFor(() => expect(running.filter(isRunning)).toEqual([]), { timeout: LIMIT_MS });
});

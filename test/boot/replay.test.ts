// A run that is recorded, and played back: by itself, and under gdb, backward.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { buildCommandLine, type MachineOptions } from '../../scripts/qemu/command-line.ts';
import { chooseGdbPort } from '../../scripts/qemu/debug.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { findProgram } from '../../scripts/qemu/program.ts';
import { startHalted } from '../../scripts/qemu/replay.ts';
import { debugImageIn, folderOf, keepRun, openRun, type RecordedRun, startRecorded } from '../../scripts/qemu/runs.ts';
import { startWith } from '../../scripts/qemu/start.ts';
import { imageOf, PROVOKE, placeOf, temporaryDisk } from './harness.ts';

const HELLO = 'apps/hello/main.ts';
const LIMIT_MS = 60_000;
const hearing = { limitMs: LIMIT_MS };

beforeAll(async () => {
  await imageOf(HELLO);
  await imageOf(PROVOKE);
});

const argumentsOf = async (entry: string, options: Partial<MachineOptions>): Promise<string[]> =>
  buildCommandLine({
    machine: 'q35',
    accelerator: 'tcg',
    memory: '64M',
    image: (await imageOf(entry)).elf,
    disks: [{ file: await temporaryDisk() }],
    ...options,
  });

/** Removes the folder of a run at the end of the test. Returns its name. */
const temporaryRun = (name: string): string => {
  onTestFinished(() => rm(folderOf(name), { recursive: true, force: true }));
  return name;
};

const record = async (name: string, entry: string, options: Partial<MachineOptions>): Promise<RecordedRun> => {
  const [program, plain] = [await ensureQemu(process.env.QEMU), await argumentsOf(entry, options)];
  const { done } = await startRecorded(temporaryRun(name), program, plain, await imageOf(entry), hearing);
  await done;
  return openRun(name);
};

it.each([
  ['a program that ends well', HELLO, 0],
  ['a panic', PROVOKE, 32],
])('a recorded run says the same once more: %s', async (_, entry, status) => {
  const run = await record(`replay-test-${status}`, entry, { commandLine: 'throw', devices: ['virtio-rng-pci'] });
  expect(run.exit.status).toBe(status);
  const again = startWith(run.qemu, run.replay, hearing);
  const end = await again.exit;
  expect(end.status, again.complaints()).toBe(status);
  expect(again.serial.text()).toBe(run.serial);
});

it.skipIf(findProgram('gdb') === undefined)('gdb goes back from a panic to where it came from', async () => {
  const run = await record('replay-test-gdb', PROVOKE, { commandLine: 'throw' });
  const port = await chooseGdbPort();
  const qemu = await startHalted(run, port, { limitMs: 0 });
  onTestFinished(async () => void (await qemu.stop()));
  const place = placeOf(PROVOKE, "what === 'throw')");
  const commands = [
    `target remote localhost:${port}`,
    'break panic.begin',
    'continue',
    'delete',
    `break ${place}`,
    'reverse-continue',
    'backtrace 1',
  ];
  const words = commands.flatMap((command) => ['-ex', command]);
  const { stdout } = await promisify(execFile)('gdb', ['-nx', '-batch', debugImageIn(run.folder), ...words], {
    timeout: LIMIT_MS,
  });
  expect(stdout).toMatch(/^Breakpoint 1, .*panic\.begin/m);
  expect(stdout).toMatch(new RegExp(`^#0 .*provoke.* at .*${place}$`, 'm'));
});

it('a run that was not recorded is kept with a record of its like', async () => {
  const [program, plain] = [await ensureQemu(process.env.QEMU), await argumentsOf(PROVOKE, { commandLine: 'panic' })];
  const first = startWith(program, plain, hearing);
  const ended = { exit: await first.exit, text: first.serial.text(), limitMs: LIMIT_MS, isOver: true };
  const name = temporaryRun('replay-test-kept');
  await keepRun(name, program, plain, await imageOf(PROVOKE), ended);
  expect((await openRun(name)).serial).toContain('nobody expects this');

  const other = { ...ended, exit: { status: 0, reason: 'success' } };
  await keepRun(name, program, plain, await imageOf(PROVOKE), other);
  expect(existsSync(path.join(folderOf(name), 'record.bin'))).toBe(false);
  await expect(openRun(name)).rejects.toThrow(
    'there is no record of it, run again by itself, it ended otherwise: panic',
  );
});

it('a run that is not there is answered by those that are', () =>
  expect(openRun('no-such-run')).rejects.toThrow(/^RUN=no-such-run: no such run; /));

// What becomes of a boot whose test fails: a folder in build/runs, for make replay. With RECORD=1 every boot is recorded from its start, so that what happens once can be
// seen again; otherwise a guest that has ended is run once more, by itself.

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { buildCommandLine } from '../qemu/command-line.ts';
import { reasonAgainst } from '../qemu/replay-arguments.ts';
import { folderOf, type ImageFiles, keepRun, startRecorded } from '../qemu/runs.ts';
import { type Qemu, type StartOptions, startWith } from '../qemu/start.ts';

/** Starts a QEMU that is stopped at the end of the test, and whose run is kept when that has failed. */
export const startKept = async (options: StartOptions, image: ImageFiles): Promise<Qemu> => {
  const name = nameOfRun();
  const plain = buildCommandLine(options);
  const isRecorded = process.env.RECORD === '1' && reasonAgainst(plain) === undefined;
  const { qemu, done } = isRecorded
    ? await startRecorded(name, options.qemu, plain, image, options)
    : { qemu: startWith(options.qemu, plain, options), done: undefined };
  let hasEnded = false;
  void qemu.exit.then(() => {
    hasEnded = true;
  });
  onTestFinished(async ({ task }) => {
    const ended = {
      exit: await (hasEnded ? qemu.exit : qemu.stop()),
      text: qemu.serial.text(),
      limitMs: options.limitMs,
    };
    await done;
    const hasFailed = task.result?.state === 'fail';
    if (isRecorded && !hasFailed) await rm(folderOf(name), { recursive: true, force: true });
    if (!hasFailed) return;
    if (!isRecorded) await keepRun(name, options.qemu, plain, image, { ...ended, isOver: hasEnded });
    console.error(`--- kept in ${folderOf(name)}: make replay RUN=${name}`);
  });
  return qemu;
};

/** How many boots the present test has begun. */
const counts = new Map<string, number>();

/** Returns a name for the next boot of the present test: its file's and its own, and a number from the second boot on. */
const nameOfRun = (): string => {
  const { testPath = '', currentTestName = '' } = expect.getState();
  const words = `${path.basename(testPath, '.test.ts')} ${currentTestName}`;
  const name = words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  return count === 1 ? name : `${name}-${count}`;
};

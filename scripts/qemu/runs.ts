// Runs that are kept: one folder each in build/runs, with all that it takes to see the run again.
//
//   command.txt      QEMU's command line, as it was
//   serial.log       what the guest said
//   image.elf        what was booted, and image.debug.elf for gdb
//   drive0.img …     the drives, as they were at the start
//   record.bin       QEMU's record, of a run that was recorded
//   run.json         how it ended, and the arguments of a QEMU that plays it back

import { copyFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Image } from '../build.ts';
import { PROJECT } from '../folders.ts';
import { inspectQemu } from './binary.ts';
import { quoted } from './command-line.ts';
import type { QemuExit } from './exit-status.ts';
import { reasonAgainst, replayArguments, withDriveFiles } from './replay-arguments.ts';
import { usageError } from './runner-error.ts';
import { type Hearing, type Qemu, startWith } from './start.ts';

/** Where the folders of runs are. */
const RUNS_FOLDER = path.relative('', path.join(PROJECT, 'build/runs'));

const KEPT_FILE = 'run.json';
const RECORD_FILE = 'record.bin';
const SERIAL_FILE = 'serial.log';

/** A run, as its folder tells it. */
export interface KeptRun {
  /** QEMU's program and its version: another one cannot play the record back. */
  readonly qemu: string;
  readonly version: string;
  /** QEMU's arguments with the files of the folder, without those of record and replay. */
  readonly arguments: readonly string[];
  readonly exit: QemuExit;
  /** Why there is no record; absent when there is one. */
  readonly unrecorded?: string;
}

/** The files of an image, as the build returns them. */
export type ImageFiles = Pick<Image, 'elf' | 'debugElf'>;

/** A run whose folder is there and which may be started. */
interface PreparedRun {
  readonly folder: string;
  readonly arguments: readonly string[];
}

/** Returns the folder of a run. */
export const folderOf = (name: string): string => path.join(RUNS_FOLDER, name);

/** Starts a QEMU with `plain` arguments, recorded, and keeps the run as `name` in place of an older one; `done` is fulfilled when all of it is written. */
export const startRecorded = async (
  name: string,
  program: string,
  plain: readonly string[],
  image: ImageFiles,
  hearing: Hearing,
): Promise<{ readonly qemu: Qemu; readonly done: Promise<void> }> => {
  const record = path.join(folderOf(name), RECORD_FILE);
  const recorded = replayArguments(plain, { mode: 'record', file: record });
  const run = await prepare(name, program, plain, image);
  const qemu = startWith(program, recorded, hearing);
  return { qemu, done: qemu.exit.then((exit) => finish(run, program, exit, qemu.serial.text())) };
};

/** A run that was not recorded, at its end. */
export interface EndedRun {
  readonly exit: QemuExit;
  readonly text: string;
  readonly limitMs: number;
  /** False when the guest was stopped: nobody knows how it would have ended. */
  readonly isOver: boolean;
}

/** Keeps a run as `name`, with its drives as they are now. If it was over, it is run again with a record, by itself, which is kept when it ends in the same way. */
export const keepRun = async (
  name: string,
  program: string,
  plain: readonly string[],
  image: ImageFiles,
  ended: EndedRun,
): Promise<void> => {
  const run = await prepare(name, program, plain, image);
  const unrecorded = reasonAgainst(plain) ?? (await recordAgain(run, program, ended));
  await finish(run, program, ended.exit, ended.text, unrecorded);
};

/** Returns why the record of a second run is no record of the first; undefined when it is. */
const recordAgain = async (
  run: PreparedRun,
  program: string,
  { exit, text, limitMs, isOver }: EndedRun,
): Promise<string | undefined> => {
  if (!isOver) return 'it was stopped before its end';
  const record = path.join(run.folder, RECORD_FILE);
  const recorded = replayArguments(run.arguments, { mode: 'record', file: record });
  const qemu = startWith(program, recorded, { limitMs });
  const again = await qemu.exit;
  if (again.status === exit.status && panicOf(qemu.serial.text()) === panicOf(text)) return undefined;
  await rm(record, { force: true });
  return `run again by itself, it ended otherwise: ${again.reason}`;
};

/** Returns the first lines of a panic, its kind and what it says; '' for a run without one. */
const panicOf = (text: string): string => /^PANIC .*\n.*/m.exec(text)?.[0] ?? '';

const prepare = async (
  name: string,
  program: string,
  plain: readonly string[],
  image: ImageFiles,
): Promise<PreparedRun> => {
  const folder = folderOf(name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const elf = path.join(folder, 'image.elf');
  await copyFile(image.elf, elf);
  await copyFile(image.debugElf, debugImageIn(folder));
  const drives: string[] = [];
  const own = withDriveFiles(plain, (file) => {
    drives.push(file);
    return path.join(folder, `drive${drives.length - 1}.img`);
  });
  await Promise.all(drives.map((file, index) => copySparse(file, path.join(folder, `drive${index}.img`))));
  await writeFile(path.join(folder, 'command.txt'), `${[program, ...plain].map(quoted).join(' ')}\n`);
  return { folder, arguments: own.map((word) => (word === image.elf ? elf : word)) };
};

const finish = async (
  run: PreparedRun,
  program: string,
  exit: QemuExit,
  text: string,
  unrecorded?: string,
): Promise<void> => {
  const { version } = await inspectQemu(program);
  const kept: KeptRun = { qemu: program, version, arguments: run.arguments, exit, unrecorded };
  await writeFile(path.join(run.folder, SERIAL_FILE), text);
  await writeFile(path.join(run.folder, KEPT_FILE), `${JSON.stringify(kept, undefined, 2)}\n`);
};

const CHUNK_LENGTH = 1 << 16;

/** Copies a file without its zeros, which take no room: a disk is mostly empty. */
const copySparse = async (from: string, to: string): Promise<void> => {
  const [source, target] = [await open(from, 'r'), await open(to, 'w')];
  try {
    const { size } = await source.stat();
    await target.truncate(size);
    const chunk = Buffer.alloc(CHUNK_LENGTH);
    const zeros = Buffer.alloc(CHUNK_LENGTH);
    for (let at = 0; at < size; at += CHUNK_LENGTH) {
      const { bytesRead } = await source.read(chunk, 0, CHUNK_LENGTH, at);
      const isEmpty = chunk.subarray(0, bytesRead).equals(zeros.subarray(0, bytesRead));
      if (!isEmpty) await target.write(chunk, 0, bytesRead, at);
    }
  } finally {
    await source.close();
    await target.close();
  }
};

/** A recorded run, ready to be played back. */
export interface RecordedRun extends KeptRun {
  readonly folder: string;
  /** What the guest said. */
  readonly serial: string;
  /** QEMU's arguments to play it back. */
  readonly replay: readonly string[];
}

/** Returns the run that `name` names, by the name of its folder in build/runs or its path. Throws a RunnerError when it is not there, or cannot be played back. */
export const openRun = async (name: string): Promise<RecordedRun> => {
  for (const folder of name === '' ? [] : [folderOf(name), name]) {
    const text = await readFile(path.join(folder, KEPT_FILE), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const run = JSON.parse(text) as KeptRun;
    if (run.unrecorded !== undefined) throw usageError(`RUN=${name}: there is no record of it, ${run.unrecorded}`);
    const replay = replayArguments(run.arguments, { mode: 'replay', file: path.join(folder, RECORD_FILE) });
    return { ...run, folder, replay, serial: await readFile(path.join(folder, SERIAL_FILE), 'utf8') };
  }
  const names = await readdir(RUNS_FOLDER).catch(() => []);
  const known =
    names.length === 0 ? 'none is kept; record one with make qemu RECORD=1' : `kept are ${names.join(', ')}`;
  throw usageError(name === '' ? `RUN= names the run to play back; ${known}` : `RUN=${name}: no such run; ${known}`);
};

/** Returns the ELF with debug information in a run's folder. */
export const debugImageIn = (folder: string): string => path.join(folder, 'image.debug.elf');

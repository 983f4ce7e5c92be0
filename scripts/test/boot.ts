// A machine that a test looks at from outside: `import { boot } from 'hedyn/boot'`. It is for tests that run on Node; docs/testing.md.
//
//   boot({ … }) ─▶ build, or find it built ─▶ QEMU ─▶ expectLine · send · screenshot · qmp · exited ─▶ stopped with the test

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFailed, onTestFinished, TestRunner } from 'vitest';
import { buildImage, type Image, RefusedError } from '../build.ts';
import { formatDiagnostic } from '../diagnostics.ts';
import { makeDisk } from '../disk.ts';
import { PROJECT } from '../folders.ts';
import { chooseAccelerator } from '../qemu/accelerator.ts';
import type { QemuExit } from '../qemu/exit-status.ts';
import { ensureQemu } from '../qemu/install.ts';
import { type Qemu, type StartOptions, startQemu } from '../qemu/start.ts';
import { startKept } from './kept.ts';
import { type Picture, pngOf, screenOf } from './picture.ts';

/** The longest silence of a guest, and the longest wait for a line: many times what a boot takes on a loaded machine. */
const LIMIT_MS = 20_000;

const DEFAULT_DISK_BYTES = 4 * 1024 * 1024;

/** What a test may ask for: the program, and the machine as scripts/qemu/command-line.ts describes it. */
export type BootOptions = Partial<Omit<StartOptions, 'qemu' | 'image' | 'onSerial' | 'onStderr'>> & {
  /** The main module, relative to the project. Default: `src/main.ts`. */
  readonly app?: string;
  /** Boots the release build. Default: the development build. */
  readonly release?: boolean;
  /** Boots the build for a debugger. */
  readonly debug?: boolean;
};

/** Which screen, and where to put its picture. */
export interface ScreenshotOptions {
  /** The id of the device. Default: the first that has a screen. */
  readonly device?: string;
  /** The number of the screen. Default: 0. */
  readonly head?: number;
  /** Where to write the picture, as a PNG. */
  readonly file?: string;
}

/** A machine of a test. What goes wrong with its build or its start, each of its methods tells. */
export interface BootedMachine {
  /** Returns the first line that matches, behind the lines that were returned before. Rejects after `limitMs` (20 s), or when the machine ends without one; the error shows what it said. */
  expectLine(pattern: RegExp, limitMs?: number): Promise<RegExpMatchArray>;
  /** The same of any text, such as a prompt that has no end of line. */
  expectText(pattern: RegExp, limitMs?: number): Promise<RegExpMatchArray>;
  /** Types on the first serial port. */
  send(text: string): Promise<void>;
  /** Returns what a screen shows. */
  screenshot(options?: ScreenshotOptions): Promise<Picture>;
  /** Returns what a command of QMP returns. Rejects with QEMU's own words when it refuses. */
  qmp(command: string, argumentsOf?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Waits until the machine has ended. Returns its exit status, and the reason in words. */
  exited(): Promise<QemuExit>;
  /** Ends the machine. */
  stop(): Promise<void>;
  /** All that the machine has said so far. */
  text(): string;
  /** The running QEMU, for what the others do not say. */
  readonly qemu: Promise<Qemu>;
}

/** Boots a program. The machine is stopped at the end of the test at the latest; one that is booted outside of a test, as in beforeAll, when the process ends or by `stop`. */
export const boot = (options: BootOptions = {}): BootedMachine => {
  let running: Qemu | undefined;
  const isInTest = TestRunner.getCurrentTest() !== undefined;
  const qemu = startImage(options, isInTest).then((started) => {
    running = started;
    return started;
  });
  qemu.catch(() => {}); // The methods tell it.
  return {
    qemu,
    expectLine: async (pattern, limitMs = LIMIT_MS) => (await qemu).serial.takeLine(pattern, limitMs),
    expectText: async (pattern, limitMs = LIMIT_MS) => (await qemu).serial.takeText(pattern, limitMs),
    send: async (text) => (await qemu).send(text),
    screenshot: async (options) => takeScreenshot(await qemu, options),
    qmp: async (command, argumentsOf) => (await qemu).qmp.execute(command, argumentsOf),
    exited: async () => (await qemu).exit,
    stop: async () => void (await (await qemu).stop()),
    text: () => running?.serial.text() ?? '',
  };
};

const startImage = async (
  { app = 'src/main.ts', release, debug, ...start }: BootOptions,
  isInTest: boolean,
): Promise<Qemu> => {
  const [image, program] = await Promise.all([imageOf(app, release, debug), ensureQemu(process.env['QEMU'])]);
  const defaults = { machine: 'q35', accelerator: chooseAccelerator(), memory: '64M', limitMs: LIMIT_MS } as const;
  const options = { ...defaults, ...start, qemu: program, image: image.elf };
  if (!isInTest) return startQemu(options);
  const qemu = await startKept(options, image);
  onTestFailed(() => console.error(`--- the guest said:\n${qemu.serial.text()}\n--- QEMU said:\n${qemu.complaints()}`));
  return qemu;
};

const takeScreenshot = async (qemu: Qemu, { device, head, file }: ScreenshotOptions = {}): Promise<Picture> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-screen-'));
  try {
    const picture = await screenOf(qemu, folder, device, head);
    if (file !== undefined) writeFileSync(file, pngOf(picture));
    return picture;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const images = new Map<string, Promise<Image>>();

/** Returns the development, release or debugger's build of a program, given by its main module relative to the project. Rejects with what the build says against it. */
export const imageOf = (app: string, release = false, debug = false): Promise<Image> => {
  const name = `${release ? 'release' : debug ? 'debug' : 'development'} ${app}`;
  const known =
    images.get(name) ?? buildImage({ entry: path.resolve(PROJECT, app), release, debug }).catch(explainRefusal);
  images.set(name, known);
  return known;
};

/** Throws `error` again; a refused program with what it was refused for. */
const explainRefusal = (error: unknown): never => {
  if (!(error instanceof RefusedError)) throw error;
  throw new Error(error.diagnostics.map(formatDiagnostic).join('\n'));
};

/** Returns a folder that is removed at the end of the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-boot-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** Returns the file of a new raw disk for this test alone: one partition, which begins with the text "Hello from the disk image". */
export const temporaryDisk = async (sizeBytes = DEFAULT_DISK_BYTES): Promise<string> => {
  const file = path.join(temporaryFolder(), 'disk.img');
  await makeDisk(file, sizeBytes);
  return file;
};

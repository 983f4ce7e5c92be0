// Boots images in a real QEMU for one test: builds them when needed, gives them disks of their own, ends them with the test, and shows what
// they said when the test fails.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import { buildImage, type Image, RefusedError } from '../../scripts/build.ts';
import { formatDiagnostic } from '../../scripts/diagnostics.ts';
import { makeDisk } from '../../scripts/disk.ts';
import { readElf } from '../../scripts/elf.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { propertiesOf } from '../../scripts/qemu/binary.ts';
import type { QemuExit } from '../../scripts/qemu/exit-status.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import type { Qemu, StartOptions } from '../../scripts/qemu/start.ts';
import { startKept } from './kept.ts';

/** Both machines, for tests that must hold on each. */
export const MACHINES = ['q35', 'microvm'] as const;

/** The image that fails as its command line says, and its machine module. */
export const PROVOKE = 'test/boot/images/provoke.ts';
export const PROVOKE_MACHINE = 'test/boot/images/provoke-machine.ts';

/** The image that prints what the boot stage found. */
export const FACTS = 'test/boot/images/facts.ts';

/** The longest silence of a guest in a test: many times what a boot takes on a loaded machine. */
const LIMIT_MS = 20_000;

const DEFAULT_DISK_BYTES = 4 * 1024 * 1024;

/** What a test may ask for; the rest is the runner's default. */
export type BootOptions = Partial<Omit<StartOptions, 'qemu' | 'image' | 'onSerial' | 'onStderr'>> & {
  /** Boots the release build. Default: the development build. */
  readonly release?: boolean;
};

/** How a boot went from start to end. */
export interface BootResult {
  readonly exit: QemuExit;
  /** All that the guest said. */
  readonly text: string;
}

const images = new Map<string, Promise<Image>>();

/** Returns the development or release build of a program, given by its entry relative to the root, such as `apps/probe/main.ts`. */
export const imageOf = (entry: string, release = false): Promise<Image> => {
  const name = `${release ? 'release' : 'development'} ${entry}`;
  const known = images.get(name) ?? buildImage({ entry, release }).catch(explainRefusal);
  images.set(name, known);
  return known;
};

/** Throws `error` again; a refused program with what it was refused for. */
const explainRefusal = (error: unknown): never => {
  if (!(error instanceof RefusedError)) throw error;
  throw new Error(error.diagnostics.map(formatDiagnostic).join('\n'));
};

/** Returns the names of the properties that a device has in the QEMU at hand, none when there is no such device. Newer ones have more. */
export const deviceProperties = async (device: string): Promise<Set<string>> =>
  propertiesOf(await ensureQemu(process.env.QEMU), device);

/** Boots a program, and returns while it runs. It is stopped at the end of the test at the latest. */
export const boot = async (entry: string, options: BootOptions = {}): Promise<Qemu> => {
  const { release, ...start } = options;
  const [image, program] = await Promise.all([imageOf(entry, release), ensureQemu(process.env.QEMU)]);
  const defaults = { machine: 'q35', accelerator: chooseAccelerator(), memory: '64M', limitMs: LIMIT_MS } as const;
  const qemu = await startKept({ ...defaults, ...start, qemu: program, image: image.elf }, image);
  onTestFailed(() => console.error(`--- the guest said:\n${qemu.serial.text()}\n--- QEMU said:\n${qemu.complaints()}`));
  return qemu;
};

/** Boots a program and returns how it ended. */
export const bootToEnd = async (entry: string, options: BootOptions = {}): Promise<BootResult> => {
  const qemu = await boot(entry, options);
  const exit = await qemu.exit;
  return { exit, text: qemu.serial.text() };
};

/** Returns a folder that is removed at the end of the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-boot-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** Returns the file of a new disk with the default run's layout, for this test alone. */
export const temporaryDisk = async (sizeBytes = DEFAULT_DISK_BYTES): Promise<string> => {
  const file = path.join(temporaryFolder(), 'disk.img');
  await makeDisk(file, sizeBytes);
  return file;
};

/** Returns `FILE:LINE` of the only line of `file` that contains `text`. */
export const placeOf = (file: string, text: string): string => {
  const lines = readFileSync(file, 'utf8').split('\n');
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  if (found.length !== 1) throw new Error(`${file} has ${found.length} lines with '${text}'`);
  return `${file}:${found[0]}`;
};

/** Returns the address of a function or a variable of a program's image. */
export const addressOf = async (entry: string, name: string): Promise<number> => {
  const { functions, variables } = readElf(readFileSync((await imageOf(entry)).debugElf));
  const found = [...functions, ...variables()].find((symbol) => symbol.name === name);
  if (found === undefined) throw new Error(`the image of ${entry} has no ${name}`);
  return found.address;
};

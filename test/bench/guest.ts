// Runs the images that the benchmark measures: one at a time, so that nothing of ours competes with what is timed.

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildImage } from '../../scripts/build.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { type StartOptions, startQemu } from '../../scripts/qemu/start.ts';

/** Longest silence of a guest. */
export const LIMIT_MS = 30_000;

/** What makes QEMU's time stamp counter count guest instructions. */
export const COUNT_INSTRUCTIONS: Partial<StartOptions> = {
  accelerator: 'tcg',
  extra: ['-icount', 'shift=0,sleep=off'],
};

/** One boot from start to end. */
export interface Run {
  readonly status: number;
  /** What the guest printed. */
  readonly text: string;
  /** What QEMU itself printed. */
  readonly complaints: string;
  /** From QEMU's start to its exit. */
  readonly seconds: number;
}

/** Starts QEMU with an image and returns how it ended. */
export type Start = (image: string, options: Partial<StartOptions>) => Promise<Run>;

/** Returns a function that runs images with this QEMU, on a q35 with 256 MiB where the options say nothing else. */
export const starter =
  (qemu: string): Start =>
  async (image, options) => {
    const before = performance.now();
    const machine = startQemu({
      machine: 'q35',
      accelerator: chooseAccelerator(),
      memory: '256M',
      limitMs: LIMIT_MS,
      ...options,
      qemu,
      image,
    });
    const { status } = await machine.exit;
    const seconds = (performance.now() - before) / 1000;
    return { status, text: machine.serial.text(), complaints: machine.complaints(), seconds };
  };

/** Returns the release image of the program whose main file is `entry`. */
export const releaseOf = async (entry: string): Promise<string> => (await buildImage({ entry, release: true })).elf;

/** Returns `run` when the guest left with status 0; throws with all that was said when not. */
export const expectSuccess = (run: Run): Run => {
  if (run.status === 0) return run;
  throw new Error(`the guest left with status ${run.status}:\n${run.text}${run.complaints}`);
};

/** Calls `work` with the path of a raw disk of `sizeBytes` bytes, in memory where the host has a folder for that; no part of it is a hole. */
export const withRawDisk = async <T>(sizeBytes: number, work: (file: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(path.join(memoryFolder(), 'hedyn-bench-'));
  try {
    const file = path.join(folder, 'disk.img');
    writeFileSync(file, Buffer.alloc(sizeBytes, 'hedyn'));
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Returns a folder in memory where the host has one. */
export const memoryFolder = (): string =>
  statSync('/dev/shm', { throwIfNoEntry: false })?.isDirectory() ? '/dev/shm' : tmpdir();

/** Returns a function that does the work at the first call and remembers it. */
export const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
};

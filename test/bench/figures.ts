// The figures of `make bench` and how each is measured.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildImage } from '../../scripts/build.ts';
import { ensureDefaultDisk, makeDisk } from '../../scripts/disk.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { type StartOptions, startQemu } from '../../scripts/qemu/start.ts';
import type { Figure } from './bench.ts';

const BOOT_COUNT = 11;
const LIMIT_MS = 20_000;
/** Room for the largest round of images/blk.ts. */
const BENCH_DISK_BYTES = 32 * 1024 * 1024;
/** Tried one after the other; the last ones are there to say by how much the limit is missed. */
const MEMORY_SIZES_MIB = [4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32, 64];

/** One boot from start to end. */
interface Run {
  readonly status: number;
  readonly text: string;
  readonly seconds: number;
}

/** Returns the figures, in the order in which they are printed. `qemu` is QEMU's program. */
export const figures = (qemu: string): Figure[] => {
  const start = (image: string, options: Partial<StartOptions>): Promise<Run> => runImage(qemu, image, options);
  const boots = once(() => bootProbe(start));
  const requests = once(() => runRequests(start));
  return [
    {
      name: 'image-size',
      unit: 'KB',
      limit: 400,
      measure: async () => [statSync(await releaseOf('apps/probe/main.ts')).size / 1000],
    },
    { name: 'memory-on-microvm', unit: 'MiB', limit: 16, measure: () => smallestMemory(start) },
    { name: 'entry-to-ok', unit: 'ms', limit: 25, measure: async () => (await boots()).map(probeMilliseconds) },
    {
      name: 'start-to-exit-on-q35',
      unit: 's',
      limit: 0.25,
      measure: async () => (await boots()).map(({ seconds }) => seconds),
    },
    { name: 'blk-submit', unit: 'us', limit: 0.4, measure: async () => samplesOf(await requests(), 'submit') },
    { name: 'blk-read-4k-depth-32', unit: 'us', limit: 10, measure: async () => samplesOf(await requests(), 'read') },
  ];
};

const releaseOf = async (entry: string): Promise<string> => (await buildImage({ entry, release: true })).elf;

const runImage = async (qemu: string, image: string, options: Partial<StartOptions>): Promise<Run> => {
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
  return { status, text: machine.serial.text(), seconds: (performance.now() - before) / 1000 };
};

type Start = (image: string, options: Partial<StartOptions>) => Promise<Run>;

/** The default run of `make qemu RELEASE=1`, several times. */
const bootProbe = async (start: Start): Promise<Run[]> => {
  const image = await releaseOf('apps/probe/main.ts');
  const disks = [{ file: await ensureDefaultDisk() }];
  const runs: Run[] = [];
  for (let count = 0; count < BOOT_COUNT; count++) runs.push(expectSuccess(await start(image, { disks })));
  return runs;
};

const expectSuccess = (run: Run): Run => {
  if (run.status === 0) return run;
  throw new Error(`the guest left with status ${run.status}:\n${run.text}`);
};

/** Returns the milliseconds from kernel entry to `probe: ok` that the probe itself printed. */
const probeMilliseconds = ({ text }: Run): number => {
  const microseconds = /(\d+) us\b(?!.*\d+ us\b)/s.exec(text)?.[1];
  if (microseconds === undefined) throw new Error(`the probe printed no time:\n${text}`);
  return Number(microseconds) / 1000;
};

/** Returns the smallest RAM in which the probe ends well on a microvm with one disk. */
const smallestMemory = async (start: Start): Promise<number[]> => {
  const image = await releaseOf('apps/probe/main.ts');
  const disks = [{ file: await ensureDefaultDisk() }];
  for (const size of MEMORY_SIZES_MIB) {
    const { status } = await start(image, { machine: 'microvm', memory: `${size}M`, disks });
    if (status === 0) return [size];
  }
  throw new Error('the probe ends well in no size of RAM');
};

/** Runs the block benchmark on a disk in memory, and returns what it printed. */
const runRequests = async (start: Start): Promise<string> => {
  const image = await releaseOf('test/bench/images/blk.ts');
  const folder = mkdtempSync(path.join(memoryFolder(), 'hedyn-bench-'));
  try {
    const file = path.join(folder, 'disk.img');
    await makeDisk(file, BENCH_DISK_BYTES);
    return expectSuccess(await start(image, { disks: [{ file }] })).text;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** A folder whose files are in memory, where the host has one. */
const memoryFolder = (): string =>
  statSync('/dev/shm', { throwIfNoEntry: false })?.isDirectory() ? '/dev/shm' : tmpdir();

/** Returns in microseconds what the lines `NAME NANOSECONDS` say. */
const samplesOf = (text: string, name: string): number[] =>
  [...text.matchAll(new RegExp(`^${name} (\\d+)$`, 'gm'))].map(([, nanoseconds]) => Number(nanoseconds) / 1000);

/** Returns a function that does the work at the first call and remembers it. */
const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
};

// What a boot costs: the size of the image, its memory, its time, and the enumeration of the PCI buses in it.

import { statSync } from 'node:fs';
import { ensureDefaultDisk } from '../../scripts/disk.ts';
import type { Figure, Progress } from './figure.ts';
import { COUNT_INSTRUCTIONS, expectSuccess, once, type Run, releaseOf, type Start } from './guest.ts';

const PROBE = 'apps/probe/main.ts';
const ENUMERATION = 'test/bench/images/enumeration.ts';

const BOOT_COUNT = 11;
const COUNTED_BOOT_COUNT = 5;
/** Tried one after the other; the last ones are there to say by how much the limit is missed. */
const MEMORY_SIZES_MIB = [4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32, 64];

/** Two bridges with four functions each behind them; q35 itself has four more. */
const BRIDGES = ['left', 'right'];
const SLOTS = [1, 2, 3, 4];
const TOPOLOGY: readonly string[] = [
  ...BRIDGES.map((id, index) => `pci-bridge,id=${id},chassis_nr=${index + 1},addr=${8 + index}.0`),
  ...BRIDGES.flatMap((bus) => SLOTS.map((slot) => `virtio-rng-pci,bus=${bus},addr=${slot}.0`)),
];
const FUNCTION_COUNT = 4 + BRIDGES.length + BRIDGES.length * SLOTS.length;

/** Returns the figures of a boot. */
export const bootFigures = (start: Start): Figure[] => {
  const boots = once(async () => bootProbe(start));
  return [
    {
      name: 'image-size',
      unit: 'KB',
      limit: 400,
      measure: async () => ({ values: [statSync(await releaseOf(PROBE)).size / 1000] }),
    },
    { name: 'memory-on-microvm', unit: 'MiB', limit: 16, measure: (progress) => smallestMemory(start, progress) },
    {
      name: 'entry-to-ok',
      unit: 'ms',
      limit: 25,
      measure: async () => ({ values: (await boots()).map((run) => probeMicroseconds(run) / 1000) }),
    },
    {
      name: 'entry-to-ok-instructions',
      unit: 'million',
      pick: 'least',
      measure: async () => ({ values: (await countProbe(start)).map((run) => probeMicroseconds(run) / 1000) }),
    },
    {
      name: 'start-to-exit-on-q35',
      unit: 's',
      limit: 0.25,
      measure: async () => ({ values: (await boots()).map(({ seconds }) => seconds) }),
    },
    {
      name: 'pci-enumeration',
      unit: 'ms',
      limit: 1,
      measure: async () => ({ values: (await enumerate(start, {}, BOOT_COUNT)).map((ns) => ns / 1e6) }),
    },
    {
      name: 'pci-enumeration-instructions',
      unit: 'thousand',
      pick: 'least',
      measure: async () => ({ values: (await enumerate(start, COUNT_INSTRUCTIONS, 1)).map((ns) => ns / 1e3) }),
    },
  ];
};

/** The default run of `make qemu RELEASE=1`, several times, after one that is not measured: it brings the files into the host's memory. */
const bootProbe = async (start: Start): Promise<Run[]> => {
  const image = await releaseOf(PROBE);
  const disks = [{ file: await ensureDefaultDisk() }];
  return repeat(BOOT_COUNT, () => start(image, { disks }));
};

/** The same, with a clock that counts instructions: one a nanosecond. */
const countProbe = async (start: Start): Promise<Run[]> => {
  const image = await releaseOf(PROBE);
  const disks = [{ file: await ensureDefaultDisk() }];
  return repeat(COUNTED_BOOT_COUNT, () => start(image, { ...COUNT_INSTRUCTIONS, disks }));
};

const repeat = async (count: number, run: () => Promise<Run>): Promise<Run[]> => {
  await run();
  const runs: Run[] = [];
  while (runs.length < count) runs.push(expectSuccess(await run()));
  return runs;
};

/** Returns the microseconds from kernel entry to `probe: ok` that the probe itself printed. */
const probeMicroseconds = ({ text }: Run): number => {
  const microseconds = /(\d+) us\b(?!.*\d+ us\b)/s.exec(text)?.[1];
  if (microseconds === undefined) throw new Error(`the probe printed no time:\n${text}`);
  return Number(microseconds);
};

/** Returns the smallest RAM in which the probe ends well on a microvm with one disk. */
const smallestMemory = async (start: Start, progress: Progress): Promise<{ values: number[] }> => {
  const image = await releaseOf(PROBE);
  const disks = [{ file: await ensureDefaultDisk() }];
  for (const size of MEMORY_SIZES_MIB) {
    progress(`${size} MiB`);
    const { status } = await start(image, { machine: 'microvm', memory: `${size}M`, disks });
    if (status === 0) return { values: [size] };
  }
  throw new Error('the probe ends well in no size of RAM');
};

/** Returns the nanoseconds of the first enumeration in each of `count` boots. */
const enumerate = async (start: Start, options: Parameters<Start>[1], count: number): Promise<number[]> => {
  const image = await releaseOf(ENUMERATION);
  const runs = await repeat(count, () => start(image, { ...options, devices: TOPOLOGY }));
  return runs.map(({ text }) => {
    const [, nanoseconds, functions] = /^enumeration (\d+) ns, (\d+) functions$/m.exec(text) ?? [];
    if (Number(functions) === FUNCTION_COUNT) return Number(nanoseconds);
    throw new Error(`expected ${FUNCTION_COUNT} functions:\n${text}`);
  });
};

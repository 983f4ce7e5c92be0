// What waiting costs: a processor that has nothing to do, and the way from an interrupt to the function that awaited it.

import { readFileSync } from 'node:fs';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { type Qemu, startQemu } from '../../scripts/qemu/start.ts';
import { withDisk } from './disk.ts';
import type { Figure, Progress, Samples } from './figure.ts';
import { COUNT_INSTRUCTIONS, expectSuccess, LIMIT_MS, releaseOf, type Start } from './guest.ts';

const WAIT = 'test/bench/images/wait.ts';
const RESUME = 'test/bench/images/resume.ts';

/** The guest says so every second. What comes before the first is the boot; a sample has two seconds. */
const FIRST_SECOND = 2;
const LAST_SECOND = 12;
const SAMPLE_SECONDS = 2;

/** Longer than the loop spins before it lets the processor sleep. */
const LATENCY_NS = 2_000_000;

/** Returns the figures. `qemu` is QEMU's program. */
export const idleFigures = (start: Start, qemu: string): Figure[] => [
  { name: 'idle-processor', unit: '%', limit: 2, measure: (progress) => measureIdle(qemu, progress) },
  { name: 'interrupt-to-await', unit: 'us', limit: 10, measure: () => measureResume(start, {}) },
  {
    name: 'interrupt-to-await-instructions',
    unit: 'thousand',
    limit: 10,
    measure: () => measureResume(start, COUNT_INSTRUCTIONS),
  },
];

/** Returns what share of a host's core the thread of the guest's processor takes while the guest waits for a timer. */
const measureIdle = async (qemu: string, progress: Progress): Promise<Samples> => {
  const image = await releaseOf(WAIT);
  const machine = startQemu({
    qemu,
    machine: 'q35',
    accelerator: chooseAccelerator(),
    memory: '256M',
    image,
    limitMs: LIMIT_MS,
  });
  try {
    return { values: await sharesOf(machine, progress) };
  } finally {
    await machine.stop();
  }
};

const sharesOf = async (machine: Qemu, progress: Progress): Promise<number[]> => {
  const [processor] = (await machine.qmp.execute('query-cpus-fast')) as { readonly 'thread-id': number }[];
  const thread = processor!['thread-id'];
  const shares: number[] = [];
  let last: { readonly at: number; readonly busy: number } | undefined;
  for (let second = FIRST_SECOND; second <= LAST_SECOND; second += SAMPLE_SECONDS) {
    progress(`second ${second} of ${LAST_SECOND}`);
    await machine.serial.waitFor(new RegExp(`^second ${second}$`, 'm'), LIMIT_MS);
    const now = { at: performance.now(), busy: busyMs(thread) };
    if (last !== undefined) shares.push(((now.busy - last.busy) / (now.at - last.at)) * 100);
    last = now;
  }
  return shares;
};

/** Returns how long a thread of the host has run. Linux keeps it in nanoseconds: proc(5), schedstat. */
const busyMs = (thread: number): number =>
  Number(readFileSync(`/proc/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/** Runs images/resume.ts, whose lines are `resume NANOSECONDS`, and returns microseconds. */
const measureResume = async (start: Start, options: Parameters<Start>[1]): Promise<Samples> => {
  const image = await releaseOf(RESUME);
  const { text } = await withDisk({ backend: 'null-co', ioeventfd: true, latencyNs: LATENCY_NS }, async (disk) =>
    expectSuccess(await start(image, { ...options, extra: [...(options.extra ?? []), ...disk] })),
  );
  return { values: [...text.matchAll(/^resume (\d+)$/gm)].map(([, nanoseconds]) => Number(nanoseconds) / 1000) };
};

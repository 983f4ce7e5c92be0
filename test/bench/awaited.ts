// Awaited reads against the polled loop, and the doorbells and interrupts that they take.

import { type Aio, type DiskOptions, diskName, withDisk } from './disk.ts';
import type { Figure, Progress, Samples } from './figure.ts';
import { COUNT_INSTRUCTIONS, expectSuccess, releaseOf, type Start } from './guest.ts';
import { disksWith, pairsOf, ratioSamples, remember, samplesIn, signalSamples } from './pairs.ts';

const POLLED = 'test/bench/images/depths-polled.ts';
const AWAITED = 'test/bench/images/depths-awaited.ts';
const MANY = 'test/bench/images/depths-many.ts';

/** The throughput may be 15 % below that of the polled loop. */
const RATIO_LIMIT = 1.15;
/** The loads of images/depths.ts. */
const LOADS = ['qd1-4k', 'qd2-4k', 'qd8-4k', 'qd32-4k', 'qd128-4k'];

const COUNTED_DEPTH = 32;
const COUNTED_LOAD = 'qd32-4k';
const COUNT_LIMIT = 0.2;

/** One line of QEMU's log for each notification that a device is given. */
const TRACE = 'virtio_queue_notify';

/** Returns the instructions of a read; the ratios and the interrupts for each disk, and the doorbells where QEMU's trace has each of them. */
export const awaitedFigures = (start: Start, aio: Aio): Figure[] => [
  instructionsOf(start, 'await', AWAITED),
  instructionsOf(start, 'await-many', MANY),
  ...disksWith(aio).flatMap((disk) => [...ratiosOf(start, disk, 'await-many', MANY).ratios, ...figuresOf(start, disk)]),
];

const instructionsOf = (start: Start, name: string, entry: string): Figure => ({
  name: `${name}-instructions-${COUNTED_LOAD}`,
  unit: 'instructions',
  pick: 'least',
  measure: () => countInstructions(start, entry),
});

/** Returns the figures of an awaited program against the polled one, and what runs both. */
const ratiosOf = (start: Start, disk: DiskOptions, name: string, entry: string) => {
  const runPairs = remember(async (progress) => {
    progress('building');
    return pairsOf(start, disk, { base: await releaseOf(POLLED), ours: await releaseOf(entry) }, progress);
  });
  const ratios = LOADS.map((load) => ({
    name: `${name}-${load}/${diskName(disk)}`,
    unit: 'x',
    limit: RATIO_LIMIT,
    measure: async (progress: Progress) => ratioSamples(await runPairs(progress), load, 'polled'),
  }));
  return { ratios, runPairs };
};

const figuresOf = (start: Start, disk: DiskOptions): Figure[] => {
  const { ratios, runPairs } = ratiosOf(start, disk, 'await', AWAITED);
  const interrupts = {
    name: `await-interrupts-${COUNTED_LOAD}/${diskName(disk)}`,
    unit: 'each',
    limit: COUNT_LIMIT,
    measure: async (progress: Progress) => signalSamples(await runPairs(progress), COUNTED_LOAD),
  };
  const doorbells = {
    name: `await-doorbells-${COUNTED_LOAD}/${diskName(disk)}`,
    unit: 'each',
    limit: COUNT_LIMIT,
    measure: () => countDoorbells(start, disk),
  };
  // With ioeventfd, several doorbells may be one line of the trace: QEMU's main loop reads an event that was set in between.
  return disk.ioeventfd ? [...ratios, interrupts] : [...ratios, interrupts, doorbells];
};

/** Returns the guest's instructions a read, of which a disk that answers at once has none: ticks are instructions then. */
const countInstructions = async (start: Start, entry: string): Promise<Samples> => {
  const image = await releaseOf(entry);
  const { text } = await withDisk({ backend: 'null-co', ioeventfd: false }, async (disk) => {
    const extra = [...(COUNT_INSTRUCTIONS.extra ?? []), ...disk];
    return expectSuccess(await start(image, { ...COUNT_INSTRUCTIONS, extra, commandLine: `depth=${COUNTED_DEPTH}` }));
  });
  return { values: samplesIn(text).map(({ ticks }) => ticks) };
};

/** Returns the notifications a read, counted by QEMU in a run of its own. */
const countDoorbells = async (start: Start, disk: DiskOptions): Promise<Samples> => {
  const image = await releaseOf(AWAITED);
  const run = await withDisk(disk, (extra) =>
    start(image, { extra: [...extra, '-trace', TRACE], commandLine: `depth=${COUNTED_DEPTH}` }),
  );
  const { text, complaints } = expectSuccess(run);
  const doorbells = complaints.split('\n').filter((line) => line.includes(TRACE)).length;
  if (doorbells === 0) throw new Error('this QEMU does not write its trace to its standard error');
  const requests = samplesIn(text).reduce((sum, sample) => sum + sample.requests, 0);
  return { values: [doorbells / requests], detail: { doorbells, requests } };
};

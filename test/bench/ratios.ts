// Our driver against the floor: the same requests on the same disk, in turn, and the ratio of the times.
//
//   floor ours   ours floor   floor ours   …       one ratio a pair; the figure is the median of the pairs

import { type Aio, type DiskOptions, diskName, withDisk } from './disk.ts';
import { type Figure, median, type Progress, type Samples } from './figure.ts';
import { buildFloor } from './floor.ts';
import { expectSuccess, releaseOf, type Start } from './guest.ts';

const PAIR_COUNT = 11;
const OURS = 'test/bench/images/loads.ts';

/** The loads of images/loads.ts and floor/floor.zig, and what ours / floor may be. */
const LOAD_LIMITS: readonly (readonly [name: string, limit: number])[] = [
  ['qd1-512', 1.05],
  ['qd1-4k', 1.05],
  ['qd32-4k', 1.15],
  ['qd128-4k', 1.15],
  ['seq-1m', 1.05],
];
const DOORBELL_LOAD = 'qd128-4k';
const DOORBELL_LIMIT = 0.05;

/** One line of a guest: one sample of a load. */
interface Sample {
  readonly load: string;
  /** Ticks of the time stamp counter, and notifications, a request. */
  readonly ticks: number;
  readonly doorbells: number;
}

/** One boot of the floor and one of ours, next to each other in time. */
interface Pair {
  readonly floor: readonly Sample[];
  readonly ours: readonly Sample[];
}

/** Returns the ratios and the doorbells for null-co and a raw file, each with QEMU's defaults and with the options that are quickest here. */
export const ratioFigures = (start: Start, aio: Aio): Figure[] => {
  const disks: readonly DiskOptions[] = [
    { backend: 'null-co', ioeventfd: true },
    { backend: 'null-co', ioeventfd: false },
    { backend: 'raw', ioeventfd: true },
    { backend: 'raw', ioeventfd: false, aio },
  ];
  return disks.flatMap((disk) => figuresOf(start, disk));
};

const figuresOf = (start: Start, disk: DiskOptions): Figure[] => {
  const runPairs = remember((progress) => pairsOf(start, disk, progress));
  const ratios = LOAD_LIMITS.map(([load, limit]) => ({
    name: `blk-${load}/${diskName(disk)}`,
    unit: 'x',
    limit,
    measure: async (progress: Progress) => ratioSamples(await runPairs(progress), load),
  }));
  const doorbells = {
    name: `doorbells-${DOORBELL_LOAD}/${diskName(disk)}`,
    unit: 'each',
    limit: DOORBELL_LIMIT,
    measure: async (progress: Progress) => ({
      values: (await runPairs(progress)).flatMap(({ ours }) =>
        of(ours, DOORBELL_LOAD).map((sample) => sample.doorbells),
      ),
    }),
  };
  return [...ratios, doorbells];
};

/** The pairs of a disk are run once, for the figure that asks first. */
const remember = (run: (progress: Progress) => Promise<Pair[]>): ((progress: Progress) => Promise<Pair[]>) => {
  let pairs: Promise<Pair[]> | undefined;
  return (progress) => {
    pairs ??= run(progress);
    return pairs;
  };
};

const pairsOf = async (start: Start, disk: DiskOptions, progress: Progress): Promise<Pair[]> => {
  progress('building');
  const floorImage = await buildFloor();
  const ourImage = await releaseOf(OURS);
  return withDisk(disk, async (extra) => {
    const run = async (image: string): Promise<Sample[]> =>
      samplesIn(expectSuccess(await start(image, { extra })).text);
    const pairs: Pair[] = [];
    for (let index = 0; index < PAIR_COUNT; index++) {
      progress(`pair ${index + 1} of ${PAIR_COUNT}`);
      // Each goes first in turn, so that a host that grows slower or quicker favours neither.
      const first = await run(index % 2 === 0 ? floorImage : ourImage);
      const second = await run(index % 2 === 0 ? ourImage : floorImage);
      pairs.push(index % 2 === 0 ? { floor: first, ours: second } : { floor: second, ours: first });
    }
    return pairs;
  });
};

/** Returns what the lines `load NAME REQUESTS TICKS DOORBELLS` say. */
const samplesIn = (text: string): Sample[] =>
  [...text.matchAll(/^load (\S+) (\d+) (\d+) (\d+)$/gm)].map(([, load = '', requests, ticks, doorbells]) => ({
    load,
    ticks: Number(ticks) / Number(requests),
    doorbells: Number(doorbells) / Number(requests),
  }));

const of = (samples: readonly Sample[], load: string): Sample[] => samples.filter((sample) => sample.load === load);

const ratioSamples = (pairs: readonly Pair[], load: string): Samples => {
  const ticks = (samples: readonly Sample[]): number =>
    Math.round(median(of(samples, load).map((sample) => sample.ticks)));
  const ours = pairs.map((pair) => ticks(pair.ours));
  const floor = pairs.map((pair) => ticks(pair.floor));
  return { values: pairs.map((pair) => ticks(pair.ours) / ticks(pair.floor)), detail: { ours, floor } };
};

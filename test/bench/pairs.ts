// Two images that do the same requests, on the same disk, in turn, and the ratio of their times.
//
//   base ours   ours base   base ours   …       one ratio a pair; the figure is the median of the pairs

import { type Aio, type DiskOptions, withDisk } from './disk.ts';
import { median, type Progress, type Samples } from './figure.ts';
import { expectSuccess, type Start } from './guest.ts';

const PAIR_COUNT = 11;

/** One line of a guest: one sample of a load. */
export interface Sample {
  readonly load: string;
  readonly requests: number;
  /** Ticks of the time stamp counter a request. */
  readonly ticks: number;
  /** Notifications or interrupts a request, as the image says. */
  readonly signals: number;
}

/** One boot of each image, next to each other in time. */
export interface Pair {
  readonly base: readonly Sample[];
  readonly ours: readonly Sample[];
}

/** The images of a pair. */
export interface PairImages {
  readonly base: string;
  readonly ours: string;
}

/** Returns the disks of a comparison: null-co and a raw file, each with QEMU's defaults and with the options that are quickest here. */
export const disksWith = (aio: Aio): readonly DiskOptions[] => [
  { backend: 'null-co', ioeventfd: true },
  { backend: 'null-co', ioeventfd: false },
  { backend: 'raw', ioeventfd: true },
  { backend: 'raw', ioeventfd: false, aio },
];

/** Boots both images with a disk, as `pairsWith` does. */
export const pairsOf = (start: Start, disk: DiskOptions, images: PairImages, progress: Progress): Promise<Pair[]> =>
  withDisk(disk, (extra) => pairsWith(start, extra, images, progress));

/** Boots both images so many times, each going first in turn, so that a host that grows slower or quicker favours neither. */
export const pairsWith = async (
  start: Start,
  extra: readonly string[],
  images: PairImages,
  progress: Progress,
): Promise<Pair[]> => {
  const run = async (image: string): Promise<Sample[]> => samplesIn(expectSuccess(await start(image, { extra })).text);
  const pairs: Pair[] = [];
  for (let index = 0; index < PAIR_COUNT; index++) {
    progress(`pair ${index + 1} of ${PAIR_COUNT}`);
    const isBaseFirst = index % 2 === 0;
    const first = await run(isBaseFirst ? images.base : images.ours);
    const second = await run(isBaseFirst ? images.ours : images.base);
    pairs.push(isBaseFirst ? { base: first, ours: second } : { base: second, ours: first });
  }
  return pairs;
};

/** Returns a function that runs the pairs once, for the figure that asks first. */
export const remember = (run: (progress: Progress) => Promise<Pair[]>): ((progress: Progress) => Promise<Pair[]>) => {
  let pairs: Promise<Pair[]> | undefined;
  return (progress) => {
    pairs ??= run(progress);
    return pairs;
  };
};

/** Returns what the lines `load NAME REQUESTS TICKS SIGNALS` say. */
export const samplesIn = (text: string): Sample[] =>
  [...text.matchAll(/^load (\S+) (\d+) (\d+) (\d+)$/gm)].map(([, load = '', requests, ticks, signals]) => ({
    load,
    requests: Number(requests),
    ticks: Number(ticks) / Number(requests),
    signals: Number(signals) / Number(requests),
  }));

const of = (samples: readonly Sample[], load: string): Sample[] => samples.filter((sample) => sample.load === load);

/** Returns the time of ours divided by that of the base, pair by pair. The ticks a request are kept as `ours` and as `baseName`. */
export const ratioSamples = (pairs: readonly Pair[], load: string, baseName: string): Samples => {
  const ticks = (samples: readonly Sample[]): number =>
    Math.round(median(of(samples, load).map((sample) => sample.ticks)));
  const ours = pairs.map((pair) => ticks(pair.ours));
  const base = pairs.map((pair) => ticks(pair.base));
  return { values: ours.map((value, index) => value / base[index]!), detail: { ours, [baseName]: base } };
};

/** Returns the signals a request of ours, sample by sample. */
export const signalSamples = (pairs: readonly Pair[], load: string): Samples => ({
  values: pairs.flatMap(({ ours }) => of(ours, load).map(({ signals }) => signals)),
});

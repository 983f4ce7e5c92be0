// Our driver against the floor: the same requests on the same disk.

import { type Aio, type DiskOptions, diskName } from './disk.ts';
import type { Figure, Progress } from './figure.ts';
import { buildFloor } from './floor.ts';
import { releaseOf, type Start } from './guest.ts';
import { disksWith, pairsOf, ratioSamples, remember, signalSamples } from './pairs.ts';

const OURS = 'test/bench/images/loads.ts';

/** The loads of images/loads.ts and floor/floor.zig, and what ours / floor may be. */
const LOAD_LIMITS: readonly (readonly [name: string, limit?: number])[] = [
  ['qd1-512', 1.05],
  ['qd1-4k', 1.05],
  ['qd32-4k', 1.15],
  ['qd32-4k-in-turn'],
  ['qd128-4k', 1.15],
  ['seq-1m', 1.05],
];
const DOORBELL_LOAD = 'qd128-4k';
const DOORBELL_LIMIT = 0.05;

/** Returns the ratios and the doorbells for each disk. */
export const ratioFigures = (start: Start, aio: Aio): Figure[] =>
  disksWith(aio).flatMap((disk) => figuresOf(start, disk));

const figuresOf = (start: Start, disk: DiskOptions): Figure[] => {
  const runPairs = remember(async (progress) => {
    progress('building');
    return pairsOf(start, disk, { base: await buildFloor('floor'), ours: await releaseOf(OURS) }, progress);
  });
  const ratios = LOAD_LIMITS.map(([load, limit]) => ({
    name: `blk-${load}/${diskName(disk)}`,
    unit: 'x',
    ...(limit === undefined ? {} : { limit }),
    measure: async (progress: Progress) => ratioSamples(await runPairs(progress), load, 'floor'),
  }));
  const doorbells = {
    name: `doorbells-${DOORBELL_LOAD}/${diskName(disk)}`,
    unit: 'each',
    limit: DOORBELL_LIMIT,
    measure: async (progress: Progress) => signalSamples(await runPairs(progress), DOORBELL_LOAD),
  };
  return [...ratios, doorbells];
};

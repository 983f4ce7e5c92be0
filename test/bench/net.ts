// Frames that go out, against the floor: the same frames on the same device.

import type { Figure, Progress } from './figure.ts';
import { buildFloor } from './floor.ts';
import { releaseOf, type Start } from './guest.ts';
import { pairsWith, ratioSamples, remember, signalSamples } from './pairs.ts';

const OURS = 'test/bench/images/net.ts';

/** The loads of images/net.ts and floor/net.zig, and what ours / floor may be. */
const LOAD_LIMITS: readonly (readonly [name: string, limit: number | undefined])[] = [
  ['tx64-64', 1.2],
  ['tx64-64-in-turn', undefined],
  ['tx64-1514', undefined],
];
const DOORBELL_LOAD = 'tx64-64';
const DOORBELL_LIMIT = 0.05;

/** QEMU's user networking throws frames of an unknown type away: all that is left is the queue, QEMU's device and the threads that wake each other. */
const NETDEV = ['-netdev', 'user,id=bench'];
const DEVICE = 'virtio-net-pci,netdev=bench,addr=2.0,disable-legacy=on,romfile=';

/** Returns the ratios and the doorbells, with QEMU's defaults and with the doorbell served by the processor's own thread. */
export const netFigures = (start: Start): Figure[] => [
  ...figuresOf(start, 'user', DEVICE),
  ...figuresOf(start, 'user,ioeventfd=off', `${DEVICE},ioeventfd=off`),
];

const figuresOf = (start: Start, name: string, device: string): Figure[] => {
  const runPairs = remember(async (progress) => {
    progress('building');
    const images = { base: await buildFloor('net'), ours: await releaseOf(OURS) };
    return pairsWith(start, [...NETDEV, '-device', device], images, progress);
  });
  const ratios = LOAD_LIMITS.map(([load, limit]) => ({
    name: `net-${load}/${name}`,
    unit: 'x',
    ...(limit === undefined ? {} : { limit }),
    measure: async (progress: Progress) => ratioSamples(await runPairs(progress), load, 'floor'),
  }));
  const doorbells = {
    name: `net-doorbells-${DOORBELL_LOAD}/${name}`,
    unit: 'each',
    limit: DOORBELL_LIMIT,
    measure: async (progress: Progress) => signalSamples(await runPairs(progress), DOORBELL_LOAD),
  };
  return [...ratios, doorbells];
};

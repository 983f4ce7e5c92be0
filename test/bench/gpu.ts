// What it takes until a screen shows what was drawn.

import type { Figure, Progress, Samples } from './figure.ts';
import { buildFloor } from './floor.ts';
import { expectSuccess, once, releaseOf, type Start } from './guest.ts';
import { pairsWith, ratioSamples } from './pairs.ts';

const OURS = 'test/bench/images/gpu.ts';
const DEVICE = ['-device', 'virtio-gpu-pci,xres=1024,yres=768,disable-legacy=on'];

/** Returns the figures of a screen of 1024 × 768 pixels. */
export const gpuFigures = (start: Start): Figure[] => {
  const run = once(async () => expectSuccess(await start(await releaseOf(OURS), { extra: DEVICE })).text);
  return [
    { name: 'gpu-flush', unit: 'ms', limit: 4, measure: async () => millisecondsOf(await run(), 'flush') },
    { name: 'gpu-flush-ratio', unit: 'x', measure: (progress) => compare(start, progress) },
    { name: 'gpu-flush-pixel', unit: 'ms', measure: async () => millisecondsOf(await run(), 'pixel') },
    { name: 'gpu-text', unit: 'ms', measure: async () => millisecondsOf(await run(), 'text') },
  ];
};

/** Returns the time of an awaited flush divided by that of the floor, which polls. */
const compare = async (start: Start, progress: Progress): Promise<Samples> => {
  progress('building');
  const images = { base: await buildFloor('gpu'), ours: await releaseOf(OURS) };
  return ratioSamples(await pairsWith(start, DEVICE, images, progress), 'flush', 'floor');
};

/** Returns in milliseconds what the lines `NAME NANOSECONDS` say. */
const millisecondsOf = (text: string, name: string): Samples => ({
  values: [...text.matchAll(new RegExp(`^${name} (\\d+)$`, 'gm'))].map(([, nanoseconds]) => Number(nanoseconds) / 1e6),
});

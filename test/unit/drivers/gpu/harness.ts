// An opened GPU on the simulated machine.

import { afterEach } from 'vitest';
import { openGpuDevice } from '../../../../drivers/gpu/driver.ts';
import { closeLive, type Live, newLive } from '../../../../drivers/virtio/live.ts';
import type { GpuDevice, Surface } from '../../../../kernel/device/gpu.ts';
import { fillRectangle } from '../../../../kernel/draw/rectangles.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { SimGpuDevice, type SimGpuOptions } from '../../../sim/virtio/gpu.ts';
import { interruptsOf, run } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

export const MS = 1_000_000;
export const NEVER = Number.POSITIVE_INFINITY;
export const RED = 0xff0000;
export const BLUE = 0x0000ff;

const opened: Live[] = [];

afterEach(() => {
  for (const live of opened.splice(0)) closeLive(live);
});

/** Returns a device that is not brought up yet. */
export const ready = (options: SimGpuOptions = {}) => {
  const all = openedDevice((machine) => new SimGpuDevice(machine, options));
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  opened.push(live);
  return { ...all, host: all.made, live, free };
};

/** Returns one that is. */
export const open = async (options: SimGpuOptions = {}) => {
  const all = ready(options);
  return { ...all, gpu: await run(openGpuDevice(all.live)) };
};

/** Makes a surface of one colour that scanout 0 shows. */
export const showColour = async (gpu: GpuDevice, width: number, height: number, colour: number): Promise<Surface> => {
  const surface = await run(gpu.createSurface(width, height));
  fillRectangle(surface.canvas, 0, 0, width, height, colour);
  await run(surface.flush());
  await run(gpu.show(0, surface));
  return surface;
};

/** Returns how often each colour is in a picture. */
export const coloursOf = (picture: number[][] | undefined): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const colour of (picture ?? []).flat()) counts[colour.toString(16)] = (counts[colour.toString(16)] ?? 0) + 1;
  return counts;
};

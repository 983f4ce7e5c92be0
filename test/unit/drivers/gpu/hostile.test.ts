// A GPU that answers whatever comes to its mind: nobody waits for ever, nothing is thrown but DeviceFailure, and the memory is back in the end.

import { describe, expect, it } from 'vitest';
import { openGpuDevice } from '../../../../drivers/gpu/driver.ts';
import { fillRectangle } from '../../../../kernel/draw/rectangles.ts';
import { openTextConsole } from '../../../../kernel/draw/text-console.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import type { SimGpuLie } from '../../../sim/virtio/gpu.ts';
import { kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { MS, NEVER, open, ready } from './harness.ts';

const KINDS = ['fulfilled', 'wrong-answer', 'io-error', 'timeout', 'device-reset', 'device-failed', 'invalid-argument'];

/** Returns a source of numbers from 0 up to `count`, the same for each seed. */
const randomOf = (seed: number): ((count: number) => number) => {
  let state = seed;
  return (count) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * count);
  };
};

const anyLie = (next: (count: number) => number): SimGpuLie | undefined => {
  const lies: (SimGpuLie | undefined)[] = [
    { type: next(2 ** 31) },
    { type: 0x1100 + next(8) },
    { type: 0x1200 + next(8) },
    { length: next(500) },
    { usedLength: next(2 ** 31) },
    { usedHead: next(70_000) },
    { times: 2 },
    { flags: next(4), fence: next(100) },
    { delay: NEVER },
  ];
  return next(8) === 0 ? lies[next(lies.length)] : { delay: next(3) * MS };
};

describe('a GPU that lies at random', () => {
  it.each(Array.from({ length: 16 }, (_, seed) => seed + 1))('keeps nobody waiting: seed %d', async (seed) => {
    const next = randomOf(seed);
    const { gpu, host, live, machine, pool, free } = await open({ displays: [{ width: 64, height: 48 }] });
    host.lie = () => anyLie(next);
    for (let round = 0; round < 6 && live.state === 'live'; round++) {
      const kinds: Promise<string>[] = [];
      const made = gpu.createSurface(64, 64).then(async (surface) => {
        fillRectangle(surface.canvas, 0, 0, 64, 64, round);
        await Promise.all([surface.flush(), gpu.show(0, surface), gpu.setCursor(0, surface, { x: 1, y: 1 })]);
        await surface.release();
      });
      const text = openTextConsole(gpu).then(async (console) => {
        console.write('x'.repeat(50));
        await console.close();
      });
      kinds.push(kindOf(made), kindOf(text));
      if (next(2) === 0) host.change([{ width: next(100), height: next(100) }]);
      for (const kind of await run(Promise.all(kinds)))
        expect(KINDS).toContain(kind.replace('unsupported', 'io-error'));
      await runTurns(3);
    }
    await run(gpu.close());
    expect(dmaFreeBytes(pool)).toBe(free);
    expect(machine.violations.filter((each) => !/^(resource|cursor of resource) \d+/.test(each))).toEqual([]);
  });

  it.each(Array.from({ length: 16 }, (_, seed) => seed + 100))('comes up or does not: seed %d', async (seed) => {
    const next = randomOf(seed);
    const { host, live, pool, free } = ready({ displays: [{ width: 64, height: 48 }] });
    host.lie = () => anyLie(next);
    const kind = await kindOf(openGpuDevice(live).then((gpu) => gpu.close()));
    expect(KINDS).toContain(kind);
    expect(dmaFreeBytes(pool)).toBe(free);
  });
});

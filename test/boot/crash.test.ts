// QEMU killed while an image writes: what was flushed is there. `make soak` kills it 200 times.

import { beforeAll, describe, expect, it } from 'vitest';
import { buildCrashImage, CRASH_DISKS, crash } from './crash.ts';
import { temporaryFolder } from './harness.ts';

const KILL_COUNT = 5;

let image: string;
beforeAll(async () => {
  image = await buildCrashImage();
});

describe('QEMU is killed', () => {
  it.each(CRASH_DISKS.slice(0, KILL_COUNT))('and all that was flushed is on the disk: $name', async (disk) => {
    const seed = Date.now() % 2 ** 32;
    const { flushed, checked, lost } = await crash(image, disk, temporaryFolder(), seed);
    expect(lost, `with the seed ${seed}, of ${flushed} blocks`).toEqual([]);
    expect(checked).toBeGreaterThan(0);
  });
});

// apps/uptime, the program of the README: two reads at once, a line a second, and its end.

import { beforeAll, describe, expect, it } from 'vitest';
import { bootToEnd, imageOf, MACHINES, temporaryDisk } from './harness.ts';

const UPTIME = 'apps/uptime/main.ts';

beforeAll(() => imageOf(UPTIME));

describe('apps/uptime', () => {
  it.each(MACHINES)('reads, counts the seconds and ends by itself on %s', async (machine) => {
    const disks = [{ file: await temporaryDisk() }];
    const { exit, text } = await bootToEnd(UPTIME, { machine, disks, commandLine: 'seconds=2' });
    const [first, ...lines] = text.trimEnd().split('\n');
    expect(first).toBe('0000:00:02.0 virtio-blk: read 4096 and 4096 bytes');
    const seconds = lines.map((line) => Number(/^up (\d+\.\d) s$/.exec(line)?.[1]));
    expect(seconds.at(-1)).toBeGreaterThanOrEqual(2);
    expect(seconds.at(-1)).toBeLessThan(4);
    for (let index = 1; index < seconds.length; index++)
      expect(seconds[index]! - seconds[index - 1]!).toBeGreaterThanOrEqual(0.9);
    expect(exit).toEqual({ status: 0, reason: 'success' });
  });
});

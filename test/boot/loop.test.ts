// The event loop on the machine: no event is lost, timers are never early, and waiting costs the host nothing.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BootOptions, boot, bootToEnd, MACHINES } from './harness.ts';

const LOOP = 'test/boot/images/loop.ts';

/** Guest time is the number of instructions then, one a nanosecond: an event can be aimed at any of them. */
const exact = { accelerator: 'tcg', extra: ['-icount', 'shift=0,sleep=off'] } as const;

const said = async (commandLine: string, options: BootOptions): Promise<string> => {
  const { exit, text } = await bootToEnd(LOOP, { commandLine, ...options });
  expect(exit).toEqual({ status: 0, reason: 'success' });
  return text;
};

describe.each(MACHINES)('the event loop on %s', (machine) => {
  it('loses no event, whichever instruction between the request and the halt it comes at', async () => {
    const text = await said('sweep=16000', { machine, ...exact });
    expect(text).toBe('sweep 16000 found by polling true while armed true by interrupt true\n');
  });

  it('loses no event of thousands that come while it spins, while it goes to sleep, and later', async () => {
    const text = await said('spun=3000', { machine });
    expect(text).toBe('spun 3000 interrupts true fewer than requests true\n');
  });

  it('calls no timer early, and none late for long', async () => {
    const text = await said('timers=300', { machine, ...exact });
    expect(text).toMatch(/^timers 300 early 0 latest \d+ ms\n$/);
    expect(Number(/latest (\d+)/.exec(text)?.[1])).toBeLessThan(50);
  });

  it('is through from an interrupt to the line behind the await after few instructions', async () => {
    const text = await said('latency=100', { machine, release: true, ...exact });
    expect(Number(/^latency median (\d+)/.exec(text)?.[1])).toBeLessThan(2400);
  });

  it('adds few instructions to a request that is answered at once', async () => {
    const text = await said('quick=1000', { machine, release: true, ...exact });
    expect(Number(/^quick (\d+)/.exec(text)?.[1])).toBeLessThan(2000);
  });

  it.skipIf(!existsSync('/proc/self/schedstat'))('costs the host next to nothing while it waits', async () => {
    const qemu = await boot(LOOP, { machine, commandLine: 'seconds=6' });
    const cpus = (await qemu.qmp.execute('query-cpus-fast')) as { 'thread-id': number }[];
    const runNanoseconds = (): number =>
      Number(readFileSync(`/proc/${cpus[0]!['thread-id']}/schedstat`, 'utf8').split(' ')[0]);
    await qemu.serial.waitFor(/^second 1 up 1/m, 10_000);
    const before = runNanoseconds();
    await qemu.serial.waitFor(/^second 5 up 5/m, 10_000);
    expect((runNanoseconds() - before) / 4e9).toBeLessThan(0.02);
  });
});

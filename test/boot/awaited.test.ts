// Disks that are awaited, on a real QEMU: many requests at a time, compared with what the host finds in the image; and disks in trouble.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { boot, bootToEnd, MACHINES, temporaryDisk, temporaryFolder } from './harness.ts';
import { drawRequest, fillSectors, Plan, SECTOR_COUNT, startPlan } from './images/awaited-machine.ts';

const LOAD = 'test/boot/images/awaited.ts';
const TROUBLE = 'test/boot/images/awaited-trouble.ts';

const SECTOR = 512;
const DEPTHS = [1, 8, 128];
const SEED = 20;
const LIMIT_MS = 120_000;

/** The same with building the image. */
const TIMEOUT_MS = 300_000;

/** Returns what the disk holds when each sector was written as often as `plan` says. */
const contentOf = (plan: Plan): Uint8Array => {
  const bytes = new Uint8Array(SECTOR_COUNT * SECTOR);
  fillSectors(plan, bytes, 0);
  return bytes;
};

/** Returns what the disk holds after so many requests at each depth. */
const contentAfter = (counts: readonly number[]): Uint8Array => {
  const plan = new Plan();
  counts.forEach((count, round) => {
    const depth = DEPTHS[round]!;
    startPlan(plan, depth, SEED + depth);
    for (let worker = 0; worker < depth; worker++) {
      for (let i = 0; i < Math.floor(count / depth); i++) drawRequest(plan, worker);
    }
  });
  return contentOf(plan);
};

/** Runs a load, and returns its lines. The disk must then hold what the requests wrote. */
const load = async (
  counts: readonly number[],
  options: Parameters<typeof boot>[1] = {},
  words = '',
): Promise<string[]> => {
  const file = path.join(temporaryFolder(), 'disk.img');
  writeFileSync(file, contentOf(new Plan()));
  const disk = {
    file,
    properties: ['disable-legacy=on', ...(options.disks ?? []).map(({ properties }) => properties)].join(),
  };
  const { exit, text } = await bootToEnd(LOAD, {
    release: true,
    memory: '192M', // Each of 128 workers has a buffer for the longest request.
    limitMs: LIMIT_MS,
    ...options,
    disks: [disk],
    commandLine: `counts=${counts.join()} seed=${SEED} ${words}`,
  });
  expect(exit).toEqual({ status: 0, reason: 'success' });
  expect(Buffer.compare(readFileSync(file), contentAfter(counts))).toBe(0);
  const lines = text.replaceAll('\r', '').split('\n');
  for (const [round, count] of counts.entries()) {
    const depth = DEPTHS[round]!;
    expect(lines).toContainEqual(
      expect.stringMatching(`^depth ${depth}: ${Math.floor(count / depth) * depth} requests, 0 wrong, `),
    );
  }
  return lines;
};

const interruptsOf = (lines: readonly string[], depth: number): number =>
  Number(lines.map((line) => new RegExp(`^depth ${depth}: .* (\\d+) interrupts`).exec(line)?.[1]).find(Boolean));

const ticksOf = (lines: readonly string[]): number =>
  Number(/ (\d+) ticks/.exec(lines.filter((line) => line.startsWith('depth')).at(-1) ?? '')?.[1]);

describe.each(MACHINES)('on %s', (machine) => {
  it('100,000 requests at depths 1, 8 and 128 find and leave on the disk what they should', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const lines = await load([8_000, 24_000, 68_000], { machine });
    expect(interruptsOf(lines, 128) / 68_000).toBeLessThan(0.2);
  });

  it('and so they do in a storm of timers', { timeout: TIMEOUT_MS }, async () => {
    const lines = await load([2_000, 8_000, 20_000], { machine }, 'storm=1');
    expect(ticksOf(lines)).toBeGreaterThan(1000);
  });

  it.each([
    ['vectors=0', 'line'],
    ['packed=on', 'MSI-X, 2 vectors'],
    ['event_idx=off', 'MSI-X, 2 vectors'],
    ['packed=on,event_idx=off,vectors=0', 'line'],
    ['queue-size=16,indirect_desc=off', 'MSI-X, 2 vectors'],
  ])('with %s too', { timeout: TIMEOUT_MS }, async (properties, interrupts) => {
    const lines = await load([500, 2_000, 5_000], { machine, disks: [{ file: '', properties }] });
    expect(lines[0]).toContain(`interrupts: ${interrupts}`);
  });

  it('and without interrupts', { timeout: TIMEOUT_MS }, async () => {
    const lines = await load([500, 2_000, 5_000], { machine, extra: ['-cpu', 'qemu64,-apic'] });
    expect(lines[0]).toContain('interrupts: polled');
    expect(interruptsOf(lines, 1)).toBe(0);
  });

  it('a disk that is resized says so', async () => {
    const qemu = await trouble('resize', { machine });
    await qemu.serial.waitFor(/^capacity 8192 at first/m, 20_000);
    await qemu.qmp.execute('block_resize', { device: 'image0', size: 6 * 2 ** 20 });
    await qemu.serial.waitFor(/^capacity 12288, the last sector: 512 bytes/m, 5_000);
    await qemu.qmp.execute('block_resize', { device: 'image0', size: 2 * 2 ** 20 });
    await qemu.serial.waitFor(/^capacity 4096, the last sector: 512 bytes/m, 5_000);
  });

  it('a disk whose host stops answering is reset, and works again when that answers', async () => {
    const qemu = await trouble('read=300', { machine });
    await qemu.serial.waitFor(/^read: 512 bytes/m, 20_000);
    await throttle(qemu, 1);
    await qemu.serial.waitFor(/^read: timeout/m, 20_000);
    expect(qemu.serial.text()).toContain('virtio-blk: no answer in 300 ms; it is reset');
    expect(qemu.serial.text()).toContain('virtio-blk: it was reset and works again');
    await throttle(qemu, 0);
    await qemu.serial.waitFor(/^read: timeout(.|\s)*^read: 512 bytes/m, 20_000);
  });

  it('a device that needs a reset is reset', async () => {
    const qemu = await trouble('poison', { machine });
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
    const text = qemu.serial.text().replaceAll('\r', '');
    expect(text).toMatch(/^before: 512 bytes$/m);
    expect(text).toMatch(/the device needs a reset: device_status reads 0x4f \(.*\); it is reset$/m);
    expect(text).toMatch(/^after: 512 bytes$/m);
  });
});

const trouble = async (commandLine: string, options: Parameters<typeof boot>[1]): Promise<Qemu> =>
  boot(TROUBLE, { ...options, disks: [{ file: await temporaryDisk() }], commandLine });

/** Lets the host do so many bytes a second, 0 for as many as it can. */
const throttle = async (qemu: Qemu, bytesPerSecond: number): Promise<void> => {
  const none = { bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: 0 };
  await qemu.qmp.execute('block_set_io_throttle', { device: 'image0', bps: bytesPerSecond, ...none });
};

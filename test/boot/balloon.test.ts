// The balloon on a real QEMU: what its monitor says of it, and what memory the host has left.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { type BootOptions, boot, temporaryFolder } from './harness.ts';
import { onPlatform, PLATFORMS, type Platform } from './platforms.ts';

const IMAGE = 'test/boot/images/balloon.ts';
const MIB = 1024 * 1024;
const PAGE = 4096;
const WAIT_MS = 20_000;
const POLL_MS = 50;

/** The same with building the image. */
const TIMEOUT_MS = 300_000;

/** QEMU 7.2 gives balloons no MSI-X, and no option that turns it off. */
const MACHINES = PLATFORMS.filter(({ name }) => !name.includes('INTx'));
const [Q35, , MMIO] = MACHINES as unknown as readonly [Platform, Platform, Platform];

/** A guest with a balloon, and all of whose memory its host has touched. */
interface Guest {
  readonly qemu: Qemu;
  /** Bytes of the host's memory that QEMU has. */
  rss(): number;
}

const start = async (platform: Platform, properties: string, commandLine: string, memoryMib = 256): Promise<Guest> => {
  const pidFile = path.join(temporaryFolder(), 'pid');
  const options: BootOptions = onPlatform(platform, [['balloon', `id=b0${properties}`]]);
  const qemu = await boot(IMAGE, {
    ...options,
    memory: `${memoryMib}M`,
    commandLine,
    extra: [
      ...['-object', 'iothread,id=io'], // For hints; a device that asks for it comes behind it.
      ...(options.extra ?? []),
      ...['-object', `memory-backend-ram,id=ram,size=${memoryMib}M,prealloc=on`, '-machine', 'memory-backend=ram'],
      ...['-pidfile', pidFile],
    ],
  });
  await qemu.serial.waitFor(/^ready/m, WAIT_MS);
  const status = `/proc/${readFileSync(pidFile, 'utf8').trim()}/status`;
  const rss = (): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]) * 1024;
  return { qemu, rss };
};

/** Has the host leave so much to the guest. */
const leave = (qemu: Qemu, memoryMib: number): Promise<unknown> =>
  qemu.qmp.execute('balloon', { value: memoryMib * MIB });

const actual = async (qemu: Qemu): Promise<number> =>
  ((await qemu.qmp.execute('query-balloon')) as { actual: number }).actual / MIB;

/** Asks until the answer is as it should be, or time is over. Returns the last answer. */
const settled = async <T>(ask: () => T | Promise<T>, isRight: (answer: T) => boolean): Promise<T> => {
  for (let waited = 0; ; waited += POLL_MS) {
    const answer = await ask();
    if (isRight(answer) || waited > WAIT_MS) return answer;
    await delay(POLL_MS);
  }
};

const device = '/machine/peripheral/b0';

/** Returns what the guest has told of its memory, in MiB. */
const figures = async (qemu: Qemu): Promise<Record<string, number>> => {
  const property = 'guest-stats-polling-interval';
  await qemu.qmp.execute('qom-set', { path: device, property, value: 1 });
  const ask = async (): Promise<{ stats: Record<string, number>; 'last-update': number }> =>
    (await qemu.qmp.execute('qom-get', { path: device, property: 'guest-stats' })) as never;
  const before = (await ask())['last-update'];
  return (await settled(ask, (answer) => answer['last-update'] > before + 1)).stats;
};

const expectEnd = async (qemu: Qemu): Promise<void> => {
  expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
  expect(qemu.serial.text()).toContain('closed, 0 bytes of memory are missing');
};

describe('a balloon', { timeout: TIMEOUT_MS }, () => {
  it('takes memory off the host, gives it back zeroed, and lends it when it is short', async () => {
    const { qemu, rss } = await start(Q35, ',deflate-on-oom=on', 'use=24 press=20');
    const before = rss();
    await leave(qemu, 128);
    await qemu.serial.waitFor(/^balloon: 128.0 of 128.0 MiB/m, WAIT_MS);
    expect(
      await settled(
        () => actual(qemu),
        (size) => size === 128,
      ),
    ).toBe(128);
    expect(before - rss()).toBeGreaterThan(120 * MIB);
    const told = await figures(qemu);
    const isNear = (mib: number): unknown => expect.closeTo(mib * MIB, -6.5);
    expect(told).toMatchObject({
      'stat-total-memory': isNear(127.5),
      'stat-swap-in': 0,
      'stat-swap-out': 0,
      'stat-disk-caches': 0,
    });
    expect(told['stat-free-memory']).toBe(told['stat-available-memory']);
    expect(told['stat-free-memory']).toBeGreaterThan(30 * MIB);

    await leave(qemu, 256);
    await qemu.serial.waitFor(/^used: 24.0 MiB, zero, kept/m, WAIT_MS);
    await leave(qemu, 16);
    const [, inside] = await qemu.serial.waitFor(/^balloon: ([0-9.]+) of 240.0 MiB, (?:7.9|8.0) free/m, WAIT_MS);
    await qemu.serial.waitFor(/^used: 2[0-9.]+ MiB, zero, kept/m, WAIT_MS);
    const [, lent] = await qemu.serial.waitFor(/^lent: ([0-9.]+) MiB/m, WAIT_MS);
    expect(Number(lent)).toBeGreaterThan(19);
    expect(Number(lent)).toBeLessThan(Number(inside));
    await expectEnd(qemu);
  });

  it.each(MACHINES.slice(1))('is as large as the host wants it on $name', async (platform) => {
    const { qemu, rss } = await start(platform, '', 'use=8', 128);
    const before = rss();
    await leave(qemu, 96);
    await qemu.serial.waitFor(/^balloon: 32.0 of 32.0 MiB/m, WAIT_MS);
    expect(before - rss()).toBeGreaterThan(28 * MIB);
    await leave(qemu, 128);
    await qemu.serial.waitFor(/^used: 8.0 MiB, zero, kept/m, WAIT_MS);
    await expectEnd(qemu);
    expect(qemu.serial.text()).toMatch(/interrupts: (line|MSI-X)/);
  });

  it('of a host that takes reports leaves it what is free', async () => {
    const { qemu, rss } = await start(MMIO, ',free-page-reporting=on', 'report=60 linger=2000', 128);
    await qemu.serial.waitFor(/^used: 16.0 MiB, zero, kept/m, WAIT_MS);
    expect(await settled(rss, (bytes) => bytes < 128 * MIB)).toBeLessThan(128 * MIB); // The guest's RAM alone was more.
    await expectEnd(qemu);
  });

  it('names its free pages to a host that moves the machine, which does not copy them', async () => {
    const { qemu } = await start(Q35, ',free-page-hint=on,iothread=io', 'reports=off hint=100', 256);
    const speed = (bytesASecond: number): Promise<unknown> =>
      qemu.qmp.execute('migrate-set-parameters', { 'max-bandwidth': bytesASecond });
    await speed(MIB);
    await qemu.qmp.execute('migrate', { uri: 'exec:cat >/dev/null' });
    await qemu.serial.waitFor(/^balloon: 0.0 of 0.0 MiB/m, WAIT_MS); // All is hinted, before much is copied.
    await speed(1000 * MIB);
    const migration = async (): Promise<{ status: string; ram: { duplicate: number; normal: number } }> =>
      (await qemu.qmp.execute('query-migrate')) as never;
    const { status, ram } = await settled(migration, (answer) => answer.status === 'completed');
    expect(status).toBe('completed');
    expect((ram.duplicate + ram.normal) * PAGE).toBeLessThan(128 * MIB); // Of 256; without hints each page is looked at.
    await qemu.qmp.execute('cont');
    await qemu.serial.waitFor(/^used: 16.0 MiB, zero, kept/m, WAIT_MS);
    await expectEnd(qemu);
  });
});

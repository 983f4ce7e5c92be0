// Disks on a real QEMU: what is discarded and zeroed, by what the host's files hold; errors that QEMU injects; blocks of 4096 bytes; the write cache.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { boot, MACHINES, temporaryFolder } from './harness.ts';
import { contentAfter, DISCARDED, SECTORS, UNMAPPED, WRITTEN_ZEROES, ZEROED } from './images/block-plan.ts';
import { CLUSTER, makeQcow2, readQcow2 } from './qcow2.ts';

const IMAGE = 'test/boot/images/block.ts';
const SECTOR = 512;
const DISK_BYTES = SECTORS * SECTOR;
const EIO = 5;
const ENOSPC = 28;

/** With building the image. */
const TIMEOUT_MS = 300_000;

const blockdev = (options: object): string[] => ['-blockdev', JSON.stringify(options)];

/** Returns the arguments for disk `index`, with the node of that name behind it. */
const device = (index: number, properties = ''): string[] => {
  const place = `addr=${(2 + index).toString(16)}.0,disable-legacy=on`;
  return ['-device', `virtio-blk-pci,id=disk${index},drive=node${index},${place}${properties}`];
};

/** A file that QEMU reads and writes as it is. */
const raw = (index: number, file: string, options: object = {}): string[] =>
  blockdev({
    driver: 'raw',
    'node-name': `node${index}`,
    file: { driver: 'file', filename: file, ...options },
    ...options,
  });

/** Errors for requests of each kind. */
const INJECTED = [
  { event: 'none', iotype: 'read', sector: 100, errno: EIO },
  { event: 'none', iotype: 'write', sector: 200, errno: ENOSPC },
  { event: 'none', iotype: 'discard', errno: EIO },
  { event: 'none', iotype: 'write-zeroes', errno: EIO },
  { event: 'none', iotype: 'flush', errno: EIO },
];

/** Returns what a file takes of the host's disk, in units of 512 bytes. */
const blocksOf = (file: string): number => statSync(file).blocks;

/** The tasks of the image, one a disk, and what it is to say of each. */
const TASKS = [
  ['content', 'true,true,true'],
  ['content', 'true,true,true'],
  ['errors', 'io-error,io-error,done,io-error,io-error,done,io-error,done'],
  ['blocks', '4096 in 16384, 16384 to 65536, misaligned,misaligned,misaligned, true'],
  ['read-only', 'true, done,read-only,read-only,read-only,done'],
  ['closed', 'done,closed,closed, true'],
  ['queues', 'true, 0 wrong'],
  ['cache', 'seen'],
] as const;
const CACHED = 7;

/** Returns the arguments for the disks of TASKS. */
const disks = (files: readonly string[]): string[] => {
  const unmapping = { discard: 'unmap' };
  const file = (index: number): object => ({ driver: 'file', filename: files[index]!, ...unmapping });
  const qcow2 = { driver: 'qcow2', 'node-name': 'node1', file: file(1), ...unmapping, 'detect-zeroes': 'unmap' };
  const failing = { driver: 'blkdebug', image: file(2), ...unmapping, 'inject-error': INJECTED };
  return [
    ...raw(0, files[0]!, unmapping),
    ...device(0),
    ...blockdev(qcow2),
    ...device(1),
    ...blockdev({ driver: 'raw', 'node-name': 'node2', file: failing, ...unmapping }),
    ...device(2, ',werror=report,rerror=report'),
    ...raw(3, files[3]!),
    ...device(3, ',logical_block_size=4096,physical_block_size=16384,min_io_size=16384,opt_io_size=65536'),
    ...raw(4, files[4]!, { 'read-only': true }),
    ...device(4),
    ...raw(5, files[5]!),
    ...device(5),
    ...raw(6, files[6]!),
    ...device(6, ',num-queues=4'),
    ...raw(CACHED, files[CACHED]!),
    ...device(CACHED, ',write-cache=off'),
  ];
};

/** Looks at the write cache as QEMU has it, whenever the guest has changed it. */
const watchCache = async (qemu: Qemu): Promise<void> => {
  const isCaching = async (): Promise<boolean> => {
    const all = (await qemu.qmp.execute('query-block')) as {
      qdev?: string;
      inserted: { cache: { writeback: boolean } };
    }[];
    return all.find(({ qdev }) => qdev?.includes(`disk${CACHED}`))!.inserted.cache.writeback;
  };
  // The guest goes on when its disk is resized.
  const resize = (size: number): Promise<unknown> =>
    qemu.qmp.execute('block_resize', { 'node-name': `node${CACHED}`, size });
  await qemu.serial.waitFor(/^cache at first: write-through/m, 60_000);
  await qemu.serial.waitFor(/^cache now: write-back/m, 20_000);
  expect(await isCaching()).toBe(true);
  await resize(2 * DISK_BYTES);
  await qemu.serial.waitFor(/^cache now: write-through/m, 20_000);
  expect(await isCaching()).toBe(false);
  await resize(DISK_BYTES).catch(() => {}); // The guest may end before QEMU has answered.
};

const isIn = (cluster: number, { sector, count }: { sector: number; count: number }): boolean => {
  const at = (cluster * CLUSTER) / SECTOR;
  return at >= sector && at < sector + count;
};

describe.each(MACHINES)('on %s', (machine) => {
  it('disks are cleared, fail, have other blocks, are read-only, cached and closed as they should', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const folder = temporaryFolder();
    const files = TASKS.map((_, index) => path.join(folder, `disk${index}`));
    for (const file of files) writeFileSync(file, new Uint8Array(DISK_BYTES).fill(0xaa));
    makeQcow2(files[1]!, DISK_BYTES);
    const full = blocksOf(files[0]!);
    const commandLine = `tasks=${TASKS.map(([task]) => task).join()}`;
    const qemu = await boot(IMAGE, { machine, commandLine, extra: disks(files) });
    await watchCache(qemu);
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });

    const lines = qemu.serial.text().replaceAll('\r', '').split('\n');
    expect(lines.filter((line) => /^\d /.test(line))).toEqual(TASKS.map(([task, said], i) => `${i} ${task}: ${said}`));

    expect(qemu.serial.text()).toMatch(/:08.0 virtio-blk: interrupts: MSI-X, 5 vectors/);

    const expected = contentAfter();
    expect(Buffer.compare(readFileSync(files[0]!), expected)).toBe(0);
    const freed = full - blocksOf(files[0]!);
    expect(freed).toBeLessThanOrEqual(DISCARDED.count + UNMAPPED.count);
    expect(freed).toBeGreaterThan(DISCARDED.count + UNMAPPED.count - 64); // Holes need entries in the file's own tables.

    const { content, isHeld } = readQcow2(files[1]!);
    expect(Buffer.compare(content, expected)).toBe(0);
    for (const [cluster, held] of isHeld.entries()) {
      if (isIn(cluster, ZEROED)) continue; // It may be held, or read as zero by a mark.
      expect([cluster, held]).toEqual([
        cluster,
        ![DISCARDED, UNMAPPED, WRITTEN_ZEROES].some((range) => isIn(cluster, range)),
      ]);
    }
  });
});

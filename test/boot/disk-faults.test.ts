// Disks on a real QEMU that are of odd sizes, or that the host lets fail in the middle: none, 2 TiB, blocks of each length, errors that come once, a host without room that stops the machine, every
// write looked at by QEMU itself, and the machine stopped and let go on by its monitor under load.

import { closeSync, openSync, readSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../native/random.ts';
import { boot, temporaryDisk, temporaryFolder } from './harness.ts';
import { patternOf, SECTORS } from './images/block-plan.ts';
import { makeQcow2 } from './qcow2.ts';

const SECTOR = 512;
const DISK_BYTES = SECTORS * SECTOR;
/** More sectors than 32 bits can count. */
const HUGE_BYTES = 2 ** 41 + 2 ** 20;
const BLOCK_SIZES = [512, 1024, 2048, 4096, 32_768] as const;
const EIO = 5;
const ENOSPC = 28;

/** With building the images. */
const TIMEOUT_MS = 300_000;
const LIMIT_MS = 60_000;

/** A disk: what it is behind, its properties, and what the image says of it. */
interface Faulty {
  readonly task: string;
  readonly said: string;
  readonly node: (name: string, file: string) => object;
  readonly properties?: string;
  readonly bytes?: number;
}

const raw = (name: string, filename: string): object => ({
  driver: 'raw',
  'node-name': name,
  file: { driver: 'file', filename },
});

const failing =
  (errors: readonly object[]) =>
  (name: string, filename: string): object => ({
    driver: 'raw',
    'node-name': name,
    file: { driver: 'blkdebug', image: { driver: 'file', filename }, 'inject-error': errors },
  });

const once = (iotype: string, errno: number, sector?: number): object => ({
  event: 'none',
  iotype,
  errno,
  sector,
  once: true,
});

const sizes = (bytes: number): string => `${bytes / SECTOR} sectors in blocks of`;

const DISKS: readonly Faulty[] = [
  { task: 'ends', said: `${sizes(HUGE_BYTES)} 512, 3 right, out-of-range,out-of-range`, node: raw, bytes: HUGE_BYTES },
  ...BLOCK_SIZES.map((size) => ({
    task: 'ends',
    said: `${sizes(DISK_BYTES)} ${size}, 3 right, out-of-range,out-of-range`,
    node: raw,
    properties: `,logical_block_size=${size},physical_block_size=${size}`,
  })),
  {
    task: 'torn',
    said: 'io-error,done,io-error,done, true',
    node: failing([once('write', EIO, 300), once('flush', EIO)]),
    properties: ',werror=report',
  },
  { task: 'stopped', said: 'done, true', node: failing([once('write', ENOSPC, 200)]) },
  {
    task: 'empty',
    said: '0 sectors, out-of-range,misaligned,out-of-range,done',
    node: raw,
    bytes: 0,
  },
];

const HUGE = 0;

/** Returns the number of bytes at `at` of a file, which may be longer than memory is. */
const bytesAt = (file: string, at: number, length: number): Uint8Array => {
  const handle = openSync(file, 'r');
  const bytes = new Uint8Array(length);
  readSync(handle, bytes, 0, length, at);
  closeSync(handle);
  return bytes;
};

const BUSES = [
  {
    name: 'virtio-blk',
    image: 'test/boot/images/block.ts',
    before: [],
    used: DISKS,
    device: (index: number): string => `virtio-blk-pci,disable-legacy=on,addr=${(2 + index).toString(16)}.0`,
  },
  {
    name: 'virtio-scsi',
    image: 'test/boot/images/scsi.ts',
    before: ['-device', 'virtio-scsi-pci,id=bus,disable-legacy=on'],
    used: DISKS.slice(0, -1), // QEMU says of a disk without sectors that it is not ready.
    device: (index: number): string => `scsi-hd,bus=bus.0,scsi-id=${index},lun=0`,
  },
];

describe.each(BUSES)('$name', ({ image, before, used, device }) => {
  it('has disks of any size, and goes on behind errors that come once', { timeout: TIMEOUT_MS }, async () => {
    const folder = temporaryFolder();
    const files = DISKS.map((_, index) => path.join(folder, `disk${index}`));
    const extra = DISKS.flatMap(({ node, properties = '', bytes = DISK_BYTES }, index) => {
      writeFileSync(files[index]!, '');
      truncateSync(files[index]!, bytes);
      const blockdev = JSON.stringify(node(`node${index}`, files[index]!));
      return ['-blockdev', blockdev, '-device', `${device(index)},drive=node${index}${properties}`];
    });
    const commandLine = `tasks=${used.map(({ task }) => task).join()}`;
    const qemu = await boot(image, { extra: [...before, ...extra], commandLine, limitMs: LIMIT_MS });
    // Without room, QEMU stops the machine: that is what it does where nobody says otherwise.
    await qemu.serial.waitFor(/^stopped: writes/m, LIMIT_MS);
    await expect.poll(() => qemu.qmp.events.some(({ event }) => event === 'STOP'), { timeout: LIMIT_MS }).toBe(true);
    await qemu.qmp.execute('cont');
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
    expect(
      qemu.qmp.events.filter(({ event, data }) => event === 'BLOCK_IO_ERROR' && data?.action === 'stop'),
    ).toHaveLength(1);
    const lines = qemu.serial.text().replaceAll('\r', '').split('\n');
    expect(lines.filter((line) => /^\d+ /.test(line))).toEqual(
      used.map(({ task, said }, index) => `${index} ${task}: ${said}`),
    );
    expect(Buffer.compare(bytesAt(files[HUGE]!, HUGE_BYTES - SECTOR, SECTOR), patternOf(SECTOR, 22))).toBe(0);
  });
});

describe('a disk', { timeout: TIMEOUT_MS }, () => {
  it('whose every write QEMU compares with another holds what it should', async () => {
    const folder = temporaryFolder();
    const [plain, tables] = [path.join(folder, 'plain'), path.join(folder, 'tables')];
    writeFileSync(plain, new Uint8Array(DISK_BYTES));
    makeQcow2(tables, DISK_BYTES);
    const verified = {
      driver: 'blkverify',
      'node-name': 'node0',
      test: { driver: 'qcow2', file: { driver: 'file', filename: tables } },
      raw: { driver: 'file', filename: plain },
    };
    const extra = [
      ...['-blockdev', JSON.stringify(verified)],
      ...['-device', 'virtio-blk-pci,disable-legacy=on,drive=node0,discard=off'],
    ];
    const qemu = await boot(BUSES[0]!.image, { extra, commandLine: 'tasks=ends', limitMs: LIMIT_MS });
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
    expect(qemu.complaints()).toBe('');
    expect(qemu.serial.text()).toContain(`0 ends: ${sizes(DISK_BYTES)} 512, 3 right, out-of-range,out-of-range`);
  });

  it('is used on while the machine is stopped and goes on, again and again', async () => {
    const disks = [{ file: await temporaryDisk(32 * 1024 * 1024) }];
    const qemu = await boot('test/boot/images/soak.ts', { disks, commandLine: 'seconds=5', limitMs: LIMIT_MS });
    await qemu.serial.waitFor(/^soak /m, LIMIT_MS);
    const random = new Random(1);
    let stops = 0;
    for (let isRunning = true; isRunning; ) {
      await new Promise((resolve) => setTimeout(resolve, random.below(100)));
      isRunning = await qemu.qmp.execute('stop').then(
        () => true,
        () => false, // QEMU has ended.
      );
      if (!isRunning) break;
      stops += 1;
      await new Promise((resolve) => setTimeout(resolve, random.below(50)));
      await qemu.qmp.execute('cont').catch(() => {});
    }
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
    expect(stops).toBeGreaterThan(5);
    expect(qemu.serial.text()).toMatch(/^soak: ok, \d+ requests, no wake-up lost$/m);
  });

  it.each([256, 3000, 4 * 1024 * 1024])('with blocks of %i bytes is refused by QEMU', async (size) => {
    const device = `virtio-blk-pci,drive=node0,logical_block_size=${size}`;
    const blockdev = JSON.stringify({ driver: 'null-co', 'node-name': 'node0', size: DISK_BYTES });
    const qemu = await boot(BUSES[0]!.image, { extra: ['-blockdev', blockdev, '-device', device] });
    expect((await qemu.exit).status).toBe(61);
    expect(qemu.complaints()).toMatch(/logical_block_size.*(doesn't take value|must be a power of 2)/);
  });
});

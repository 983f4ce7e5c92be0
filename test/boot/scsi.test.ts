// SCSI disks on a real QEMU: what is discarded and zeroed, by what the host's files hold; errors that QEMU injects; media that change, and disks that come and
// go while the guest runs.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { boot, bootToEnd, temporaryFolder } from './harness.ts';
import { contentAfter, DISCARDED, patternOf, SECTORS, UNMAPPED, WRITTEN_ZEROES, ZEROED } from './images/block-plan.ts';
import { onPlatform, PLATFORMS } from './platforms.ts';
import { CLUSTER, makeQcow2, readQcow2 } from './qcow2.ts';

const IMAGE = 'test/boot/images/scsi.ts';
const SECTOR = 512;
const DISK_BYTES = SECTORS * SECTOR;
const EIO = 5;
const ENOSPC = 28;
const ENODATA = 61;

/** With building the image. */
const TIMEOUT_MS = 300_000;
const LIMIT_MS = 60_000;

const [Q35, ...OTHERS] = PLATFORMS;

const node = (name: string, options: object): string[] => [
  '-blockdev',
  JSON.stringify({ 'node-name': name, ...options }),
];

/** Returns the arguments of a unit, with the node of its place behind it. */
const unit = (place: string, properties = '', type = 'scsi-hd'): string[] => {
  const [target, lun] = place.split(':');
  return [
    '-device',
    `${type},id=u${target}-${lun},bus=bus.0,scsi-id=${target},lun=${lun},drive=n${target}-${lun}${properties}`,
  ];
};

const raw = (place: string, file: string, options: object = {}): string[] =>
  node(`n${place.replace(':', '-')}`, {
    driver: 'raw',
    file: { driver: 'file', filename: file, ...options },
    ...options,
  });

const INJECTED = [
  { event: 'none', iotype: 'read', sector: 100, errno: EIO },
  { event: 'none', iotype: 'write', sector: 200, errno: ENOSPC },
  { event: 'none', iotype: 'discard', errno: EIO },
  { event: 'none', iotype: 'write-zeroes', errno: EIO },
  { event: 'none', iotype: 'flush', errno: EIO },
];

/** Errors, each of which is another sense. */
const SENSED = [
  { event: 'none', iotype: 'read', sector: 100, errno: ENODATA },
  { event: 'none', iotype: 'write', sector: 200, errno: ENOSPC },
  { event: 'none', iotype: 'read', sector: 300, errno: EIO },
];

const REPORT = ',werror=report,rerror=report';

const failing = (place: string, file: string, errors: object): string[] => {
  const debug = {
    driver: 'blkdebug',
    image: { driver: 'file', filename: file },
    'inject-error': errors,
    discard: 'unmap',
  };
  return [
    ...node(`n${place.replace(':', '-')}`, { driver: 'raw', file: debug, discard: 'unmap' }),
    ...unit(place, REPORT),
  ];
};

/** What each task of the image is to say, in the order of the bus. */
const TASKS = [
  ['0:0', 'content', 'true,true,true'],
  ['0:5', 'content', 'true,true,true'],
  ['1:0', 'errors', 'io-error,io-error,done,io-error,io-error,done,io-error,done'],
  [
    '1:1',
    'sense',
    'io-error: medium error: unrecovered read error (3/11/00); ' +
      'io-error: data protect: space allocation failed write protect (7/27/07); ' +
      'io-error: aborted command: I/O process terminated (b/00/06)',
  ],
  ['2:0', 'blocks', '4096 in 16384, 16384 to 65536, misaligned,misaligned,misaligned, true'],
  ['3:0', 'read-only', 'true, done,read-only,read-only,read-only,done'],
  ['5:300', 'cache', 'seen'],
  ['6:0', 'cd', 'cd, 400 sectors in blocks of 2048, read-only,misaligned, out,in, then 800 sectors with bb'],
  ['255:0', 'load', '0 wrong'],
] as const;

const CACHED = 'u5-300';

const units = (files: Readonly<Record<string, string>>): string[] => {
  const unmapping = { discard: 'unmap' };
  const qcow2 = { driver: 'qcow2', file: { driver: 'file', filename: files['0:5']!, ...unmapping }, ...unmapping };
  return [
    ...raw('0:0', files['0:0']!, unmapping),
    ...unit('0:0', ',serial=zero,wwn=0x5000c50015ea71ac'),
    ...node('n0-5', { ...qcow2, 'detect-zeroes': 'unmap' }),
    ...unit('0:5'),
    ...failing('1:0', files['1:0']!, INJECTED),
    ...failing('1:1', files['1:1']!, SENSED),
    ...raw('2:0', files['2:0']!),
    ...unit('2:0', ',logical_block_size=4096,physical_block_size=16384,min_io_size=16384,opt_io_size=65536'),
    ...raw('3:0', files['3:0']!, { 'read-only': true }),
    ...unit('3:0'),
    ...raw('5:300', files['5:300']!),
    ...unit('5:300', ',write-cache=off'),
    ...raw('6:0', files['6:0']!, { 'read-only': true }),
    ...unit('6:0', '', 'scsi-cd'),
    ...raw('255:0', files['255:0']!),
    ...unit('255:0'),
  ];
};

/** Looks at the write cache as QEMU has it, whenever the guest has changed it. The guest goes on when its disk is resized. */
const watchCache = async ({ qmp, serial }: Qemu): Promise<void> => {
  const isCaching = async (): Promise<boolean> => {
    const all = (await qmp.execute('query-block')) as { qdev?: string; inserted: { cache: { writeback: boolean } } }[];
    return all.find(({ qdev }) => qdev?.includes(CACHED))!.inserted.cache.writeback;
  };
  const resize = (size: number): Promise<unknown> => qmp.execute('block_resize', { 'node-name': 'n5-300', size });
  await serial.waitFor(/^cache at first: write-through/m, LIMIT_MS);
  await serial.waitFor(/^cache now: write-back/m, LIMIT_MS);
  expect(await isCaching()).toBe(true);
  await resize(2 * DISK_BYTES);
  await serial.waitFor(/^cache now: write-through/m, LIMIT_MS);
  expect(await isCaching()).toBe(false);
  await resize(DISK_BYTES);
};

/** Takes the medium out of the drive, and puts another one in. */
const changeMedium = async ({ qmp, serial }: Qemu, other: string): Promise<void> => {
  await serial.waitFor(/^cd: aa/m, LIMIT_MS);
  await qmp.execute('blockdev-open-tray', { id: 'u6-0' });
  await qmp.execute('blockdev-remove-medium', { id: 'u6-0' });
  await serial.waitFor(/^cd: no-medium/m, LIMIT_MS);
  const file = { driver: 'file', filename: other };
  await qmp.execute('blockdev-add', { 'node-name': 'other', driver: 'raw', 'read-only': true, file });
  await qmp.execute('blockdev-insert-medium', { id: 'u6-0', 'node-name': 'other' });
  await qmp.execute('blockdev-close-tray', { id: 'u6-0' });
};

/** Plugs a disk in while the guest waits for one, and takes it out while it is in use. */
const plugAndUnplug = async ({ qmp, serial }: Qemu, file: string): Promise<void> => {
  await serial.waitFor(/^plug: waits/m, LIMIT_MS);
  await qmp.execute('blockdev-add', {
    'node-name': 'plugged',
    driver: 'raw',
    file: { driver: 'file', filename: file },
  });
  const place = { bus: 'bus.0', 'scsi-id': 9, lun: 2 };
  await qmp.execute('device_add', { driver: 'scsi-hd', id: 'hot', drive: 'plugged', serial: 'late', ...place });
  await serial.waitFor(/^plugged 9:2 late/m, LIMIT_MS);
  await serial.waitFor(/^plug: true/m, LIMIT_MS);
  await qmp.execute('device_del', { id: 'hot' });
  await serial.waitFor(/^unplugged 9:2 late/m, LIMIT_MS);
};

const linesOf = (text: string): string[] => text.replaceAll('\r', '').split('\n');

const isIn = (cluster: number, { sector, count }: { sector: number; count: number }): boolean => {
  const at = (cluster * CLUSTER) / SECTOR;
  return at >= sector && at < sector + count;
};

const expectContent = (rawFile: string, full: number, qcow2File: string): void => {
  const expected = contentAfter();
  expect(Buffer.compare(readFileSync(rawFile), expected)).toBe(0);
  const freed = full - statSync(rawFile).blocks;
  expect(freed).toBeLessThanOrEqual(DISCARDED.count + UNMAPPED.count);
  expect(freed).toBeGreaterThan(DISCARDED.count + UNMAPPED.count - 64); // Holes need entries in the file's own tables.
  const { content, isHeld } = readQcow2(qcow2File);
  expect(Buffer.compare(content, expected)).toBe(0);
  for (const [cluster, held] of isHeld.entries()) {
    if (isIn(cluster, ZEROED)) continue; // It may be held, or read as zero by a mark.
    const isFreed = [DISCARDED, UNMAPPED, WRITTEN_ZEROES].some((range) => isIn(cluster, range));
    expect([cluster, held]).toEqual([cluster, !isFreed]);
  }
};

describe('a SCSI bus', () => {
  it('has disks that are cleared, fail, are read-only, cached, change their medium, come and go as they should', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const folder = temporaryFolder();
    const files = Object.fromEntries(TASKS.map(([place]) => [place, path.join(folder, place.replace(':', '-'))]));
    for (const file of Object.values(files)) writeFileSync(file, new Uint8Array(DISK_BYTES).fill(0xaa));
    writeFileSync(files['6:0']!, new Uint8Array(400 * SECTOR).fill(0xaa));
    makeQcow2(files['0:5']!, DISK_BYTES);
    const [other, plugged] = [path.join(folder, 'other'), path.join(folder, 'plugged')];
    writeFileSync(other, new Uint8Array(800 * SECTOR).fill(0xbb));
    writeFileSync(plugged, new Uint8Array(DISK_BYTES));
    const full = statSync(files['0:0']!).blocks;

    const { extra = [], ...start } = onPlatform(Q35!, [['scsi', 'id=bus']]);
    const commandLine = `tasks=${TASKS.map(([, task]) => task).join()},plug`;
    const qemu = await boot(IMAGE, { ...start, extra: [...extra, ...units(files)], commandLine, limitMs: LIMIT_MS });
    await watchCache(qemu);
    await changeMedium(qemu, other);
    await plugAndUnplug(qemu, plugged);
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });

    const lines = linesOf(qemu.serial.text());
    expect(lines.filter((line) => /^\d+ /.test(line))).toEqual([
      ...TASKS.map(([, task, said], index) => `${index} ${task}: ${said}`),
      `${TASKS.length} plug: removed, removed, false`,
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^0:0 disk QEMU QEMU HARDDISK zero .*naa.5000c50015ea71ac/));
    expect(lines).toContainEqual(expect.stringMatching(/^6:0 cd QEMU QEMU CD-ROM/));
    expect(lines).toContainEqual(expect.stringMatching(Q35!.interrupts));
    expect(lines).toContain('memory: all back');
    expectContent(files['0:0']!, full, files['0:5']!);
    expect(Buffer.compare(readFileSync(plugged).subarray(0, 64 * SECTOR), patternOf(64 * SECTOR, 9))).toBe(0);
  });

  it('whose disk is too slow asks for its command back, and goes on', { timeout: TIMEOUT_MS }, async () => {
    const slow = node('n0-0', {
      driver: 'null-co',
      size: DISK_BYTES,
      'read-zeroes': true,
      'latency-ns': 1_500_000_000,
    });
    const quick = node('n1-0', { driver: 'null-co', size: DISK_BYTES, 'read-zeroes': true });
    const { extra = [], ...start } = onPlatform(Q35!, [['scsi', 'id=bus']]);
    const uncached = ',write-cache=off';
    const all = [...extra, ...slow, ...unit('0:0', uncached), ...quick, ...unit('1:0', uncached)];
    const { exit, text } = await bootToEnd(IMAGE, { ...start, extra: all, commandLine: 'tasks=late deadline=400' });
    expect(exit).toEqual({ status: 0, reason: 'success' });
    const lines = linesOf(text);
    expect(lines).toContain('0 late: timeout,done, then done');
    expect(lines).toContain('memory: all back');
  });

  it.each(OTHERS)('has disks on $name', { timeout: TIMEOUT_MS }, async (platform) => {
    const file = path.join(temporaryFolder(), 'disk');
    writeFileSync(file, new Uint8Array(DISK_BYTES).fill(0xaa));
    const { extra = [], ...start } = onPlatform(platform, [['scsi', 'id=bus']]);
    const all = [...extra, ...raw('4:1', file, { discard: 'unmap' }), ...unit('4:1')];
    const { exit, text } = await bootToEnd(IMAGE, { ...start, extra: all, commandLine: 'tasks=content' });
    const lines = linesOf(text);
    expect(exit).toEqual({ status: 0, reason: 'success' });
    expect(lines).toContain('0 content: true,true,true');
    expect(lines).toContainEqual(expect.stringMatching(platform.interrupts));
    expect(lines).toContain('memory: all back');
    expect(Buffer.compare(readFileSync(file), contentAfter())).toBe(0);
  });
});

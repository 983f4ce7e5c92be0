// The probe on every machine that it must work on.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DISK_TEXT } from '../../scripts/disk.ts';
import type { Disk } from '../../scripts/qemu/command-line.ts';
import { boot, bootToEnd, MACHINES, temporaryDisk } from './harness.ts';

const PROBE = 'apps/probe/main.ts';

const hashOfFile = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const makeDisks = async (count: number): Promise<Disk[]> => {
  const disks: Disk[] = [];
  for (let index = 0; index < count; index++) disks.push({ file: await temporaryDisk(), serial: `TEST-DISK-${index}` });
  return disks;
};

const expectOk = ({ exit, text }: Awaited<ReturnType<typeof bootToEnd>>): void => {
  expect(text).toMatch(/^probe: ok$/m);
  expect(exit).toEqual({ status: 0, reason: 'success' });
};

describe.each(MACHINES)('the probe on %s', (machine) => {
  it.each([0, 1, 4])('finds %i disks', async (count) => {
    const result = await bootToEnd(PROBE, { machine, disks: await makeDisks(count) });
    expectOk(result);
    for (let index = 0; index < count; index++) expect(result.text).toContain(`TEST-DISK-${index}`);
    expect(result.text).not.toContain(`TEST-DISK-${count}`);
  });

  it.each(['4M', '8M', '16M'])('works in %s of RAM', async (memory) =>
    expectOk(await bootToEnd(PROBE, { machine, memory, disks: await makeDisks(1) })),
  );

  it('works in 4 GiB of RAM', async () =>
    expectOk(await bootToEnd(PROBE, { machine, memory: '4G', disks: await makeDisks(1) })));

  it('reads what is on the disk', async () => {
    const result = await bootToEnd(PROBE, { machine, disks: await makeDisks(1) });
    expectOk(result);
    expect(result.text).toContain(DISK_TEXT.trim());
  });

  it('finds a disk behind a root port', async () => {
    const devices = ['pcie-root-port,id=rp1,chassis=1,addr=8.0'];
    const result = await bootToEnd(PROBE, {
      machine,
      devices,
      disks: [{ file: await temporaryDisk(), bus: 'rp1', serial: 'BEHIND' }],
    });
    expectOk(result);
    expect(result.text).toContain('BEHIND');
  });

  it('leaves a read-only disk alone, and says so', async () => {
    const file = await temporaryDisk();
    const before = hashOfFile(file);
    const result = await bootToEnd(PROBE, { machine, disks: [{ file, readOnly: true }] });
    expectOk(result);
    expect(result.text).toMatch(/read-only/);
    expect(hashOfFile(file)).toBe(before);
  });

  it('writes to the image file, flushes, and restores what was there', async () => {
    const file = await temporaryDisk();
    const before = hashOfFile(file);
    const qemu = await boot(PROBE, { machine, disks: [{ file }], exitDevice: false });
    await qemu.serial.waitFor(/^halted: status 0/m, 20_000);
    expect(qemu.serial.text()).toMatch(/^probe: ok$/m);
    const [drive] = (await qemu.qmp.execute('query-blockstats')) as { stats: Record<string, number> }[];
    expect(drive?.stats.wr_bytes).toBeGreaterThanOrEqual(2 * 512); // The pattern, and what it replaced.
    expect(drive?.stats.flush_operations).toBeGreaterThanOrEqual(1);
    await qemu.stop();
    expect(hashOfFile(file)).toBe(before);
  });

  it('says at which step a disk failed whose blocks are too long, and goes on to the next', async () => {
    const properties = 'disable-legacy=on,logical_block_size=262144,physical_block_size=262144';
    const step = /step 7 \(set up queues\): blk_size reads 262144, /;
    const disks: Disk[] = [
      { file: await temporaryDisk(), properties },
      { file: await temporaryDisk(), serial: 'THE-GOOD-ONE' },
    ];
    const { exit, text } = await bootToEnd(PROBE, { machine, disks });
    expect(text.split('\n').filter((line) => line.includes('0000:00:02.0') && step.test(line))).toHaveLength(1);
    expect(text).toContain('THE-GOOD-ONE');
    expect(text).toMatch(/^probe: failed$/m);
    expect(exit.status).toBe(1);
  });

  it('works with a disk of 4 KiB blocks', async () => {
    const properties = 'disable-legacy=on,logical_block_size=4096,physical_block_size=4096';
    const result = await bootToEnd(PROBE, { machine, disks: [{ file: await temporaryDisk(), properties }] });
    expectOk(result);
    expect(result.text).toMatch(/4096/);
  });
});

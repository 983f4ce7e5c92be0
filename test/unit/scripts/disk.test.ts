import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DISK_SIZE_BYTES, DISK_TEXT, ensureDefaultDisk, makeDisk } from '../../../scripts/disk.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hedyn-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('disk image', () => {
  it('has a master boot record with one Linux partition from 1 MiB to its end', async () => {
    const file = path.join(folder, 'small.img');
    await makeDisk(file, 2 * 1024 * 1024);
    const bytes = readFileSync(file);
    expect(bytes).toHaveLength(2 * 1024 * 1024);
    expect(bytes.readUInt16BE(510)).toBe(0x55aa);
    expect(bytes[446 + 4]).toBe(0x83);
    expect(bytes.readUInt32LE(446 + 8)).toBe(2048);
    expect(bytes.readUInt32LE(446 + 12)).toBe(4096 - 2048);
    expect(bytes.subarray(446 + 16, 510).every((byte) => byte === 0)).toBe(true);
    expect(bytes.toString('latin1', 2048 * 512, 2048 * 512 + DISK_TEXT.length)).toBe('Hello from the disk image\n');
  });

  it('takes no room on the host for what is zero', async () => {
    const file = await ensureDefaultDisk(folder);
    expect(statSync(file).size).toBe(DISK_SIZE_BYTES);
    expect(statSync(file).blocks * 512).toBeLessThan(1024 * 1024);
  });

  it('stays as it is while it is whole, with what a guest wrote elsewhere', async () => {
    const file = await ensureDefaultDisk(folder);
    const bytes = readFileSync(file);
    bytes.write('mine', DISK_SIZE_BYTES - 512);
    writeFileSync(file, bytes);
    await ensureDefaultDisk(folder);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('is made anew when it is cut short or its table is gone', async () => {
    const file = await ensureDefaultDisk(folder);
    truncateSync(file, 512);
    await ensureDefaultDisk(folder);
    expect(statSync(file).size).toBe(DISK_SIZE_BYTES);

    const bytes = readFileSync(file);
    bytes.fill(0, 0, 512);
    writeFileSync(file, bytes);
    await ensureDefaultDisk(folder);
    expect(readFileSync(file).readUInt16BE(510)).toBe(0x55aa);
  });

  it('of an impossible size is refused', async () => {
    await expect(makeDisk(path.join(folder, 'x.img'), 1000)).rejects.toThrow(RangeError);
    await expect(makeDisk(path.join(folder, 'x.img'), 512)).rejects.toThrow(RangeError);
  });
});

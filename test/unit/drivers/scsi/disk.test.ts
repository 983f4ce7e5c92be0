// Disks on a simulated SCSI bus: what they say of themselves, and all that a block device can do.

import { afterEach, describe, expect, it } from 'vitest';
import type { DmaPiece } from '../../../../kernel/device/block.ts';
import { bytesOf } from '../../../../kernel/device/block-bytes.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../../../kernel/hal/dma.ts';
import { dmaAllocate, dmaFree, dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { sameBytes } from '../../../sim/setup.ts';
import { descriptorSense, fixedSense } from '../../../sim/virtio/scsi-unit.ts';
import { forgetBuses, kindOf, openBus, pattern, run, SimUnit } from './harness.ts';

afterEach(forgetBuses);

/** A bus with one disk of these facts. */
const openUnit = async (...facts: ConstructorParameters<typeof SimUnit>) => {
  const unit = new SimUnit(...facts);
  return { ...(await openBus({ units: { '0:0': unit } })), unit };
};

const codesOf = (commands: readonly { readonly cdb: Uint8Array }[]): number[] => commands.map(({ cdb }) => cdb[0]!);

describe('a bus', () => {
  it('has the disks of all targets, in order', async () => {
    const units = {
      '3:0': new SimUnit({ blocks: 16, serialNumber: ' three ' }),
      '0:0': new SimUnit({ blocks: 8, blockSize: 4096, physicalExponent: 2, isWriteProtected: true }),
      '0:300': new SimUnit({ blocks: 32 }),
      '7:2': new SimUnit({ type: 5, blocks: 10 }),
      '2:1': new SimUnit({ type: 1 }),
    };
    const { bus, machine } = await openBus({ units });
    expect(bus.disks.map(({ target, lun, kind, capacitySectors }) => [target, lun, kind, capacitySectors])).toEqual([
      [0, 0, 'disk', 64],
      [0, 300, 'disk', 32],
      [3, 0, 'disk', 16],
      [7, 2, 'cd', 40],
    ]);
    expect(bus.disks[0]).toMatchObject({
      name: '0000:00:02.0 virtio-scsi 0:0',
      vendor: 'QEMU',
      product: 'QEMU HARDDISK',
      revision: '2.5+',
      ids: ['vendor.abc', 'naa.5000c50015ea71ac'],
      isReadOnly: true,
      isRemovable: false,
      hasMedium: true,
      blockSizeBytes: 4096,
      topology: { physicalBlockBytes: 16_384, alignmentBytes: 0, ioBytesMin: 8 * 4096, ioBytesOptimal: 64 * 4096 },
      writeCache: 'write-back',
    });
    expect(bus.disks[2]!.serialNumber).toBe('three');
    expect(bus.disks[3]).toMatchObject({ isReadOnly: true, blockSizeBytes: 2048, isRemovable: true });
    expect(machine.violations).toEqual([]);
  });

  it.each([
    ['over the pin', {}],
    ['with MSI-X', { vectors: 4 }],
    ['over virtio-mmio', { transport: 'mmio' }],
    ['polled', { isPolled: true }],
    ['polled over virtio-mmio', { transport: 'mmio', isPolled: true }],
    ['without indirect descriptors', { features: [32] }],
    ['with a packed ring', { features: [1, 2, 28, 29, 32, 34] }],
    ['with a packed ring in order', { features: [1, 2, 28, 32, 34, 35] }],
    ['by the rules before VIRTIO 1.0', { transport: 'pci-legacy', deviceId: 0x1004, features: [1, 2, 28] }],
  ] as const)('moves bytes %s', async (_, options) => {
    const { disk, machine } = await openBus({ ...options, units: { '0:0': new SimUnit({ blocks: 2048 }) } });
    const bytes = pattern(512 * 600);
    await run(disk.write(8, bytes));
    expect(sameBytes(await run(disk.read(8, 600)), bytes)).toBe(true);
    expect(machine.violations).toEqual([]);
  });
});

describe('a disk', () => {
  it('reads and writes by 16-byte commands, a CD by the shorter one', async () => {
    const units = { '0:0': new SimUnit(), '1:0': new SimUnit({ type: 5, blocks: 10 }) };
    const { bus, sim } = await openBus({ units });
    units['1:0'].medium!.set(pattern(2048, 9), 3 * 2048);
    await run(bus.disks[0]!.write(2, pattern(1024)));
    expect(await run(bus.disks[0]!.read(2, 2))).toEqual(pattern(1024));
    expect(await run(bus.disks[1]!.read(12, 4))).toEqual(pattern(2048, 9));
    expect(codesOf(sim.commands)).toEqual([0x8a, 0x88, 0x28]);
    expect([...sim.commands[2]!.cdb.subarray(2, 9)]).toEqual([0, 0, 0, 3, 0, 0, 1]);
  });

  it('has many commands with the device at a time, with one notification', async () => {
    const { disk, device, sim } = await openUnit({ blocks: 1024 });
    const all = Array.from({ length: 40 }, (_, i) => disk.write(i * 16, pattern(4096, i)));
    await run(Promise.all(all));
    expect([sim.commands.length, device.notifications]).toEqual([40, 1]);
    for (let i = 0; i < 40; i++) expect(sameBytes(await run(disk.read(i * 16, 8)), pattern(4096, i))).toBe(true);
  });

  it('keeps waiting, in order, what finds no room in the queue or in memory', async () => {
    const { disk, sim, machine, unit } = await openUnit({ blocks: 4096 });
    const data = pattern(65_536);
    const all = Array.from({ length: 200 }, (_, i) => (i < 32 ? disk.write(i * 128, data) : disk.read(i, 1)));
    await run(Promise.all(all));
    const blocks = sim.commands.map(({ cdb }) => new DataView(cdb.buffer).getUint32(6));
    expect(blocks).toEqual(Array.from({ length: 200 }, (_, i) => (i < 32 ? i * 128 : i)));
    expect(Buffer.compare(unit.medium!.subarray(31 * 65_536), data)).toBe(0);
    expect(machine.violations).toEqual([]);
  });

  it('cuts what is longer than the host, the unit or the memory for copies takes', async () => {
    const { disk, sim } = await openUnit({ blocks: 1024, transferMax: 100 });
    const bytes = pattern(250 * 512);
    await run(disk.write(1, bytes));
    expect(sim.commands.map(({ out }) => out[0])).toEqual([100 * 512, 100 * 512, 50 * 512]);
    expect(sameBytes(await run(disk.read(1, 250)), bytes)).toBe(true);
    sim.commands.length = 0;
    await run(disk.read(0, 1024));
    expect(sim.commands.length).toBe(11);
  });

  it('believes the host no limit of which nothing would be left', async () => {
    const config = { 4: 0, 8: 0, 12: 0, 16: 0, 30: 0, 32: 0 };
    const { disk, sim, machine } = await openBus({ config });
    await run(disk.write(0, pattern(1024)));
    expect(sim.commands.map(({ out }) => out)).toEqual([[512], [512]]);
    expect(machine.violations).toEqual([]);
  });

  it("uses the caller's own memory without a copy, in as few commands as there can be", async () => {
    const { disk, sim, pool, unit } = await openUnit({ blocks: 4096 });
    const lengths = Array.from({ length: 20 }, (_, i) => 512 * (1 + (i % 3)));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const pieces: DmaPiece[] = lengths.map((length) => ({ offset: dmaAllocate(pool, length, 512), length }));
    let at = 0;
    for (const { offset, length } of pieces) {
      dmaWriteBytes(offset, pattern(total).subarray(at, at + length));
      at += length;
    }
    await run(disk.writevDma(100, pieces));
    expect(sim.commands.map(({ out }) => out)).toEqual([lengths.slice(0, 16), lengths.slice(16)]);
    expect(unit.medium!.subarray(100 * 512, 100 * 512 + total)).toEqual(pattern(total));
    await run(disk.readDma(102, pieces[2]!.offset, 1536));
    const found = new Uint8Array(1536);
    dmaReadBytes(pieces[2]!.offset, found);
    expect(found).toEqual(pattern(total).subarray(1024, 2560));
    for (const { offset, length } of pieces) dmaFree(pool, offset, length);
  });

  it('has bytes at any place, as every block device', async () => {
    const { disk } = await openUnit({ blockSize: 4096 });
    const { readBytes, writeBytes } = bytesOf(disk);
    await run(Promise.all([writeBytes(4095, pattern(5000)), writeBytes(9095, pattern(3, 7))]));
    expect(await run(readBytes(4095, 5003))).toEqual(Uint8Array.from([...pattern(5000), ...pattern(3, 7)]));
    const parts = [new Uint8Array(1), new Uint8Array(4095)];
    await run(disk.readv(8, parts));
    expect(parts[0]![0]).toBe(pattern(5000)[1]);
  });

  it('frees blocks by UNMAP, cut at the limits of the unit and where it likes it', async () => {
    const { disk, unit, sim } = await openUnit({ blocks: 1024, unmapMax: 100, unmapGranularity: 32 });
    await run(disk.discard(8, 300));
    expect(unit.unmapped).toEqual([
      { block: 8, count: 88 },
      { block: 96, count: 96 },
      { block: 192, count: 96 },
      { block: 288, count: 20 },
    ]);
    expect(new Set(codesOf(sim.commands))).toEqual(new Set([0x42]));
    expect([unit.medium![7 * 512], unit.medium![8 * 512], unit.medium![308 * 512 - 1]]).toEqual([0, 0xdd, 0xdd]);
  });

  it('frees them by WRITE SAME where it knows no UNMAP', async () => {
    const { disk, unit, sim } = await openUnit({ canUnmap: false });
    await run(disk.discard(8, 16));
    expect([unit.unmapped, codesOf(sim.commands)]).toEqual([[{ block: 8, count: 16 }], [0x93]]);
  });

  it('says where it can do neither', async () => {
    const { disk } = await openUnit({ canUnmap: false, canUnmapBySame: false });
    expect(await kindOf(disk.discard(0, 8))).toBe('unsupported');
    expect(await kindOf(disk.discard(0, 80))).toBe('out-of-range');
  });

  it('writes zeroes by WRITE SAME, and frees them only where that is asked for', async () => {
    const { disk, unit, sim } = await openUnit({ sameMax: 10, blockSize: 1024 });
    unit.medium!.fill(7);
    await run(disk.writeZeroes(4, 40));
    expect(sim.commands.map(({ cdb, out }) => [cdb[1], cdb[13], ...out])).toEqual([
      [0, 10, 1024],
      [0, 10, 1024],
    ]);
    await run(disk.writeZeroes(60, 4, { mayUnmap: true }));
    expect(unit.unmapped).toEqual([{ block: 30, count: 2 }]);
    const { medium } = unit;
    const at = (block: number): number => medium![block * 1024]!;
    expect([at(1), at(2), at(21), at(22), at(29), at(30), at(31), at(32)]).toEqual([7, 0, 0, 7, 7, 0, 0, 7]);
  });

  it('without WRITE SAME is asked for zeroes once', async () => {
    const { disk, sim } = await openUnit({ unknown: [0x93] });
    for (let i = 0; i < 3; i++) expect(await kindOf(disk.writeZeroes(0, 8))).toBe('unsupported');
    expect(sim.commands.length).toBe(1);
    expect(await kindOf(disk.secureErase(0, 8))).toBe('unsupported');
    expect(await kindOf(disk.lifetime())).toBe('unsupported');
  });

  it('is flushed by SYNCHRONIZE CACHE', async () => {
    const { disk, sim, unit } = await openUnit();
    await run(disk.flush());
    expect([unit.flushes, codesOf(sim.commands)]).toEqual([1, [0x91]]);
  });

  it('is flushed by the shorter one where it knows no other, and not where it caches nothing', async () => {
    const { disk, sim, unit } = await openUnit({ unknown: [0x91] });
    await run(disk.flush());
    await run(disk.flush());
    expect([unit.flushes, codesOf(sim.commands)]).toEqual([2, [0x91, 0x35, 0x35]]);
    await run(disk.setWriteCache('write-through'));
    expect([disk.writeCache, unit.isCaching, unit.flushes]).toEqual(['write-through', false, 3]);
    await run(disk.flush());
    expect(unit.flushes).toBe(3);
    await run(disk.setWriteCache('write-back'));
    expect([disk.writeCache, unit.isCaching]).toEqual(['write-back', true]);
  });

  it('that says nothing of its cache is flushed, and its cache cannot be chosen', async () => {
    const { disk, unit } = await openUnit({ hasCachingPage: false });
    await run(disk.flush());
    expect([unit.flushes, disk.writeCache]).toEqual([1, 'write-back']);
    expect(await kindOf(disk.setWriteCache('write-through'))).toBe('unsupported');
  });

  it('that knows only the shorter command for its capacity has one', async () => {
    const { disk } = await openUnit({ unknown: [0x9e], blocks: 40 });
    expect(disk.capacitySectors).toBe(40);
  });

  it('refuses what cannot be before anything reaches the device', async () => {
    const { disk, sim, pool } = await openUnit({ blockSize: 1024, isWriteProtected: true });
    const memory: number = dmaAllocate(pool, 1024, 512);
    const kinds: string[] = [];
    for (const refused of [
      () => disk.read(0.5, 2),
      () => disk.read(-2, 2),
      () => disk.read(Number.NaN, 2),
      () => disk.read(0, 0),
      () => disk.read(1, 2),
      () => disk.read(0, 3),
      () => disk.read(126, 4),
      () => disk.write(0, new Uint8Array(1024)),
      () => disk.discard(0, 2),
      () => disk.writeZeroes(0, 2),
      () => disk.readDma(0, 2 ** 40, 1024),
      () => disk.readDma(0, memory, 1000),
      () =>
        disk.readvDma(
          0,
          Array.from({ length: 1025 }, () => ({ offset: memory, length: 1024 })),
        ),
      () => disk.read(0, 2, { signal: AbortSignal.abort('no more') }),
    ]) {
      kinds.push(await kindOf(refused()));
    }
    expect(kinds).toEqual([
      ...['invalid-argument', 'invalid-argument', 'invalid-argument', 'misaligned', 'misaligned', 'misaligned'],
      ...['out-of-range', 'read-only', 'read-only', 'read-only', 'invalid-argument', 'misaligned', 'invalid-argument'],
      'no more',
    ]);
    expect(sim.commands).toEqual([]);
    dmaFree(pool, memory, 1024);
  });

  it('that is closed is done and flushed, and takes nothing more; a scan finds it again', async () => {
    const { bus, disk, unit } = await openUnit();
    const writing = disk.write(0, pattern(512));
    await run(disk.close());
    await run(writing);
    expect([unit.flushes, bus.disks]).toEqual([1, []]);
    expect(await kindOf(disk.read(0, 1))).toBe('closed');
    expect(await kindOf(disk.flush())).toBe('closed');
    expect(await kindOf(disk.checkMedium())).toBe('closed');
    expect(await kindOf(disk.setWriteCache('write-through'))).toBe('closed');
    await run(disk.close());
    await run(bus.scan());
    expect(await run(bus.disks[0]!.read(0, 1))).toEqual(pattern(512));
  });

  it('gives all memory back with its bus', async () => {
    const { bus, disk, unit, free, pool } = await openUnit();
    void disk.write(0, pattern(512));
    await run(bus.close());
    expect([unit.flushes, dmaFreeBytes(pool) - free]).toEqual([1, 0]);
    expect(await kindOf(disk.read(0, 1))).toBe('closed');
    expect(await kindOf(bus.scan())).toBe('closed');
  });
});

describe('an error', () => {
  it.each([
    [fixedSense(3, 0x11, 0), 'io-error', 'medium error: unrecovered read error (3/11/00)'],
    [descriptorSense(3, 0x11, 0), 'io-error', 'medium error: unrecovered read error (3/11/00)'],
    [fixedSense(4, 0x44, 0), 'io-error', 'hardware error: internal target failure (4/44/00)'],
    [fixedSense(5, 0x20, 0), 'unsupported', 'illegal request: invalid command operation code (5/20/00)'],
    [fixedSense(5, 0x21, 0), 'out-of-range', 'illegal request: logical block address out of range (5/21/00)'],
    [fixedSense(5, 0x25, 0), 'removed', 'illegal request: logical unit not supported (5/25/00)'],
    [fixedSense(7, 0x27, 0), 'read-only', 'data protect: write protected (7/27/00)'],
    [fixedSense(7, 0x27, 7), 'io-error', 'data protect: space allocation failed write protect (7/27/07)'],
    [fixedSense(2, 0x3a, 1), 'no-medium', 'not ready: medium not present, tray closed (2/3a/01)'],
    [fixedSense(2, 0x04, 2), 'io-error', 'not ready: initializing command required (2/04/02)'],
    [fixedSense(9, 0x99, 0xff), 'io-error', 'vendor specific: for a reason without a name (9/99/ff)'],
    [fixedSense(3, 0x11, 0).subarray(0, 8), 'io-error', 'medium error: no additional sense information (3/00/00)'],
    [new Uint8Array(0), 'io-error', 'the unit refused it without sense data'],
    [Uint8Array.of(0x70, 0), 'io-error', 'the unit refused it without sense data'],
    [Uint8Array.of(0x55, 3, 3, 3, 3), 'io-error', 'the unit refused it without sense data'],
  ])('has the sense of the unit: case %#', async (sense, kind, text) => {
    const { disk, sim } = await openUnit();
    sim.answer = () => ({ status: 2, sense });
    const promise = disk.read(0, 8);
    await expect(run(promise)).rejects.toMatchObject({ kind, message: text });
    sim.answer = () => ({});
    expect(await run(disk.read(0, 1))).toHaveLength(512);
  });

  it.each([
    [{ response: 1 }, 'io-error'],
    [{ response: 2 }, 'io-error'],
    [{ response: 3 }, 'removed'],
    [{ response: 4 }, 'device-reset'],
    [{ response: 6 }, 'io-error'],
    [{ response: 7 }, 'io-error'],
    [{ response: 8 }, 'io-error'],
    [{ response: 9 }, 'io-error'],
    [{ status: 0x18 }, 'io-error'],
    [{ status: 0x40 }, 'io-error'],
    [{ status: 0x77 }, 'io-error'],
    [{ residual: 512 }, 'io-error'],
  ])('is a response, a status or a residual: %o', async (answer, kind) => {
    const { disk, sim } = await openUnit();
    sim.answer = () => answer;
    expect(await kindOf(disk.read(0, 8))).toBe(kind);
    sim.answer = () => ({});
    expect(await run(disk.read(0, 1))).toHaveLength(512);
  });

  it.each([1, 2])('is none where the command was done %i times more before it was counted', async (times) => {
    const { disk, sim } = await openUnit();
    sim.answer = () => ({ residual: 2 ** 32 - times * 4096 });
    expect(await kindOf(disk.write(0, new Uint8Array(4096)))).toBe('fulfilled');
  });

  it('of one command ends all of what it was part of, and sends no more of it', async () => {
    const { disk, sim } = await openUnit({ blocks: 65_536 });
    sim.answer = ({ cdb }) => (cdb[8] === 1 ? { status: 2, sense: fixedSense(3, 0x11, 0) } : {});
    expect(await kindOf(disk.read(0, 65_536))).toBe('io-error');
    expect(sim.commands.length).toBeLessThan(100);
    expect(await run(disk.read(0, 1))).toHaveLength(512);
  });

  it('that is recovered is none', async () => {
    const { disk, sim, unit } = await openUnit();
    unit.medium!.set(pattern(512));
    sim.answer = () => ({ sense: fixedSense(1, 0x17, 0) });
    expect(await run(disk.read(0, 1))).toEqual(pattern(512));
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TRANSFER_LENGTH_MAX } from '../../../../drivers/blk/bring-up.ts';
import { OPERATION_COUNT } from '../../../../drivers/blk/operations.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { dmaAllocate, dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { sameBytes } from '../../../sim/setup.ts';
import { forgetDisks, kindOf, openDisk, pattern, run, runTurns } from './awaited-harness.ts';

const READ = 0;
const WRITE = 1;
const FLUSH = 4;
const SECTOR = 512;
const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const SECTORS_A_REQUEST = TRANSFER_LENGTH_MAX / SECTOR;

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'debug');
});

afterEach(() => {
  stopLog();
  forgetDisks();
});

describe('a disk that is awaited', () => {
  it('says what it is', async () => {
    const { block, machine } = await openDisk({ sectors: 64, serialNumber: 'hedyn-1' });
    expect(block).toMatchObject({
      name: '0000:00:02.0 virtio-blk',
      capacitySectors: 64,
      blockSizeBytes: 512,
      serialNumber: 'hedyn-1',
      isReadOnly: false,
      featureNames: ['BLK_SIZE', 'FLUSH', 'VERSION_1'],
    });
    expect(machine.violations).toEqual([]);
  });

  it('moves bytes to and from the sectors asked for', async () => {
    const { block, disk, machine } = await openDisk();
    const bytes = pattern(1536);
    await run(block.write(5, bytes));
    expect(sameBytes(disk.disk.subarray(5 * 512, 8 * 512), bytes)).toBe(true);
    expect([disk.disk[5 * 512 - 1], disk.disk[8 * 512]]).toEqual([0, 0]);
    expect(sameBytes(await run(block.read(5, 3)), bytes)).toBe(true);
    const target = new Uint8Array(1024);
    await run(block.readInto(6, target));
    expect(sameBytes(target, bytes.subarray(512))).toBe(true);
    await run(block.flush());
    expect([disk.flushes, machine.violations]).toEqual([1, []]);
  });

  it("moves bytes to and from the caller's own DMA memory", async () => {
    const { block, disk, machine, pool } = await openDisk();
    const memory = dmaAllocate(pool, 4096, 512);
    machine.dma.set(pattern(4096), memory);
    await run(block.writeDma(8, memory, 4096));
    machine.dma.fill(0, memory, memory + 4096);
    await run(block.readDma(8, memory, 4096));
    expect(sameBytes(machine.dma.subarray(memory, memory + 4096), pattern(4096))).toBe(true);
    expect(sameBytes(disk.disk.subarray(8 * 512, 16 * 512), pattern(4096))).toBe(true);
  });

  it('refuses what is wrong before the device sees it', async () => {
    const { block, disk } = await openDisk({ sectors: 64, blockSize: 1024 });
    expect(await kindOf(block.read(62, 4))).toBe('out-of-range');
    expect(await kindOf(block.write(64, new Uint8Array(1024)))).toBe('out-of-range');
    expect(await kindOf(block.readInto(2 ** 52, new Uint8Array(1024)))).toBe('out-of-range');
    expect(await kindOf(block.read(0, 1))).toBe('misaligned');
    expect(await kindOf(block.read(1, 2))).toBe('misaligned');
    expect(await kindOf(block.readDma(0, 0, 0))).toBe('misaligned');
    expect(disk.requests).toEqual([]);
    const readOnly = await openDisk({ features: [5, 9, 32] });
    expect(await kindOf(readOnly.block.write(0, new Uint8Array(512)))).toBe('read-only');
    expect(await kindOf(readOnly.block.writeDma(0, 0, 512))).toBe('read-only');
    expect(readOnly.disk.requests).toEqual([]);
  });

  it('does not flush where there is nothing to flush', async () => {
    const { block, disk } = await openDisk({ features: [32] });
    await run(block.flush());
    expect(disk.flushes).toBe(0);
  });

  it.each([
    [1, 'io-error'],
    [2, 'unsupported'],
    [7, 'io-error'],
  ])('says what the device said: status %i is %s, and the disk goes on', async (status, kind) => {
    const { block, disk } = await openDisk();
    disk.answer = ({ type }) => (type === FLUSH ? {} : { status });
    expect(await kindOf(block.read(0, 1))).toBe(kind);
    expect(await kindOf(block.flush())).toBe('fulfilled');
  });
});

describe('requests under way', () => {
  it('go out together, with one notification, in the order of the calls', async () => {
    const { block, disk, device, machine } = await openDisk();
    const reads = [9, 3, 7, 1, 5].map((sector) => block.read(sector, 1));
    expect(disk.requests).toEqual([]);
    await run(Promise.all(reads));
    expect(disk.requests.map(({ sector }) => sector)).toEqual([9, 3, 7, 1, 5]);
    expect([device.notifications, machine.violations]).toEqual([1, []]);
  });

  it('are told apart in whatever order the device does them', async () => {
    const { block, disk, machine } = await openDisk();
    disk.disk.set(pattern(disk.disk.length));
    disk.backwards = true;
    const order: number[] = [];
    const reads = [0, 1, 2, 3].map(async (sector) => {
      const bytes = await block.read(sector, 1);
      order.push(sector);
      return sameBytes(bytes, disk.disk.subarray(sector * SECTOR, (sector + 1) * SECTOR));
    });
    expect(await run(Promise.all(reads))).toEqual([true, true, true, true]);
    expect([order, machine.violations]).toEqual([[3, 2, 1, 0], []]);
  });

  it("keep their order on the caller's own memory and on bytes, with a signal and without", async () => {
    const { block, disk, pool, machine } = await openDisk({ queueSizes: [4] });
    const memory = dmaAllocate(pool, 4096, 512);
    const { signal } = new AbortController();
    const reads = Array.from({ length: 24 }, (_, i) => {
      if (i % 4 === 0) return block.read(i, 1);
      return block.readDma(i, memory, 512, i % 4 === 1 ? { signal } : undefined);
    });
    await run(Promise.all<unknown>(reads));
    expect(disk.requests.map(({ sector }) => sector)).toEqual(reads.map((_, i) => i));
    expect(machine.violations).toEqual([]);
  });

  it('have their deadline from when the device was told, however long their caller computed before', async () => {
    const { block, machine, pool } = await openDisk({ deadlineMs: 50 });
    const memory = dmaAllocate(pool, 4096, 512);
    const first = block.readDma(0, memory, 512);
    machine.now += 200 * MS;
    const second = block.readDma(1, memory, 512);
    await run(Promise.all([first, second]));
    expect(lines.filter((line) => !line.startsWith('info'))).toEqual([]);
  });

  it('wait in their order when the queue is full, and none is lost', async () => {
    const { block, disk, machine } = await openDisk();
    const writes = Array.from({ length: 100 }, (_, i) => block.write(i % 64, pattern(SECTOR, i)));
    await run(Promise.all(writes));
    expect(disk.requests.map(({ sector }) => sector)).toEqual(Array.from({ length: 100 }, (_, i) => i % 64));
    expect(sameBytes(disk.disk.subarray(35 * SECTOR, 36 * SECTOR), pattern(SECTOR, 99))).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('may be thousands, more than the pool holds', async () => {
    const count = OPERATION_COUNT + 500;
    const { block, disk, machine } = await openDisk({ sectors: 512, queueSizes: [256] });
    for (let i = 0; i < 512; i++) disk.disk.fill(i, i * SECTOR, (i + 1) * SECTOR);
    const order: number[] = [];
    const reads = Array.from({ length: count }, async (_, i) => {
      const bytes = await block.read(i % 512, 1);
      order.push(i);
      return bytes[0] === i % 256 && bytes[511] === i % 256;
    });
    const right = await run(Promise.all(reads));
    expect(right.filter((each) => each)).toHaveLength(count);
    expect(order).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(machine.violations).toEqual([]);
  });

  it('wait when the memory for their bytes is used up', async () => {
    const { block, disk, machine } = await openDisk({ sectors: 4096, queueSizes: [256] });
    disk.answer = () => ({ delay: MS });
    const writes = Array.from({ length: 16 }, (_, i) => block.write(i * 256, pattern(256 * SECTOR, i)));
    await runTurns(2);
    expect(disk.requests.length).toBeLessThan(16); // The arena is a quarter of 2 MiB, less than 16 × 128 KiB.
    await run(Promise.all(writes));
    for (let i = 0; i < 16; i++) {
      const found = disk.disk.subarray(i * 256 * SECTOR, (i + 1) * 256 * SECTOR);
      expect(sameBytes(found, pattern(256 * SECTOR, i))).toBe(true);
    }
    expect(machine.violations).toEqual([]);
  });

  it('are told of in groups when the device has enough to do: 0.2 notifications a request at a depth of 32', async () => {
    const { block, device, disk, machine } = await openDisk({ queueSizes: [256] });
    let delay = 0;
    disk.answer = () => ({ delay: 4000 * (1 + (delay++ % 32)) }); // A request every 4 µs.
    const worker = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) await block.read(i, 1);
    };
    await run(Promise.all(Array.from({ length: 32 }, worker)));
    expect(disk.requests).toHaveLength(1600);
    expect(device.notifications / 1600).toBeLessThan(0.2);
    expect(machine.violations).toEqual([]);
  });

  it('are told of soon when the others take long', async () => {
    const { block, device, disk, machine } = await openDisk({ queueSizes: [256] });
    disk.answer = ({ sector }) => ({ delay: sector === 0 ? 5 * MS : 1000 });
    const slow = Array.from({ length: 20 }, () => block.read(0, 1));
    await runTurns(1);
    const before = machine.now;
    await run(block.read(1, 1));
    expect(machine.now - before).toBeLessThan(60_000); // Before the loop goes to sleep.
    expect(device.notifications).toBe(2);
    await run(Promise.all(slow));
  });
});

describe('a long transfer', () => {
  it('is several requests, joined again', async () => {
    const sectors = 2 * SECTORS_A_REQUEST + 3;
    const { block, disk, machine } = await openDisk({ sectors });
    const bytes = pattern(sectors * SECTOR);
    await run(block.write(0, bytes));
    expect(sameBytes(disk.disk, bytes)).toBe(true);
    expect(sameBytes(await run(block.read(0, sectors)), bytes)).toBe(true);
    const starts = [0, SECTORS_A_REQUEST, 2 * SECTORS_A_REQUEST];
    expect(disk.requests.map(({ type, sector }) => [type, sector])).toEqual([
      ...starts.map((sector) => [WRITE, sector]),
      ...starts.map((sector) => [READ, sector]),
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('may be longer than the memory of the machine that devices reach', async () => {
    const sectors = 8192;
    const { block, disk, machine } = await openDisk({ sectors });
    const bytes = pattern(sectors * SECTOR);
    await run(block.write(0, bytes));
    expect(sameBytes(disk.disk, bytes)).toBe(true);
    expect(sameBytes(await run(block.read(0, sectors)), bytes)).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('fails as a whole, once, and the rest of it is not sent', async () => {
    const { block, disk, machine } = await openDisk({ sectors: 8192 });
    disk.answer = ({ sector }) => (sector === SECTORS_A_REQUEST ? { status: 1 } : {});
    expect(await kindOf(block.read(0, 8192))).toBe('io-error');
    expect(disk.requests.length).toBeLessThan(8);
    disk.answer = () => ({});
    expect(await kindOf(block.read(0, 8192))).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });
});

describe('an aborted request', () => {
  const reason = new Error('never mind');

  it('is not sent when it was aborted before', async () => {
    const { block, disk } = await openDisk();
    expect(await kindOf(block.read(0, 1, { signal: AbortSignal.abort(reason) }))).toBe('Error: never mind');
    expect(disk.requests).toEqual([]);
  });

  it('is dropped while it waits, and the others go on', async () => {
    const { block, disk, machine } = await openDisk();
    const controller = new AbortController();
    const others = Array.from({ length: 30 }, (_, i) => block.read(i, 1));
    const aborted = block.read(50, 1, { signal: controller.signal });
    const behind = block.read(51, 1);
    await runTurns(1);
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    await run(Promise.all([...others, behind]));
    expect(disk.requests.map(({ sector }) => sector)).toEqual([...Array.from({ length: 30 }, (_, i) => i), 51]);
    expect(machine.violations).toEqual([]);
  });

  it('is dropped also when it is the next one, and its memory is free again', async () => {
    const { block, disk, machine } = await openDisk({ features: [6, 9, 32], sectors: 8192 });
    disk.answer = ({ sector }) => (sector < 50 ? { delay: MS } : {});
    const others = Array.from({ length: 7 }, (_, i) => block.read(i, 1)); // Two descriptors each, of 16.
    const controller = new AbortController();
    const aborted = block.write(50, pattern(SECTOR), { signal: controller.signal });
    await runTurns(1);
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    await run(Promise.all(others));
    await run(block.write(100, pattern(4096 * SECTOR)));
    expect(disk.requests.some(({ sector }) => sector === 50)).toBe(false);
    expect(machine.violations).toEqual([]);
  });

  it('is dropped while the pool is used up', async () => {
    const { block, disk } = await openDisk({ sectors: 512, queueSizes: [256] });
    const controller = new AbortController();
    const others = Array.from({ length: OPERATION_COUNT }, () => block.read(1, 1));
    const aborted = block.read(2, 1, { signal: controller.signal });
    const behind = block.read(3, 1);
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    await run(Promise.all([...others, behind]));
    expect(disk.requests.some(({ sector }) => sector === 2)).toBe(false);
  });

  it('rejects at once while it is under way, and its target stays as it was', async () => {
    const { block, disk, machine } = await openDisk();
    disk.disk.fill(0x5a);
    disk.answer = () => ({ delay: 5 * MS });
    const controller = new AbortController();
    const target = new Uint8Array(512);
    const aborted = block.readInto(0, target, { signal: controller.signal });
    await runTurns(1);
    expect(disk.requests).toHaveLength(1);
    const before = machine.now;
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    expect(machine.now - before).toBeLessThan(MS);
    await run(block.read(1, 1));
    expect(target).toEqual(new Uint8Array(512));
  });

  it("on the caller's own memory rejects when the device is done with it", async () => {
    const { block, disk, machine, pool } = await openDisk();
    disk.answer = () => ({ delay: 5 * MS });
    const controller = new AbortController();
    const memory = dmaAllocate(pool, 512, 512);
    const aborted = block.readDma(0, memory, 512, { signal: controller.signal });
    await runTurns(1);
    const before = machine.now;
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    expect(machine.now - before).toBeGreaterThan(4 * MS);
  });

  it('that is long sends nothing more', async () => {
    const { block, disk } = await openDisk({ sectors: 8192 });
    disk.answer = () => ({ delay: 5 * MS });
    const controller = new AbortController();
    const aborted = block.read(0, 8192, { signal: controller.signal });
    await runTurns(2);
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    await run(block.read(1, 1));
    expect(disk.requests.length).toBeLessThan(8);
  });

  it('takes its listener from the signal when it is done', async () => {
    const { block } = await openDisk();
    const controller = new AbortController();
    const { signal } = controller;
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await run(block.read(0, 1, { signal }));
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });
});

describe('a device that does not answer', () => {
  it('is reset, its requests reject, and those that wait are done', async () => {
    const { block, device, disk, machine } = await openDisk({ deadlineMs: 100 });
    const { descriptors } = device.rings[0]!;
    disk.answer = ({ sector }) => (sector < 30 ? { delay: NEVER } : {});
    const lost = [1, 2].map((sector) => block.read(sector, 1));
    const before = machine.now;
    expect(await Promise.all(lost.map(kindOf))).toEqual(['timeout', 'timeout']);
    expect(machine.now - before).toBeGreaterThanOrEqual(100 * MS);
    expect(machine.now - before).toBeLessThan(110 * MS);
    expect(device.rings[0]!.descriptors).toBe(descriptors);
    expect(sameBytes(await run(block.read(40, 1)), disk.disk.subarray(0, SECTOR))).toBe(true);
    expect(lines).toContain('error 0000:00:02.0 virtio-blk: no answer in 100 ms; it is reset');
    expect(lines).toContain('warn 0000:00:02.0 virtio-blk: it was reset and works again');
    expect(machine.violations).toEqual([]);
  });

  it('loses only what it had: what waited is sent after the reset', async () => {
    const { block, disk, machine } = await openDisk({ deadlineMs: 100 });
    let isSilent = true;
    disk.answer = () => (isSilent ? { delay: NEVER } : {});
    const reads = Array.from({ length: 40 }, (_, i) => block.read(i, 1));
    const all = Promise.all(
      reads.map((read) =>
        read.then(
          () => 'fulfilled',
          (error: { kind: string }) => error.kind,
        ),
      ),
    );
    await runTurns(3);
    const sent = disk.requests.length;
    isSilent = false;
    const kinds = await run(all);
    expect(kinds.slice(0, sent)).toEqual(new Array(sent).fill('timeout'));
    expect(kinds.slice(sent)).toEqual(new Array(40 - sent).fill('fulfilled'));
    expect(machine.violations).toEqual([]);
  });

  it('with parts of a long transfer rejects all of that, once', async () => {
    const { block, disk, machine } = await openDisk({ sectors: 8192, deadlineMs: 100 });
    disk.answer = ({ sector }) => (sector === SECTORS_A_REQUEST ? { delay: NEVER } : {});
    expect(await kindOf(block.write(0, pattern(8192 * SECTOR)))).toBe('timeout');
    disk.answer = () => ({});
    const bytes = pattern(8192 * SECTOR, 9);
    await run(block.write(0, bytes));
    expect(sameBytes(disk.disk, bytes)).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('is found out also while it answers other requests', async () => {
    const { block, disk, machine } = await openDisk({ deadlineMs: 20, queueSizes: [256] });
    const before = machine.now;
    disk.answer = ({ sector }) => (sector === 7 ? { delay: NEVER } : { delay: 10_000 * sector });
    const lost = block.read(7, 1);
    let isLost = false;
    lost.catch(() => {
      isLost = true;
    });
    const worker = async (sector: number): Promise<void> => {
      while (!isLost) await block.read(sector, 1).catch(() => {});
    };
    await run(Promise.all([11, 12, 13, 14, 15, 16, 17, 18].map(worker))); // There is always one that is younger.
    expect(machine.now - before).toBeLessThan(21 * MS);
    expect(await kindOf(lost)).toBe('timeout');
  });

  it.each([
    ['as before', {}],
    ['by its line, as it takes no vectors any more', { vectorsTaken: 0 }],
  ])('interrupts again after its reset, %s', async (_, faults) => {
    const { block, device, disk, machine } = await openDisk({ deadlineMs: 100, vectors: 2 });
    disk.answer = () => ({ delay: NEVER });
    const lost = block.read(0, 1);
    await runTurns(1);
    device.faults = faults;
    expect(await kindOf(lost)).toBe('timeout');
    disk.answer = () => ({ delay: 5 * MS });
    const before = machine.now;
    machine.interrupts.idleCount = 0;
    await run(block.read(0, 1));
    expect(machine.now - before).toBeLessThan(6 * MS); // Without an interrupt it is found after 10 ms.
    expect(machine.interrupts.idleCount).toBeGreaterThan(0);
    expect(machine.violations).toEqual([]);
  });

  it('nor come back from its reset is given up, and everything rejects', async () => {
    const { block, device, disk, machine } = await openDisk({ deadlineMs: 100 });
    machine.clockStep = 100_000;
    disk.answer = () => ({ delay: NEVER });
    const reads = Array.from({ length: OPERATION_COUNT + 10 }, (_, i) => block.read(i % 64, 1));
    const all = Promise.all(
      reads.map((read) =>
        read.then(
          () => 'fulfilled',
          (error: { kind: string }) => error.kind,
        ),
      ),
    );
    await runTurns(3);
    const sent = disk.requests.length;
    device.faults = { resetReads: 1_000_000 };
    const kinds = await run(all);
    expect(kinds.slice(0, sent)).toEqual(new Array(sent).fill('timeout'));
    expect(kinds.slice(sent)).toEqual(new Array(kinds.length - sent).fill('device-failed'));
    await expect(block.read(0, 1)).rejects.toMatchObject({ kind: 'device-failed' });
    await expect(block.flush()).rejects.toMatchObject({ kind: 'device-failed' });
    expect(lines.some((line) => line.includes('it does not come up again'))).toBe(true);
  });

  it('that comes back with other features is given up', async () => {
    const { block, device, disk } = await openDisk({ deadlineMs: 100, features: [6, 9, 32] });
    disk.answer = () => ({ delay: NEVER });
    (device.options as { features: readonly number[] }).features = [6, 32];
    expect(await kindOf(block.read(0, 1))).toBe('timeout');
    await expect(block.read(0, 1)).rejects.toMatchObject({ kind: 'device-failed' });
    expect(lines.some((line) => line.includes('does not offer FLUSH'))).toBe(true);
  });

  it('because its notification was lost is notified again, and that is said once', async () => {
    const { block, disk, device } = await openDisk();
    const { onNotify } = device.options;
    let left = 1;
    (device.options as { onNotify: typeof onNotify }).onNotify = (...all) => {
      if (left-- <= 0) onNotify(...all);
    };
    await run(block.read(3, 1));
    expect([disk.requests.length, device.notifications]).toEqual([1, 2]);
    expect(lines.filter((line) => line.includes('notified again'))).toHaveLength(1);
  });
});

describe('a device that answers wrongly is given up', () => {
  it.each([
    ['writes less than it was asked for', { usedLength: 512 }],
    ['leaves the status byte as it was', { writesNothing: true }],
    ['gives back a head that it does not have', { usedHead: 15 }],
    ['gives back a head that is no descriptor', { usedHead: 0xffff0000 }],
  ])('when it %s', async (_, answer) => {
    const { block, device, disk, machine } = await openDisk();
    disk.answer = () => answer;
    expect(await kindOf(block.read(0, 1))).toBe('wrong-answer');
    await expect(block.read(0, 1)).rejects.toMatchObject({ kind: 'device-failed' });
    expect(device.status).toBe(128);
    expect(device.pciFunction.reachesMemory).toBe(false);
    expect(machine.violations).toEqual([]);
  });
});

describe('interrupts', () => {
  it.each(['pci', 'pci-legacy', 'mmio', 'mmio-legacy'] as const)(
    '%s: wake a program that sleeps',
    async (transport) => {
      const { block, disk, machine } = await openDisk({
        transport,
        features: transport.includes('legacy') ? [6, 9] : [6, 9, 32],
      });
      disk.answer = () => ({ delay: 5 * MS });
      machine.interrupts.idleCount = 0;
      await run(block.read(0, 1));
      expect(machine.interrupts.idleCount).toBeGreaterThan(0);
      expect(machine.violations).toEqual([]);
    },
  );

  it.each([
    ['two vectors', { vectors: 2 }, 2],
    ['one vector for all', { vectors: 1 }, 1],
    ['the line', {}, 1],
  ])('by %s come once for a request that is slept on, and not while the disk is busy', async (_, options, vectors) => {
    const { block, disk, machine } = await openDisk({ ...options, queueSizes: [64] });
    disk.answer = () => ({ delay: 5 * MS });
    const interrupts = (): number => {
      let sum = 0;
      for (let vector = 0x20; vector < 0x20 + vectors; vector++) sum += machine.interrupts.count(vector);
      return sum;
    };
    const before = interrupts();
    await run(block.read(0, 1));
    expect(interrupts() - before).toBe(1);
    disk.answer = () => ({ delay: 3000 });
    const worker = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) await block.read(i, 1);
    };
    await run(Promise.all(Array.from({ length: 8 }, worker)));
    expect(interrupts() - before).toBeLessThan(3);
    expect(machine.violations).toEqual([]);
  });

  it.each([[[6, 9, 32]], [[6, 9, 29, 32]], [[6, 9, 32, 34]], [[6, 9, 29, 32, 34]]])(
    'with features %j, none is lost between the last look and the halt',
    async (features) => {
      const { block, disk, machine } = await openDisk({ features, vectors: 2 });
      for (let i = 0; i < 200; i++) {
        // Around the time at which the loop stops spinning and goes to sleep, in steps of a look at the clock.
        disk.answer = () => ({ delay: 80_000 + i * 200 });
        const before = machine.now;
        await run(block.read(i % 64, 1));
        expect(machine.now - before).toBeLessThan(MS); // A lost one is found by the watchdog, after 10 ms.
      }
      expect(machine.violations).toEqual([]);
    },
  );

  it('a machine without them polls, and says so', async () => {
    const { block, disk, machine } = await openDisk({ isPolled: true });
    disk.answer = () => ({ delay: 5 * MS });
    machine.interrupts.idleCount = 0;
    await run(block.read(0, 1));
    expect(machine.interrupts.idleCount).toBe(0);
    expect(lines.some((line) => line.includes('interrupts: polled'))).toBe(true);
  });
});

describe('a disk with nothing to do', () => {
  it.each([true, false])('lets the processor sleep, also where it is polled: %s', async (isPolled) => {
    const { source } = await openDisk({ isPolled });
    expect([source.pendingCount, source.wakeAt, source.arm()]).toEqual([0, NEVER, true]);
  });

  it('does not sleep once there is something to send', async () => {
    const { block, source } = await openDisk();
    expect(source.arm()).toBe(true);
    const reading = block.read(0, 1);
    expect([source.pendingCount, source.arm(), source.spin(0)]).toEqual([1, false, true]);
    await run(reading);
  });
});

describe('what a device does by itself', () => {
  it.each([{ vectors: 2 }, { vectors: 1 }, {}])(
    'a change of its capacity is told to listeners: %j',
    async (options) => {
      const { block, device, machine } = await openDisk({ ...options, sectors: 64 });
      const told: number[] = [];
      const end = block.onCapacityChange((sectors) => told.push(sectors));
      device.changeConfig(0, [128]);
      await runTurns(3);
      expect([told, block.capacitySectors]).toEqual([[128], 128]);
      device.changeConfig(0, [128]);
      await runTurns(3);
      expect(told).toEqual([128]);
      end();
      device.changeConfig(0, [32]);
      await runTurns(3);
      expect([told, block.capacitySectors]).toEqual([[128], 32]);
      expect(await kindOf(block.read(40, 1))).toBe('out-of-range');
      expect(machine.violations).toEqual([]);
    },
  );

  it('a change of its capacity is found without interrupts, too, when it is used next', async () => {
    const { block, device, machine } = await openDisk({ isPolled: true, sectors: 64 });
    const told: number[] = [];
    block.onCapacityChange((sectors) => told.push(sectors));
    machine.now += 20 * MS;
    device.changeConfig(0, [128]);
    await run(block.read(0, 1));
    expect(told).toEqual([128]);
    expect(machine.violations).toEqual([]);
  });

  it.each([{ vectors: 2 }, { vectors: 1 }, {}])('DEVICE_NEEDS_RESET resets it: %j', async (options) => {
    const { block, device, disk, machine } = await openDisk({ ...options, deadlineMs: 1000 });
    disk.answer = () => ({ delay: NEVER });
    const lost = block.read(0, 1);
    await runTurns(3);
    const before = machine.now;
    device.status |= 64;
    device.interrupts.config();
    expect(await kindOf(lost)).toBe('device-reset');
    expect(machine.now - before).toBeLessThan(5 * MS);
    disk.answer = () => ({});
    expect(await kindOf(block.read(0, 1))).toBe('fulfilled');
    expect(lines.some((line) => line.includes('the device needs a reset: device_status reads 0x4f'))).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('DEVICE_NEEDS_RESET is found without interrupts, too', async () => {
    const { block, device, disk, machine } = await openDisk({ isPolled: true });
    disk.answer = () => ({ delay: NEVER });
    const lost = block.read(0, 1);
    await runTurns(3);
    device.status |= 64;
    const before = machine.now;
    expect(await kindOf(lost)).toBe('device-reset');
    expect(machine.now - before).toBeLessThan(30 * MS);
  });
});

describe('a disk that is closed', () => {
  it('has done and flushed what was asked of it, rejects what comes later, and its memory is back', async () => {
    let free = 0;
    const { block, device, disk, machine, pool } = await openDisk({
      prepare: (all) => {
        free = dmaFreeBytes(all.pool);
      },
    });
    disk.answer = () => ({ delay: MS });
    const write = block.write(3, pattern(SECTOR));
    await run(block.close());
    expect(await kindOf(write)).toBe('fulfilled');
    expect(sameBytes(disk.disk.subarray(3 * SECTOR, 4 * SECTOR), pattern(SECTOR))).toBe(true);
    expect(await kindOf(block.read(0, 1))).toBe('closed');
    expect(await kindOf(block.flush())).toBe('closed');
    await run(block.close());
    expect([disk.flushes, dmaFreeBytes(pool), device.status & ~0x80, machine.violations]).toEqual([1, free, 0, []]);
  });

  it('rejects what a device does not do any more', async () => {
    const { block, disk } = await openDisk({ deadlineMs: 50 });
    disk.answer = () => ({ delay: NEVER });
    const lost = block.read(0, 1);
    await run(block.close());
    expect(await kindOf(lost)).toBe('timeout');
  });
});

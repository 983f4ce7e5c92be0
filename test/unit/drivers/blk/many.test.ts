import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PIECE_COUNT } from '../../../../drivers/blk/pieces.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { addPlace, BlockPlaces, clearPlaces, PLACE_COUNT_MAX } from '../../../../kernel/device/block-places.ts';
import { dmaAllocate } from '../../../../kernel/hal/dma-pool.ts';
import { Random } from '../../../native/random.ts';
import { sameBytes } from '../../../sim/setup.ts';
import { forgetDisks, kindOf, openDisk, pattern, run, runTurns } from './awaited-harness.ts';

const SECTOR = 512;
const STATUS_IOERR = 1;
const TYPE_IN = 0;
const NEVER = Number.POSITIVE_INFINITY;

beforeEach(() => startLog(() => {}, 'debug'));

afterEach(() => {
  stopLog();
  forgetDisks();
});

const placesAt = (sectors: readonly number[], strideBytes = 0): BlockPlaces => {
  const places = new BlockPlaces();
  clearPlaces(places, strideBytes);
  for (const sector of sectors) addPlace(places, sector);
  return places;
};

/** Returns different sectors, `count` of the first `below`. */
const someSectors = (count: number, below: number, random: Random): number[] => {
  const all = Array.from({ length: below }, (_, sector) => sector);
  return Array.from({ length: count }, () => all.splice(random.below(all.length), 1)[0]!);
};

type All = Awaited<ReturnType<typeof openDisk>>;

/** Reads into memory `stride` bytes apart, and compares. */
const readAndCompare = async (all: All, sectors: readonly number[], length: number, stride: number): Promise<void> => {
  const { block, disk, machine, pool } = all;
  const memory = dmaAllocate(pool, sectors.length * stride, SECTOR);
  await run(block.readManyDma(placesAt(sectors, stride), memory, length));
  for (const [index, sector] of sectors.entries()) {
    const at = memory + index * stride;
    const expected = disk.disk.subarray(sector * SECTOR, sector * SECTOR + length);
    expect(sameBytes(machine.dma.subarray(at, at + length), expected), `place ${index}`).toBe(true);
  }
  expect(machine.violations).toEqual([]);
};

describe('many places', () => {
  it('are read by a request each, of which the device is told at once', async () => {
    const all = await openDisk({ sectors: 4096, queueSizes: [256] });
    all.disk.disk.set(pattern(all.disk.disk.length));
    const sectors = someSectors(40, 4000, new Random(1));
    await readAndCompare(all, sectors, 2 * SECTOR, 2 * SECTOR);
    expect(all.disk.requests.map(({ sector }) => sector)).toEqual(sectors);
    expect(all.device.notifications).toBe(1);
  });

  it('take a descriptor fewer each where there is a byte behind their memory', async () => {
    const all = await openDisk({ sectors: 4096, queueSizes: [256] });
    all.disk.disk.set(pattern(all.disk.disk.length));
    await readAndCompare(all, someSectors(80, 4000, new Random(2)), SECTOR, SECTOR + 1);
    expect(all.device.notifications).toBe(1);
  });

  it.each([
    ['a queue of 16', { queueSizes: [16] }],
    ['a queue of 4', { queueSizes: [4] }],
    ['no indirect descriptors', { queueSizes: [16], features: [6, 9, 32] }],
  ])('are read, however few fit in the queue: %s', async (_, options) => {
    const all = await openDisk({ sectors: 4096, ...options });
    all.disk.disk.set(pattern(all.disk.disk.length));
    await readAndCompare(all, someSectors(300, 4000, new Random(3)), SECTOR, SECTOR);
    expect(all.disk.requests).toHaveLength(300);
  });

  it('are written', async () => {
    const { block, disk, machine, pool } = await openDisk({ sectors: 4096, queueSizes: [16] });
    const sectors = someSectors(100, 4000, new Random(4));
    const bytes = pattern(sectors.length * SECTOR);
    const memory = dmaAllocate(pool, bytes.length, SECTOR);
    machine.dma.set(bytes, memory);
    await run(block.writeManyDma(placesAt(sectors), memory, SECTOR));
    for (const [index, sector] of sectors.entries()) {
      const found = disk.disk.subarray(sector * SECTOR, (sector + 1) * SECTOR);
      expect(sameBytes(found, bytes.subarray(index * SECTOR, (index + 1) * SECTOR))).toBe(true);
    }
    expect(machine.violations).toEqual([]);
  });

  it('may be changed as soon as the call has returned', async () => {
    const { block, disk, pool } = await openDisk({ sectors: 4096, queueSizes: [16] });
    const places = placesAt(Array.from({ length: 100 }, (_, index) => index));
    const reads = block.readManyDma(places, dmaAllocate(pool, 100 * SECTOR, SECTOR), SECTOR);
    clearPlaces(places, 0);
    for (let index = 0; index < 100; index++) addPlace(places, 2000);
    await run(reads);
    expect(disk.requests.map(({ sector }) => sector)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('stand in the line with everything else, in the order of the calls', async () => {
    const { block, disk, pool } = await openDisk({ sectors: 4096, queueSizes: [4], features: [6, 9, 32] });
    const memory = dmaAllocate(pool, 16 * SECTOR, SECTOR);
    await run(
      Promise.all([
        block.readDma(1, memory, SECTOR),
        block.readManyDma(placesAt([20, 10, 30]), memory, SECTOR),
        block.readDma(2, memory, SECTOR),
        block.readManyDma(placesAt([7, 5]), memory, SECTOR),
      ]),
    );
    expect(disk.requests.map(({ sector }) => sector)).toEqual([1, 20, 10, 30, 2, 7, 5]);
  });

  it('are one failure when one of them fails, behind the end of all', async () => {
    const { block, disk, machine, pool } = await openDisk({ sectors: 4096, queueSizes: [16] });
    disk.answer = ({ sector }) => (sector === 3 ? { status: STATUS_IOERR } : {});
    const memory = dmaAllocate(pool, 8 * SECTOR, SECTOR);
    expect(await kindOf(block.readManyDma(placesAt([1, 3, 5]), memory, SECTOR))).toBe('io-error');
    expect(disk.requests.map(({ sector }) => sector)).toEqual([1, 3, 5]);
    disk.answer = () => ({});
    expect(await kindOf(block.readManyDma(placesAt([1, 3, 5]), memory, SECTOR))).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });

  it('are lost by a reset, and those that waited are sent', async () => {
    const { block, disk, pool } = await openDisk({ sectors: 4096, queueSizes: [4], deadlineMs: 100 });
    disk.answer = () => ({ delay: NEVER });
    const memory = dmaAllocate(pool, 64 * SECTOR, SECTOR);
    const lost = block.readManyDma(placesAt([1, 2, 3, 4, 5, 6, 7, 8]), memory, SECTOR);
    const behind = block.readManyDma(placesAt([9, 10]), memory, SECTOR);
    await runTurns(3);
    disk.answer = () => ({});
    expect(await kindOf(lost)).toBe('timeout');
    expect(await kindOf(behind)).toBe('fulfilled');
  });

  it('are as many as there are pieces to wait in, and more', async () => {
    const { block, disk, machine, pool } = await openDisk({ sectors: 4096, queueSizes: [16] });
    const memory = dmaAllocate(pool, SECTOR * 2, SECTOR);
    const places = placesAt(Array.from({ length: PLACE_COUNT_MAX }, (_, index) => index));
    const into = dmaAllocate(pool, PLACE_COUNT_MAX * SECTOR, SECTOR);
    const calls = Math.ceil(PIECE_COUNT / PLACE_COUNT_MAX) + 1;
    await run(Promise.all(Array.from({ length: calls }, () => block.readManyDma(places, into, SECTOR))));
    expect(disk.requests).toHaveLength(calls * PLACE_COUNT_MAX);
    expect(await kindOf(block.readDma(0, memory, SECTOR))).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });

  it('longer than a request are as many as they take', async () => {
    const { block, disk, machine, pool } = await openDisk({
      sectors: 4096,
      features: [1, 2, 6, 9, 32],
      limits: { sizeMax: 512, segmentMax: 2 },
    });
    disk.disk.set(pattern(disk.disk.length));
    const memory = dmaAllocate(pool, 8 * SECTOR, SECTOR);
    await run(block.readManyDma(placesAt([100, 50]), memory, 4 * SECTOR));
    const first = machine.dma.subarray(memory, memory + 4 * SECTOR);
    expect(sameBytes(first, disk.disk.subarray(100 * SECTOR, 104 * SECTOR))).toBe(true);
    const second = machine.dma.subarray(memory + 4 * SECTOR, memory + 8 * SECTOR);
    expect(sameBytes(second, disk.disk.subarray(50 * SECTOR, 54 * SECTOR))).toBe(true);
  });

  it('may have a signal', async () => {
    const { block, pool } = await openDisk({ sectors: 64 });
    const memory = dmaAllocate(pool, 2 * SECTOR, SECTOR);
    const { signal } = new AbortController();
    expect(await kindOf(block.readManyDma(placesAt([1, 2]), memory, SECTOR, { signal }))).toBe('fulfilled');
    const reason = new Error('never mind');
    const aborted = block.readManyDma(placesAt([1, 2]), memory, SECTOR, { signal: AbortSignal.abort(reason) });
    expect(await kindOf(aborted)).toBe('Error: never mind');
  });

  it('are refused where one of them is', async () => {
    const { block, disk, machine } = await openDisk({ sectors: 64 });
    expect(await kindOf(block.readManyDma(placesAt([]), 0, SECTOR))).toBe('invalid-argument');
    expect(await kindOf(block.readManyDma(placesAt([1, 2], 256), 0, SECTOR))).toBe('invalid-argument');
    expect(await kindOf(block.readManyDma(placesAt([1, 64]), 0, SECTOR))).toBe('out-of-range');
    expect(await kindOf(block.readManyDma(placesAt([1]), 0, 100))).toBe('misaligned');
    expect(await kindOf(block.readManyDma(placesAt([1]), machine.dma.length - 256, SECTOR))).toBe('invalid-argument');
    expect(await kindOf(block.readManyDma(placesAt([1]), Number.NaN, SECTOR))).toBe('invalid-argument');
    await run(block.close());
    expect(await kindOf(block.readManyDma(placesAt([1]), 0, SECTOR))).toBe('closed');
    expect(disk.requests.filter(({ type }) => type === TYPE_IN)).toEqual([]);
  });
});

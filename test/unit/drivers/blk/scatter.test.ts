import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PIECE_COUNT } from '../../../../drivers/blk/pieces.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { DMA_PIECE_COUNT_MAX } from '../../../../kernel/device/block.ts';
import { dmaAllocate } from '../../../../kernel/hal/dma-pool.ts';
import { Random } from '../../../native/random.ts';
import { sameBytes } from '../../../sim/setup.ts';
import { forgetDisks, kindOf, openDisk, pattern, run, runTurns } from './awaited-harness.ts';

const SECTOR = 512;
const SIZE_MAX = 1;
const SEG_MAX = 2;
const NEVER = Number.POSITIVE_INFINITY;

beforeEach(() => startLog(() => {}, 'debug'));

afterEach(() => {
  stopLog();
  forgetDisks();
});

/** Returns `count` pieces of DMA memory, of one to `blocks` blocks each, with holes between them. */
const piecesOf = (all: Awaited<ReturnType<typeof openDisk>>, count: number, blocks: number, random: Random) =>
  Array.from({ length: count }, () => {
    const length = (1 + random.below(blocks)) * all.block.blockSizeBytes;
    return { offset: dmaAllocate(all.pool, length + SECTOR, SECTOR), length };
  });

describe('arrays', () => {
  it('of any lengths are one request, as long as together they are whole blocks', async () => {
    const { block, disk, machine } = await openDisk();
    const bytes = pattern(2048);
    const parts = [bytes.subarray(0, 1), bytes.subarray(1, 1), bytes.subarray(1, 700), bytes.subarray(700)];
    await run(block.writev(3, parts));
    expect(sameBytes(disk.disk.subarray(3 * SECTOR, 7 * SECTOR), bytes)).toBe(true);
    const targets = [1000, 40, 1008].map((length) => new Uint8Array(length));
    await run(block.readv(3, targets));
    expect(sameBytes(Uint8Array.from(targets.flatMap((target) => [...target])), bytes)).toBe(true);
    expect(disk.requests.map(({ segments }) => segments.length)).toEqual([1, 1]);
    expect(machine.violations).toEqual([]);
  });

  it('may be longer than a request, and are cut anywhere', async () => {
    const { block, disk, machine } = await openDisk({ sectors: 1024 });
    const bytes = pattern(700 * SECTOR);
    const random = new Random(5);
    const cut = (of: Uint8Array): Uint8Array[] => {
      const parts: Uint8Array[] = [];
      for (let at = 0; at < of.length; ) {
        const end = Math.min(at + 1 + random.below(100_000), of.length);
        parts.push(of.subarray(at, end));
        at = end;
      }
      return parts;
    };
    await run(block.writev(100, cut(bytes)));
    expect(sameBytes(disk.disk.subarray(100 * SECTOR, 800 * SECTOR), bytes)).toBe(true);
    const target = new Uint8Array(bytes.length);
    await run(block.readv(100, cut(target)));
    expect(sameBytes(target, bytes)).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('that are no whole blocks, or none, are refused', async () => {
    const { block, disk } = await openDisk({ sectors: 8 });
    expect(await kindOf(block.writev(0, [new Uint8Array(512), new Uint8Array(511)]))).toBe('misaligned');
    expect(await kindOf(block.readv(0, []))).toBe('misaligned');
    expect(await kindOf(block.readv(7, [new Uint8Array(512), new Uint8Array(512)]))).toBe('out-of-range');
    expect(disk.requests).toEqual([]);
  });

  it('that are read into stay as they are after the caller has aborted', async () => {
    const { block, disk } = await openDisk();
    disk.disk.fill(7);
    disk.answer = () => ({ delay: 1_000_000 });
    const controller = new AbortController();
    const target = new Uint8Array(SECTOR);
    const aborted = block.readv(0, [target], { signal: controller.signal });
    await runTurns(1);
    controller.abort(new Error('never mind'));
    expect(await kindOf(aborted)).toBe('Error: never mind');
    await run(block.read(1, 1));
    expect(target.every((byte) => byte === 0)).toBe(true);
  });
});

describe('pieces of DMA memory', () => {
  it('are the segments of one request where the device takes as many', async () => {
    const all = await openDisk({
      features: [SEG_MAX, 6, 9, 32],
      limits: { segmentMax: 126 },
      queueSizes: [256],
      sectors: 512,
    });
    const { block, disk, machine } = all;
    const pieces = piecesOf(all, 100, 3, new Random(1));
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    disk.disk.set(pattern(disk.disk.length));
    await run(block.readvDma(1, pieces));
    expect(disk.requests.map(({ segments }) => segments)).toEqual([pieces.map((piece) => piece.length)]);
    let at = SECTOR;
    for (const piece of pieces) {
      const found = machine.dma.subarray(piece.offset, piece.offset + piece.length);
      expect(sameBytes(found, disk.disk.subarray(at, at + piece.length))).toBe(true);
      at += piece.length;
    }
    const before = disk.disk.slice(SECTOR, SECTOR + length);
    disk.disk.fill(0);
    await run(block.writevDma(1, pieces));
    expect(sameBytes(disk.disk.subarray(SECTOR, SECTOR + length), before)).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it.each([
    ['seg_max 4', { segmentMax: 4 }, 512],
    ['seg_max 0, which is taken for 1', { segmentMax: 0 }, 512],
    ['size_max 512', { sizeMax: 512, segmentMax: 5 }, 512],
    ['size_max 1000, in whole blocks', { sizeMax: 1000, segmentMax: 7 }, 512],
    ['size_max below a block', { sizeMax: 1500, segmentMax: 13 }, 4096],
    ['no limits that say anything', { sizeMax: 0xffffffff, segmentMax: 0xffffffff }, 512],
  ] as const)('are cut to %s', async (_, limits, blockSize) => {
    const features = 'sizeMax' in limits ? [SIZE_MAX, SEG_MAX, 6, 9, 32] : [SEG_MAX, 6, 9, 32];
    const all = await openDisk({ features, limits, sectors: 2048, blockSize, queueSizes: [64] });
    const { block, disk, machine } = all;
    const pieces = piecesOf(all, 40, 3, new Random(2));
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const bytes = pattern(length);
    let at = 0;
    for (const piece of pieces) {
      machine.dma.set(bytes.subarray(at, at + piece.length), piece.offset);
      at += piece.length;
    }
    await run(block.writevDma(8, pieces));
    expect(sameBytes(disk.disk.subarray(8 * SECTOR, 8 * SECTOR + length), bytes)).toBe(true);
    for (const piece of pieces) machine.dma.fill(0, piece.offset, piece.offset + piece.length);
    await run(block.readvDma(8, pieces));
    at = 0;
    for (const piece of pieces) {
      const found = machine.dma.subarray(piece.offset, piece.offset + piece.length);
      expect(sameBytes(found, bytes.subarray(at, at + piece.length))).toBe(true);
      at += piece.length;
    }
    for (const { segments } of disk.requests) {
      expect(segments.reduce((sum, each) => sum + each, 0) % blockSize).toBe(0);
    }
    expect(machine.violations).toEqual([]);
  });

  it('are refused where they cannot be, before the device sees them', async () => {
    const { block, disk, machine } = await openDisk({ sectors: 4096 });
    const piece = { offset: 0, length: 512 };
    const end = machine.dma.length;
    expect(await kindOf(block.readvDma(0, []))).toBe('misaligned');
    expect(await kindOf(block.readvDma(0, [piece, { offset: 0, length: 100 }]))).toBe('misaligned');
    expect(
      await kindOf(
        block.readvDma(0, [
          { offset: 0, length: 256 },
          { offset: 256, length: 256 },
        ]),
      ),
    ).toBe('misaligned');
    expect(await kindOf(block.readvDma(0, [piece, { offset: end - 256, length: 512 }]))).toBe('invalid-argument');
    expect(await kindOf(block.readvDma(0, [piece, { offset: -512, length: 512 }]))).toBe('invalid-argument');
    expect(await kindOf(block.readvDma(0, [piece, { offset: 0.5, length: 512 }]))).toBe('invalid-argument');
    const many = new Array(DMA_PIECE_COUNT_MAX + 1).fill(piece);
    expect(await kindOf(block.readvDma(0, many))).toBe('invalid-argument');
    expect(await kindOf(block.readvDma(4095, [piece, piece]))).toBe('out-of-range');
    expect(await kindOf(block.readDma(0, end - 256, 512))).toBe('invalid-argument');
    expect(await kindOf(block.readDma(0, Number.NaN, 512))).toBe('invalid-argument');
    expect(disk.requests).toEqual([]);
    expect(await kindOf(block.readvDma(0, many.slice(1)))).toBe('fulfilled'); // What was refused holds none of the pool.
    expect(machine.violations).toEqual([]);
  });

  it('may be more than the pool has: the others wait', async () => {
    const { block, disk, machine, pool } = await openDisk({ sectors: 4096, queueSizes: [256] });
    const memory = dmaAllocate(pool, SECTOR, SECTOR);
    const pieces = new Array(DMA_PIECE_COUNT_MAX).fill({ offset: memory, length: SECTOR });
    const reads = Array.from({ length: (3 * PIECE_COUNT) / DMA_PIECE_COUNT_MAX }, () => block.readvDma(0, pieces));
    await run(Promise.all(reads));
    expect(disk.requests.flatMap(({ segments }) => segments)).toHaveLength(3 * PIECE_COUNT);
    expect(machine.violations).toEqual([]);
  });

  it('go on after a reset: what waited is sent, of what was lost nothing', async () => {
    const features = [SEG_MAX, 6, 9, 32];
    const all = await openDisk({ features, limits: { segmentMax: 2 }, sectors: 256, deadlineMs: 100 });
    const { block, disk, machine } = all;
    const pieces = piecesOf(all, 64, 1, new Random(3));
    disk.answer = () => ({ delay: NEVER });
    const lost = block.writevDma(0, pieces);
    const behind = block.writevDma(100, pieces);
    await runTurns(3);
    disk.answer = () => ({});
    expect(await kindOf(lost)).toBe('timeout');
    expect(await kindOf(behind)).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });
});

describe('limits of the device hold for all requests', () => {
  it.each([
    ['reads and writes of one array', { sizeMax: 4096, segmentMax: 10 }, 512],
    ['blocks of several segments', { sizeMax: 512, segmentMax: 9 }, 4096],
    ['a single segment of a single block', { sizeMax: 512, segmentMax: 1 }, 512],
    ['segments shorter than a sector', { sizeMax: 100, segmentMax: 100 }, 512],
  ] as const)('%s', async (_, limits, blockSize) => {
    const features = [SIZE_MAX, SEG_MAX, 6, 9, 32];
    const all = await openDisk({ features, limits, sectors: 512, blockSize, serialNumber: 'hedyn-2' });
    const { block, disk, machine, pool } = all;
    expect(block.serialNumber).toBe('hedyn-2');
    const bytes = pattern(400 * SECTOR);
    await run(block.write(16, bytes));
    expect(sameBytes(await run(block.read(16, 400)), bytes)).toBe(true);
    expect(sameBytes(disk.disk.subarray(16 * SECTOR, 416 * SECTOR), bytes)).toBe(true);
    const memory = dmaAllocate(pool, 64 * SECTOR, SECTOR);
    await run(block.readDma(16, memory, 64 * SECTOR));
    expect(sameBytes(machine.dma.subarray(memory, memory + 64 * SECTOR), bytes.subarray(0, 64 * SECTOR))).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('a short queue, without tables, takes as many segments as it has room for', async () => {
    const all = await openDisk({ features: [6, 9, 32], queueSizes: [4], sectors: 256 });
    const { block, disk, machine } = all;
    await run(block.readvDma(0, piecesOf(all, 16, 1, new Random(4))));
    expect(disk.requests.map(({ segments }) => segments.length)).toEqual(new Array(8).fill(2));
    expect(machine.violations).toEqual([]);
  });

  it.each([
    ['size_max 0', { sizeMax: 0, segmentMax: 100 }],
    ['size_max 1', { sizeMax: 1, segmentMax: 100 }],
    ['size_max 15, shorter than a header', { sizeMax: 15, segmentMax: 126 }],
    ['a block of more segments than it takes', { sizeMax: 256, segmentMax: 1 }],
  ])('%s cannot be: the disk does not come up, and says why', async (_, limits) => {
    const opening = openDisk({ features: [SIZE_MAX, SEG_MAX, 6, 9, 32], limits });
    await expect(opening).rejects.toThrow('expected enough for a block of 512 bytes');
  });

  it.each([1, 2])('a queue of %i elements is too short for any request: the disk does not come up', async (size) => {
    await expect(openDisk({ queueSizes: [size] })).rejects.toThrow(`queue 0 has ${size} elements, expected 3 or more`);
  });
});

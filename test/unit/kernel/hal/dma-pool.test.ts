import { beforeEach, describe, expect, it } from 'vitest';
import {
  DMA_ALLOCATE_FAILED,
  DMA_FREE_FAILED,
  DMA_FREE_OK,
  DmaPool,
  dmaAllocate,
  dmaFree,
  dmaFreeBytes,
  dmaPoolStart,
} from '../../../../kernel/hal/dma-pool.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

const LENGTH = 0x10000;

describe('the DMA pool', () => {
  let pool: DmaPool;
  let machine: SimMachine;

  beforeEach(() => {
    machine = installMachine(new SimMachine(LENGTH));
    pool = new DmaPool();
    dmaPoolStart(pool);
  });

  it('gives zeroed memory at the alignment asked for', () => {
    machine.dma.fill(0xee);
    expect(dmaAllocate(pool, 3, 1)).toBe(0);
    const aligned = dmaAllocate(pool, 100, 4096);
    expect(aligned).toBe(4096);
    expect([...machine.dma.subarray(aligned, aligned + 101)]).toEqual([...new Array(100).fill(0), 0xee]);
  });

  it('uses the hole before an aligned piece', () => {
    dmaAllocate(pool, 16, 16);
    dmaAllocate(pool, 4096, 4096);
    expect(dmaAllocate(pool, 32, 16)).toBe(16);
  });

  it('fails when nothing is long enough, and loses nothing by it', () => {
    expect(dmaAllocate(pool, LENGTH + 1, 1)).toBe(DMA_ALLOCATE_FAILED);
    expect(dmaAllocate(pool, 0, 1)).toBe(DMA_ALLOCATE_FAILED);
    expect(dmaAllocate(pool, 16, 3)).toBe(DMA_ALLOCATE_FAILED);
    expect(dmaAllocate(pool, 0xffffffff, 0x80000000)).toBe(DMA_ALLOCATE_FAILED);
    expect(dmaFreeBytes(pool)).toBe(LENGTH);
    expect(dmaAllocate(pool, LENGTH, 4096)).toBe(0);
    expect(dmaAllocate(pool, 1, 1)).toBe(DMA_ALLOCATE_FAILED);
  });

  it('what is freed joins its neighbours', () => {
    const [a, b, c] = [dmaAllocate(pool, 0x1000, 1), dmaAllocate(pool, 0x1000, 1), dmaAllocate(pool, 0x1000, 1)];
    expect(dmaFree(pool, a, 0x1000)).toBe(DMA_FREE_OK);
    expect(dmaFree(pool, c, 0x1000)).toBe(DMA_FREE_OK);
    expect(pool.count).toBe(2);
    expect(dmaFree(pool, b, 0x1000)).toBe(DMA_FREE_OK);
    expect(pool.count).toBe(1);
    expect(dmaFreeBytes(pool)).toBe(LENGTH);
  });

  it('refuses what is free already, wholly or in part, and what is outside', () => {
    const a = dmaAllocate(pool, 0x1000, 1);
    expect(dmaFree(pool, a, 0x1001)).toBe(DMA_FREE_FAILED);
    expect(dmaFree(pool, 0x2000, 0x10)).toBe(DMA_FREE_FAILED);
    expect(dmaFree(pool, LENGTH - 1, 2)).toBe(DMA_FREE_FAILED);
    expect(dmaFree(pool, a, 0)).toBe(DMA_FREE_FAILED);
    expect(dmaFree(pool, a, 0x1000)).toBe(DMA_FREE_OK);
    expect(dmaFree(pool, a, 0x1000)).toBe(DMA_FREE_FAILED);
  });

  it('a full list of extents is a failure, not a loss', () => {
    const pieces = Array.from({ length: 260 }, () => dmaAllocate(pool, 16, 16));
    const freed = pieces.filter((_, index) => index % 2 === 0).map((piece) => dmaFree(pool, piece, 16));
    expect(freed.filter((code) => code === DMA_FREE_FAILED)).toHaveLength(3);
    expect(pool.count).toBe(128);
    expect(dmaFree(pool, pieces[1]!, 16)).toBe(DMA_FREE_OK); // Joins two.
    expect(pool.count).toBe(127);
  });

  it('never hands out a byte twice, over random lives', () => {
    const seed = 20261122;
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const taken: { offset: number; length: number }[] = [];
    for (let step = 0; step < 5000; step++) {
      if (random(2) === 0 && taken.length > 0) {
        const [piece] = taken.splice(random(taken.length), 1);
        expect(dmaFree(pool, piece!.offset, piece!.length), `seed ${seed}`).toBe(DMA_FREE_OK);
      } else {
        const length = 1 + random(2000);
        const offset = dmaAllocate(pool, length, 2 ** random(8));
        if (offset === DMA_ALLOCATE_FAILED) continue;
        const overlaps = taken.some((each) => offset < each.offset + each.length && each.offset < offset + length);
        expect(overlaps, `seed ${seed} step ${step}`).toBe(false);
        taken.push({ offset, length });
      }
      const sum = taken.reduce((total, { length }) => total + length, 0);
      expect(dmaFreeBytes(pool), `seed ${seed} step ${step}`).toBe(LENGTH - sum);
    }
  });
});

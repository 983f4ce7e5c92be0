import { describe, expect, it } from 'vitest';
import { giveMemoryBack, returnMemory, takeMemory } from '../../../../drivers/virtio/memory.ts';
import { DMA_ALLOCATE_FAILED, dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { openedDisk } from './transport/harness.ts';

describe('the memory of a device', () => {
  it('goes back piece by piece, in any order, and the rest at the end', () => {
    const { transport, pool } = openedDisk();
    const free = dmaFreeBytes(pool);
    const pieces = [64, 4096, 100, 8192].map((length) => takeMemory(transport, pool, length, 64));
    expect(dmaFreeBytes(pool)).toBe(free - 64 - 4096 - 100 - 8192);
    expect([returnMemory(transport, pool, pieces[1]!), returnMemory(transport, pool, pieces[3]!)]).toEqual([
      true,
      true,
    ]);
    expect(dmaFreeBytes(pool)).toBe(free - 64 - 100);
    expect(takeMemory(transport, pool, 4096, 64)).toBe(pieces[1]);
    expect([giveMemoryBack(transport, pool), dmaFreeBytes(pool), transport.memory.count]).toEqual([true, free, 0]);
  });

  it('that was not taken for it, or is back already, is not given back', () => {
    const { transport, pool } = openedDisk();
    const piece = takeMemory(transport, pool, 64, 64);
    expect(() => returnMemory(transport, pool, piece + 64)).toThrow('was taken for this device');
    returnMemory(transport, pool, piece);
    expect(() => returnMemory(transport, pool, piece)).toThrow('was taken for this device');
    expect(takeMemory(transport, pool, 2 ** 30, 64)).toBe(DMA_ALLOCATE_FAILED);
    expect(transport.memory.count).toBe(0);
  });
});

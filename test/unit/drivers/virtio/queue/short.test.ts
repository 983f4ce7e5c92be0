import { describe, expect, it } from 'vitest';
import { add, fill, kick, pop, reserve } from '../../../../../drivers/virtio/queue/queue.ts';
import {
  DEVICE_READS,
  DEVICE_WRITES,
  QUEUE_BROKEN,
  QUEUE_FULL,
  type Queue,
} from '../../../../../drivers/virtio/queue/record.ts';
import { addShort, canAddShort } from '../../../../../drivers/virtio/queue/short.ts';
import { dmaLength, dmaReadBytes } from '../../../../../kernel/hal/dma.ts';
import { DATA, makeQueue, send } from './harness.ts';

const SIZE = 8;
const [FIRST, SECOND, THIRD] = [DATA, DATA + 0x1000, DATA + 0x2000];

/** What the driver knows, without what only a chain in the making needs, and without what the device was told of it. */
const known = (queue: Queue): unknown => {
  const { slots, head, ringCount, fillBase, fillAt, fillLast, fillLength, fillReadable, ...rest } = queue;
  return { ...rest, slots: Array.from({ length: SIZE }, (_, index) => ({ ...slots[index]! })) };
};

const memoryOf = (queue: Queue): string => {
  const bytes = new Uint8Array(queue.ringLength);
  dmaReadBytes(queue.memory, bytes);
  return Buffer.from(bytes).toString('hex');
};

describe('a short chain', () => {
  it.each([
    ['of three, to read into', DEVICE_WRITES, 1],
    ['of three, to write from', DEVICE_READS, 1],
    ['of two', DEVICE_WRITES, 0],
  ])('%s is what reserve, fill and add make, ring after ring', (_, direction, thirdLength) => {
    const shorts = makeQueue({ size: SIZE });
    const after: unknown[] = [];
    for (let round = 0; round < 3 * SIZE; round++) {
      const head = shorts.queue.freeHead;
      expect(canAddShort(shorts.queue)).toBe(true);
      addShort(shorts.queue, FIRST, 16, SECOND, 512, direction, THIRD, thirdLength);
      kick(shorts.queue);
      after.push([known(shorts.queue), memoryOf(shorts.queue)]);
      shorts.ring.take();
      shorts.ring.give(head, 0);
      expect(pop(shorts.queue)).toBe(head);
    }

    const longs = makeQueue({ size: SIZE });
    for (let round = 0; round < 3 * SIZE; round++) {
      const head = reserve(longs.queue, thirdLength === 0 ? 2 : 3);
      fill(longs.queue, FIRST, 16, DEVICE_READS);
      fill(longs.queue, SECOND, 512, direction);
      if (thirdLength !== 0) fill(longs.queue, THIRD, thirdLength, DEVICE_WRITES);
      add(longs.queue);
      kick(longs.queue);
      expect([known(longs.queue), memoryOf(longs.queue)]).toEqual(after[round]);
      longs.ring.take();
      longs.ring.give(head, 0);
      pop(longs.queue);
    }
  });

  it('shows the device its buffers, readable first', () => {
    const { queue, ring, machine } = makeQueue({ size: SIZE });
    addShort(queue, FIRST, 16, SECOND, 512, DEVICE_WRITES, THIRD, 1);
    expect(ring.take()).toEqual([]);
    kick(queue);
    expect(ring.take()).toEqual([
      {
        head: 0,
        readable: [{ offset: FIRST, length: 16 }],
        writable: [
          { offset: SECOND, length: 512 },
          { offset: THIRD, length: 1 },
        ],
      },
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('may say no more than it was allowed to write', () => {
    const { queue, ring } = makeQueue({ size: SIZE });
    addShort(queue, FIRST, 16, SECOND, 512, DEVICE_READS, THIRD, 1);
    kick(queue);
    ring.take();
    ring.give(0, 2);
    expect(pop(queue)).toBe(QUEUE_BROKEN);
    expect(canAddShort(queue)).toBe(false);
  });

  it('is not for a ring with fewer than three descriptors free, nor for the rest that tables are for', () => {
    const { queue } = makeQueue({ size: SIZE, tableLength: 4 });
    send(queue, 3);
    expect(canAddShort(queue)).toBe(true);
    send(queue, 3);
    expect([queue.freeCount, canAddShort(queue)]).toEqual([2, false]);
  });

  it('is not for a packed ring, nor while another chain is being built', () => {
    expect(canAddShort(makeQueue({ packed: true }).queue)).toBe(false);
    const { queue } = makeQueue({ size: SIZE });
    expect(reserve(queue, 2)).not.toBe(QUEUE_FULL);
    expect(canAddShort(queue)).toBe(false);
  });

  it('with a buffer outside the window, or an empty one, is our own mistake', () => {
    const { queue } = makeQueue({ size: SIZE });
    const end = dmaLength();
    expect(() => addShort(queue, end - 15, 16, SECOND, 512, DEVICE_READS, THIRD, 1)).toThrow('in the DMA window');
    expect(() => addShort(queue, FIRST, 16, end - 511, 512, DEVICE_READS, THIRD, 1)).toThrow('in the DMA window');
    expect(() => addShort(queue, FIRST, 16, SECOND, 512, DEVICE_READS, end, 1)).toThrow('in the DMA window');
    expect(() => addShort(queue, FIRST, 0, SECOND, 512, DEVICE_READS, THIRD, 1)).toThrow('has bytes');
    expect(queue.inFlight).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { describeFault } from '../../../../../drivers/virtio/describe.ts';
import type { Features } from '../../../../../drivers/virtio/features.ts';
import { finish } from '../../../../../drivers/virtio/initialize.ts';
import { createQueue } from '../../../../../drivers/virtio/queue/create.ts';
import { queueSizeWithin } from '../../../../../drivers/virtio/queue/place.ts';
import { detachNext, kick, queueMemoryLength } from '../../../../../drivers/virtio/queue/queue.ts';
import { QUEUE_EMPTY, QUEUE_PACKED, QUEUE_SPLIT, Queue } from '../../../../../drivers/virtio/queue/record.ts';
import type { Transport } from '../../../../../drivers/virtio/transport/record.ts';
import { resetQueue } from '../../../../../drivers/virtio/transport/transport.ts';
import { type DmaPool, dmaAllocate, dmaFreeBytes } from '../../../../../kernel/hal/dma-pool.ts';
import type { SimBlkOptions } from '../../../../sim/virtio/block.ts';
import { EVENT_IDX, IN_ORDER, INDIRECT_DESC, RING_PACKED } from '../../../../sim/virtio/ring-layout.ts';
import { begunDisk, setOf } from '../transport/harness.ts';
import { put } from './harness.ts';

const VERSION_1 = 32;
const RING_RESET = 40;
const MODERN = setOf([VERSION_1]);
const ALL = [INDIRECT_DESC, EVENT_IDX, VERSION_1, RING_PACKED, IN_ORDER];

/** A device that offers what is in `options`, all of which is agreed on. */
const started = (options: SimBlkOptions = {}) => begunDisk(options, options.features ?? []);

const tryMake = (transport: Transport, pool: DmaPool, index: number, sizeMax: number, features: Features) => {
  const queue = new Queue();
  return createQueue(transport, pool, index, sizeMax, features, queue) ? queue : describeFault(transport).kind;
};

const make = (...args: Parameters<typeof tryMake>): Queue => {
  const made = tryMake(...args);
  if (typeof made === 'string') throw new Error(`unexpected failure: ${made}`);
  return made;
};

describe('the size of a queue', () => {
  it.each([
    [256, 1024, 256],
    [256, 64, 64],
    [100, 1024, 64],
    [32768, 32768, 32768],
    [65535, 65535, 32768],
    [1, 1024, 1],
    [0, 16, 0],
    [16, 0, 0],
  ])('of a device with %i elements and a driver that wants %i is %i, a power of two', (offered, wanted, size) => {
    expect(queueSizeWithin(QUEUE_SPLIT, offered, wanted)).toBe(size);
  });

  it.each([
    [100, 1024, 100],
    [7, 1024, 7],
    [65535, 65535, 32768],
  ])('of a device with %i elements and a driver that wants %i is %i in a packed one', (offered, wanted, size) => {
    expect(queueSizeWithin(QUEUE_PACKED, offered, wanted)).toBe(size);
  });
});

describe('making a queue', () => {
  it('tells the device its size and where it is', () => {
    const { transport, pool, disk, machine } = started({ queueSizes: [100] });
    const queue = make(transport, pool, 0, 1024, MODERN);
    const ring = disk.device.rings[0]!;
    expect([queue.size, ring.size, ring.enabled]).toEqual([64, 64, true]);
    expect([ring.descriptors, ring.driver, ring.device].map((address) => address - machine.dmaBase)).toEqual([
      queue.descriptors,
      queue.driver,
      queue.device,
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('chooses the layout and what it uses by what was negotiated', () => {
    const { transport, pool } = started({ features: ALL });
    const queue = make(transport, pool, 0, 16, setOf(ALL));
    expect([queue.layout, queue.hasEventIndex, queue.isInOrder, queue.isLegacy, queue.tableLength]).toEqual([
      QUEUE_PACKED,
      true,
      true,
      false,
      8,
    ]);
    const plain = started();
    const other = make(plain.transport, plain.pool, 0, 16, MODERN);
    expect([other.layout, other.hasEventIndex, other.isInOrder, other.isLegacy, other.tableLength]).toEqual([
      QUEUE_SPLIT,
      false,
      false,
      false,
      0,
    ]);
  });

  it('rings the doorbell with the number of the queue, 16 bits wide', () => {
    const { transport, pool, machine, disk } = started();
    const queue = make(transport, pool, 0, 16, MODERN);
    expect(finish(transport)).toBe(true);
    machine.accesses.length = 0;
    disk.answer = () => ({ delay: Number.POSITIVE_INFINITY });
    put(queue, 2);
    kick(queue);
    expect(machine.accesses).toEqual(['write16 0xfe003000']);
    expect(disk.device.notifications).toBe(1);
  });

  it('that fails gives its memory back', () => {
    const { transport, pool } = started({ faults: { notifyOff: 0xffff } });
    const before = dmaFreeBytes(pool);
    expect(tryMake(transport, pool, 0, 16, setOf(ALL))).toBe('notify-out-of-range');
    expect(dmaFreeBytes(pool)).toBe(before);
  });

  it('does without tables where memory is short, and is refused when the rings do not fit', () => {
    const features = setOf([VERSION_1, INDIRECT_DESC]);
    const { transport, pool } = started({ queueSizes: [256], features: [VERSION_1, INDIRECT_DESC] });
    const rings = queueMemoryLength(QUEUE_SPLIT, 256, 64, 0);
    dmaAllocate(pool, dmaFreeBytes(pool) - rings, 64);
    const queue = make(transport, pool, 0, 256, features);
    expect([queue.tableLength, queue.memoryLength]).toEqual([0, rings]);
    expect(tryMake(transport, pool, 0, 256, features)).toBe('out-of-dma-memory');
  });

  it('again, after a reset, gives the memory that it had back first, and takes another size', () => {
    const { transport, pool } = started({ queueSizes: [64], features: [VERSION_1, RING_RESET] });
    const before = dmaFreeBytes(pool);
    const queue = make(transport, pool, 0, 64, MODERN);
    put(queue, 3);
    expect(createQueue(transport, pool, 0, 16, MODERN, queue)).toBe(false);
    expect(describeFault(transport).kind).toBe('queue-in-use');
    expect([resetQueue(transport, queue), detachNext(queue), detachNext(queue)]).toEqual([true, 0, QUEUE_EMPTY]);
    expect(createQueue(transport, pool, 0, 16, MODERN, queue)).toBe(true);
    expect([queue.size, queue.inFlight, dmaFreeBytes(pool)]).toEqual([16, 0, before - queue.memoryLength]);
  });

  it('that the device does not have is refused', () => {
    const { transport, pool } = started();
    expect(tryMake(transport, pool, 1, 16, MODERN)).toBe('queue-missing');
  });
});

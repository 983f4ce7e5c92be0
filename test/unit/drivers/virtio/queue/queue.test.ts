import { describe, expect, it } from 'vitest';
import {
  add,
  canPop,
  detachNext,
  fill,
  kick,
  LEGACY_ALIGNMENT,
  pop,
  prepare,
  QUEUE_ALIGNMENT,
  queueMemoryLength,
  reserve,
  restart,
} from '../../../../../drivers/virtio/queue/queue.ts';
import {
  DEVICE_READS,
  DEVICE_WRITES,
  QUEUE_BROKEN,
  QUEUE_EMPTY,
  QUEUE_FULL,
  QUEUE_PACKED,
  QUEUE_SPLIT,
} from '../../../../../drivers/virtio/queue/record.ts';
import { DATA, LAYOUTS, makeQueue, put, ringOf, send } from './harness.ts';

const SIZE = 8;

describe.each(LAYOUTS)('a $name queue', ({ packed }) => {
  it('shows the device the chain as it was filled, readable first', () => {
    const { machine, queue, ring } = makeQueue({ packed });
    const head = send(queue, 3);
    expect(ring.take()).toEqual([
      {
        head,
        readable: [{ offset: DATA, length: 16 }],
        writable: [
          { offset: DATA + 0x100, length: 100 },
          { offset: DATA + 0x200, length: 100 },
        ],
      },
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('shows nothing before the kick', () => {
    const { queue, ring } = makeQueue({ packed });
    reserve(queue, 2);
    fill(queue, DATA, 16, DEVICE_READS);
    fill(queue, DATA, 16, DEVICE_WRITES);
    expect(ring.take()).toEqual([]);
    add(queue);
    expect(ring.take()).toEqual([]);
    kick(queue);
    expect(ring.take()).toHaveLength(1);
  });

  it('is empty until the device gives something back, and says how much was written and might have been', () => {
    const { queue, ring } = makeQueue({ packed });
    const head = send(queue, 2);
    ring.take();
    expect([canPop(queue), pop(queue)]).toEqual([false, QUEUE_EMPTY]);
    ring.give(head, 77);
    expect([canPop(queue), pop(queue)]).toEqual([true, head]);
    expect([queue.poppedLength, queue.poppedWritable]).toEqual([77, 100]);
    expect([canPop(queue), pop(queue)]).toEqual([false, QUEUE_EMPTY]);
    expect([queue.freeCount, queue.inFlight]).toEqual([SIZE, 0]);
  });

  it('is full when its descriptors are taken, and loses nothing by being asked', () => {
    const { queue } = makeQueue({ packed });
    expect([send(queue, 3), send(queue, 3)].every((head) => head >= 0)).toBe(true);
    expect(send(queue, 3)).toBe(QUEUE_FULL);
    expect(send(queue, 2)).toBeGreaterThanOrEqual(0);
    expect(queue.freeCount).toBe(0);
    expect(send(queue, 1)).toBe(QUEUE_FULL);
  });

  it.each([
    [false, 4],
    [true, packed ? 3 : 4],
  ])('holds, in order %s, %i chains of one descriptor with 4 elements', (inOrder, count) => {
    const { queue, ring } = makeQueue({ packed, inOrder, size: 4 });
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < count; i++) expect(send(queue, 1)).toBeGreaterThanOrEqual(0);
      expect(send(queue, 1)).toBe(QUEUE_FULL);
      for (const { head } of ring.take()) ring.give(head, 0);
      for (let i = 0; i < count; i++) expect(pop(queue)).toBeGreaterThanOrEqual(0);
    }
  });

  it('takes chains back in any order', () => {
    const { machine, queue, ring } = makeQueue({ packed });
    const heads = [send(queue, 2), send(queue, 3), send(queue, 1), send(queue, 2)];
    ring.take();
    for (const index of [2, 0, 3, 1]) ring.give(heads[index]!, 0);
    expect([pop(queue), pop(queue), pop(queue), pop(queue)]).toEqual([2, 0, 3, 1].map((index) => heads[index]));
    expect(queue.freeCount).toBe(SIZE);
    expect(send(queue, SIZE)).toBeGreaterThanOrEqual(0);
    expect(ring.take()[0]?.writable).toHaveLength(SIZE - 1);
    expect(machine.violations).toEqual([]);
  });

  it.each([1, 2, 256])('counts on over 65536, out of order, with %i elements', (size) => {
    const { machine, queue, ring } = makeQueue({ packed, size });
    const rounds = Math.ceil(70_000 / size);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < size; i++) put(queue, 1);
      kick(queue);
      const taken = ring.take().map((chain) => chain.head);
      for (const head of taken.reverse()) ring.give(head, 0);
      for (const head of taken) if (pop(queue) !== head) throw new Error(`round ${round}: another head than ${head}`);
    }
    expect(pop(queue)).toBe(QUEUE_EMPTY);
    expect([queue.freeCount, queue.broken, machine.violations]).toEqual([size, false, []]);
    expect([queue.published, queue.popped]).toEqual([rounds * size, (rounds * size) % 65536]);
  });

  it('holds as many chains as the longest queue has elements', () => {
    const { machine, queue, ring } = makeQueue({ packed, size: 32768 });
    for (let i = 0; i < 32768; i++) put(queue, 1);
    expect(send(queue, 1)).toBe(QUEUE_FULL);
    const heads = ring.take().map((chain) => chain.head);
    expect(new Set(heads).size).toBe(32768);
    for (const head of heads) ring.give(head, 0);
    for (const head of heads) if (pop(queue) !== head) throw new Error(`another head than ${head}`);
    expect([queue.freeCount, machine.violations]).toEqual([32768, []]);
  });

  it('takes no interest in what the device does to the descriptors', () => {
    const { machine, queue, ring } = makeQueue({ packed });
    const head = send(queue, 3);
    ring.take();
    for (let i = 0; i < SIZE; i++) machine.dma.fill(0xff, queue.descriptors + i * 16, queue.descriptors + i * 16 + 12);
    ring.give(head, 0);
    expect(pop(queue)).toBe(head);
    expect(send(queue, SIZE)).toBeGreaterThanOrEqual(0);
    expect(ring.take()[0]?.writable).toHaveLength(SIZE - 1);
    expect(machine.violations).toEqual([]);
  });

  it('gives each head in flight back exactly once after a reset, and starts anew', () => {
    const { machine, queue, ring } = makeQueue({ packed });
    for (let i = 0; i < 101; i++) {
      const head = send(queue, 2);
      ring.take();
      ring.give(head, 0);
      pop(queue);
    }
    const heads = [send(queue, 3), send(queue, 2), send(queue, 1)];
    ring.take();
    const back = [detachNext(queue), detachNext(queue), detachNext(queue)];
    expect(back.sort()).toEqual(heads.sort());
    expect([detachNext(queue), pop(queue), reserve(queue, 1)]).toEqual([QUEUE_EMPTY, QUEUE_BROKEN, QUEUE_BROKEN]);
    restart(queue);
    expect(machine.dma.subarray(queue.memory, queue.memory + queue.ringLength).every((byte) => byte === 0)).toBe(true);
    expect([queue.freeCount, queue.inFlight, queue.added, queue.published, queue.popped]).toEqual([SIZE, 0, 0, 0, 0]);
    expect(pop(queue)).toBe(QUEUE_EMPTY);
    expect(send(queue, SIZE)).toBe(0);
    expect(ringOf(machine, queue).take()).toHaveLength(1);
    expect(machine.violations).toEqual([]);
  });

  it('our own mistakes are assertions', () => {
    const { machine, queue } = makeQueue({ packed });
    expect(() => prepare(queue, 0, 0, QUEUE_ALIGNMENT)).toThrow('from 1 to QUEUE_SIZE_MAX');
    expect(() => prepare(queue, 65536, 0, QUEUE_ALIGNMENT)).toThrow('from 1 to QUEUE_SIZE_MAX');
    expect(() => reserve(queue, 0)).toThrow('from one descriptor');
    expect(() => reserve(queue, SIZE + 1)).toThrow('from one descriptor');
    reserve(queue, 2);
    expect(() => reserve(queue, 1)).toThrow('one chain is built at a time');
    expect(() => add(queue)).toThrow('all of a chain is filled');
    expect(() => fill(queue, machine.dma.length - 10, 11, DEVICE_READS)).toThrow('in the DMA window');
    expect(() => fill(queue, 0, 0, DEVICE_READS)).toThrow('in the DMA window');
    fill(queue, DATA, 1, DEVICE_WRITES);
    expect(() => fill(queue, DATA, 1, DEVICE_READS)).toThrow('what the device reads comes first');
    fill(queue, DATA, 1, DEVICE_WRITES);
    expect(() => fill(queue, DATA, 1, DEVICE_WRITES)).toThrow('as many buffers as were reserved');
  });
});

describe('a packed queue whose device never says WRITE, as QEMU', () => {
  const WRITE = 2;

  const popWithoutFlag = (length: number): number => {
    const { queue, ring } = makeQueue({ packed: true });
    const head = send(queue, 2);
    ring.take();
    ring.give(head, length);
    const flags = ring.descriptors + 14;
    ring.memory.write16(flags, ring.memory.read16(flags) & ~WRITE);
    expect(pop(queue)).toBe(head);
    return queue.poppedLength;
  };

  it('takes a length that can be true', () => expect([popWithoutFlag(77), popWithoutFlag(100)]).toEqual([77, 100]));

  it('takes any other for none: without the flag it means nothing', () => expect(popWithoutFlag(101)).toBe(0));
});

describe('a queue in memory', () => {
  it('of split layout has 16, 2 and 8 bytes an element and the ends', () => {
    expect(queueMemoryLength(QUEUE_SPLIT, 256, QUEUE_ALIGNMENT, 0)).toBe(
      Math.ceil((16 * 256 + (2 * 256 + 6 + 58) + (8 * 256 + 6)) / 64) * 64,
    );
  });

  it('of packed layout has 16 bytes an element and two structures of 4', () => {
    expect(queueMemoryLength(QUEUE_PACKED, 3, QUEUE_ALIGNMENT, 0)).toBe(64 + 64 + 64);
    const { queue } = makeQueue({ packed: true, size: 5 });
    expect([queue.driver - queue.descriptors, queue.device - queue.descriptors]).toEqual([128, 192]);
  });

  it('has a table a head behind that', () => {
    const without = queueMemoryLength(QUEUE_SPLIT, 16, QUEUE_ALIGNMENT, 0);
    expect(queueMemoryLength(QUEUE_SPLIT, 16, QUEUE_ALIGNMENT, 4)).toBe(without + 16 * 4 * 16);
  });

  it('of a legacy device has its used ring at a page', () => {
    const { queue } = makeQueue({ legacy: true, size: 256 });
    expect(queue.driver - queue.descriptors).toBe(4096);
    expect(queue.device - queue.descriptors).toBe(8192);
    expect(queueMemoryLength(QUEUE_SPLIT, 256, LEGACY_ALIGNMENT, 0)).toBeGreaterThanOrEqual(8192 + 6 + 2048);
  });

  it('of split layout has a power of two of elements', () => {
    const { queue } = makeQueue();
    expect(() => prepare(queue, 3, 0, QUEUE_ALIGNMENT)).toThrow('power of two');
  });
});

describe.each(LAYOUTS)('a batch on a $name queue', ({ packed }) => {
  it('is one notification, and none when there is nothing new', () => {
    const { queue, ring } = makeQueue({ packed });
    expect(kick(queue)).toBe(false);
    const heads = [put(queue, 1), put(queue, 3), put(queue, 1)];
    expect(ring.take()).toEqual([]);
    expect([kick(queue), kick(queue), queue.doorbellCount]).toEqual([true, false, 1]);
    expect(ring.take().map((chain) => chain.head)).toEqual(heads);
  });

  it('is built while the device has another', () => {
    const { machine, queue, ring } = makeQueue({ packed });
    for (let round = 0; round < 3 * SIZE; round++) {
      const first = [put(queue, 2), put(queue, 1)];
      kick(queue);
      const second = [put(queue, 1), put(queue, 3)];
      expect(ring.take().map((chain) => chain.head)).toEqual(first);
      for (const head of first) ring.give(head, 0);
      expect([pop(queue), pop(queue), pop(queue)]).toEqual([...first, QUEUE_EMPTY]);
      kick(queue);
      expect(ring.take().map((chain) => chain.head)).toEqual(second);
      for (const head of second) ring.give(head, 0);
      expect([pop(queue), pop(queue), pop(queue)]).toEqual([...second, QUEUE_EMPTY]);
    }
    expect([queue.freeCount, queue.inFlight, machine.violations]).toEqual([SIZE, 0, []]);
  });

  it('is not mistaken for a chain that the device has had for 65536 others', () => {
    const { queue, ring } = makeQueue({ packed });
    const oldest = send(queue, 1);
    ring.take();
    for (let i = 0; i < 65535; i++) {
      const head = send(queue, 1);
      ring.take();
      ring.give(head, 0);
      pop(queue);
    }
    put(queue, 1);
    ring.give(oldest, 0);
    expect(pop(queue)).toBe(oldest);
  });

  it('as long as the ring is seen as a whole, wherever it begins', () => {
    for (let start = 0; start < SIZE; start++) {
      const { queue, ring } = makeQueue({ packed, eventIndex: true, trustsSuppression: true });
      for (let i = 0; i < start; i++) {
        const head = send(queue, 1);
        ring.take();
        ring.give(head, 0);
        pop(queue);
      }
      ring.askForNotifications();
      for (let i = 0; i < SIZE; i++) put(queue, 1);
      expect([kick(queue), ring.take().length]).toEqual([true, SIZE]);
    }
  });

  it('that was added and not kicked comes back by detachNext, once', () => {
    const { queue } = makeQueue({ packed });
    const heads = [send(queue, 2), put(queue, 1), put(queue, 2)];
    const back = [detachNext(queue), detachNext(queue), detachNext(queue)];
    expect([back.sort(), detachNext(queue)]).toEqual([heads.sort(), QUEUE_EMPTY]);
    restart(queue);
    expect([kick(queue), queue.freeCount]).toEqual([false, SIZE]);
  });
});

describe.each(LAYOUTS)('indirect tables of a $name queue', ({ packed }) => {
  it('are used when the ring runs low, so that it holds as many chains as it has elements', () => {
    const { machine, queue, ring } = makeQueue({ packed, tableLength: 4 });
    let count = 0;
    while (put(queue, 3) >= 0) count++;
    kick(queue);
    expect(count).toBe(2 + 2); // Two in the ring; each of the two descriptors left takes one chain more.
    const chains = ring.take();
    expect(chains.every(({ readable, writable }) => readable.length === 1 && writable.length === 2)).toBe(true);
    for (const { head } of chains) ring.give(head, 200);
    for (const { head } of chains) expect([pop(queue), queue.poppedLength]).toEqual([head, 200]);
    expect([queue.freeCount, machine.violations]).toEqual([SIZE, []]);
  });

  it('are used earlier once the queue has been full, so that it holds more', () => {
    const { machine, queue, ring } = makeQueue({ packed, size: 16, tableLength: 4 });
    const fillUp = (): number => {
      let count = 0;
      while (put(queue, 3) >= 0) count++;
      kick(queue);
      for (const { head } of ring.take()) ring.give(head, 0);
      while (pop(queue) >= 0);
      return count;
    };
    expect([fillUp(), fillUp(), fillUp()]).toEqual([5 + 1, 4 + 4, 4 + 4]);
    expect([queue.freeCount, machine.violations]).toEqual([16, []]);
  });

  it('hold chains that are longer than what is free', () => {
    const { machine, queue, ring } = makeQueue({ packed, tableLength: SIZE });
    for (let i = 0; i < SIZE - 1; i++) send(queue, 1);
    const head = send(queue, SIZE);
    expect(ring.take().at(-1)).toMatchObject({ head, writable: { length: SIZE - 1 } });
    expect(machine.violations).toEqual([]);
  });

  it('do not hold chains that are longer than they are', () => {
    const { machine, queue, ring } = makeQueue({ packed, tableLength: 3 });
    expect([send(queue, 5), send(queue, 4)]).toEqual([0, QUEUE_FULL]);
    expect(send(queue, 3)).toBeGreaterThan(0);
    expect(ring.take().map(({ writable }) => writable.length)).toEqual([4, 2]);
    expect(machine.violations).toEqual([]);
  });

  it('are not used for a single buffer', () => {
    const { machine, queue, ring } = makeQueue({ packed, tableLength: 4 });
    for (let i = 0; i < SIZE; i++) expect(send(queue, 1)).toBeGreaterThanOrEqual(0);
    expect(ring.take()).toHaveLength(SIZE);
    expect(machine.violations).toEqual([]);
  });
});

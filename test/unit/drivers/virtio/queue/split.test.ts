import { beforeEach, describe, expect, it } from 'vitest';
import { createQueue } from '../../../../../drivers/virtio/queue/create.ts';
import {
  attach,
  DEVICE_READS,
  DEVICE_WRITES,
  detach,
  fill,
  notify,
  pop,
  prepare,
  publish,
  QUEUE_BROKEN,
  QUEUE_EMPTY,
  QUEUE_FULL,
  queueMemoryLength,
  reserve,
  SplitQueue,
} from '../../../../../drivers/virtio/queue/split.ts';
import { openPciTransport } from '../../../../../drivers/virtio/transport/pci.ts';
import { dmaFreeBytes } from '../../../../../kernel/hal/dma-pool.ts';
import { installMachine, SimMachine } from '../../../../sim/machine.ts';
import { expectError, expectValue, machineWithDisk } from '../../../../sim/setup.ts';
import { SimRing } from '../../../../sim/virtio/ring.ts';

const SIZE = 8;
const DATA = 0x10000;

let machine: SimMachine;
let queue: SplitQueue;
let ring: SimRing;

/** Makes a queue of `size` elements and the device's side of it. */
const makeQueue = (size: number): void => {
  machine = installMachine(new SimMachine());
  queue = new SplitQueue();
  prepare(queue, 0, size, 0x1000);
  ring = new SimRing(machine, size);
  ring.descriptors = machine.dmaBase + queue.descriptors;
  ring.driver = machine.dmaBase + queue.available;
  ring.device = machine.dmaBase + queue.used;
};

/** Publishes a chain of one readable and `count` - 1 writable buffers of 100 bytes. Returns its head. */
const send = (count: number): number => {
  const head = reserve(queue, count);
  if (head < 0) return head;
  let next = fill(queue, head, DATA, 16, DEVICE_READS);
  for (let i = 1; i < count; i++) next = fill(queue, next, DATA + 0x100 * i, 100, DEVICE_WRITES);
  publish(queue, head);
  return head;
};

beforeEach(() => makeQueue(SIZE));

describe('a split queue', () => {
  it('shows the device the chain as it was filled, readable first', () => {
    const head = send(3);
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

  it('is empty until the device gives something back, and says how much was written', () => {
    const head = send(2);
    ring.take();
    expect(pop(queue)).toBe(QUEUE_EMPTY);
    ring.give(head, 77);
    expect(pop(queue)).toBe(head);
    expect(queue.poppedLength).toBe(77);
    expect(pop(queue)).toBe(QUEUE_EMPTY);
    expect([queue.freeCount, queue.inFlight]).toEqual([SIZE, 0]);
  });

  it('is full when its descriptors are taken, and loses nothing by being asked', () => {
    expect([send(3), send(3)].every((head) => head >= 0)).toBe(true);
    expect(send(3)).toBe(QUEUE_FULL);
    expect(send(2)).toBeGreaterThanOrEqual(0);
    expect(queue.freeCount).toBe(0);
    expect(send(1)).toBe(QUEUE_FULL);
  });

  it('takes chains back in any order', () => {
    const heads = [send(2), send(3), send(1), send(2)];
    ring.take();
    for (const index of [2, 0, 3, 1]) ring.give(heads[index]!, 0);
    expect([pop(queue), pop(queue), pop(queue), pop(queue)]).toEqual([2, 0, 3, 1].map((index) => heads[index]));
    expect(queue.freeCount).toBe(SIZE);
    expect(send(SIZE)).toBeGreaterThanOrEqual(0);
    expect(machine.violations).toEqual([]);
  });

  it('a batch is published before it is notified of, and several wait in the ring', () => {
    const heads = [send(1), send(1), send(1)];
    expect(ring.take().map((chain) => chain.head)).toEqual(heads);
  });

  it('counts on over 65536, out of order, at each size', () => {
    for (const size of [1, 256]) {
      makeQueue(size);
      const count = Math.ceil(70_000 / size);
      for (let round = 0; round < count; round++) {
        const heads = Array.from({ length: size }, () => send(1));
        const taken = ring.take().map((chain) => chain.head);
        for (const head of taken.reverse()) ring.give(head, 0);
        for (const head of heads.reverse()) {
          if (pop(queue) !== head) throw new Error(`size ${size} round ${round}: another head than ${head}`);
        }
      }
      expect(pop(queue)).toBe(QUEUE_EMPTY);
      expect([queue.freeCount, queue.broken, machine.violations]).toEqual([size, false, []]);
      expect([queue.availableNext, queue.usedNext]).toEqual([(count * size) % 65536, (count * size) % 65536]);
    }
  });

  it('agrees with the device over random schedules', () => {
    const seed = 1729;
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    makeQueue(16);
    const lengths = new Map<number, number>();
    const withDevice: number[] = [];
    for (let step = 0; step < 60_000; step++) {
      const what = random(3);
      if (what === 0) {
        const count = 1 + random(4);
        const head = send(count);
        if (head >= 0) lengths.set(head, random((count - 1) * 100 + 1));
      } else if (what === 1) {
        withDevice.push(...ring.take().map((chain) => chain.head));
        if (withDevice.length === 0) continue;
        const [head] = withDevice.splice(random(withDevice.length), 1);
        ring.give(head!, lengths.get(head!)!);
      } else {
        const head = pop(queue);
        if (head === QUEUE_EMPTY) continue;
        if (queue.poppedLength !== lengths.get(head)) throw new Error(`seed ${seed} step ${step}: head ${head}`);
        lengths.delete(head);
      }
    }
    expect(queue.inFlight).toBe(lengths.size);
    expect(machine.violations, `seed ${seed}`).toEqual([]);
  });

  it('everything comes back by detach, and the rings start anew', () => {
    for (let i = 0; i < 100; i++) {
      const head = send(2);
      ring.take();
      ring.give(head, 0);
      pop(queue);
    }
    send(3);
    send(2);
    detach(queue);
    expect([queue.freeCount, queue.inFlight, queue.availableNext, queue.usedNext]).toEqual([SIZE, 0, 0, 0]);
    expect(pop(queue)).toBe(QUEUE_EMPTY);
    expect(send(SIZE)).toBe(0);
  });

  it('needs the memory that the specification says: 16, 2 and 8 bytes an element and the ends', () => {
    expect(queueMemoryLength(256)).toBe(16 * 256 + (2 * 256 + 6 + 58) + (8 * 256 + 6));
  });

  it('our own mistakes are assertions', () => {
    expect(() => prepare(queue, 0, 3, 0)).toThrow('power of two');
    expect(() => prepare(queue, 0, 2048, 0)).toThrow('power of two');
    expect(() => reserve(queue, 0)).toThrow('a chain has a descriptor');
    const head = reserve(queue, 1);
    expect(() => fill(queue, head, machine.dma.length - 10, 11, DEVICE_READS)).toThrow('in the DMA window');
    expect(() => fill(queue, head, 0, 0, DEVICE_READS)).toThrow('in the DMA window');
  });
});

describe('a device that lies breaks the queue', () => {
  const expectBroken = (): void => {
    expect(pop(queue)).toBe(QUEUE_BROKEN);
    expect(pop(queue)).toBe(QUEUE_BROKEN);
    expect(send(1)).toBe(QUEUE_BROKEN);
  };

  it.each([SIZE, 0x10000, 0x80000000, 0xffffffff])('with head %i, which is no descriptor', (head) => {
    send(1);
    ring.take();
    ring.give(head, 0);
    expectBroken();
  });

  it('with a head that it was never given', () => {
    send(1);
    ring.take();
    ring.give(5, 0);
    expectBroken();
  });

  it('with the middle of a chain', () => {
    const head = send(3);
    ring.take();
    ring.give(queue.next[head]!, 0);
    expectBroken();
  });

  it('with a head that it gave back before', () => {
    const [first] = [send(1), send(1)];
    ring.take();
    ring.give(first, 0);
    expect(pop(queue)).toBe(first);
    ring.give(first, 0);
    expectBroken();
  });

  it('with more than it could write', () => {
    const head = send(3);
    ring.take();
    ring.give(head, 201);
    expectBroken();
  });

  it('with a length for a chain that it could only read', () => {
    const head = send(1);
    ring.take();
    ring.give(head, 1);
    expectBroken();
  });

  it('with an index that runs ahead of what it was given', () => {
    send(1);
    ring.take();
    ring.skip(2);
    expectBroken();
  });

  it('with an index that runs backwards', () => {
    const head = send(1);
    ring.take();
    ring.give(head, 0);
    pop(queue);
    ring.skip(-1);
    expectBroken();
  });

  it('and its links in the descriptor table change nothing', () => {
    const head = send(3);
    ring.take();
    machine.dma.fill(0xff, queue.descriptors, queue.descriptors + SIZE * 16);
    ring.give(head, 0);
    expect(pop(queue)).toBe(head);
    expect(send(SIZE)).toBeGreaterThanOrEqual(0);
    expect(ring.take()[0]?.writable).toHaveLength(SIZE - 1);
    expect(machine.violations).toEqual([]);
  });
});

describe('making a queue', () => {
  const started = (options: Parameters<typeof machineWithDisk>[0]) => {
    const all = machineWithDisk(options);
    const transport = expectValue(openPciTransport(all.pciFunction));
    transport.setDma(true);
    transport.writeStatus(1 | 2 | 8);
    return { ...all, transport };
  };

  it.each([
    [256, 1024, 256],
    [256, 64, 64],
    [100, 1024, 64],
    [32768, 32768, 1024],
    [1, 1024, 1],
  ])('a device with %i elements and a driver that wants %i get %i', (offered, wanted, size) => {
    const { transport, pool, disk } = started({ queueSizes: [offered] });
    expect(expectValue(createQueue(transport, pool, 0, wanted)).size).toBe(size);
    expect(disk.device.rings[0]!.size).toBe(size);
  });

  it('rings the doorbell with the number of the queue, 16 bits wide', () => {
    const { transport, pool, machine: installed, disk } = started({});
    const made = expectValue(createQueue(transport, pool, 0, 16));
    transport.writeStatus(1 | 2 | 4 | 8);
    installed.accesses.length = 0;
    notify(made);
    expect(installed.accesses).toEqual(['write16 0xfe003000']);
    expect([disk.device.notifications, installed.violations]).toEqual([1, []]);
  });

  it('that fails gives its memory back', () => {
    const { transport, pool } = started({ faults: { notifyOff: 0xffff } });
    const before = dmaFreeBytes(pool);
    expect(expectError(createQueue(transport, pool, 0, 16)).kind).toBe('notify-out-of-range');
    expect(dmaFreeBytes(pool)).toBe(before);
  });

  it('that is too long for the memory left is refused', () => {
    const { transport, pool } = started({ queueSizes: [1024] });
    pool.count = 0;
    expect(expectError(createQueue(transport, pool, 0, 1024)).kind).toBe('out-of-dma-memory');
  });

  it('that the device does not have is refused', () => {
    const { transport, pool } = started({});
    expect(expectError(createQueue(transport, pool, 1, 16)).kind).toBe('queue-missing');
  });

  it('keeps the doorbell that it is given', () => {
    attach(queue, 0x3000);
    expect(queue.doorbell).toBe(0x3000);
  });
});

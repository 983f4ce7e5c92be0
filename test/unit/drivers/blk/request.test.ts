import { beforeEach, describe, expect, it } from 'vitest';
import {
  BlkRequests,
  BlkSegments,
  complete,
  prepareRequests,
  requestMemoryLength,
  submit,
  submitRead,
  submitSegments,
  TRANSFER_BROKEN,
  TRANSFER_FAILED,
  TRANSFER_OK,
  TRANSFER_TIMEOUT,
  transfer,
} from '../../../../drivers/blk/request.ts';
import { describeFault } from '../../../../drivers/virtio/describe.ts';
import { finish } from '../../../../drivers/virtio/initialize.ts';
import { createQueue } from '../../../../drivers/virtio/queue/create.ts';
import { kick, suppressInterrupts } from '../../../../drivers/virtio/queue/queue.ts';
import { QUEUE_EMPTY, QUEUE_FULL, Queue } from '../../../../drivers/virtio/queue/record.ts';
import { type DmaPool, dmaAllocate, dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { Random } from '../../../native/random.ts';
import type { SimMachine } from '../../../sim/machine.ts';
import { machineWithDisk, sameBytes } from '../../../sim/setup.ts';
import type { SimBlkDevice } from '../../../sim/virtio/block.ts';
import { EVENT_IDX, INDIRECT_DESC, RING_PACKED } from '../../../sim/virtio/ring-layout.ts';
import { begun } from '../virtio/transport/harness.ts';

const READ = 0;
const WRITE = 1;
const SECTORS = 1024;
const VERSION_1 = 32;
const FOREVER = Number.MAX_SAFE_INTEGER;

let machine: SimMachine;
let disk: SimBlkDevice;
let queue: Queue;
let requests: BlkRequests;
let data: number;
let pool: DmaPool;

/** Starts a disk that offers `features`, of which the driver takes all, and a queue of `size` elements. */
const start = (features: readonly number[], size: number): void => {
  const all = machineWithDisk({ sectors: SECTORS, features, queueSizes: [size] });
  machine = all.machine;
  disk = all.disk;
  pool = all.pool;
  const { transport } = begun(all, features);
  queue = new Queue();
  if (!createQueue(transport, all.pool, 0, size, transport.accepted, queue) || !finish(transport)) {
    throw new Error(describeFault(transport).message);
  }
  suppressInterrupts(queue);
  requests = new BlkRequests();
  prepareRequests(requests, queue.size, dmaAllocate(all.pool, requestMemoryLength(queue.size), 16));
  data = dmaAllocate(all.pool, SECTORS * 512, 4096);
  disk.disk.forEach((_, index) => {
    disk.disk[index] = (index * 7 + (index >> 9)) & 0xff;
  });
};

beforeEach(() => start([VERSION_1], 16));

describe('a transfer', () => {
  it('of more requests than the queue holds does them all, one behind the other', () => {
    expect(transfer(queue, requests, READ, 0, data, 4096, 128, 128, FOREVER)).toBe(TRANSFER_OK);
    expect(sameBytes(machine.dma.subarray(data, data + SECTORS * 512), disk.disk)).toBe(true);
    expect(machine.violations).toEqual([]);
    expect(queue.freeCount).toBe(queue.size);
  });

  it('is one notification a batch', () => {
    expect(transfer(queue, requests, READ, 0, data, 512, 5, 5, FOREVER)).toBe(TRANSFER_OK);
    expect(disk.device.notifications).toBe(1);
  });

  it('writes what is in memory', () => {
    machine.dma.fill(0x77, data, data + 8192);
    expect(transfer(queue, requests, WRITE, 10, data, 4096, 2, 2, FOREVER)).toBe(TRANSFER_OK);
    expect(sameBytes(disk.disk.subarray(5120, 5120 + 8192), new Uint8Array(8192).fill(0x77))).toBe(true);
  });

  it('does not mind the order in which the device completes', () => {
    disk.backwards = true;
    expect(transfer(queue, requests, READ, 0, data, 512, 100, 100, FOREVER)).toBe(TRANSFER_OK);
    expect(sameBytes(machine.dma.subarray(data, data + 51200), disk.disk.subarray(0, 51200))).toBe(true);
  });

  it('completes the others when one fails, and says how the first one failed', () => {
    disk.answer = ({ sector }) => (sector === 3 ? { status: 1 } : {});
    expect(transfer(queue, requests, READ, 0, data, 512, 20, 20, FOREVER)).toBe(TRANSFER_FAILED);
    expect(requests.failedStatus).toBe(1);
    expect(disk.requests).toHaveLength(20);
    expect(queue.freeCount).toBe(queue.size);
  });

  it('ends at its deadline', () => {
    disk.answer = ({ sector }) => (sector === 2 ? { delay: Number.POSITIVE_INFINITY } : {});
    expect(transfer(queue, requests, READ, 0, data, 512, 4, 4, machine.now + 1_000_000)).toBe(TRANSFER_TIMEOUT);
    expect(queue.inFlight).toBe(1);
  });

  it('ends when the device lies', () => {
    disk.answer = ({ sector }) => (sector === 2 ? { usedHead: 999 } : {});
    expect(transfer(queue, requests, READ, 0, data, 512, 4, 4, FOREVER)).toBe(TRANSFER_BROKEN);
  });

  it('refills in groups: a notification for every quarter of 128 requests, not for each that comes back', () => {
    start([VERSION_1, INDIRECT_DESC], 256);
    const delays = new Random(1);
    disk.answer = () => ({ delay: 1 + delays.below(100_000) }); // They come back one by one, in any order.
    expect(transfer(queue, requests, READ, 0, data, 512, 1024, 128, FOREVER)).toBe(TRANSFER_OK);
    expect(sameBytes(machine.dma.subarray(data, data + SECTORS * 512), disk.disk)).toBe(true);
    expect(disk.device.notifications).toBeLessThanOrEqual(0.05 * 1024);
    expect(machine.violations).toEqual([]);
  });

  it('waits for nothing at depth 1', () => {
    expect(transfer(queue, requests, READ, 0, data, 512, 10, 1, FOREVER)).toBe(TRANSFER_OK);
    expect(disk.device.notifications).toBe(10);
  });

  it('sends a kick again that the device has missed, and goes on', () => {
    queue.trustsSuppression = true;
    disk.device.rings[0]!.stopNotifications();
    expect(transfer(queue, requests, READ, 0, data, 512, 4, 4, FOREVER)).toBe(TRANSFER_OK);
    expect([disk.device.notifications, queue.rekickCount, queue.trustsSuppression]).toEqual([1, 1, false]);
  });

  it('of nothing is done at once', () => {
    expect(transfer(queue, requests, READ, 0, data, 512, 0, 0, FOREVER)).toBe(TRANSFER_OK);
    expect(disk.device.notifications).toBe(0);
  });
});

describe('single requests', () => {
  it('are submitted until the queue is full and completed one by one', () => {
    const heads: number[] = [];
    let head = submit(queue, requests, READ, 0, data, 512);
    while (head >= 0) {
      heads.push(head);
      head = submit(queue, requests, READ, heads.length, data + heads.length * 512, 512);
    }
    expect(head).toBe(QUEUE_FULL);
    expect(heads).toHaveLength(5); // Three descriptors each, of 16.
    expect(complete(queue, requests)).toBe(QUEUE_EMPTY);
    kick(queue);
    expect(heads.map(() => complete(queue, requests))).toEqual(heads);
    expect(requests.completedStatus).toBe(0);
  });

  it.each([[], [INDIRECT_DESC], [RING_PACKED], [RING_PACKED, INDIRECT_DESC, EVENT_IDX]])(
    'have their data in several pieces of memory, with features %j %j %j',
    (...features) => {
      start([VERSION_1, ...features], 16);
      const segments = new BlkSegments();
      segments.count = 5;
      for (let i = 0; i < 5; i++) {
        segments.offsets[i] = data + (4 - i) * 4096;
        segments.lengths[i] = 512 * (i + 1);
      }
      for (let round = 0; round < 5; round++) {
        machine.dma.fill(0, data, data + 5 * 4096);
        const heads = [0, 1].map(() => submitSegments(queue, requests, READ, 3, segments));
        kick(queue);
        for (const head of heads) expect([complete(queue, requests), requests.completedStatus]).toEqual([head, 0]);
        for (let i = 0, sector = 3; i < 5; sector += ++i) {
          const piece = machine.dma.subarray(segments.offsets[i], segments.offsets[i]! + segments.lengths[i]!);
          expect(sameBytes(piece, disk.disk.subarray(sector * 512, sector * 512 + piece.length))).toBe(true);
        }
      }
      expect(machine.violations).toEqual([]);
    },
  );

  it('that read may have their status behind the data, in two descriptors', () => {
    const heads = [0, 1, 2].map((index) => submitRead(queue, requests, index * 3, data + index * 4096, 1024));
    expect(queue.freeCount).toBe(16 - 3 * 2);
    disk.answer = ({ sector }) => (sector === 3 ? { status: 1 } : {});
    kick(queue);
    const ends = heads.map(() => [complete(queue, requests), requests.completedStatus]);
    expect(ends).toEqual(heads.map((head, index) => [head, index === 1 ? 1 : 0]));
    expect(sameBytes(machine.dma.subarray(data + 8192, data + 9216), disk.disk.subarray(6 * 512, 8 * 512))).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('negotiate no feature that the driver does not know', () => {
    expect(disk.device.driverFeatures).toEqual([0, 1, 0, 0]);
  });
});

describe('W15: waiting for one request never takes what another one waits for', () => {
  it('a transfer does not begin while requests are under way', () => {
    const head = submit(queue, requests, READ, 0, data, 512);
    expect(() => transfer(queue, requests, READ, 1, data + 512, 512, 1, 1, FOREVER)).toThrow(
      'has the queue for itself',
    );
    kick(queue);
    expect([complete(queue, requests), queue.inFlight]).toEqual([head, 0]);
    expect(transfer(queue, requests, READ, 1, data + 512, 512, 1, 1, FOREVER)).toBe(TRANSFER_OK);
  });

  it('and when one of its own fails it waits for the others, whatever their order', () => {
    disk.answer = ({ sector }) => (sector === 0 ? { status: 1 } : { delay: 50_000 - sector * 1000 });
    expect(transfer(queue, requests, READ, 0, data, 512, 5, 5, FOREVER)).toBe(TRANSFER_FAILED);
    expect([queue.inFlight, queue.freeCount]).toEqual([0, 16]);
  });

  it('requests are told apart by their heads, in whatever order they come back', () => {
    disk.backwards = true;
    const heads = [0, 1, 2].map((index) => submit(queue, requests, READ, index, data + index * 512, 512));
    kick(queue);
    expect(heads.map(() => complete(queue, requests))).toEqual(heads.toReversed());
  });
});

describe('W22: a request costs no allocation, a batch one notification, and a queue has the size that was asked for', () => {
  it.each([16, 128, 1024])('%i elements', (size) => {
    start([VERSION_1, INDIRECT_DESC], size);
    const memory = dmaFreeBytes(pool);
    expect(queue.size).toBe(size);
    const segments = new BlkSegments();
    segments.count = 3;
    for (let i = 0; i < 3; i++) {
      segments.offsets[i] = data + i * 8192;
      segments.lengths[i] = 4096;
    }
    let count = 0;
    while (submitSegments(queue, requests, READ, 0, segments) >= 0) count++;
    expect(count).toBeGreaterThanOrEqual(Math.floor(size / 5));
    kick(queue);
    for (let i = 0; i < count; i++) expect(complete(queue, requests)).toBeGreaterThanOrEqual(0);
    expect([dmaFreeBytes(pool), disk.device.notifications, machine.violations]).toEqual([memory, 1, []]);
  });
});

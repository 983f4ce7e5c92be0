import { beforeEach, describe, expect, it } from 'vitest';
import {
  BlkRequests,
  complete,
  prepareRequests,
  requestMemoryLength,
  submit,
  TRANSFER_BROKEN,
  TRANSFER_FAILED,
  TRANSFER_OK,
  TRANSFER_TIMEOUT,
  transfer,
} from '../../../../drivers/blk/request.ts';
import { featureSet } from '../../../../drivers/virtio/features.ts';
import { initialize } from '../../../../drivers/virtio/initialize.ts';
import { createQueue } from '../../../../drivers/virtio/queue/create.ts';
import { notify, QUEUE_EMPTY, QUEUE_FULL, type SplitQueue } from '../../../../drivers/virtio/queue/split.ts';
import { openPciTransport } from '../../../../drivers/virtio/transport/pci.ts';
import { dmaAllocate } from '../../../../kernel/hal/dma-pool.ts';
import type { SimMachine } from '../../../sim/machine.ts';
import { expectValue, machineWithDisk, sameBytes } from '../../../sim/setup.ts';
import type { SimBlkDevice } from '../../../sim/virtio/block.ts';

const READ = 0;
const WRITE = 1;
const SECTORS = 1024;
const FOREVER = Number.MAX_SAFE_INTEGER;

let machine: SimMachine;
let disk: SimBlkDevice;
let queue: SplitQueue;
let requests: BlkRequests;
let data: number;

beforeEach(() => {
  const all = machineWithDisk({ sectors: SECTORS });
  machine = all.machine;
  disk = all.disk;
  const transport = expectValue(openPciTransport(all.pciFunction));
  const contract = {
    featuresRequired: [],
    featuresOptional: [],
    setUp: () => createQueue(transport, all.pool, 0, 16),
  };
  queue = expectValue(initialize(transport, contract));
  requests = new BlkRequests();
  prepareRequests(requests, queue.size, dmaAllocate(all.pool, requestMemoryLength(queue.size), 16));
  data = dmaAllocate(all.pool, SECTORS * 512, 4096);
  disk.disk.forEach((_, index) => {
    disk.disk[index] = (index * 7 + (index >> 9)) & 0xff;
  });
});

describe('a transfer', () => {
  it('of more requests than the queue holds does them all, one behind the other', () => {
    expect(transfer(queue, requests, READ, 0, data, 4096, 128, FOREVER)).toBe(TRANSFER_OK);
    expect(sameBytes(machine.dma.subarray(data, data + SECTORS * 512), disk.disk)).toBe(true);
    expect(machine.violations).toEqual([]);
    expect(queue.freeCount).toBe(queue.size);
  });

  it('is one notification a batch', () => {
    expect(transfer(queue, requests, READ, 0, data, 512, 5, FOREVER)).toBe(TRANSFER_OK);
    expect(disk.device.notifications).toBe(1);
  });

  it('writes what is in memory', () => {
    machine.dma.fill(0x77, data, data + 8192);
    expect(transfer(queue, requests, WRITE, 10, data, 4096, 2, FOREVER)).toBe(TRANSFER_OK);
    expect(sameBytes(disk.disk.subarray(5120, 5120 + 8192), new Uint8Array(8192).fill(0x77))).toBe(true);
  });

  it('does not mind the order in which the device completes', () => {
    disk.backwards = true;
    expect(transfer(queue, requests, READ, 0, data, 512, 100, FOREVER)).toBe(TRANSFER_OK);
    expect(sameBytes(machine.dma.subarray(data, data + 51200), disk.disk.subarray(0, 51200))).toBe(true);
  });

  it('completes the others when one fails, and says how the first one failed', () => {
    disk.answer = ({ sector }) => (sector === 3 ? { status: 1 } : {});
    expect(transfer(queue, requests, READ, 0, data, 512, 20, FOREVER)).toBe(TRANSFER_FAILED);
    expect(requests.failedStatus).toBe(1);
    expect(disk.requests).toHaveLength(20);
    expect(queue.freeCount).toBe(queue.size);
  });

  it('ends at its deadline', () => {
    disk.answer = ({ sector }) => (sector === 2 ? { delay: Number.POSITIVE_INFINITY } : {});
    expect(transfer(queue, requests, READ, 0, data, 512, 4, machine.now + 1_000_000)).toBe(TRANSFER_TIMEOUT);
    expect(queue.inFlight).toBe(1);
  });

  it('ends when the device lies', () => {
    disk.answer = ({ sector }) => (sector === 2 ? { usedHead: 999 } : {});
    expect(transfer(queue, requests, READ, 0, data, 512, 4, FOREVER)).toBe(TRANSFER_BROKEN);
  });

  it('of nothing is done at once', () => {
    expect(transfer(queue, requests, READ, 0, data, 512, 0, FOREVER)).toBe(TRANSFER_OK);
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
    notify(queue);
    expect(heads.map(() => complete(queue, requests))).toEqual(heads);
    expect(requests.completedStatus).toBe(0);
  });

  it('negotiate no feature that the driver does not know', () => {
    expect(disk.device.driverFeatures.slice(0, 2)).toEqual(featureSet([32]));
  });
});

// The block benchmark: brings the first disk up by the driver's own parts and prints nanoseconds a request, several times over.
//
//   submit 260
//   read 7900

import { BlkRequests, prepareRequests, requestMemoryLength } from '../../../drivers/blk/request.ts';
import { TYPE_BLOCK, virtioDeviceType } from '../../../drivers/virtio/ids.ts';
import { initialize } from '../../../drivers/virtio/initialize.ts';
import { createQueue } from '../../../drivers/virtio/queue/create.ts';
import { QUEUE_SIZE_MAX, type SplitQueue } from '../../../drivers/virtio/queue/split.ts';
import { openPciTransport } from '../../../drivers/virtio/transport/pci.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { DmaPool, dmaAllocate, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { EXIT_SUCCESS, exit, panic } from '../../../kernel/hal/power.ts';
import { flatten } from '../../../kernel/pci/bus.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { BENCH_FAILED, DEPTH, READ_LENGTH, timeReads, timeSubmits } from './blk-machine.ts';

const SAMPLE_COUNT = 9;
const ROUNDS = 100; // × 32 requests of 4 KiB: 12.5 MiB.
const PAGE_SIZE = 4096;

const pool = new DmaPool();
dmaPoolStart(pool);

/** Returns the queue of the first disk, live. */
const startDisk = (): SplitQueue => {
  const disk = flatten(startPci().nodes).find((pciFunction) => virtioDeviceType(pciFunction) === TYPE_BLOCK);
  if (disk === undefined) return panic('there is no disk');
  const transport = openPciTransport(disk);
  if (!transport.ok) return panic(transport.error.message);
  const queue = initialize(transport.value, {
    featuresRequired: [],
    featuresOptional: [],
    setUp: (opened) => createQueue(opened, pool, 0, QUEUE_SIZE_MAX),
  });
  return queue.ok ? queue.value : panic(queue.error.message);
};

const report = (what: string, nanoseconds: number): void => {
  if (nanoseconds === BENCH_FAILED) panic(`${what}: a request failed`);
  consoleWrite(`${what} ${Math.round(nanoseconds / (ROUNDS * DEPTH))}\n`);
};

const queue = startDisk();
const requests = new BlkRequests();
prepareRequests(requests, queue.size, dmaAllocate(pool, requestMemoryLength(queue.size), PAGE_SIZE));
const data = dmaAllocate(pool, DEPTH * READ_LENGTH, PAGE_SIZE);

for (let sample = 0; sample < SAMPLE_COUNT; sample++) {
  report('submit', timeSubmits(queue, requests, data, ROUNDS));
  report('read', timeReads(queue, requests, data, ROUNDS));
}
exit(EXIT_SUCCESS);

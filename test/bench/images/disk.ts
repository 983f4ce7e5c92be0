// What the images of the benchmark share: the first disk, brought up by the driver's own parts, and its requests.

import { BlkRequests, prepareRequests, requestMemoryLength } from '../../../drivers/blk/request.ts';
import { describeFault, formatInitializeError } from '../../../drivers/virtio/describe.ts';
import { Features } from '../../../drivers/virtio/features.ts';
import { TYPE_BLOCK, virtioDeviceType } from '../../../drivers/virtio/ids.ts';
import { begin, finish } from '../../../drivers/virtio/initialize.ts';
import { addQueueFeatures, createQueue } from '../../../drivers/virtio/queue/create.ts';
import { suppressInterrupts } from '../../../drivers/virtio/queue/queue.ts';
import { QUEUE_SIZE_MAX, Queue } from '../../../drivers/virtio/queue/record.ts';
import { openPci } from '../../../drivers/virtio/transport/pci.ts';
import { Transport } from '../../../drivers/virtio/transport/record.ts';
import { clockHertz } from '../../../kernel/hal/clock.ts';
import { DmaPool, dmaAllocate, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { panic } from '../../../kernel/hal/power.ts';
import { enablePath } from '../../../kernel/pci/command.ts';
import { type PciFunction, PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';

const PAGE_SIZE = 4096;

/** The queue of a disk, live, with the memory that its requests need. */
export interface BenchDisk {
  readonly queue: Queue;
  readonly requests: BlkRequests;
  /** `dataLength` bytes of DMA memory, at the start of a page. */
  readonly data: number;
}

/** Brings the first disk up, with room for `dataLength` bytes at a time. A machine without one panics. */
export const startDisk = (dataLength: number): BenchDisk => {
  const pool = new DmaPool();
  dmaPoolStart(pool);
  const queue = startQueue(pool);
  suppressInterrupts(queue); // All of them poll.
  const requests = new BlkRequests();
  prepareRequests(requests, queue.size, dmaAllocate(pool, requestMemoryLength(queue.size), PAGE_SIZE));
  return { queue, requests, data: dmaAllocate(pool, dataLength, PAGE_SIZE) };
};

const startQueue = (pool: DmaPool): Queue => {
  const tree = new PciTree();
  startPci(tree);
  const disk = firstDisk(tree);
  if (disk === undefined) return panic('there is no disk');
  enablePath(tree, disk);
  const transport = new Transport();
  const wanted = new Features();
  const queue = new Queue();
  addQueueFeatures(wanted);
  const isLive =
    openPci(disk, transport) &&
    begin(transport, wanted) &&
    createQueue(transport, pool, 0, QUEUE_SIZE_MAX, transport.accepted, queue) &&
    finish(transport);
  return isLive ? queue : panic(formatInitializeError(describeFault(transport)));
};

const firstDisk = (tree: PciTree): PciFunction | undefined => {
  for (let i = 0; i < tree.count; i++) {
    if (virtioDeviceType(tree.functions[i]) === TYPE_BLOCK) return tree.functions[i];
  }
  return undefined;
};

/**
 * Returns ticks of the time stamp counter for a difference of two times of clockNow. The floor driver counts ticks, and so
 * does QEMU with -icount: one tick an instruction.
 */
export const ticksOf = (nanoseconds: number): number => Math.round((nanoseconds * clockHertz()) / 1e9);

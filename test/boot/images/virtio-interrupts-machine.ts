'use machine';
// Reads that are waited for halted, for virtio-interrupts.ts.

import { STATUS_OK, TYPE_IN } from '../../../drivers/blk/registers.ts';
import { BlkRequests, complete, prepareRequests, requestMemoryLength, submit } from '../../../drivers/blk/request.ts';
import { INTERRUPT_NONE, type Interrupts, interruptCause } from '../../../drivers/virtio/interrupts.ts';
import { allowInterrupts, canPop, kick } from '../../../drivers/virtio/queue/queue.ts';
import { Queue } from '../../../drivers/virtio/queue/record.ts';
import type { Transport } from '../../../drivers/virtio/transport/record.ts';
import { INTERRUPT_CONFIG, INTERRUPT_QUEUE } from '../../../drivers/virtio/transport/transport.ts';
import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type u8,
  type u32,
  type u53,
} from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { dmaFill, dmaRead8 } from '../../../kernel/hal/dma.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaAllocate } from '../../../kernel/hal/dma-pool.ts';
import { fenceDevices, idleUntil, interruptNext, interruptRearm, VECTOR_NONE } from '../../../kernel/hal/interrupts.ts';

/** Queues of a disk that are used. */
export const QUEUES_MAX: u32 = 4;

const SECTOR_SIZE: u32 = 512;
const ALIGNMENT: u32 = 512;

/** What the buffer holds before: no sector of the test's disk begins so. */
const UNREAD: u8 = 0xa5;

/** The longest wait for a read, and for the host to resize the disk. */
const READ_LIMIT_NS: u53 = 5000000000;
const RESIZE_LIMIT_NS: u53 = 15000000000;

/** The queues of one disk, and why it interrupted so far. */
export class Reader {
  queues: FixedArray<Queue, 4> = fixedArray(4, Queue);
  requests: FixedArray<BlkRequests, 4> = fixedArray(4, BlkRequests);
  buffers: FixedArray<u32, 4> = fixedArray(4, 0);
  queueCauses: u32 = 0;
  configCauses: u32 = 0;
}

/** Takes the memory that reads through queue `index` need. */
export const prepareSlot = (reader: Reader, index: u32, pool: DmaPool): bool => {
  const size: u32 = reader.queues[index].size;
  const memory: DmaOffset = dmaAllocate(pool, requestMemoryLength(size), ALIGNMENT);
  reader.buffers[index] = dmaAllocate(pool, SECTOR_SIZE, ALIGNMENT);
  if (memory === DMA_ALLOCATE_FAILED || reader.buffers[index] === DMA_ALLOCATE_FAILED) return false;
  prepareRequests(reader.requests[index], size, memory);
  return true;
};

/** Takes the vectors that were noted, asks the device why, and counts that. It is alone on its line, which may be opened then. */
const note = (transport: Transport, interrupts: Interrupts, reader: Reader): void => {
  let vector: u8 = interruptNext();
  while (vector !== VECTOR_NONE) {
    const cause: u8 = interruptCause(transport, interrupts);
    if ((cause & INTERRUPT_QUEUE) !== 0) reader.queueCauses++;
    if ((cause & INTERRUPT_CONFIG) !== 0) reader.configCauses++;
    interruptRearm(vector);
    vector = interruptNext();
  }
};

/** Reads sector `sector` through queue `index`, halted until the device interrupts. Returns whether the sector came. */
export const readSector = (
  transport: Transport,
  interrupts: Interrupts,
  reader: Reader,
  index: u32,
  sector: u32,
): bool => {
  const queue: Queue = reader.queues[index];
  const requests: BlkRequests = reader.requests[index];
  const buffer: DmaOffset = reader.buffers[index];
  dmaFill(buffer, SECTOR_SIZE, UNREAD);
  allowInterrupts(queue); // Before the request: whenever it completes, there is an interrupt.
  fenceDevices();
  if (submit(queue, requests, TYPE_IN, sector, buffer, SECTOR_SIZE) < 0) return false;
  kick(queue);
  const isPolled: bool = interrupts.kind === INTERRUPT_NONE;
  const before: u32 = reader.queueCauses;
  const deadline: u53 = clockNow() + READ_LIMIT_NS;
  while ((!canPop(queue) || (!isPolled && reader.queueCauses === before)) && clockNow() < deadline) {
    if (!isPolled) idleUntil(deadline);
    note(transport, interrupts, reader);
  }
  return complete(queue, requests) >= 0 && requests.completedStatus === STATUS_OK && dmaRead8(buffer) !== UNREAD;
};

/** Halts until the configuration has changed. False when that takes too long. */
export const waitForConfig = (transport: Transport, interrupts: Interrupts, reader: Reader): bool => {
  const before: u32 = reader.configCauses;
  const deadline: u53 = clockNow() + RESIZE_LIMIT_NS;
  while (reader.configCauses === before && clockNow() < deadline) {
    idleUntil(deadline);
    note(transport, interrupts, reader);
  }
  return reader.configCauses !== before;
};

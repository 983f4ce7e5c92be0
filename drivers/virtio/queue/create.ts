// Makes a queue and hands it to the device: memory, layout, registers, doorbell. VIRTIO 1.2 §4.1.5.1.3.

import { fail, ok, type Result } from '../../../kernel/base/result.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaAllocate, dmaFree } from '../../../kernel/hal/dma-pool.ts';
import type { Transport, TransportError } from '../transport/transport.ts';
import { attach, prepare, QUEUE_ALIGNMENT, QUEUE_SIZE_MAX, queueMemoryLength, SplitQueue } from './split.ts';

/** Returns queue `index`, enabled, as long as the device allows but no longer than `sizeMax`. Part of step 7 of initialize.ts. */
export const createQueue = (
  transport: Transport,
  pool: DmaPool,
  index: number,
  sizeMax: number,
): Result<SplitQueue, TransportError> => {
  const offered = transport.queueSizeMax(index);
  if (offered === 0) return fail({ kind: 'queue-missing', message: `the device has no queue ${index}` });
  const size = powerOfTwoWithin(offered, sizeMax);
  const length = queueMemoryLength(size);
  const memory = dmaAllocate(pool, length, QUEUE_ALIGNMENT);
  if (memory === DMA_ALLOCATE_FAILED) {
    return fail({ kind: 'out-of-dma-memory', message: `queue ${index}: no ${length} bytes of DMA memory are left` });
  }

  const queue = new SplitQueue();
  prepare(queue, index, size, memory);
  const doorbell = transport.enableQueue(index, {
    size,
    descriptors: queue.descriptors,
    driver: queue.available,
    device: queue.used,
  });
  if (!doorbell.ok) {
    dmaFree(pool, memory, length); // The device was not told of it.
    return doorbell;
  }
  attach(queue, doorbell.value);
  return ok(queue);
};

/** Returns the largest power of two that is not above what the device offers, the driver wants, or the record has room for. */
const powerOfTwoWithin = (offered: number, wanted: number): number => {
  let size = 1;
  while (size * 2 <= offered && size * 2 <= wanted && size * 2 <= QUEUE_SIZE_MAX) size *= 2;
  return size;
};

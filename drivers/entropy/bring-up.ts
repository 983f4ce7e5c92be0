'use machine';
// How an entropy device comes up. VIRTIO 1.2 §5.4. It has one queue, no features of its own and no configuration.

import type { bool, u16, u32 } from '../../kernel/base/machine.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { type Buffers, createBuffers, describeBuffers } from '../virtio/buffers.ts';
import type { Features } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import type { Transport } from '../virtio/transport/record.ts';

/** The queue for requests. §5.4.2 */
const REQUEST_QUEUE: u16 = 0;

/** Bytes that one request asks for at most, and requests at a time: more would not make the source of the bytes quicker. */
export const PIECE_LENGTH: u32 = 4096;
const PIECE_COUNT: u32 = 4;

/** Steps 1 to 6. */
export const beginEntropy = (transport: Transport, wanted: Features): bool => {
  addQueueFeatures(wanted);
  return begin(transport, wanted);
};

/** Step 7. False: see the fault. */
export const setUpEntropy = (transport: Transport, pool: DmaPool, buffers: Buffers, deadlineMs: u32): bool => {
  describeBuffers(buffers, PIECE_COUNT, 0, PIECE_LENGTH, 0, deadlineMs);
  buffers.isWatched = false; // QEMU would draw from its source once more for each notification, and drop what nobody asked for.
  return createBuffers(transport, pool, REQUEST_QUEUE, buffers);
};

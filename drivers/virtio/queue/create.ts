// Makes a queue and hands it to the device: memory, layout, registers, doorbell. VIRTIO 1.2 §4.1.5.1.3.

import { fail, ok, type Result } from '../../../kernel/base/result.ts';
import type { DmaPool } from '../../../kernel/hal/dma-pool.ts';
import {
  FEATURE_EVENT_IDX,
  FEATURE_IN_ORDER,
  FEATURE_INDIRECT_DESC,
  FEATURE_RING_PACKED,
  FEATURE_VERSION_1,
  type FeatureSet,
  hasFeature,
} from '../features.ts';
import type { Transport, TransportError } from '../transport/transport.ts';
import { attach } from './doorbell.ts';
import { freeQueue, placeQueue, queueSizeWithin } from './place.ts';
import { chooseLayout } from './queue.ts';
import { DOORBELL_MMIO16, Queue } from './record.ts';

/** What a queue can make use of: a driver adds them to the features that it takes where they are offered. */
export const QUEUE_FEATURES: readonly number[] = [
  FEATURE_INDIRECT_DESC,
  FEATURE_EVENT_IDX,
  FEATURE_RING_PACKED,
  FEATURE_IN_ORDER,
];

/** Returns queue `index`, enabled, as long as the device allows but no longer than `sizeMax`. Part of step 7 of initialize.ts. */
export const createQueue = (
  transport: Transport,
  pool: DmaPool,
  index: number,
  sizeMax: number,
  features: FeatureSet,
): Result<Queue, TransportError> => {
  const offered = transport.queueSizeMax(index);
  if (offered === 0) return fail({ kind: 'queue-missing', message: `the device has no queue ${index}` });
  const queue = new Queue();
  chooseLayout(
    queue,
    index,
    hasFeature(features, FEATURE_RING_PACKED),
    hasFeature(features, FEATURE_INDIRECT_DESC),
    hasFeature(features, FEATURE_EVENT_IDX),
    hasFeature(features, FEATURE_IN_ORDER),
    !hasFeature(features, FEATURE_VERSION_1),
  );
  const size = queueSizeWithin(queue.layout, offered, sizeMax);
  if (!placeQueue(queue, pool, size)) {
    return fail({ kind: 'out-of-dma-memory', message: `queue ${index}: no DMA memory is left for ${size} elements` });
  }
  const doorbell = transport.enableQueue(index, {
    size,
    descriptors: queue.descriptors,
    driver: queue.driver,
    device: queue.device,
  });
  if (!doorbell.ok) {
    freeQueue(queue, pool); // The device was not told of it.
    return doorbell;
  }
  attach(queue, DOORBELL_MMIO16, doorbell.value, index, false);
  return ok(queue);
};

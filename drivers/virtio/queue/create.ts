'use machine';
// Makes a queue and hands it to the device: memory, layout, registers, doorbell. VIRTIO 1.2 §4.1.5.1.3.

import type { bool, u16, u32 } from '../../../kernel/base/machine.ts';
import type { DmaPool } from '../../../kernel/hal/dma-pool.ts';
import {
  addFeature,
  FEATURE_EVENT_IDX,
  FEATURE_IN_ORDER,
  FEATURE_INDIRECT_DESC,
  FEATURE_RING_PACKED,
  type Features,
  hasFeature,
} from '../features.ts';
import { FAULT_OUT_OF_DMA_MEMORY, FAULT_QUEUE_IN_USE, FAULT_QUEUE_MISSING, setFault } from '../transport/fault.ts';
import { isLegacy, TRANSPORT_PCI_LEGACY, type Transport } from '../transport/record.ts';
import { enableQueue, isQueueEnabled, queueSizeMax } from '../transport/transport.ts';
import './panic.ts';
import { freeQueue, placeQueue, queueSizeWithin } from './place.ts';
import { chooseLayout } from './queue.ts';
import type { Queue } from './record.ts';

/** Adds the features that a queue can make use of to those that a driver wants. */
export const addQueueFeatures = (wanted: Features): void => {
  addFeature(wanted, FEATURE_INDIRECT_DESC);
  addFeature(wanted, FEATURE_EVENT_IDX);
  addFeature(wanted, FEATURE_RING_PACKED);
  addFeature(wanted, FEATURE_IN_ORDER);
};

/**
 * Makes `out` queue `index` of the device, enabled, as long as the device allows but no longer than `sizeMax`; a legacy PCI device decides alone.
 * Part of step 7 of initialize.ts. After a reset of the device or of the queue, `out` may be the queue that there was: its memory goes back first. False when it cannot be made: the facts are in the transport's fault.
 */
export const createQueue = (
  transport: Transport,
  pool: DmaPool,
  index: u16,
  sizeMax: u32,
  features: Features,
  out: Queue,
): bool => {
  if (out.size !== 0) {
    if (isQueueEnabled(transport, index)) return setFault(transport.fault, FAULT_QUEUE_IN_USE, index, 0, 0);
    freeQueue(out, pool); // What it was before the reset.
  }
  const offered: u32 = queueSizeMax(transport, index);
  if (offered === 0) return setFault(transport.fault, FAULT_QUEUE_MISSING, index, transport.queueCount, 0);
  chooseLayout(
    out,
    index,
    hasFeature(features, FEATURE_RING_PACKED),
    hasFeature(features, FEATURE_INDIRECT_DESC),
    hasFeature(features, FEATURE_EVENT_IDX),
    hasFeature(features, FEATURE_IN_ORDER),
    isLegacy(transport),
  );
  out.addressShift = transport.addressShift;
  const wanted: u32 = transport.kind === TRANSPORT_PCI_LEGACY ? offered : sizeMax;
  const size: u32 = queueSizeWithin(out.layout, offered, wanted);
  if (!placeQueue(out, pool, size)) return setFault(transport.fault, FAULT_OUT_OF_DMA_MEMORY, index, size, 0);
  if (enableQueue(transport, out)) return true;
  freeQueue(out, pool); // The device was not told of it.
  return false;
};

'use machine';
// How a GPU comes up: features, configuration, queues. VIRTIO 1.2 §5.7.3 to §5.7.5

import type { bool, u8, u32 } from '../../kernel/base/machine.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { type Buffers, createBuffers, describeBuffers } from '../virtio/buffers.ts';
import { readConfig32, requireConfig, writeConfig32 } from '../virtio/config.ts';
import { addFeature, type Features } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  CONFIG_EVENTS_CLEAR,
  CONFIG_EVENTS_READ,
  CONFIG_LENGTH,
  CONFIG_NUM_SCANOUTS,
  CONTROL_QUEUE,
  CURSOR_LENGTH,
  CURSOR_QUEUE,
  EVENT_DISPLAY,
  FEATURE_EDID,
  SCANOUT_COUNT_MAX,
} from './registers.ts';

/** num_scanouts is none of 1 to `expected`. */
export const FAULT_SCANOUTS: u8 = FAULT_OF_DRIVER;

/** Requests that the device has at a time; those that wait stand in a line. */
const REQUEST_COUNT: u32 = 16;

/** The longest request describes the pieces of a canvas: ATTACH_ENTRIES + CANVAS_PIECE_COUNT_MAX × ENTRY_SIZE. */
const REQUEST_LENGTH_MAX: u32 = 1056;

/** The longest answer is an EDID: EDID_DATA + EDID_LENGTH_MAX. */
const ANSWER_LENGTH_MAX: u32 = 1056;

/** One GPU. */
export class GpuFlow {
  scanoutCount: u32 = 0;
}

/** Steps 1 to 6. */
export const beginGpu = (transport: Transport, wanted: Features): bool => {
  addQueueFeatures(wanted);
  addFeature(wanted, FEATURE_EDID);
  return begin(transport, wanted);
};

/** Step 7. False: see the fault. */
export const setUpGpu = (
  transport: Transport,
  pool: DmaPool,
  flow: GpuFlow,
  control: Buffers,
  cursor: Buffers,
  deadlineMs: u32,
): bool => {
  if (!requireConfig(transport, CONFIG_LENGTH)) return false;
  flow.scanoutCount = readConfig32(transport, CONFIG_NUM_SCANOUTS);
  if (flow.scanoutCount < 1 || flow.scanoutCount > SCANOUT_COUNT_MAX)
    return setFault(transport.fault, FAULT_SCANOUTS, 0, flow.scanoutCount, SCANOUT_COUNT_MAX);
  describeBuffers(control, REQUEST_COUNT, REQUEST_LENGTH_MAX, ANSWER_LENGTH_MAX, 0, deadlineMs);
  describeBuffers(cursor, REQUEST_COUNT, CURSOR_LENGTH, 0, 0, deadlineMs);
  return createBuffers(transport, pool, CONTROL_QUEUE, control) && createBuffers(transport, pool, CURSOR_QUEUE, cursor);
};

/** Returns whether the host has changed its screens since the last time, and tells the device that it was heard. §5.7.4.1 */
export const takeDisplayEvent = (transport: Transport): bool => {
  const events: u32 = readConfig32(transport, CONFIG_EVENTS_READ);
  if ((events & EVENT_DISPLAY) === 0) return false;
  writeConfig32(transport, CONFIG_EVENTS_CLEAR, EVENT_DISPLAY);
  return true;
};

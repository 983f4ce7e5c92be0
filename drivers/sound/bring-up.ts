'use machine';
// How a sound device comes up: how much it has of everything, and its queues. VIRTIO 1.2 §5.14.4, §5.14.5.

import type { bool, u32 } from '../../kernel/base/machine.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { Buffers, createBuffers, describeBuffers, restoreBuffers } from '../virtio/buffers.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig32,
  requireConfig,
} from '../virtio/config.ts';
import { addFeature, FEATURE_IN_ORDER, Features, hasFeature, removeFeature } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { createEvents, restoreEvents, SoundEvents } from './events.ts';
import { createPeriods, Periods, restorePeriods } from './periods.ts';
import {
  CONFIG_CHMAPS,
  CONFIG_CONTROLS,
  CONFIG_JACKS,
  CONFIG_LENGTH,
  CONFIG_LENGTH_CTLS,
  CONFIG_STREAMS,
  CONTROL_QUEUE,
  FEATURE_CTLS,
  RX_QUEUE,
  TX_QUEUE,
} from './registers.ts';

/** Requests under way. Streams are few, and each has one at a time. */
const REQUEST_COUNT: u32 = 8;

/** Bytes of the longest request, which writes 4 KiB of a control's metadata, and of the longest answer, the names of 128 items. */
export const REQUEST_LENGTH: u32 = 4112;
export const ANSWER_LENGTH: u32 = 8196;

/** The same of a device without controls: parameters, and what 64 streams are. */
const PLAIN_REQUEST_LENGTH: u32 = 64;
export const PLAIN_ANSWER_LENGTH: u32 = 2052;

/** One device. */
export class SoundRecord {
  wanted = new Features();
  requests = new Buffers();
  events = new SoundEvents();
  output = new Periods();
  input = new Periods();
  hasControls: bool = false;
  /** As many as the device says that it has. */
  jackCount: u32 = 0;
  streamCount: u32 = 0;
  channelMapCount: u32 = 0;
  controlCount: u32 = 0;
}

/** Steps 1 to 6 of initialize.ts. False after a failure: the device was given up. */
export const beginSound = (transport: Transport, record: SoundRecord): bool => {
  addQueueFeatures(record.wanted);
  removeFeature(record.wanted, FEATURE_IN_ORDER); // A stream that pauses keeps its periods, and others must go on.
  addFeature(record.wanted, FEATURE_CTLS);
  return begin(transport, record.wanted);
};

/** Step 7. `deadlineMs`: how long the device may take for a request. False: the transport's fault says why. */
export const setUpSound = (transport: Transport, pool: DmaPool, record: SoundRecord, deadlineMs: u32): bool => {
  if (!readCounts(transport, record)) return false;
  const requests: Buffers = record.requests;
  const requestLength: u32 = record.hasControls ? REQUEST_LENGTH : PLAIN_REQUEST_LENGTH;
  const answerLength: u32 = record.hasControls ? ANSWER_LENGTH : PLAIN_ANSWER_LENGTH;
  describeBuffers(requests, REQUEST_COUNT, requestLength, answerLength, 0, deadlineMs);
  if (!createBuffers(transport, pool, CONTROL_QUEUE, requests)) return false;
  if (!createEvents(transport, pool, record.events)) return false;
  return (
    createPeriods(transport, pool, TX_QUEUE, record.output) && createPeriods(transport, pool, RX_QUEUE, record.input)
  );
};

/** The same for a device that was live. What it had of requests and periods comes back by takeLost. */
export const setUpSoundAgain = (transport: Transport, record: SoundRecord): bool =>
  restoreBuffers(transport, record.requests) &&
  restoreEvents(transport, record.events) &&
  restorePeriods(transport, record.output) &&
  restorePeriods(transport, record.input);

const readCounts = (transport: Transport, record: SoundRecord): bool => {
  record.hasControls = hasFeature(transport.accepted, FEATURE_CTLS);
  if (!requireConfig(transport, record.hasControls ? CONFIG_LENGTH_CTLS : CONFIG_LENGTH)) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    record.jackCount = readConfig32(transport, CONFIG_JACKS);
    record.streamCount = readConfig32(transport, CONFIG_STREAMS);
    record.channelMapCount = readConfig32(transport, CONFIG_CHMAPS);
    record.controlCount = record.hasControls ? readConfig32(transport, CONFIG_CONTROLS) : 0;
    if (configGeneration(transport) === generation) return true;
  }
  return failUnstable(transport);
};

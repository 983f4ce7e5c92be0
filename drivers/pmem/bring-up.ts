'use machine';
// How a persistent memory comes up: where it lies, and its queue. VIRTIO 1.2 §5.19.

import { HIGH_WORD_LIMIT, joinWords } from '../../kernel/base/bits.ts';
import type { bool, PhysicalAddress, u8, u32, u53 } from '../../kernel/base/machine.ts';
import { DEVICE_MEMORY_MAP_FAILED, deviceMemoryMap } from '../../kernel/hal/device-memory.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { Buffers, createBuffers, describeBuffers } from '../virtio/buffers.ts';
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
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { SharedMemory, sharedMemory } from '../virtio/transport/shared-memory.ts';
import {
  ANSWER_SIZE,
  CONFIG_LENGTH,
  CONFIG_SIZE,
  CONFIG_START,
  FEATURE_SHARED_MEMORY_REGION,
  REGION,
  REQUEST_QUEUE,
  REQUEST_SIZE,
} from './registers.ts';

// What can be wrong with a persistent memory alone.
/** Nothing of `expected` bytes from `found` on can be its memory. */
export const FAULT_RANGE: u8 = FAULT_OF_DRIVER;
/** After a reset it lies elsewhere: `expected` bytes from `found` on. */
export const FAULT_MOVED: u8 = FAULT_OF_DRIVER + 1;

/** QEMU takes one request for each notification, and would leave the others of a batch where they are. */
const REQUEST_COUNT: u32 = 1;

/** Descriptors of the queue, of which a flush takes two: so that one has another head than those before it. */
const QUEUE_SIZE: u32 = 16;

const ADDRESS_MAX: u53 = 0x1fffffffffffff;

/** One persistent memory. */
export class Pmem {
  wanted = new Features();
  requests = new Buffers();
  region = new SharedMemory();
  /** Where it lies on the bus, and its bytes. */
  address: PhysicalAddress = 0;
  length: u53 = 0;
  /** The same in the window of device memory. */
  start: u53 = 0;
}

/** Steps 1 to 6. */
export const beginPmem = (transport: Transport, pmem: Pmem): bool => {
  addQueueFeatures(pmem.wanted);
  removeFeature(pmem.wanted, FEATURE_IN_ORDER); // It has the same heads after each reset.
  addFeature(pmem.wanted, FEATURE_SHARED_MEMORY_REGION);
  return begin(transport, pmem.wanted);
};

/**
 * Step 7, without the mapping: mapPmem. `flushCount`: how many flushes there were, also when it was open before. QEMU answers one that was under way after the reset, too, which
 * must not be taken for the answer to another: the answer to the head that a later one has would be too soon, and what was written meanwhile not on the medium. False: see the fault.
 */
export const setUpPmem = (transport: Transport, pool: DmaPool, pmem: Pmem, deadlineMs: u32, flushCount: u32): bool => {
  if (!readRange(transport, pmem)) return false;
  describeBuffers(pmem.requests, REQUEST_COUNT, REQUEST_SIZE, ANSWER_SIZE, QUEUE_SIZE - 2, deadlineMs);
  pmem.requests.queue.freeHead = (2 * flushCount) % QUEUE_SIZE;
  pmem.requests.isWatched = false; // A host may take its time to write a file: silence is no sign of a lost notification.
  return createBuffers(transport, pool, REQUEST_QUEUE, pmem.requests);
};

/** Maps its memory. False: none can be there; see the fault. */
export const mapPmem = (transport: Transport, pmem: Pmem): bool => {
  const start: u53 = deviceMemoryMap(pmem.address, pmem.length);
  if (start === DEVICE_MEMORY_MAP_FAILED) {
    return setFault(transport.fault, FAULT_RANGE, 0, pmem.address + 0, pmem.length);
  }
  pmem.start = start;
  return true;
};

/** Says where its memory is mapped already, from the last time that it was open. */
export const placePmem = (pmem: Pmem, start: u53): void => {
  pmem.start = start;
};

/** Whether it lies where it did before its reset: what is mapped stays so. False: see the fault. */
export const isUnmoved = (transport: Transport, pmem: Pmem): bool => {
  const address: u53 = pmem.address + 0;
  const length: u53 = pmem.length;
  if (!readRange(transport, pmem)) return false;
  if (pmem.address === address && pmem.length === length) return true;
  return setFault(transport.fault, FAULT_MOVED, 0, pmem.address + 0, pmem.length);
};

const readRange = (transport: Transport, pmem: Pmem): bool => {
  if (hasFeature(transport.accepted, FEATURE_SHARED_MEMORY_REGION)) {
    if (!sharedMemory(transport, REGION, pmem.region)) return false;
    pmem.address = pmem.region.address;
    pmem.length = pmem.region.length;
  } else if (!readConfiguration(transport, pmem)) return false;
  if (pmem.length !== 0 && pmem.length <= ADDRESS_MAX - pmem.address) return true;
  return setFault(transport.fault, FAULT_RANGE, 0, pmem.address + 0, pmem.length);
};

const readConfiguration = (transport: Transport, pmem: Pmem): bool => {
  if (!requireConfig(transport, CONFIG_LENGTH)) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    pmem.address = readWide(transport, CONFIG_START) + 0;
    pmem.length = readWide(transport, CONFIG_SIZE);
    if (configGeneration(transport) === generation) return true;
  }
  return failUnstable(transport);
};

/** Returns a field of 64 bits; for one of 2^53 or more the last below, where nothing is. */
const readWide = (transport: Transport, offset: u32): u53 => {
  const low: u32 = readConfig32(transport, offset);
  const high: u32 = readConfig32(transport, offset + 4);
  return high >= HIGH_WORD_LIMIT ? ADDRESS_MAX : joinWords(low, high);
};

'use machine';
// How a disk comes up: features, geometry, queue, memory. VIRTIO 1.2 §3.1.1 and §5.2.5. Every boot does it for each disk.

import { HIGH_WORD_LIMIT, isPowerOfTwo, joinWords } from '../../kernel/base/bits.ts';
import type { bool, DmaOffset, u8, u16, u32, u53 } from '../../kernel/base/machine.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaAllocate } from '../../kernel/hal/dma-pool.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig32,
  requireConfig,
} from '../virtio/config.ts';
import { addFeature, Features, hasFeature } from '../virtio/features.ts';
import { begin, finish } from '../virtio/initialize.ts';
import { addQueueFeatures, createQueue } from '../virtio/queue/create.ts';
import { suppressInterrupts } from '../virtio/queue/queue.ts';
import { Queue } from '../virtio/queue/record.ts';
import { usableCount } from '../virtio/queue/slots.ts';
import { giveUp } from '../virtio/reset.ts';
import { FAULT_OF_DRIVER, FAULT_OUT_OF_DMA_MEMORY, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  BLK_SECTOR_SIZE,
  CONFIG_BLOCK_SIZE,
  CONFIG_CAPACITY,
  CONFIG_LENGTH_MIN,
  FEATURE_BLOCK_SIZE,
  FEATURE_FLUSH,
  FEATURE_READ_ONLY,
  REQUEST_QUEUE,
} from './registers.ts';
import { BlkRequests, prepareRequests, requestMemoryLength } from './request.ts';

/** Bytes that one request moves at most; longer reads and writes are several requests. */
export const TRANSFER_LENGTH_MAX: u32 = 131072;

/** Elements of the queue: a caller has one request under way, others have more. */
const QUEUE_SIZE: u32 = 256;

/** Buffers lie at page boundaries: none straddles more pages than its length needs. */
export const BUFFER_ALIGNMENT: u32 = 4096;

// What can be wrong with a disk alone.
/** capacity is beyond 2^53 bytes: `found` is its lower half, `expected` its upper one. */
export const FAULT_CAPACITY: u8 = FAULT_OF_DRIVER;
/** blk_size is `found`, which is no power of two, below a sector, or more than `expected`. */
export const FAULT_BLOCK_SIZE: u8 = FAULT_OF_DRIVER + 1;
/** The queue has `found` elements that can be used, and a request takes `expected`. */
export const FAULT_QUEUE_SHORT: u8 = FAULT_OF_DRIVER + 3;

/** blk_size is `found`, and was `expected` before: what callers have asked for is whole blocks of that. */
export const FAULT_BLOCK_SIZE_CHANGED: u8 = FAULT_OF_DRIVER + 5;

/** Elements that a request takes: header, data, status. */
const QUEUE_SIZE_MIN: u32 = 3;

/** One disk. */
export class Disk {
  capacitySectors: u53 = 0;
  blockSizeBytes: u32 = 0;
  wanted = new Features();
  /** The number of its queue. */
  queueIndex: u16 = 0;
  queue = new Queue();
  requests = new BlkRequests();
  /** Of a disk that is polled: TRANSFER_LENGTH_MAX bytes in DMA memory, through which all data goes. */
  buffer: DmaOffset = 0;
}

/** Brings a disk up for who polls it; the memory that it shares with the device comes from `pool`. False after a failure: the device was given up. */
export const bringUp = (transport: Transport, pool: DmaPool, disk: Disk): bool => {
  if (!beginDisk(transport, disk)) return false;
  if (setUpDisk(transport, pool, disk) && takeBuffer(transport, pool, disk)) return finish(transport);
  giveUp(transport);
  return false;
};

/** Steps 1 to 6: resets the device and agrees on features. False after a failure: the device was given up. */
export const beginDisk = (transport: Transport, disk: Disk): bool => {
  addFeature(disk.wanted, FEATURE_READ_ONLY);
  addFeature(disk.wanted, FEATURE_BLOCK_SIZE);
  addFeature(disk.wanted, FEATURE_FLUSH);
  addQueueFeatures(disk.wanted);
  return begin(transport, disk.wanted);
};

/** The driver's own step: what the device says about itself, its queue, the memory of its requests. Interrupts are off. False: see the fault. */
export const setUpDisk = (transport: Transport, pool: DmaPool, disk: Disk): bool => {
  if (!readGeometry(transport, disk)) return false;
  if (!createQueue(transport, pool, disk.queueIndex, QUEUE_SIZE, transport.accepted, disk.queue)) return false;
  const size: u32 = disk.queue.size;
  const usable: u32 = usableCount(disk.queue);
  if (usable < QUEUE_SIZE_MIN) {
    return setFault(transport.fault, FAULT_QUEUE_SHORT, disk.queueIndex, usable, QUEUE_SIZE_MIN);
  }
  suppressInterrupts(disk.queue);
  const requestMemory: DmaOffset = dmaAllocate(pool, requestMemoryLength(size), BUFFER_ALIGNMENT);
  if (requestMemory === DMA_ALLOCATE_FAILED) return failMemory(transport);
  prepareRequests(disk.requests, size, requestMemory);
  return true;
};

const takeBuffer = (transport: Transport, pool: DmaPool, disk: Disk): bool => {
  disk.buffer = dmaAllocate(pool, TRANSFER_LENGTH_MAX, BUFFER_ALIGNMENT);
  return disk.buffer !== DMA_ALLOCATE_FAILED || failMemory(transport);
};

/** Notes that the pool has no memory for the data of requests. Returns false. */
export const failMemory = (transport: Transport): bool =>
  setFault(transport.fault, FAULT_OUT_OF_DMA_MEMORY, REQUEST_QUEUE, TRANSFER_LENGTH_MAX, 0);

/** Reads capacity and block size into `disk`, and refuses what cannot be: false, and the fault says what. */
export const readGeometry = (transport: Transport, disk: Disk): bool => {
  if (!requireConfig(transport, CONFIG_LENGTH_MIN)) return false;
  // Without the feature the field may hold anything.
  const hasBlockSize: bool = hasFeature(transport.accepted, FEATURE_BLOCK_SIZE);
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    const low: u32 = readConfig32(transport, CONFIG_CAPACITY);
    const high: u32 = readConfig32(transport, CONFIG_CAPACITY + 4);
    const size: u32 = hasBlockSize ? readConfig32(transport, CONFIG_BLOCK_SIZE) : BLK_SECTOR_SIZE;
    if (configGeneration(transport) === generation) return isPossible(transport, disk, low, high, size);
  }
  return failUnstable(transport);
};

/** Notes the capacity. False when it, or the block size, cannot be. */
const isPossible = (transport: Transport, disk: Disk, low: u32, high: u32, size: u32): bool => {
  if (high >= HIGH_WORD_LIMIT / BLK_SECTOR_SIZE) return setFault(transport.fault, FAULT_CAPACITY, 0, low, high);
  if (!isPowerOfTwo(size) || size < BLK_SECTOR_SIZE || size > TRANSFER_LENGTH_MAX) {
    return setFault(transport.fault, FAULT_BLOCK_SIZE, 0, size, TRANSFER_LENGTH_MAX);
  }
  const known: u32 = disk.blockSizeBytes;
  if (known !== 0 && size !== known) return setFault(transport.fault, FAULT_BLOCK_SIZE_CHANGED, 0, size, known);
  disk.blockSizeBytes = size;
  disk.capacitySectors = joinWords(low, high);
  return true;
};

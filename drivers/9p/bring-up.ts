'use machine';
// How a virtio-9p device comes up: its queue, buffers for requests and answers, and memory for data.
//
//   buffer   ├ request ┤├ answer ┤        data: a further piece, behind the request of Twrite or behind the answer of Rread

import type { bool, DmaOffset, u16, u32 } from '../../kernel/base/machine.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaFreeBytes } from '../../kernel/hal/dma-pool.ts';
import { ARENA_PAGE_COUNT_MAX, ARENA_PAGE_SIZE, Arena, prepareArena } from '../virtio/arena.ts';
import { Buffers, createBuffers, describeBuffers } from '../virtio/buffers.ts';
import { addFeature, type Features } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { takeMemory } from '../virtio/memory.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { Entry } from './answers.ts';
import { ANSWER_LENGTH_MAX, REQUEST_LENGTH_MAX } from './protocol.ts';
import { FEATURE_MOUNT_TAG, MountTag, REQUEST_QUEUE, readMountTag } from './registers.ts';

/** Requests at a time. QEMU's queue has 128 places, of which each takes three. */
const BUFFER_COUNT: u32 = 32;

/** Of the memory that is free, the part that one device's data takes at most. */
const ARENA_DIVISOR: u32 = 4;

/** The longest data of a message: what is longer is moved in several, of which several are under way. */
const DATA_LENGTH_MAX: u32 = 524288;
/** As many of the longest the memory holds at least. */
const DATA_COUNT: u32 = 4;

/** What the device has. */
export class Device {
  tag = new MountTag();
  buffers = new Buffers();
  arena = new Arena();
  /** The entry of a directory that is looked at. */
  entry = new Entry();
  /** The longest data of a message that the driver can move: a power of two, a page at least. */
  dataLengthMax: u32 = 0;
}

/** Steps 1 to 6. */
export const beginDevice = (transport: Transport, wanted: Features): bool => {
  addQueueFeatures(wanted);
  addFeature(wanted, FEATURE_MOUNT_TAG);
  return begin(transport, wanted);
};

/** Step 7. False: see the fault. */
export const setUpDevice = (transport: Transport, pool: DmaPool, device: Device, deadlineMs: u32): bool => {
  if (!readMountTag(transport, device.tag)) return false;
  describeBuffers(device.buffers, BUFFER_COUNT, REQUEST_LENGTH_MAX, ANSWER_LENGTH_MAX, 1, deadlineMs);
  return createBuffers(transport, pool, REQUEST_QUEUE, device.buffers) && takeArena(transport, pool, device);
};

const takeArena = (transport: Transport, pool: DmaPool, device: Device): bool => {
  let pageCount: u32 = ARENA_PAGE_COUNT_MAX;
  while (pageCount > DATA_COUNT && pageCount * ARENA_PAGE_SIZE > Math.floor(dmaFreeBytes(pool) / ARENA_DIVISOR)) {
    pageCount = Math.floor(pageCount / 2);
  }
  const memory: DmaOffset = takeMemory(transport, pool, pageCount * ARENA_PAGE_SIZE, ARENA_PAGE_SIZE);
  if (memory === DMA_ALLOCATE_FAILED) return false;
  prepareArena(device.arena, memory, pageCount);
  device.dataLengthMax = Math.min(DATA_LENGTH_MAX, Math.floor((pageCount * ARENA_PAGE_SIZE) / DATA_COUNT));
  return true;
};

/** Queues that may have vectors. */
export const QUEUE_COUNT: u16 = 1;

'use machine';
// Requests to a virtio block device. VIRTIO 1.2 §5.2.6. Hot for every sector read or written.
//
//   ┌ header 16 ┐ ┌ data ······ ┐ ┌ status 1 ┐       one chain of three descriptors; a flush has no data and two
//    device reads  reads / writes   device writes
//
// A request is known by the head of its chain. Header and status byte of head h are the h-th of two arrays in DMA memory that are made
// once, so that a request allocates nothing.

import { assert } from '../../kernel/base/assert.ts';
import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaRead8, dmaWrite8, dmaWrite32, dmaWrite64 } from '../../kernel/hal/dma.ts';
import { add, fill, kick, pop, reserve, watch } from '../virtio/queue/queue.ts';
import { DEVICE_READS, DEVICE_WRITES, QUEUE_BROKEN, QUEUE_FULL, type Queue } from '../virtio/queue/record.ts';
import { addShort, canAddShort } from '../virtio/queue/short.ts';
import {
  BLK_SECTOR_SIZE,
  REQUEST_HEADER_SIZE,
  REQUEST_SECTOR,
  REQUEST_TYPE,
  STATUS_OK,
  STATUS_UNWRITTEN,
  TYPE_DISCARD,
  TYPE_IN,
  TYPE_OUT,
} from './registers.ts';

// What `transfer` returns.
export const TRANSFER_OK: i32 = 0;
/** A request ended with a status other than STATUS_OK: see `failedStatus`. The others were completed. */
export const TRANSFER_FAILED: i32 = -1;
/** The device said what cannot be, or wrote less than it was asked for. It may still write: it must be given up. */
export const TRANSFER_BROKEN: i32 = -2;
/** Not all was done by the deadline. Requests are still with the device: it must be given up. */
export const TRANSFER_TIMEOUT: i32 = -3;

/** The descriptors of a request besides those of its data: header and status. */
export const FRAME_COUNT: u16 = 2;

/** The most pieces that a request's data can be in: QEMU's devices take 126 with their shortest queue, 128. */
export const SEGMENT_COUNT_MAX: u32 = 126;

/** Of the requests that a transfer keeps with the device, the part that must have come back before new ones go out, in one notification. */
const REFILL_DIVISOR: u32 = 4;

/** The pieces of memory that a request reads from or writes to, one behind the other on disk. */
export class BlkSegments {
  count: u16 = 0;
  offsets: FixedArray<u32, 126> = fixedArray(126, 0);
  lengths: FixedArray<u32, 126> = fixedArray(126, 0);
}

/** How far a transfer has come. */
class BlkTransfer {
  type: u32 = 0;
  /** Where the next request begins, on disk and in memory. */
  sector: u53 = 0;
  data: DmaOffset = 0;
  length: u32 = 0;
  submitted: u32 = 0;
  completed: u32 = 0;
  count: u32 = 0;
  /** The most requests with the device at a time, and how many of them must be back before new ones go out. */
  depth: u32 = 0;
  group: u32 = 0;
  result: i32 = 0;
}

/** What the requests of one queue need besides the queue. */
export class BlkRequests {
  /** size × header, size × status byte. */
  headers: DmaOffset = 0;
  statuses: DmaOffset = 0;
  /** The status of the request completed last, and of the first of a transfer that failed. */
  completedStatus: u8 = 0;
  failedStatus: u8 = 0;
  /** Of each head: where the status byte of its request is. */
  statusAt: FixedArray<u32, 32768> = fixedArray(32768, 0);
  transfer = new BlkTransfer();
}

/** Returns the bytes of DMA memory that the requests of a queue of `size` elements need. */
export const requestMemoryLength = (size: u32): u32 => size * (REQUEST_HEADER_SIZE + 1);

/** Lays out headers and status bytes for a queue of `size` elements in zeroed memory at `memory`. */
export const prepareRequests = (requests: BlkRequests, size: u32, memory: DmaOffset): void => {
  requests.headers = memory;
  requests.statuses = memory + size * REQUEST_HEADER_SIZE;
};

/**
 * Adds one request to the queue: `type` for `length` bytes at `data`, on disk from `sector` on; no data when `length` is 0.
 * Returns its head, QUEUE_FULL or QUEUE_BROKEN. The device has it with the next `kick`, once for many.
 */
export const submit = (
  queue: Queue,
  requests: BlkRequests,
  type: u32,
  sector: u53,
  data: DmaOffset,
  length: u32,
): i32 => {
  if (length !== 0 && canAddShort(queue)) {
    const status: DmaOffset = requests.statuses + queue.freeHead;
    return submitShort(queue, requests, type, sector, data, length, status, 1);
  }
  const head: i32 = begin(queue, requests, type, sector, length === 0 ? 0 : 1);
  if (head < 0) return head;
  if (length !== 0) fill(queue, data, length, directionOf(type));
  end(queue, requests, head);
  return head;
};

/**
 * The same for a read that leaves its status in the byte behind the data, at `data` + `length`: one descriptor fewer, which each costs
 * the device a look at memory. For whoever keeps a byte there.
 */
export const submitRead = (queue: Queue, requests: BlkRequests, sector: u53, data: DmaOffset, length: u32): i32 => {
  if (canAddShort(queue)) return submitShort(queue, requests, TYPE_IN, sector, data, length, data + length, 0);
  const head: i32 = begin(queue, requests, TYPE_IN, sector, 0);
  if (head < 0) return head;
  dmaWrite8(data + length, STATUS_UNWRITTEN);
  requests.statusAt[head] = data + length;
  fill(queue, data, length + 1, DEVICE_WRITES);
  add(queue);
  return head;
};

/** A request as a short chain. The status byte at `status` is a buffer of its own, of `statusLength` 1, or the byte behind the data: 0. */
const submitShort = (
  queue: Queue,
  requests: BlkRequests,
  type: u32,
  sector: u53,
  data: DmaOffset,
  length: u32,
  status: DmaOffset,
  statusLength: u32,
): i32 => {
  const head: u16 = queue.freeHead;
  const header: DmaOffset = requests.headers + head * REQUEST_HEADER_SIZE;
  dmaWrite32(header + REQUEST_TYPE, type);
  dmaWrite64(header + REQUEST_SECTOR, sector);
  dmaWrite8(status, STATUS_UNWRITTEN);
  requests.statusAt[head] = status;
  const dataLength: u32 = length + 1 - statusLength;
  addShort(queue, header, REQUEST_HEADER_SIZE, data, dataLength, directionOf(type), status, statusLength);
  return head;
};

/** The same with the data in several pieces of memory. */
export const submitSegments = (
  queue: Queue,
  requests: BlkRequests,
  type: u32,
  sector: u53,
  segments: BlkSegments,
): i32 => {
  const head: i32 = begin(queue, requests, type, sector, segments.count);
  if (head < 0) return head;
  for (let i: u32 = 0; i < segments.count; i++) {
    fill(queue, segments.offsets[i], segments.lengths[i], directionOf(type));
  }
  end(queue, requests, head);
  return head;
};

/** Returns who writes the data of a request: DEVICE_READS, DEVICE_WRITES. */
export const directionOf = (type: u32): u32 =>
  type === TYPE_OUT || type >= TYPE_DISCARD ? DEVICE_READS : DEVICE_WRITES;

/** Begins a chain with the header of a request. */
const begin = (queue: Queue, requests: BlkRequests, type: u32, sector: u53, segmentCount: u16): i32 => {
  const head: i32 = reserve(queue, segmentCount + FRAME_COUNT);
  if (head < 0) return head;
  const header: DmaOffset = requests.headers + head * REQUEST_HEADER_SIZE;
  dmaWrite32(header + REQUEST_TYPE, type);
  dmaWrite64(header + REQUEST_SECTOR, sector);
  fill(queue, header, REQUEST_HEADER_SIZE, DEVICE_READS);
  return head;
};

/** Ends it with the status byte. */
const end = (queue: Queue, requests: BlkRequests, head: i32): void => {
  const status: DmaOffset = requests.statuses + head;
  dmaWrite8(status, STATUS_UNWRITTEN);
  requests.statusAt[head] = status;
  fill(queue, status, 1, DEVICE_WRITES);
  add(queue);
};

/** Takes back one completed request. Returns its head, with its status in `completedStatus`; QUEUE_EMPTY or QUEUE_BROKEN. */
export const complete = (queue: Queue, requests: BlkRequests): i32 => {
  const head: i32 = pop(queue);
  if (head < 0) return head;
  const status: u8 = dmaRead8(requests.statusAt[head]);
  requests.completedStatus = status;
  // What the device has not written is what was there before: a success that is too short would hand out old bytes.
  if (status === STATUS_OK && queue.poppedLength < queue.poppedWritable && !queue.isLegacy) return QUEUE_BROKEN;
  return status === STATUS_UNWRITTEN ? QUEUE_BROKEN : head;
};

/**
 * Does `count` requests of `length` bytes each, on disk from `sector` on and in memory from `data` on, both one behind the other, at most `depth` of them
 * at a time. The queue is empty before. Returns when all are done, or one of the TRANSFER_ codes. `deadline` is a time of clockNow.
 *
 * New requests go out in groups, with one notification for each: when a quarter of `depth` has come back. The rest keeps the device busy meanwhile.
 */
export const transfer = (
  queue: Queue,
  requests: BlkRequests,
  type: u32,
  sector: u53,
  data: DmaOffset,
  length: u32,
  count: u32,
  depth: u32,
  deadline: u53,
): i32 => {
  assert(queue.inFlight === 0, 'a transfer has the queue for itself'); // It would take what others wait for.
  const progress: BlkTransfer = requests.transfer;
  progress.type = type;
  progress.sector = sector;
  progress.data = data;
  progress.length = length;
  progress.submitted = 0;
  progress.completed = 0;
  progress.count = count;
  progress.result = TRANSFER_OK;
  limitDepth(progress, depth);
  while (progress.completed < count) {
    if (isRefillDue(progress) && !refill(queue, requests)) return TRANSFER_BROKEN;
    const head: i32 = drain(queue, requests);
    if (head === QUEUE_BROKEN) return TRANSFER_BROKEN;
    if (progress.completed === count || isRefillDue(progress)) continue;
    const now: u53 = clockNow();
    if (now >= deadline) return TRANSFER_TIMEOUT;
    watch(queue, now); // No `pause`: under QEMU's emulator it takes the lock that the device needs to answer.
  }
  return progress.result;
};

const limitDepth = (progress: BlkTransfer, depth: u32): void => {
  progress.depth = depth;
  progress.group = Math.max(1, Math.floor(depth / REFILL_DIVISOR));
};

const isRefillDue = (progress: BlkTransfer): bool => {
  const rest: u32 = progress.count - progress.submitted;
  const room: u32 = progress.depth - (progress.submitted - progress.completed);
  return rest !== 0 && room >= Math.min(progress.group, rest);
};

/** Submits as many requests as there is room for, and notifies the device of them. Returns false when the queue is broken. */
const refill = (queue: Queue, requests: BlkRequests): bool => {
  const progress: BlkTransfer = requests.transfer;
  while (progress.submitted < progress.count && progress.submitted - progress.completed < progress.depth) {
    const head: i32 = submit(queue, requests, progress.type, progress.sector, progress.data, progress.length);
    if (head === QUEUE_BROKEN) return false;
    if (head === QUEUE_FULL) {
      limitDepth(progress, progress.submitted - progress.completed); // That is what the queue holds.
      break;
    }
    progress.submitted++;
    progress.sector += Math.floor(progress.length / BLK_SECTOR_SIZE);
    progress.data += progress.length;
  }
  kick(queue);
  return true;
};

/** Takes back what is completed. Returns QUEUE_EMPTY when there is no more now, or QUEUE_BROKEN. */
const drain = (queue: Queue, requests: BlkRequests): i32 => {
  const progress: BlkTransfer = requests.transfer;
  let head: i32 = complete(queue, requests);
  while (head >= 0) {
    progress.completed++;
    if (requests.completedStatus !== STATUS_OK && progress.result === TRANSFER_OK) {
      progress.result = TRANSFER_FAILED;
      requests.failedStatus = requests.completedStatus;
    }
    head = complete(queue, requests);
  }
  return head;
};

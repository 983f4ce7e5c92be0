'use machine';
// Requests to a virtio block device. VIRTIO 1.2 §5.2.6. Hot for every sector read or written.
//
//   ┌ header 16 ┐ ┌ data ······ ┐ ┌ status 1 ┐       one chain of three descriptors; a flush has no data and two
//    device reads  reads / writes   device writes
//
// A request is known by the head of its chain. Header and status byte of head h are the h-th of two arrays in DMA memory that are made
// once, so that a request allocates nothing.

import {
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { pause } from '../../kernel/hal/cpu.ts';
import { dmaRead8, dmaWrite8, dmaWrite32, dmaWrite64 } from '../../kernel/hal/dma.ts';
import {
  DEVICE_READS,
  DEVICE_WRITES,
  fill,
  notify,
  pop,
  publish,
  QUEUE_BROKEN,
  QUEUE_EMPTY,
  QUEUE_FULL,
  reserve,
  type SplitQueue,
} from '../virtio/queue/split.ts';
import {
  BLK_SECTOR_SIZE,
  REQUEST_HEADER_SIZE,
  REQUEST_SECTOR,
  REQUEST_TYPE,
  STATUS_OK,
  STATUS_UNWRITTEN,
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

/** What the requests of one queue need besides the queue. */
export class BlkRequests {
  /** size × header, size × status byte. */
  headers: DmaOffset = 0;
  statuses: DmaOffset = 0;
  /** The status of the request completed last, and of the first of a transfer that failed. */
  completedStatus: u8 = 0;
  failedStatus: u8 = 0;
  /** Of each head: the bytes that the device must have written when the request succeeds, its status byte included. */
  expectedLength: FixedArray<u32, 1024> = fixedArray(1024, 0);
}

/** Returns the bytes of DMA memory that the requests of a queue of `size` elements need. */
export const requestMemoryLength = (size: u32): u32 => size * (REQUEST_HEADER_SIZE + 1);

/** Lays out headers and status bytes for a queue of `size` elements in zeroed memory at `memory`. */
export const prepareRequests = (requests: BlkRequests, size: u32, memory: DmaOffset): void => {
  requests.headers = memory;
  requests.statuses = memory + size * REQUEST_HEADER_SIZE;
};

/**
 * Gives one request to the device: `type` for `length` bytes at `data`, on disk from `sector` on; no data when `length` is 0.
 * Returns its head, QUEUE_FULL or QUEUE_BROKEN. The device is not notified.
 */
export const submit = (
  queue: SplitQueue,
  requests: BlkRequests,
  type: u32,
  sector: u53,
  data: DmaOffset,
  length: u32,
): i32 => {
  const head: i32 = reserve(queue, length === 0 ? 2 : 3);
  if (head < 0) return head;

  const header: DmaOffset = requests.headers + head * REQUEST_HEADER_SIZE;
  dmaWrite32(header + REQUEST_TYPE, type);
  dmaWrite64(header + REQUEST_SECTOR, sector);
  dmaWrite8(requests.statuses + head, STATUS_UNWRITTEN);

  let next: i32 = fill(queue, head, header, REQUEST_HEADER_SIZE, DEVICE_READS);
  if (length !== 0) next = fill(queue, next, data, length, type === TYPE_OUT ? DEVICE_READS : DEVICE_WRITES);
  fill(queue, next, requests.statuses + head, 1, DEVICE_WRITES);
  requests.expectedLength[head] = type === TYPE_OUT ? 1 : length + 1;
  publish(queue, head);
  return head;
};

/** Takes back one completed request. Returns its head, with its status in `completedStatus`; QUEUE_EMPTY or QUEUE_BROKEN. */
export const complete = (queue: SplitQueue, requests: BlkRequests): i32 => {
  const head: i32 = pop(queue);
  if (head < 0) return head;
  const status: u8 = dmaRead8(requests.statuses + head);
  // What the device has not written is what was there before: a success that is too short would hand out old bytes.
  if (status === STATUS_OK && queue.poppedLength < requests.expectedLength[head]) return QUEUE_BROKEN;
  if (status === STATUS_UNWRITTEN) return QUEUE_BROKEN;
  requests.completedStatus = status;
  return head;
};

/**
 * Does `count` requests of `length` bytes each, on disk from `sector` on and in memory from `data` on, both one behind the other, with as many
 * at a time as the queue holds. Returns when all are done, or one of the TRANSFER_ codes. `deadline` is a time of clockNow.
 */
export const transfer = (
  queue: SplitQueue,
  requests: BlkRequests,
  type: u32,
  sector: u53,
  data: DmaOffset,
  length: u32,
  count: u32,
  deadline: u53,
): i32 => {
  const sectorsEach: u32 = Math.floor(length / BLK_SECTOR_SIZE);
  let place: u53 = sector;
  let submitted: u32 = 0;
  let completed: u32 = 0;
  let result: i32 = TRANSFER_OK;
  while (completed < count) {
    const before: u32 = submitted;
    while (submitted < count) {
      const head: i32 = submit(queue, requests, type, place, data + submitted * length, length);
      if (head === QUEUE_FULL) break;
      if (head === QUEUE_BROKEN) return TRANSFER_BROKEN;
      place += sectorsEach;
      submitted++;
    }
    if (submitted !== before) notify(queue); // Once for all of them.

    let head: i32 = complete(queue, requests);
    while (head === QUEUE_EMPTY) {
      if (clockNow() >= deadline) return TRANSFER_TIMEOUT;
      pause();
      head = complete(queue, requests);
    }
    while (head >= 0) {
      completed++;
      if (requests.completedStatus !== STATUS_OK && result === TRANSFER_OK) {
        result = TRANSFER_FAILED;
        requests.failedStatus = requests.completedStatus;
      }
      head = complete(queue, requests);
    }
    if (head === QUEUE_BROKEN) return TRANSFER_BROKEN;
  }
  return result;
};

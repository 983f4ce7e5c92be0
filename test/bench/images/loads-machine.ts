'use machine';
// The loop of the loads. Hot, because that is what is measured.

import { STATUS_OK } from '../../../drivers/blk/registers.ts';
import { type BlkRequests, complete, submitRead } from '../../../drivers/blk/request.ts';
import { kick } from '../../../drivers/virtio/queue/queue.ts';
import { QUEUE_EMPTY, type Queue } from '../../../drivers/virtio/queue/record.ts';
import type { bool, DmaOffset, i32, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';

/** Behind the data of a read: the page with its status byte. */
const GAP_LENGTH: u32 = 4096;

/** Bytes that a load has in memory at most: a batch of 128 × 4 KiB, or two of 32, with their gaps, or a read of 1 MiB. */
export const LOAD_DATA_LENGTH: u32 = 1048576 + GAP_LENGTH;

/** The disk has 64 MiB: a load that reaches the end goes on at the start. */
const SECTOR_MASK: u32 = 131071;

const LIMIT_NS: u53 = 10000000000;

/** How far a load has come. */
export class LoadProgress {
  /** Notifications, over all loads. */
  doorbells: u53 = 0;
  /** Where the next read begins. */
  sector: u53 = 0;
}

/** What `runLoad` returns when a request failed, or got no answer. */
export const LOAD_FAILED: u53 = 0;

/**
 * Reads `batches` × `depth` times `length` bytes, each read `stride` sectors behind the one before, and returns the nanoseconds from the first
 * submission to the last completion. Up to `depth` reads are with the device at a time: it gets a batch when the one before is back. With `isAhead` the
 * batch is in the ring by then, else it is put there then.
 */
export const runLoad = (
  queue: Queue,
  requests: BlkRequests,
  progress: LoadProgress,
  data: DmaOffset,
  length: u32,
  depth: u32,
  batches: u32,
  stride: u32,
  isAhead: bool,
): u53 => {
  const start: u53 = clockNow();
  const deadline: u53 = start + LIMIT_NS;
  const otherHalf: u32 = isAhead ? depth * (length + GAP_LENGTH) : 0;
  progress.sector = 0;
  if (!addBatch(queue, requests, progress, data, length, depth, stride)) return LOAD_FAILED;
  for (let batch: u32 = 1; batch <= batches; batch++) {
    if (kick(queue)) progress.doorbells++;
    const next: DmaOffset = (batch & 1) === 0 ? data : data + otherHalf;
    const hasNext: bool = batch !== batches;
    if (hasNext && isAhead && !addBatch(queue, requests, progress, next, length, depth, stride)) return LOAD_FAILED;
    if (!takeBatch(queue, requests, depth, deadline)) return LOAD_FAILED;
    if (hasNext && !isAhead && !addBatch(queue, requests, progress, next, length, depth, stride)) return LOAD_FAILED;
  }
  return clockNow() - start;
};

/** Puts the reads of a batch into the ring, their data from `data` on. Returns false when one does not fit. */
const addBatch = (
  queue: Queue,
  requests: BlkRequests,
  progress: LoadProgress,
  data: DmaOffset,
  length: u32,
  depth: u32,
  stride: u32,
): bool => {
  for (let read: u32 = 0; read < depth; read++) {
    if (submitRead(queue, requests, progress.sector, data + read * (length + GAP_LENGTH), length) < 0) return false;
    progress.sector = (progress.sector + stride) & SECTOR_MASK;
  }
  return true;
};

/** Takes the reads of a batch back. Returns false when one failed, or is not back at `deadline`. */
const takeBatch = (queue: Queue, requests: BlkRequests, depth: u32, deadline: u53): bool => {
  for (let taken: u32 = 0; taken < depth; ) {
    const head: i32 = complete(queue, requests);
    if (head >= 0) {
      if (requests.completedStatus !== STATUS_OK) return false;
      taken++;
    } else if (head !== QUEUE_EMPTY || clockNow() >= deadline) return false;
  }
  return true;
};

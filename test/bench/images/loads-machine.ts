'use machine';
// The loop of the loads. Hot, because that is what is measured.

import { STATUS_OK } from '../../../drivers/blk/registers.ts';
import { type BlkRequests, complete, submitRead } from '../../../drivers/blk/request.ts';
import { kick } from '../../../drivers/virtio/queue/queue.ts';
import { QUEUE_EMPTY, type Queue } from '../../../drivers/virtio/queue/record.ts';
import type { DmaOffset, i32, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';

/** Behind the data of a read: the page with its status byte. */
const GAP_LENGTH: u32 = 4096;

/** Bytes that a load has in memory at most: a read of 1 MiB. A batch of 128 × 4 KiB, gaps included, takes a little less. */
export const LOAD_DATA_LENGTH: u32 = 1048576 + GAP_LENGTH;

/** The disk has 64 MiB: a load that reaches the end goes on at the start. */
const SECTOR_MASK: u32 = 131071;

const LIMIT_NS: u53 = 10000000000;

/** What `runLoad` counts. */
export class LoadCounts {
  doorbells: u53 = 0;
}

/** What `runLoad` returns when a request failed, or got no answer. */
export const LOAD_FAILED: u53 = 0;

/**
 * Reads `batches` × `depth` times `length` bytes, each read `stride` sectors behind the one before, and returns the nanoseconds from the first
 * submission to the last completion. Up to `depth` reads are with the device at a time; a batch begins when the one before has ended.
 */
export const runLoad = (
  queue: Queue,
  requests: BlkRequests,
  counts: LoadCounts,
  data: DmaOffset,
  length: u32,
  depth: u32,
  batches: u32,
  stride: u32,
): u53 => {
  const start: u53 = clockNow();
  const deadline: u53 = start + LIMIT_NS;
  let sector: u53 = 0;
  for (let batch: u32 = 0; batch < batches; batch++) {
    let submitted: u32 = 0;
    let completed: u32 = 0;
    while (completed < depth) {
      const before: u32 = submitted;
      while (submitted < depth) {
        if (submitRead(queue, requests, sector, data + submitted * (length + GAP_LENGTH), length) < 0) break;
        sector = (sector + stride) & SECTOR_MASK;
        submitted++;
      }
      if (submitted !== before) {
        if (kick(queue)) counts.doorbells++;
      }
      let head: i32 = complete(queue, requests);
      while (head === QUEUE_EMPTY) {
        if (clockNow() >= deadline) return LOAD_FAILED;
        head = complete(queue, requests);
      }
      while (head >= 0) {
        if (requests.completedStatus !== STATUS_OK) return LOAD_FAILED;
        completed++;
        head = complete(queue, requests);
      }
      if (head !== QUEUE_EMPTY) return LOAD_FAILED;
    }
  }
  return clockNow() - start;
};

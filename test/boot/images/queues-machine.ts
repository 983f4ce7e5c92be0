'use machine';
// Writes and reads that keep a queue full, for queues.ts.

import { TYPE_IN, TYPE_OUT } from '../../../drivers/blk/registers.ts';
import {
  type BlkRequests,
  BlkSegments,
  complete,
  submitSegments,
  TRANSFER_OK,
  transfer,
} from '../../../drivers/blk/request.ts';
import { kick, pop } from '../../../drivers/virtio/queue/queue.ts';
import { QUEUE_EMPTY, type Queue } from '../../../drivers/virtio/queue/record.ts';
import type { bool, DmaOffset, i32, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { dmaFill, dmaRead32, dmaWrite32 } from '../../../kernel/hal/dma.ts';

/** Bytes that a round writes and reads, and of each request. */
export const ROUND_LENGTH: u32 = 524288;
const REQUEST_LENGTH: u32 = 2048;
const REQUEST_COUNT: u32 = 256;
const SECTOR_LENGTH: u32 = 512;

/** The pieces of a request that is not in one piece of memory. */
const PIECE_COUNT: u16 = 13;

const LIMIT_NS: u53 = 10000000000;

const segments = new BlkSegments();

/** Word `index` of the pattern of `round`. */
const patternOf = (round: u32, index: u32): u32 => Math.imul(index + round, 2654435761) >>> 0;

/**
 * Writes ROUND_LENGTH bytes with up to `depth` requests at a time, reads them back with up to `readDepth`, and compares. Returns the first
 * byte that is wrong, ROUND_LENGTH when there is none, or the negative code of the transfer that failed.
 */
export const runRound = (
  queue: Queue,
  requests: BlkRequests,
  data: DmaOffset,
  round: u32,
  depth: u32,
  readDepth: u32,
): i32 => {
  const deadline: u53 = clockNow() + LIMIT_NS;
  for (let at: u32 = 0; at < ROUND_LENGTH; at += 4) dmaWrite32(data + at, patternOf(round, at));
  const written: i32 = transfer(queue, requests, TYPE_OUT, 0, data, REQUEST_LENGTH, REQUEST_COUNT, depth, deadline);
  if (written !== TRANSFER_OK) return written;
  dmaFill(data, ROUND_LENGTH, 0);
  const read: i32 = transfer(queue, requests, TYPE_IN, 0, data, REQUEST_LENGTH, REQUEST_COUNT, readDepth, deadline);
  if (read !== TRANSFER_OK) return read;
  return firstWrong(data, round, ROUND_LENGTH);
};

const firstWrong = (data: DmaOffset, round: u32, length: u32): i32 => {
  for (let at: u32 = 0; at < length; at += 4) {
    if (dmaRead32(data + at) !== patternOf(round, at)) return at | 0;
  }
  return length | 0;
};

/** Reads what `round` wrote into pieces of memory, of one sector each, last piece first. Returns whether all of it came. */
export const readPieces = (queue: Queue, requests: BlkRequests, data: DmaOffset, round: u32): bool => {
  dmaFill(data, ROUND_LENGTH, 0);
  segments.count = PIECE_COUNT;
  for (let i: u32 = 0; i < PIECE_COUNT; i++) {
    segments.offsets[i] = data + (PIECE_COUNT - 1 - i) * SECTOR_LENGTH;
    segments.lengths[i] = SECTOR_LENGTH;
  }
  if (submitSegments(queue, requests, TYPE_IN, 0, segments) < 0) return false;
  kick(queue);
  const deadline: u53 = clockNow() + LIMIT_NS;
  let head: i32 = complete(queue, requests);
  while (head === QUEUE_EMPTY && clockNow() < deadline) head = complete(queue, requests);
  if (head < 0 || requests.completedStatus !== 0) return false;
  for (let i: u32 = 0; i < PIECE_COUNT; i++) {
    const first: u32 = i * SECTOR_LENGTH;
    for (let at: u32 = 0; at < SECTOR_LENGTH; at += 4) {
      if (dmaRead32(segments.offsets[i] + at) !== patternOf(round, first + at)) return false;
    }
  }
  return pop(queue) === QUEUE_EMPTY;
};

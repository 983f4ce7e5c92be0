'use machine';

// The two loops that the block benchmark times. Hot, because that is what is measured.

import { TYPE_IN } from '../../../drivers/blk/registers.ts';
import { type BlkRequests, complete, submit, TRANSFER_OK, transfer } from '../../../drivers/blk/request.ts';
import { kick } from '../../../drivers/virtio/queue/queue.ts';
import { QUEUE_EMPTY, type Queue } from '../../../drivers/virtio/queue/record.ts';
import type { DmaOffset, i32, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';

/** Bytes of one read, and how many are with the device at a time. */
export const READ_LENGTH: u32 = 4096;
export const DEPTH: u32 = 32;

const SECTORS_EACH: u32 = 8;
const LIMIT_NS: u53 = 10000000000;

/** What both loops return when a request failed. */
export const BENCH_FAILED: u53 = 0;

/** Returns the nanoseconds that `rounds` × DEPTH submissions took; their completion is not counted. */
export const timeSubmits = (queue: Queue, requests: BlkRequests, data: DmaOffset, rounds: u32): u53 => {
  let spent: u53 = 0;
  for (let round: u32 = 0; round < rounds; round++) {
    const before: u53 = clockNow();
    for (let index: u32 = 0; index < DEPTH; index++) {
      const head: i32 = submit(queue, requests, TYPE_IN, index * SECTORS_EACH, data + index * READ_LENGTH, READ_LENGTH);
      if (head < 0) return BENCH_FAILED;
    }
    spent += clockNow() - before;
    kick(queue);
    for (let done: u32 = 0; done < DEPTH; ) {
      const head: i32 = complete(queue, requests);
      if (head >= 0) done++;
      else if (head !== QUEUE_EMPTY) return BENCH_FAILED;
    }
  }
  return spent;
};

/** Returns the nanoseconds that `rounds` × DEPTH reads took from the first submission to the last completion. */
export const timeReads = (queue: Queue, requests: BlkRequests, data: DmaOffset, rounds: u32): u53 => {
  const before: u53 = clockNow();
  for (let round: u32 = 0; round < rounds; round++) {
    const sector: u53 = round * DEPTH * SECTORS_EACH;
    const result: i32 = transfer(queue, requests, TYPE_IN, sector, data, READ_LENGTH, DEPTH, DEPTH, before + LIMIT_NS);
    if (result !== TRANSFER_OK) return BENCH_FAILED;
  }
  return clockNow() - before;
};

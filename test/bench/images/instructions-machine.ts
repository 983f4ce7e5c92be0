'use machine';
// Counts the instructions of one request: each part lies between two readings of the clock, and waiting lies outside.

import { STATUS_OK, TYPE_IN } from '../../../drivers/blk/registers.ts';
import { type BlkRequests, complete, submit } from '../../../drivers/blk/request.ts';
import { kick } from '../../../drivers/virtio/queue/queue.ts';
import { QUEUE_EMPTY, type Queue } from '../../../drivers/virtio/queue/record.ts';
import type { DmaOffset, i32, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';

const READ_LENGTH: u32 = 4096;
const SECTORS_EACH: u32 = 8;
const LIMIT_NS: u53 = 10000000000;

/** Nanoseconds of each part, over all rounds. */
export class Spent {
  add: u53 = 0;
  kick: u53 = 0;
  pop: u53 = 0;
  /** Two readings of the clock with nothing between them: is in each of the parts, once a request. */
  clock: u53 = 0;
}

/** Reads 4 KiB `rounds` times and adds up what each part took. Returns false when a request failed. */
export const countRequests = (
  queue: Queue,
  requests: BlkRequests,
  spent: Spent,
  data: DmaOffset,
  rounds: u32,
): boolean => {
  const deadline: u53 = clockNow() + LIMIT_NS;
  for (let round: u32 = 0; round < rounds; round++) {
    const begin: u53 = clockNow();
    const empty: u53 = clockNow();
    const submitted: i32 = submit(queue, requests, TYPE_IN, round * SECTORS_EACH, data, READ_LENGTH);
    const added: u53 = clockNow();
    kick(queue);
    const kicked: u53 = clockNow();
    if (submitted < 0) return false;
    spent.clock += empty - begin;
    spent.add += added - empty;
    spent.kick += kicked - added;
    if (!popOne(queue, requests, spent, deadline)) return false;
  }
  return true;
};

/** Takes the request back. A try that finds nothing is waiting, and is not counted. */
const popOne = (queue: Queue, requests: BlkRequests, spent: Spent, deadline: u53): boolean => {
  let before: u53 = clockNow();
  let head: i32 = complete(queue, requests);
  let after: u53 = clockNow();
  while (head === QUEUE_EMPTY && after < deadline) {
    before = after;
    head = complete(queue, requests);
    after = clockNow();
  }
  spent.pop += after - before;
  return head >= 0 && requests.completedStatus === STATUS_OK;
};

'use machine';
// The five queues of a balloon as one thing to wait for.

import type { bool, i32, u8, u53 } from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { interruptIsNoted } from '../../kernel/hal/interrupts.ts';
import {
  armBuffers,
  BUFFERS_BROKEN,
  type Buffers,
  freeBuffer,
  lookAfter,
  nextCare,
  takeReturned,
  wakeBuffers,
} from '../virtio/buffers.ts';
import { canPop } from '../virtio/queue/queue.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { finishDeflation, finishInflation } from './pages.ts';
import { finishReport } from './reports.ts';
import type { Balloon } from './state.ts';
import { sendStatistics } from './statistics.ts';

/** The queues by their places in the record. */
export const QUEUE_COUNT: u8 = 5;
const INFLATION: u8 = 0;
const DEFLATION: u8 = 1;
const STATISTICS: u8 = 2;
const REPORTS: u8 = 3;

/** Returns one of the QUEUE_COUNT queues. One that was not agreed on has no size. */
export const buffersOf = (balloon: Balloon, place: u8): Buffers => {
  switch (place) {
    case INFLATION:
      return balloon.inflation;
    case DEFLATION:
      return balloon.deflation;
    case STATISTICS:
      return balloon.statistics;
    case REPORTS:
      return balloon.reports;
    default:
      return balloon.hints;
  }
};

const isUsed = (buffers: Buffers): bool => buffers.queue.size !== 0;

/** Takes all that the device has answered, and acts on it. Returns how many answers, or BUFFERS_BROKEN: a queue is. */
export const takeAnswers = (transport: Transport, balloon: Balloon): i32 => {
  let count: i32 = 0;
  for (let place: u8 = 0; place < QUEUE_COUNT; place++) {
    const buffers: Buffers = buffersOf(balloon, place);
    if (!isUsed(buffers)) continue;
    wakeBuffers(buffers);
    let index: i32 = takeReturned(buffers);
    while (index >= 0) {
      freeBuffer(buffers, index);
      finish(transport, balloon, place);
      count++;
      index = takeReturned(buffers);
    }
    if (index === BUFFERS_BROKEN) return BUFFERS_BROKEN;
  }
  return count;
};

const finish = (transport: Transport, balloon: Balloon, place: u8): void => {
  if (place === INFLATION) finishInflation(transport, balloon);
  else if (place === DEFLATION) finishDeflation(transport, balloon);
  else if (place === STATISTICS) sendStatistics(balloon);
  else if (place === REPORTS) finishReport(balloon);
};

/** Returns the first queue that is broken or late, by lookAfter; QUEUE_COUNT when all is well. */
export const troubledQueue = (balloon: Balloon): u8 => {
  for (let place: u8 = 0; place < QUEUE_COUNT; place++) {
    const buffers: Buffers = buffersOf(balloon, place);
    if (isUsed(buffers) && buffers.queue.broken) return place;
  }
  return QUEUE_COUNT;
};

/** Looks after one queue, as lookAfter of buffers.ts does. */
export const lookAfterQueue = (balloon: Balloon, place: u8): u8 => {
  const buffers: Buffers = buffersOf(balloon, place);
  return isUsed(buffers) ? lookAfter(buffers) : 0;
};

/** Returns when the device is to be looked after at the latest, as nextCare of buffers.ts does. */
export const nextBalloonCare = (balloon: Balloon): u53 =>
  Math.min(nextCareOf(balloon.inflation), Math.min(nextCareOf(balloon.deflation), nextCareOf(balloon.reports)));

const nextCareOf = (buffers: Buffers): u53 => nextCare(buffers);

/** Asks for interrupts of all queues. False, and they are off: one has something. */
export const armBalloon = (balloon: Balloon): bool => {
  for (let place: u8 = 0; place < QUEUE_COUNT; place++) {
    const buffers: Buffers = buffersOf(balloon, place);
    if (!isUsed(buffers) || armBuffers(buffers)) continue;
    for (let other: u8 = 0; other < place; other++) {
      if (isUsed(buffersOf(balloon, other))) wakeBuffers(buffersOf(balloon, other));
    }
    return false;
  }
  return true;
};

/** Waits until an answer is there. Returns whether one is; false at `deadline`, and when an interrupt was noted. Looks once at least. */
export const spinBalloon = (balloon: Balloon, deadline: u53): bool => {
  for (;;) {
    for (let place: u8 = 0; place < QUEUE_COUNT; place++) {
      const buffers: Buffers = buffersOf(balloon, place);
      if (isUsed(buffers) && canPop(buffers.queue)) return true;
    }
    if (interruptIsNoted() || clockNow() >= deadline) return false; // No `pause`: under QEMU's emulator it takes the lock that the device needs to answer.
  }
};

'use machine';
// The loop of the frames. Hot, because that is what is measured.

import {
  kickTransmit,
  NO_BUFFER,
  sendBuffer,
  TRANSMIT_EMPTY,
  type TransmitQueue,
  takeBuffer,
  takeSent,
} from '../../../drivers/net/transmit.ts';
import { lowWord } from '../../../kernel/base/bits.ts';
import type { bool, i32, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { dmaWrite32 } from '../../../kernel/hal/dma.ts';

const LIMIT_NS: u53 = 10000000000;

/** What `runLoad` returns when the device broke its queue, or did not send a frame in time. */
export const LOAD_FAILED: u53 = 0;

/**
 * Sends `batches` × `depth` frames of `length` bytes, and returns the nanoseconds from the first to the end of the last one. The device gets a batch when the one
 * before is back. With `isAhead` it is written by then, else it is written then.
 */
export const runLoad = (transmit: TransmitQueue, length: u32, depth: u32, batches: u32, isAhead: bool): u53 => {
  const start: u53 = clockNow();
  const deadline: u53 = start + LIMIT_NS;
  if (!addBatch(transmit, length, depth)) return LOAD_FAILED;
  for (let batch: u32 = 1; batch <= batches; batch++) {
    kickTransmit(transmit);
    const hasNext: bool = batch !== batches;
    if (hasNext && isAhead && !addBatch(transmit, length, depth)) return LOAD_FAILED;
    if (!takeBatch(transmit, depth, deadline)) return LOAD_FAILED;
    if (hasNext && !isAhead && !addBatch(transmit, length, depth)) return LOAD_FAILED;
  }
  return clockNow() - start;
};

/** Writes the frames of a batch, each with a number of its own. Returns false when one does not fit. */
const addBatch = (transmit: TransmitQueue, length: u32, depth: u32): bool => {
  for (let i: u32 = 0; i < depth; i++) {
    const frame: u32 = takeBuffer(transmit);
    if (frame === NO_BUFFER) return false;
    dmaWrite32(frame, lowWord(transmit.frameCount));
    if (sendBuffer(transmit, length) < 0) return false;
  }
  return true;
};

/** Takes the frames of a batch back. Returns false when the queue is broken, or one is not back at `deadline`. */
const takeBatch = (transmit: TransmitQueue, depth: u32, deadline: u53): bool => {
  for (let sent: u32 = 0; sent < depth; ) {
    const head: i32 = takeSent(transmit);
    if (head >= 0) sent++;
    else if (head !== TRANSMIT_EMPTY || clockNow() >= deadline) return false;
  }
  return true;
};

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
import type { i32, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { dmaWrite32 } from '../../../kernel/hal/dma.ts';

const LIMIT_NS: u53 = 10000000000;

/** What `runLoad` returns when the device broke its queue, or did not send a frame in time. */
export const LOAD_FAILED: u53 = 0;

/**
 * Sends `batches` × `depth` frames of `length` bytes, each with a number of its own in it, and returns the nanoseconds from the first to the end of the last
 * one. A batch begins when the one before has ended.
 */
export const runLoad = (transmit: TransmitQueue, length: u32, depth: u32, batches: u32): u53 => {
  const start: u53 = clockNow();
  let number: u32 = 0;
  for (let batch: u32 = 0; batch < batches; batch++) {
    for (let i: u32 = 0; i < depth; i++) {
      const frame: u32 = takeBuffer(transmit);
      if (frame === NO_BUFFER) return LOAD_FAILED;
      dmaWrite32(frame, number);
      number++;
      if (sendBuffer(transmit, length) < 0) return LOAD_FAILED;
    }
    kickTransmit(transmit);
    for (let sent: u32 = 0; sent < depth; ) {
      const head: i32 = takeSent(transmit);
      if (head >= 0) sent++;
      else if (head !== TRANSMIT_EMPTY || clockNow() >= start + LIMIT_NS) return LOAD_FAILED;
    }
  }
  return clockNow() - start;
};

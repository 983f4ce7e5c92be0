'use machine';
// A receive queue and a transmit queue, as the event loop sees them: awake, spinning, asleep. Hot in every turn of a loop that has traffic.

import type { bool, u8, u53 } from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { interruptIsNoted } from '../../kernel/hal/interrupts.ts';
import { CARE_EXPIRED } from '../virtio/buffers.ts';
import { allowInterrupts, canPop, suppressInterrupts } from '../virtio/queue/queue.ts';
import type { Queue } from '../virtio/queue/record.ts';
import { kickReceive, nextReceiveCare, ReceiveQueue } from './receive.ts';
import { kickTransmit, lookAfterTransmit, nextTransmitCare, TransmitQueue } from './transmit.ts';

/** One pair of queues. */
export class Pair {
  receive = new ReceiveQueue();
  transmit = new TransmitQueue();
}

/** Asks for no interrupts: the pair is polled from now on. */
export const wakePair = (pair: Pair): void => {
  if (pair.receive.queue.interruptsAllowed) suppressInterrupts(pair.receive.queue);
  if (pair.transmit.queue.interruptsAllowed) suppressInterrupts(pair.transmit.queue);
};

/** Tells the device of the buffers and the frames that it got, with one notification for each of the two at most. */
export const kickPair = (pair: Pair): void => {
  kickReceive(pair.receive);
  kickTransmit(pair.transmit);
};

/**
 * Waits until a frame has come, where `wantsFrames`, or one has gone out, where `wantsSent`. Returns whether there is; false at `deadline`, and when an interrupt was
 * noted. Looks once at least.
 */
export const spinPair = (pair: Pair, wantsFrames: bool, wantsSent: bool, deadline: u53): bool => {
  for (;;) {
    if (wantsFrames && canPop(pair.receive.queue)) return true;
    if (wantsSent && canPop(pair.transmit.queue)) return true;
    if (interruptIsNoted() || clockNow() >= deadline) return false; // No `pause`: under QEMU's emulator it takes the lock that the device needs.
  }
};

/** Asks for an interrupt at the next frame that comes or goes out, as far as that is wanted. False, and interrupts are off again: there is one already. */
export const armPair = (pair: Pair, wantsFrames: bool, wantsSent: bool): bool => {
  const mayFramesSleep: bool = !wantsFrames || armQueue(pair.receive.queue);
  const maySentSleep: bool = !wantsSent || pair.transmit.queue.inFlight === 0 || armQueue(pair.transmit.queue);
  if (mayFramesSleep && maySentSleep) return true;
  wakePair(pair);
  return false;
};

const armQueue = (queue: Queue): bool => !allowInterrupts(queue);

/** Looks whether the device is late with a pair, when nothing more is back. Returns a CARE_ code of buffers.ts. */
export const lookAfterPair = (pair: Pair, deadlineNs: u53): u8 => {
  const now: u53 = clockNow();
  if (now >= nextReceiveCare(pair.receive, deadlineNs)) return CARE_EXPIRED;
  return lookAfterTransmit(pair.transmit, now, deadlineNs);
};

/** Returns when that is to be done at the latest; NO_DEADLINE when there is nothing to look after. */
export const nextPairCare = (pair: Pair, deadlineNs: u53): u53 =>
  Math.min(nextReceiveCare(pair.receive, deadlineNs), nextTransmitCare(pair.transmit, deadlineNs));

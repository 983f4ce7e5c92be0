// What becomes of an awaited disk whose device does not answer, says that it needs a reset, or answers against its specification. VIRTIO 1.2 §2.1.2
//
//   silent, needs a reset ──▶ reset and brought up again: what it had rejects, what waits is sent ──▶ it works again
//                                        └──────────────┐
//   a wrong answer ────────────────────────────────────┴──▶ given up: everything rejects

import { log } from '../../kernel/base/log.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { addSource, removeSource } from '../../kernel/event/source.ts';
import { describeFault } from '../virtio/describe.ts';
import { needsReset } from '../virtio/initialize.ts';
import { beginInterrupts, endInterrupts, INTERRUPT_NONE, type Interrupts } from '../virtio/interrupts.ts';
import { giveUp, RESET_TIMEOUT_MS } from '../virtio/reset.ts';
import { beginAgain } from '../virtio/restart.ts';
import { type AwaitedBlk, rejectPromise, rejectSlot } from './awaited-state.ts';
import { readGeometry } from './bring-up.ts';
import { describeBroken, describeDiskFault, givenUpError } from './errors.ts';
import { CARE_EXPIRED, stopFlow, takeLost } from './flow.ts';
import { finishFlowAgain } from './flow-bring-up.ts';
import { REQUEST_QUEUE } from './registers.ts';

/** Queues that the driver uses. */
export const QUEUE_COUNT = 1;

/** Returns the vectors of a disk's configuration and queue, each once; none when it is polled. */
export const vectorsOf = (interrupts: Interrupts): number[] => {
  const configVector: number = interrupts.configVector;
  const queueVector: number = interrupts.queueVectors[REQUEST_QUEUE];
  if (interrupts.kind === INTERRUPT_NONE) return [];
  return configVector === queueVector ? [configVector] : [configVector, queueVector];
};

/** After an interrupt for the configuration: a device that needs a reset says so by it, too. §2.1.2 */
export const lookAtConfiguration = (blk: AwaitedBlk): void => {
  if (blk.hasFailed) return;
  if (needsReset(blk.transport)) resetNeeded(blk);
  else if (readGeometry(blk.transport, blk.flow.disk)) noteCapacity(blk);
  else log('error', blk.block.name, `its configuration cannot be read: ${describeDiskFault(blk.transport).message}`);
};

/** After `take` has found the device late: `found` is its CARE_ code. */
export const lookAtLate = (blk: AwaitedBlk, found: number): void => {
  if (needsReset(blk.transport)) resetNeeded(blk);
  else if (found === CARE_EXPIRED) restart(blk, { kind: 'timeout', message: `no answer in ${blk.deadlineMs} ms` });
  else if (blk.flow.disk.queue.rekickCount === 1) log('warn', blk.block.name, 'no answer for 10 ms, notified again');
};

/** After `take` has found what cannot be. */
export const lookAtBroken = (blk: AwaitedBlk): void => {
  if (blk.hasFailed) return;
  const error: DeviceError = { kind: 'wrong-answer', message: describeBroken(blk.flow.disk) };
  log('error', blk.block.name, error.message);
  if (!giveUp(blk.transport)) {
    log('error', blk.block.name, `device_status is not 0 ${RESET_TIMEOUT_MS} ms after a reset`);
  }
  end(blk, error);
};

const resetNeeded = (blk: AwaitedBlk): void =>
  restart(blk, { kind: 'device-reset', message: describeFault(blk.transport).message });

/** Resets the device and brings it up again; what it had rejects with `error`. */
const restart = (blk: AwaitedBlk, error: DeviceError): void => {
  const { name } = blk.block;
  log('error', name, `${error.message}; it is reset`);
  if (!bringUpAgain(blk)) {
    log('error', name, `it does not come up again: ${describeDiskFault(blk.transport).message}`);
    end(blk, error);
    return;
  }
  removeSource(blk.source);
  addSource(blk.source, vectorsOf(blk.interrupts)); // They may be others.
  rejectLost(blk, error);
  log('warn', name, 'it was reset and works again');
  noteCapacity(blk);
};

/** False: the device was given up, and the fault says why. */
const bringUpAgain = (blk: AwaitedBlk): boolean => {
  endInterrupts(blk.transport, blk.interrupts);
  if (!beginAgain(blk.transport)) return false;
  beginInterrupts(blk.transport, blk.interrupts, QUEUE_COUNT);
  return finishFlowAgain(blk.transport, blk.flow);
};

/** Rejects everything of a device that was given up: what it had with `error`, what it did not get as given up. */
const end = (blk: AwaitedBlk, error: DeviceError): void => {
  blk.hasFailed = true;
  stopFlow(blk.flow);
  endInterrupts(blk.transport, blk.interrupts);
  rejectLost(blk, error);
  for (let slot = 0; slot < blk.promises.length; slot++) rejectSlot(blk, slot, givenUpError());
  for (const { promise } of blk.overflow) rejectPromise(blk, promise, givenUpError());
  blk.overflow = [];
  removeSource(blk.source);
};

/** Rejects what the device had when it was reset. */
const rejectLost = (blk: AwaitedBlk, error: DeviceError): void => {
  for (let slot: number = takeLost(blk.flow); slot >= 0; slot = takeLost(blk.flow)) {
    if (blk.flow.takenEnds) rejectSlot(blk, slot, error);
  }
};

/** Tells the listeners when the capacity is another than before. */
const noteCapacity = (blk: AwaitedBlk): void => {
  const capacitySectors: number = blk.flow.disk.capacitySectors;
  const { block } = blk;
  if (capacitySectors === block.capacitySectors) return;
  log('info', block.name, `${capacitySectors} sectors, before ${block.capacitySectors}`);
  block.capacitySectors = capacitySectors;
  for (const listener of blk.capacityListeners) listener(capacitySectors);
};

// What an awaited disk does in the life of its device, which is live.ts of drivers/virtio: it comes up, comes up again, changes, ends.

import { log } from '../../kernel/base/log.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { giveUpLive } from '../virtio/live.ts';
import { type AwaitedBlk, rejectPromise, rejectSlot } from './awaited-state.ts';
import { readGeometry } from './bring-up.ts';
import { describeBroken, describeDiskFault } from './errors.ts';
import { stopFlow, takeLost } from './flow.ts';

/** Queues that the driver uses. */
export const QUEUE_COUNT = 1;

/** Reads what has changed. */
export const configurationChanged = (blk: AwaitedBlk): void => {
  const { name } = blk.block;
  if (readGeometry(blk.transport, blk.flow.disk)) noteCapacity(blk);
  else log('error', name, `its configuration cannot be read: ${describeDiskFault(blk.transport).message}`);
};

/** After `take` has found what cannot be. */
export const lookAtBroken = (blk: AwaitedBlk): void =>
  giveUpLive(blk.live, { kind: 'wrong-answer', message: describeBroken(blk.flow.disk) });

/** Rejects everything of a device that has ended: what it had with `error`, what it did not get with `refusal`. */
export const endDisk = (blk: AwaitedBlk, error: DeviceError, refusal: DeviceError): void => {
  stopFlow(blk.flow);
  rejectLost(blk, error);
  for (let slot = 0; slot < blk.promises.length; slot++) rejectSlot(blk, slot, refusal);
  for (const { promise } of blk.overflow) rejectPromise(blk, promise, refusal);
  blk.overflow = [];
};

/** Rejects what the device had when it was reset. */
export const rejectLost = (blk: AwaitedBlk, error: DeviceError): void => {
  for (let slot: number = takeLost(blk.flow); slot >= 0; slot = takeLost(blk.flow)) {
    if (blk.flow.takenEnds) rejectSlot(blk, slot, error);
  }
};

/** Tells the listeners when the capacity is another than before. */
export const noteCapacity = (blk: AwaitedBlk): void => {
  const capacitySectors: number = blk.flow.disk.capacitySectors;
  const { block } = blk;
  if (capacitySectors === block.capacitySectors) return;
  log('info', block.name, `${capacitySectors} sectors, before ${block.capacitySectors}`);
  block.capacitySectors = capacitySectors;
  for (const listener of blk.capacityListeners) listener(capacitySectors);
};

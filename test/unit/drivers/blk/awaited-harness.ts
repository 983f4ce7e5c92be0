// A disk that is awaited, on the simulated machine, and the event loop around it.

import { openBlk } from '../../../../drivers/blk/awaited.ts';
import { newLive } from '../../../../drivers/virtio/live.ts';
import { fillPattern } from '../../../../kernel/base/bytes.ts';
import { type EventSource, removeSource } from '../../../../kernel/event/source.ts';
import type { SimBlkOptions } from '../../../sim/virtio/block.ts';
import { interruptsOf, run } from '../virtio/live-harness.ts';
import { openedDisk } from '../virtio/transport/harness.ts';

export { kindOf, run, runTurns } from '../virtio/live-harness.ts';

/** What a test may ask for besides the device's own. */
export interface AwaitedOptions extends SimBlkOptions {
  readonly deadlineMs?: number;
  /** The machine has no interrupts: the disk is polled. */
  readonly isPolled?: boolean;
  /** Called with the machine before the disk is opened. */
  readonly prepare?: (all: ReturnType<typeof openedDisk>) => void;
}

const opened: EventSource[] = [];

/** Opens a disk, with requests of its own over. */
export const openDisk = async (options: AwaitedOptions = {}) => {
  const all = openedDisk(options);
  if (options.isPolled) all.machine.interrupts.available = 0;
  options.prepare?.(all);
  const { block, source } = await run(
    openBlk(newLive(all.transport, interruptsOf(all), all.pool, options.deadlineMs ?? 1000)),
  );
  opened.push(source);
  all.disk.requests.length = 0;
  all.device.notifications = 0;
  return { ...all, block, source };
};

/** Takes the disks of a test from the loop. */
export const forgetDisks = (): void => {
  for (const source of opened.splice(0)) removeSource(source);
};

/** Returns bytes of which no two sectors are the same. */
export const pattern = (length: number, seed = 3): Uint8Array => {
  const bytes = new Uint8Array(length);
  fillPattern(bytes, seed);
  return bytes;
};

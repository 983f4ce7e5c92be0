// A disk that is awaited, on the simulated machine, and the event loop around it.

import { openBlk } from '../../../../drivers/blk/awaited.ts';
import { findMmioInterrupt, findPciInterrupts, Interrupts } from '../../../../drivers/virtio/interrupts.ts';
import { fillPattern } from '../../../../kernel/base/bytes.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import { isAlive, runTurn } from '../../../../kernel/event/loop.ts';
import { type EventSource, removeSource } from '../../../../kernel/event/source.ts';
import { PciTree } from '../../../../kernel/pci/function.ts';
import type { SimBlkOptions } from '../../../sim/virtio/block.ts';
import { openedDisk } from '../virtio/transport/harness.ts';

const MMIO_LINE = 5;

/** What a test may ask for besides the device's own. */
export interface AwaitedOptions extends SimBlkOptions {
  readonly deadlineMs?: number;
  /** The machine has no interrupts: the disk is polled. */
  readonly isPolled?: boolean;
  /** Called with the machine before the disk is opened. */
  readonly prepare?: (all: ReturnType<typeof openedDisk>) => void;
}

const opened: EventSource[] = [];

/** Runs the loop until `promise` settles; jobs run between two turns. Returns its value, or throws what it rejected with. */
export const run = async <T>(promise: Promise<T>): Promise<T> => {
  let isSettled = false;
  const end = (): void => {
    isSettled = true;
  };
  promise.then(end, end);
  for (let turn = 0; ; turn++) {
    await nextJob();
    if (isSettled) return promise;
    if (turn > 50_000) throw new Error('the loop goes on and on');
    if (!isAlive()) throw new Error('nothing is alive, and the promise is not settled');
    runTurn();
  }
};

/** Runs `count` turns of the loop. */
export const runTurns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) {
    await nextJob();
    runTurn();
  }
  await nextJob();
};

const nextJob = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** Returns the kind of failure that a promise rejects with; the text of another error; `fulfilled` when it does not. */
export const kindOf = (promise: Promise<unknown>): Promise<string> =>
  run(
    promise.then(
      () => 'fulfilled',
      (reason: unknown) => (reason instanceof DeviceFailure ? reason.kind : String(reason)),
    ),
  );

/** Opens a disk, with requests of its own over. */
export const openDisk = async (options: AwaitedOptions = {}) => {
  const all = openedDisk(options);
  if (options.isPolled) all.machine.interrupts.available = 0;
  options.prepare?.(all);
  const interrupts = new Interrupts();
  if (all.device.isMmio) findMmioInterrupt(MMIO_LINE, interrupts);
  else findPciInterrupts(new PciTree(), all.pciFunction, interrupts);
  const { block, source } = await run(openBlk(all.transport, interrupts, all.pool, options.deadlineMs ?? 1000));
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

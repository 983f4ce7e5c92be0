// A share on the simulated machine.

import { afterEach, expect } from 'vitest';
import { startShare } from '../../../../drivers/9p/driver.ts';
import { closeLive, type Live, newLive } from '../../../../drivers/virtio/live.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import { FileFailure } from '../../../../kernel/device/file-failure.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { SimNinepDevice, type SimNinepOptions } from '../../../sim/virtio/9p.ts';
import { interruptsOf, run } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

export const MS = 1_000_000;
export const NEVER = Number.POSITIVE_INFINITY;

const opened: Live[] = [];

afterEach(() => {
  for (const live of opened.splice(0)) closeLive(live);
});

/** Returns a device that is not started; `open` starts it. */
export const unopened = (options: SimNinepOptions = {}) => {
  const all = openedDevice((machine) => new SimNinepDevice(machine, options));
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  opened.push(live);
  return { ...all, server: all.made, live, free, open: () => startShare(live) };
};

/** Returns a share that is open. */
export const openShare = async (options: SimNinepOptions = {}) => {
  const all = unopened(options);
  return { ...all, share: await run(all.open()) };
};

/** Returns `code` of a FileFailure, with its kind where that is not io-error; else as kindOf does. */
export const codeOf = (promise: Promise<unknown>): Promise<string> => run(outcomeOf(promise));

/** The same, and nobody runs the loop for it. */
export const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fulfilled',
    (reason: unknown) => {
      if (reason instanceof FileFailure)
        return reason.kind === 'io-error' ? reason.code : `${reason.code} ${reason.kind}`;
      return reason instanceof DeviceFailure ? reason.kind : String(reason);
    },
  );

/** Returns `length` bytes that differ from place to place. */
export const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) * 13) & 0xff);

/** Expects the same bytes; quicker for long ones than toEqual. */
export const expectBytes = (found: Uint8Array, expected: Uint8Array): void =>
  expect([found.length, Buffer.compare(found, expected)]).toEqual([expected.length, 0]);

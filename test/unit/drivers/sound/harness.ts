// A sound device that is awaited, on the simulated machine, and the event loop around it.

import { openSoundDevice } from '../../../../drivers/sound/driver.ts';
import { newLive } from '../../../../drivers/virtio/live.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import type { SoundDevice } from '../../../../kernel/device/sound.ts';
import { sleep } from '../../../../kernel/event/time.ts';
import { startTimeout } from '../../../../kernel/event/timers.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { SimSoundDevice, type SimSoundOptions } from '../../../sim/virtio/sound.ts';
import { interruptsOf, run } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

/** What a test may ask for besides the device's own. */
export interface SoundTestOptions extends SimSoundOptions {
  readonly deadlineMs?: number;
  /** The machine has no interrupts: the device is polled. */
  readonly isPolled?: boolean;
}

/** The status of a device that was reset for good. */
export const FAILED = 128;

const opened: SoundDevice[] = [];

/** Returns a sound device that is being opened. */
export const beginOpening = (options: SoundTestOptions = {}) => {
  const { made: sim, ...all } = openedDevice((machine) => new SimSoundDevice(machine, options));
  if (options.isPolled) all.machine.interrupts.available = 0;
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, options.deadlineMs ?? 1000);
  return { ...all, sim, live, free, opening: openSoundDevice(live) };
};

/** Opens a sound device. */
export const openSound = async (options: SoundTestOptions = {}) => {
  const { opening, ...all } = beginOpening(options);
  const sound = await run(opening);
  opened.push(sound);
  return { ...all, sound };
};

/** Closes the devices of a test. */
export const closeSounds = async (): Promise<void> => {
  for (const sound of opened.splice(0)) await run(sound.close());
};

/** Returns what becomes of a promise: `fulfilled`, the kind of its failure, or the text of another error. Nothing is run for it. */
export const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fulfilled',
    (reason: unknown) => (reason instanceof DeviceFailure ? reason.kind : String(reason)),
  );

/** Lets time pass. The loop sleeps when nothing happens; the second timer ends its last halt, as jobs run between turns only. */
export const pass = (milliseconds: number): Promise<void> => {
  startTimeout(() => {}, milliseconds + 1).unref();
  return run(sleep(milliseconds));
};

/** Returns bytes of which no two of 251 in a row are the same. */
export const pattern = (length: number, seed = 3): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (seed + i) % 251);

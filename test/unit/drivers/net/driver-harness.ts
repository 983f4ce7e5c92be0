// A network device that is awaited, on the simulated machine.

import { openNet } from '../../../../drivers/net/driver.ts';
import { type Live, newLive } from '../../../../drivers/virtio/live.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import { removeSource } from '../../../../kernel/event/source.ts';
import { startTimeout } from '../../../../kernel/event/timers.ts';
import { NET } from '../../../sim/virtio/net.ts';
import { interruptsOf, run, runTurns } from '../virtio/live-harness.ts';
import { type NetOptions, openedNet } from './machine-harness.ts';

/** What a test may ask for besides the device's own. */
export interface AwaitedOptions extends NetOptions {
  readonly deadlineMs?: number;
  readonly queuePairs?: number;
  /** The machine has no interrupts: the device is polled. */
  readonly isPolled?: boolean;
  readonly prepare?: (all: ReturnType<typeof openedNet>) => void;
}

/** What QEMU's device offers without tap. */
export const QEMU_FEATURES = [
  NET.mac,
  NET.mergeable,
  NET.status,
  NET.control,
  NET.controlRx,
  NET.controlVlan,
  NET.announce,
  NET.controlMac,
  NET.version1,
];

const opened: Live[] = [];

/** Opens a network device, with the commands of its start over. */
export const openDevice = async (options: AwaitedOptions = {}) => {
  const all = openedNet({ features: QEMU_FEATURES, vectors: 4, ...options });
  if (options.isPolled) all.machine.interrupts.available = 0;
  options.prepare?.(all);
  const live = newLive(all.transport, interruptsOf(all), all.pool, options.deadlineMs ?? 1000);
  opened.push(live);
  const settings = { offloads: options.wantsOffloads ?? false, queuePairs: options.queuePairs ?? 1 };
  const network = await run(openNet(live, settings));
  all.device.notifications = 0;
  return { ...all, live, network };
};

/** Runs `count` turns of the loop, of which each ends after a millisecond though nothing may happen. */
export const passTurns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) {
    startTimeout(() => {}, 1);
    await runTurns(1);
  }
};

/** Returns what becomes of a promise: the kind of its failure, or `fulfilled`. Unlike kindOf it does not wait. */
export const endOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fulfilled',
    (reason: unknown) => (reason instanceof DeviceFailure ? reason.kind : String(reason)),
  );

/** Takes the devices of a test from the loop. */
export const forgetDevices = (): void => {
  for (const { driver } of opened.splice(0)) if (driver !== undefined) removeSource(driver);
};

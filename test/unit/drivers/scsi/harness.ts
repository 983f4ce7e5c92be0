// A SCSI bus that is awaited, on the simulated machine, and the event loop around it.

import { openScsiHost } from '../../../../drivers/scsi/driver.ts';
import { newLive } from '../../../../drivers/virtio/live.ts';
import { fillPattern } from '../../../../kernel/base/bytes.ts';
import type { ScsiBus } from '../../../../kernel/device/scsi.ts';
import { sleep } from '../../../../kernel/event/time.ts';
import { startTimeout } from '../../../../kernel/event/timers.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { SimScsiHost, type SimScsiOptions } from '../../../sim/virtio/scsi.ts';
import { interruptsOf, run } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

export { SimUnit } from '../../../sim/virtio/scsi-unit.ts';
export { kindOf, run, runTurns } from '../virtio/live-harness.ts';

/** What a test may ask for besides the device's own. */
export interface ScsiOptions extends SimScsiOptions {
  readonly deadlineMs?: number;
  /** The machine has no interrupts: the device is polled. */
  readonly isPolled?: boolean;
  /** Called with the device before it is opened. */
  readonly prepare?: (sim: SimScsiHost) => void;
}

const opened: ScsiBus[] = [];

/** Returns a bus that is being opened. */
export const beginOpening = (options: ScsiOptions = {}) => {
  const { made: sim, ...all } = openedDevice((machine) => new SimScsiHost(machine, options));
  if (options.isPolled) all.machine.interrupts.available = 0;
  options.prepare?.(sim);
  const free: number = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, options.deadlineMs ?? 1000);
  return { ...all, sim, live, free, opening: openScsiHost(live) };
};

/** Opens a bus; the commands of that are forgotten. */
export const openBus = async (options: ScsiOptions = {}) => {
  const { opening, ...all } = beginOpening(options);
  const bus = await run(opening);
  opened.push(bus);
  all.sim.commands.length = 0;
  all.device.notifications = 0;
  return { ...all, bus, disk: bus.disks[0]! };
};

/** Closes the buses of a test. */
export const forgetBuses = async (): Promise<void> => {
  for (const bus of opened.splice(0)) await run(bus.close());
};

/** Lets time pass. The loop sleeps when nothing happens; the second timer ends its last halt, as jobs run between turns only. */
export const pass = (milliseconds: number): Promise<void> => {
  startTimeout(() => {}, milliseconds + 1).unref();
  return run(sleep(milliseconds));
};

/** Returns bytes of which no two sectors are the same. */
export const pattern = (length: number, seed = 3): Uint8Array => {
  const bytes = new Uint8Array(length);
  fillPattern(bytes, seed);
  return bytes;
};

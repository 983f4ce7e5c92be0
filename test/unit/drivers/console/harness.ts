// A console that is awaited, on the simulated machine, and the event loop around it.

import { openConsoleDevice } from '../../../../drivers/console/driver.ts';
import { newLive } from '../../../../drivers/virtio/live.ts';
import type { ConsoleDevice, Port } from '../../../../kernel/device/console.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import { startTimeout } from '../../../../kernel/event/timers.ts';
import { SimConsoleDevice, type SimConsoleOptions } from '../../../sim/virtio/console.ts';
import { interruptsOf, run, runTurns as runTurnsOfLoop } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

export { run } from '../virtio/live-harness.ts';

/** What a test may ask for besides the device's own. */
export interface ConsoleOptions extends SimConsoleOptions {
  readonly deadlineMs?: number;
  /** The machine has no interrupts: the device is polled. */
  readonly isPolled?: boolean;
  /** Called with the device before it is opened. */
  readonly prepare?: (sim: SimConsoleDevice) => void;
}

const opened: ConsoleDevice[] = [];

/** Returns a console that is being opened. */
export const beginOpening = (options: ConsoleOptions = {}) => {
  const { made: sim, ...all } = openedDevice((machine) => new SimConsoleDevice(machine, options));
  if (options.isPolled) all.machine.interrupts.available = 0;
  options.prepare?.(sim);
  const live = newLive(all.transport, interruptsOf(all), all.pool, options.deadlineMs ?? 1000);
  return { ...all, sim, live, opening: openConsoleDevice(live) };
};

/** Opens a console. */
export const openConsole = async (options: ConsoleOptions = {}) => {
  const { opening, ...all } = beginOpening(options);
  const console = await run(opening);
  opened.push(console);
  return { ...all, console };
};

/** Opens a console of one port. */
export const openOnePort = async (options: ConsoleOptions = {}) => {
  const all = await openConsole(options);
  const port: Port = all.console.ports[0]!;
  return { ...all, port };
};

/** Runs `count` turns of the loop, of which none sleeps for ever: what the host does next wakes nobody before it is done. */
export const runTurns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) {
    startTimeout(() => {}, 1).unref();
    await runTurnsOfLoop(1);
  }
};

/** Returns what becomes of a promise: `fulfilled`, the kind of its failure, or the text of another error. Nothing is run for it. */
export const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fulfilled',
    (reason: unknown) => (reason instanceof DeviceFailure ? reason.kind : String(reason)),
  );

/** The same, and runs the loop until then. */
export const kindOf = (promise: Promise<unknown>): Promise<string> => run(outcomeOf(promise));

/** Closes the consoles of a test. */
export const forgetConsoles = async (): Promise<void> => {
  for (const console of opened.splice(0)) await console.close();
};

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const bytes = (letters: string): Uint8Array => new TextEncoder().encode(letters);

/** Returns bytes of which no two of 251 in a row are the same. */
export const pattern = (length: number, seed = 3): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (seed + i) % 251);

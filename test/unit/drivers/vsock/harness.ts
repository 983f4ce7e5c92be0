// A socket device that is awaited, on the simulated machine, and the event loop around it.

import { closeLive, type Live, newLive } from '../../../../drivers/virtio/live.ts';
import { startVsock } from '../../../../drivers/vsock/driver.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import type { VsockConnectOptions } from '../../../../kernel/device/vsock.ts';
import { startTimeout } from '../../../../kernel/event/timers.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { SimVsockDevice, type SimVsockOptions } from '../../../sim/virtio/vsock.ts';
import { interruptsOf, run, runTurns as runTurnsOfLoop } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

export { run } from '../virtio/live-harness.ts';

/** Where the host of a test listens, for streams and for messages. */
export const ECHO_PORT = 7;
export const MESSAGE_PORT = 8;

/** What a test may ask for besides the device's own. */
export interface VsockOptions extends SimVsockOptions {
  readonly deadlineMs?: number;
  /** The machine has no interrupts: the device is polled. */
  readonly isPolled?: boolean;
}

const opened: Live[] = [];

/** Opens a socket device, whose host listens at ECHO_PORT and MESSAGE_PORT. */
export const openVsock = (options: VsockOptions = {}) => {
  const { made: sim, ...all } = openedDevice((machine) => new SimVsockDevice(machine, options));
  if (options.isPolled) all.machine.interrupts.available = 0;
  sim.ports.set(ECHO_PORT, 1);
  sim.ports.set(MESSAGE_PORT, 2);
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, options.deadlineMs ?? 1000);
  const vsock = startVsock(live);
  opened.push(live);
  return { ...all, sim, live, vsock, free };
};

/** Opens one, and connects to the host. */
export const openSocket = async (options: VsockOptions & { connect?: VsockConnectOptions } = {}) => {
  const all = openVsock(options);
  const port = options.connect?.type === 'seqpacket' ? MESSAGE_PORT : ECHO_PORT;
  const socket = await run(all.vsock.connect(2, port, options.connect));
  return { ...all, socket, peer: all.sim.connections[0]! };
};

/** Closes the devices of a test. */
export const forgetVsocks = (): void => {
  for (const live of opened.splice(0)) closeLive(live);
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

/** Returns the kind of failure that `action` throws. */
export const thrownBy = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
  return 'nothing';
};

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const bytes = (letters: string): Uint8Array => new TextEncoder().encode(letters);

/** Returns bytes of which no two of 251 in a row are the same. */
export const pattern = (length: number, seed = 3): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (seed + i) % 251);

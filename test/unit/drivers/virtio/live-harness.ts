// A device that is awaited, on the simulated machine, and the event loop around it.

import { findMmioInterrupt, findPciInterrupts, Interrupts } from '../../../../drivers/virtio/interrupts.ts';
import type { Transport } from '../../../../drivers/virtio/transport/record.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import { isAlive, runTurn } from '../../../../kernel/event/loop.ts';
import { type PciFunction, PciTree } from '../../../../kernel/pci/function.ts';
import type { SimVirtioDevice } from '../../../sim/virtio/device.ts';

const MMIO_LINE = 5;
const IDLE_TURNS_MAX = 10;

/** Runs the loop until `promise` settles; jobs run between two turns. Returns its value, or throws what it rejected with. */
export const run = async <T>(promise: Promise<T>): Promise<T> => {
  let isSettled = false;
  const end = (): void => {
    isSettled = true;
  };
  promise.then(end, end);
  let idleTurns = 0;
  for (let turn = 0; ; turn++) {
    await nextJob();
    if (isSettled) return promise;
    if (turn > 50_000) throw new Error('the loop goes on and on');
    // Immediates are Node's here: a few may be on their way, of which the loop knows nothing.
    idleTurns = isAlive() ? 0 : idleTurns + 1;
    if (idleTurns > IDLE_TURNS_MAX) throw new Error('nothing is alive, and the promise is not settled');
    if (idleTurns === 0) runTurn();
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

/** Returns by what a device of `openedDevice` (transport/harness.ts) can interrupt. */
export const interruptsOf = (all: {
  readonly device: SimVirtioDevice;
  readonly pciFunction: PciFunction;
  readonly transport: Transport;
}): Interrupts => {
  const interrupts = new Interrupts();
  if (all.device.isMmio) findMmioInterrupt(MMIO_LINE, interrupts);
  else findPciInterrupts(new PciTree(), all.pciFunction, interrupts);
  return interrupts;
};

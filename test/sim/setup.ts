// Machines that many tests start from.

import { forgetLines } from '../../drivers/virtio/lines.ts';
import { DmaPool, dmaPoolStart } from '../../kernel/hal/dma-pool.ts';
import { PciFunction, type PciTree } from '../../kernel/pci/function.ts';
import { readFunction } from '../../kernel/pci/scan.ts';
import { installMachine, SimMachine } from './machine.ts';
import { SimBus, type SimFunction } from './pci.ts';
import { SimBlkDevice, type SimBlkOptions } from './virtio/block.ts';
import type { SimVirtioDevice } from './virtio/device.ts';

/** Device 2 of bus 0, where the helpers below put a function. */
export const DEVICE = 2;

/** Installs a machine with one function at 00:02.0, and returns both. */
export const machineWith = (pciFunction: SimFunction): { machine: SimMachine; pciFunction: PciFunction } => {
  const machine = installMachine(new SimMachine());
  machine.pci = new SimBus();
  machine.pci.add(DEVICE, 0, pciFunction);
  return { machine, pciFunction: functionAt(DEVICE * 8) };
};

/** Installs a machine with a disk at 00:02.0, or in a slot of virtio-mmio. */
export const machineWithDisk = (
  options: SimBlkOptions = {},
): { machine: SimMachine; disk: SimBlkDevice; pciFunction: PciFunction; pool: DmaPool } => {
  const { made, ...all } = machineWithDevice((machine) => new SimBlkDevice(machine, options));
  return { ...all, disk: made };
};

/** The same with the device that `make` makes. */
export const machineWithDevice = <Made extends { readonly device: SimVirtioDevice }>(
  make: (machine: SimMachine) => Made,
): { machine: SimMachine; made: Made; pciFunction: PciFunction; pool: DmaPool } => {
  const machine = installMachine(new SimMachine());
  forgetLines();
  const made = make(machine);
  machine.pci = new SimBus();
  if (!made.device.isMmio) machine.pci.add(DEVICE, 0, made.device.pciFunction);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  return { machine, made, pciFunction: functionAt(DEVICE * 8), pool };
};

/** Returns what the function at `address`, on the first bus, says that it is. */
export const functionAt = (address: number): PciFunction => {
  const pciFunction = new PciFunction();
  readFunction(pciFunction, address, -1);
  return pciFunction;
};

/** Returns the functions of a tree, in its order. */
export const functionsOf = (tree: PciTree): PciFunction[] => {
  const functions: PciFunction[] = [];
  for (let i = tree.count === 0 ? -1 : 0; i >= 0; i = functions.at(-1)!.next) functions.push(tree.functions[i]!);
  return functions;
};

/** Returns the value of a result, or throws its error. */
export const expectValue = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (result.ok) return result.value;
  throw new Error(`unexpected failure: ${JSON.stringify(result.error)}`);
};

/** Returns the error of a result, or throws. */
export const expectError = <E>(result: { ok: true; value: unknown } | { ok: false; error: E }): E => {
  if (!result.ok) return result.error;
  throw new Error('unexpected success');
};

/** Returns whether both hold the same bytes: for whole disks, which an expectation compares too slowly. */
export const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

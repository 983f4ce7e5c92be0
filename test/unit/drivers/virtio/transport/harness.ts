// A disk behind each of the four transports, opened.

import { describeFault, type InitializeError } from '../../../../../drivers/virtio/describe.ts';
import { addFeature, Features } from '../../../../../drivers/virtio/features.ts';
import { begin } from '../../../../../drivers/virtio/initialize.ts';
import { openMmio } from '../../../../../drivers/virtio/transport/mmio.ts';
import { openPci } from '../../../../../drivers/virtio/transport/pci.ts';
import { Transport } from '../../../../../drivers/virtio/transport/record.ts';
import type { PciFunction } from '../../../../../kernel/pci/function.ts';
import type { SimMachine } from '../../../../sim/machine.ts';
import { machineWithDevice } from '../../../../sim/setup.ts';
import { SimBlkDevice, type SimBlkOptions } from '../../../../sim/virtio/block.ts';
import type { SimTransport, SimVirtioDevice } from '../../../../sim/virtio/device.ts';

/** Where the slot of a simulated virtio-mmio disk is, and how long. */
export const SLOT = 0xfeb00e00;
export const SLOT_LENGTH = 0x200;

/** The four transports. */
export const TRANSPORTS: readonly SimTransport[] = ['pci', 'pci-legacy', 'mmio', 'mmio-legacy'];
export const MODERN: readonly SimTransport[] = ['pci', 'mmio'];

/** Returns a set of features. */
export const setOf = (bits: readonly number[]): Features => {
  const features = new Features();
  for (const bit of bits) addFeature(features, bit);
  return features;
};

/** Returns what became of opening a PCI function. */
export const tryPci = (pciFunction: PciFunction): { isOpen: boolean; transport: Transport; error: InitializeError } => {
  const transport = new Transport();
  const isOpen = openPci(pciFunction, transport);
  return { isOpen, transport, error: describeFault(transport, pciFunction.fault) };
};

/** Returns an open transport, or throws. */
export const openedPci = (pciFunction: PciFunction): Transport => {
  const { isOpen, transport, error } = tryPci(pciFunction);
  if (!isOpen) throw new Error(`unexpected failure: ${JSON.stringify(error)}`);
  return transport;
};

/** Returns a machine with one disk behind any of the transports, which is open. */
export const openedDisk = (options: SimBlkOptions = {}) => {
  const { made, ...all } = openedDevice((machine) => new SimBlkDevice(machine, options));
  return { ...all, disk: made };
};

/** The same with the device that `make` makes. */
export const openedDevice = <Made extends { readonly device: SimVirtioDevice }>(
  make: (machine: SimMachine) => Made,
) => {
  const all = machineWithDevice(make);
  const { device } = all.made;
  if (!device.isMmio) return { ...all, device, transport: openedPci(all.pciFunction) };
  const transport = new Transport();
  if (!openMmio(SLOT, SLOT_LENGTH, transport))
    throw new Error(`unexpected failure: ${describeFault(transport).message}`);
  return { ...all, device, transport };
};

/** The same, with features agreed on: ready for its queues. */
export const begunDisk = (options: SimBlkOptions = {}, wanted: readonly number[] = []) =>
  begun(openedDisk(options), wanted);

/** Agrees on features with an open disk, or with one on PCI that is not open yet. */
export const begun = <All extends { pciFunction: PciFunction; transport?: Transport }>(
  all: All,
  wanted: readonly number[],
): All & { transport: Transport } => {
  const transport = all.transport ?? openedPci(all.pciFunction);
  if (!begin(transport, setOf(wanted))) throw new Error(`unexpected failure: ${describeFault(transport).message}`);
  return { ...all, transport };
};

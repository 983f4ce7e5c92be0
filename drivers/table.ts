// The drivers, and every device with one started, for a program that polls; open/ opens one to be awaited. A device comes to its driver from either bus.
//
//   PCI functions ─────────────────────────────┐
//   virtio-mmio: ACPI's list, command line ────┴─▶ transport ─▶ type of device ─▶ driver

import { fail, ok, type Result } from '../kernel/base/result.ts';
import { acpiVirtioMmioCount } from '../kernel/hal/acpi.ts';
import { commandLineLength } from '../kernel/hal/command-line.ts';
import type { DmaPool } from '../kernel/hal/dma-pool.ts';
import { enablePath } from '../kernel/pci/command.ts';
import { formatAddress } from '../kernel/pci/describe.ts';
import type { PciFunction, PciTree } from '../kernel/pci/function.ts';
import { type PolledBlk, startBlk } from './blk/driver.ts';
import { mmioSlots } from './slots.ts';
import { describeFault, type InitializeError, mmioName } from './virtio/describe.ts';
import { TYPE_BLOCK, virtioDeviceType } from './virtio/ids.ts';
import { FAULT_MMIO_EMPTY } from './virtio/transport/fault.ts';
import { openMmio } from './virtio/transport/mmio.ts';
import { openPci } from './virtio/transport/pci.ts';
import { Transport } from './virtio/transport/record.ts';

/** A device that works, by what it is for. */
export interface Device {
  readonly kind: 'block';
  readonly block: PolledBlk;
}

/** Where a device is that has a driver, or a place where there should be one, and why it did not start. */
export interface StartFailure {
  /** `0000:00:02.0`, `mmio@0xfeb00e00`. */
  readonly place: string;
  readonly error: InitializeError;
}

/** What became of all devices that have a driver. */
export interface StartedDevices {
  readonly devices: Device[];
  readonly failures: StartFailure[];
}

/** Returns whether a type of device has a driver. A new one is named here and in startDriver. */
const hasDriver = (type: number): boolean => type === TYPE_BLOCK;

/** Starts the driver of an open device whose type has one. */
const startDriver = (transport: Transport, pool: DmaPool): Result<Device, InitializeError> => {
  const block = startBlk(transport, pool); // Of TYPE_BLOCK: there is no other yet.
  return block.ok ? ok({ kind: 'block', block: block.value }) : block;
};

/** Starts every device that has a driver, those on PCI first. One that fails does not keep the others from starting. */
export const startDevices = (tree: PciTree, pool: DmaPool): StartedDevices => {
  const started: StartedDevices = { devices: [], failures: [] };
  for (let i = 0; i < tree.count; i++) {
    const pciFunction = tree.functions[i];
    const result = startPciDevice(tree, pciFunction, pool);
    if (result === undefined) continue;
    if (result.ok) started.devices.push(result.value);
    else started.failures.push({ place: formatAddress(pciFunction.address), error: result.error });
  }
  // Most machines have none, and need not look at the command line for it.
  if (acpiVirtioMmioCount() > 0 || commandLineLength() > 0) startSlots(pool, started);
  return started;
};

/** Returns the working device that `pciFunction`, of `tree`, is; undefined when there is no driver for it. */
export const startPciDevice = (
  tree: PciTree,
  pciFunction: PciFunction,
  pool: DmaPool,
): Result<Device, InitializeError> | undefined => {
  if (!hasDriver(virtioDeviceType(pciFunction))) return undefined;
  enablePath(tree, pciFunction);
  const transport = new Transport();
  if (!openPci(pciFunction, transport)) return fail(describeFault(transport, pciFunction.fault));
  return startDriver(transport, pool);
};

/** Returns the working device whose registers are at `address`, undefined when the slot is empty or there is no driver for what is in it. */
export const startMmioDevice = (
  address: number,
  length: number,
  pool: DmaPool,
): Result<Device, InitializeError> | undefined => {
  const transport = new Transport();
  if (!openMmio(address, length, transport)) {
    return transport.fault.code === FAULT_MMIO_EMPTY ? undefined : fail(describeFault(transport));
  }
  return hasDriver(transport.deviceType) ? startDriver(transport, pool) : undefined;
};

/** Starts what is in the slots of virtio-mmio. */
const startSlots = (pool: DmaPool, started: StartedDevices): void => {
  for (const slot of mmioSlots()) {
    const result = startMmioDevice(slot.address, slot.length, pool);
    if (result === undefined) continue;
    if (result.ok) started.devices.push(result.value);
    else started.failures.push({ place: mmioName(slot.address), error: result.error });
  }
};

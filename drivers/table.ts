// The drivers. This list is the only place that knows them all.

import { fail, ok, type Result } from '../kernel/base/result.ts';
import type { BlockDevice } from '../kernel/device/block.ts';
import type { DmaPool } from '../kernel/hal/dma-pool.ts';
import { enablePath } from '../kernel/pci/command.ts';
import type { PciFunction, PciTree } from '../kernel/pci/function.ts';
import { startBlk } from './blk/driver.ts';
import { TYPE_BLOCK, virtioDeviceType } from './virtio/ids.ts';
import { type InitializeError, transportFailed } from './virtio/initialize.ts';
import { openPciTransport } from './virtio/transport/pci.ts';
import type { Transport } from './virtio/transport/transport.ts';

/** A device that works, by what it is for. */
export interface Device {
  readonly kind: 'block';
  readonly block: BlockDevice;
}

interface Driver {
  readonly deviceType: number;
  start(transport: Transport, pool: DmaPool): Result<Device, InitializeError>;
}

const DRIVERS: readonly Driver[] = [
  {
    deviceType: TYPE_BLOCK,
    start: (transport, pool) => {
      const block = startBlk(transport, pool);
      return block.ok ? ok({ kind: 'block', block: block.value }) : block;
    },
  },
];

/** Returns the working device that `pciFunction`, of `tree`, is; undefined when there is no driver for it. */
export const startDevice = (
  tree: PciTree,
  pciFunction: PciFunction,
  pool: DmaPool,
): Result<Device, InitializeError> | undefined => {
  const driver = driverOf(pciFunction);
  if (driver === undefined) return undefined;
  enablePath(tree, pciFunction);
  const transport = openPciTransport(pciFunction);
  return transport.ok ? driver.start(transport.value, pool) : fail(transportFailed(transport.error));
};

const driverOf = (pciFunction: PciFunction): Driver | undefined => {
  const type = virtioDeviceType(pciFunction);
  for (const driver of DRIVERS) {
    if (driver.deviceType === type) return driver;
  }
  return undefined;
};

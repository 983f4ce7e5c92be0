// Devices that are opened one by one, and awaited. The first call brings the buses up and makes the memory that all devices share. In a file of
// its own, so that a program that polls (table.ts) does not carry the event loop.

import { log } from '../kernel/base/log.ts';
import type { BlockDevice } from '../kernel/device/block.ts';
import { DeviceFailure } from '../kernel/device/failure.ts';
import { DmaPool, dmaPoolStart } from '../kernel/hal/dma-pool.ts';
import { enablePath } from '../kernel/pci/command.ts';
import { formatAddress } from '../kernel/pci/describe.ts';
import { type PciFunction, PciTree } from '../kernel/pci/function.ts';
import { startPci } from '../kernel/pci/start.ts';
import { openBlk } from './blk/awaited.ts';
import { mmioSlots } from './table.ts';
import { describeFault, formatInitializeError, mmioName } from './virtio/describe.ts';
import { TYPE_BLOCK, TYPE_NONE, virtioDeviceType } from './virtio/ids.ts';
import { findMmioInterrupt, findPciInterrupts, Interrupts } from './virtio/interrupts.ts';
import { FAULT_MMIO_EMPTY } from './virtio/transport/fault.ts';
import { openMmio } from './virtio/transport/mmio.ts';
import { openPci } from './virtio/transport/pci.ts';
import { Transport } from './virtio/transport/record.ts';

/** A device that takes longer for a request is reset. Long enough for a host that writes its cache to a slow disk. */
export const DEADLINE_MS = 10000;

/** Which block device, and how. */
export interface BlockDeviceOptions {
  /** Counts the block devices of the machine: those on PCI first, as they were found, then those of virtio-mmio. Default: 0. */
  readonly index?: number;
  /** How long the device may take for a request, in milliseconds, before it is reset. Default: DEADLINE_MS. */
  readonly deadlineMs?: number;
}

/** Where a virtio device is: a function on PCI, or a slot of virtio-mmio, whose transport is open, with its interrupt line. */
interface Place {
  readonly type: number;
  readonly pciFunction: PciFunction | undefined;
  readonly transport: Transport;
  readonly gsi: number;
}

/** What all devices share. */
interface Machine {
  readonly tree: PciTree;
  readonly pool: DmaPool;
  readonly places: readonly Place[];
  readonly blockDevices: Map<number, Promise<BlockDevice>>;
}

let machine: Machine | undefined;

/**
 * Opens a block device. Asked for again, it is the same one, with the options of the first time. Rejects with a DeviceFailure: `no-device`, or
 * `device-failed` when it does not come up.
 */
export const openBlockDevice = (options: BlockDeviceOptions = {}): Promise<BlockDevice> => {
  const { index = 0, deadlineMs = DEADLINE_MS } = options;
  const { blockDevices } = theMachine();
  const known = blockDevices.get(index);
  if (known !== undefined) return known;
  const opened = openNth(index, deadlineMs);
  blockDevices.set(index, opened);
  return opened;
};

/** Returns the memory that devices reach: who takes some of it can have data moved there without a copy (readDma, writeDma). */
export const devicePool = (): DmaPool => theMachine().pool;

const theMachine = (): Machine => {
  machine ??= findDevices();
  return machine;
};

/** Brings the buses up, and finds what is on them. */
const findDevices = (): Machine => {
  const tree = new PciTree();
  startPci(tree);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  const places: Place[] = [];
  for (let i = 0; i < tree.count; i++) {
    const pciFunction = tree.functions[i];
    const type: number = virtioDeviceType(pciFunction);
    if (type !== TYPE_NONE) places.push({ type, pciFunction, transport: new Transport(), gsi: 0 });
  }
  for (const { address, length, interrupt } of mmioSlots()) {
    const transport = new Transport();
    if (openMmio(address, length, transport)) {
      places.push({ type: transport.deviceType, pciFunction: undefined, transport, gsi: interrupt });
    } else if (transport.fault.code !== FAULT_MMIO_EMPTY) {
      log('error', mmioName(address), `failed at ${formatInitializeError(describeFault(transport))}`);
    }
  }
  return { tree, pool, places, blockDevices: new Map() };
};

/** Opens block device `index`. */
const openNth = async (index: number, deadlineMs: number): Promise<BlockDevice> => {
  const { pool, places } = theMachine();
  const disks = places.filter(({ type }) => type === TYPE_BLOCK);
  if (disks.length <= index) {
    throw new DeviceFailure('no-device', `the machine has ${disks.length} block devices, there is no number ${index}`);
  }
  const interrupts = new Interrupts();
  openPlace(disks[index], interrupts);
  const blk = await openBlk(disks[index].transport, interrupts, pool, deadlineMs);
  return blk.block;
};

/** Opens the transport of a device, and notes by what it can interrupt. */
const openPlace = ({ pciFunction, transport, gsi }: Place, interrupts: Interrupts): void => {
  if (pciFunction === undefined) {
    findMmioInterrupt(gsi, interrupts);
    return;
  }
  const { tree } = theMachine();
  enablePath(tree, pciFunction);
  if (!openPci(pciFunction, transport)) {
    const why = formatInitializeError(describeFault(transport, pciFunction.fault));
    throw new DeviceFailure('device-failed', `${formatAddress(pciFunction.address)}: failed at ${why}`);
  }
  findPciInterrupts(tree, pciFunction, interrupts);
};

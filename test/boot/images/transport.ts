// An image that drives the first virtio disk in ways that no probe needs, for transport.test.ts. The command line says which:
//
//   window     the MMIO window is filled before, so that every register is reached through PCI_CFG
//   reset      the queue is reset and made again, shorter, between two reads
//   twice      the device is given up and brought up again
//
// Prints `kind …`, then `sector …` with the sum of the first sector's bytes, once for each time that it was read.

import { bringUp, Disk } from '../../../drivers/blk/bring-up.ts';
import { TYPE_IN } from '../../../drivers/blk/registers.ts';
import { TRANSFER_OK, transfer } from '../../../drivers/blk/request.ts';
import { describeFault, formatInitializeError, transportName } from '../../../drivers/virtio/describe.ts';
import { TYPE_BLOCK, virtioDeviceType } from '../../../drivers/virtio/ids.ts';
import { createQueue } from '../../../drivers/virtio/queue/create.ts';
import type { Queue } from '../../../drivers/virtio/queue/record.ts';
import { giveUp } from '../../../drivers/virtio/reset.ts';
import { openPci } from '../../../drivers/virtio/transport/pci.ts';
import { Transport } from '../../../drivers/virtio/transport/record.ts';
import { resetQueue } from '../../../drivers/virtio/transport/transport.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { dmaReadBytes } from '../../../kernel/hal/dma.ts';
import { DmaPool, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { MMIO_MAP_FAILED, mmioMap } from '../../../kernel/hal/mmio.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { EXIT_FAILED, exit } from '../../../kernel/hal/power.ts';
import { enablePath } from '../../../kernel/pci/command.ts';
import { type PciFunction, PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';

const SECTOR_SIZE = 512;
const QUEUE_SIZE_SHORT = 8;
const TIMEOUT_NS = 5000000000;

/** Where nothing is on a machine with little memory, and how much of it is mapped at a time. */
const NOWHERE = 2 ** 36;
const PIECE = 0x40000000;
const PAGE_LENGTH = 4096;

const options = readOptions();
const has = (name: string): boolean => findOption(options, name) !== undefined;

const fillWindow = (): void => {
  let next = NOWHERE; // Each at a place of its own: what is mapped already takes no room.
  for (let length = PIECE; length >= PAGE_LENGTH; length = Math.floor(length / 2)) {
    while (mmioMap(next, length) !== MMIO_MAP_FAILED) next += length; // Until there is no room for so much.
  }
};

const findDisk = (tree: PciTree): PciFunction => {
  for (let i = 0; i < tree.count; i++) {
    if (virtioDeviceType(tree.functions[i]) === TYPE_BLOCK) return tree.functions[i];
  }
  throw new Error('there is no disk');
};

const failed = (transport: Transport): never => {
  console.log(`failed at ${formatInitializeError(describeFault(transport))}`);
  return exit(EXIT_FAILED);
};

const readSector = (disk: Disk): void => {
  const deadline = clockNow() + TIMEOUT_NS;
  const code: number = transfer(disk.queue, disk.requests, TYPE_IN, 0, disk.buffer, SECTOR_SIZE, 1, 1, deadline);
  const bytes = new Uint8Array(SECTOR_SIZE);
  dmaReadBytes(disk.buffer, bytes);
  let sum = 0;
  for (let i = 0; i < SECTOR_SIZE; i++) sum += bytes[i];
  console.log(`sector ${code === TRANSFER_OK ? sum : 'not read'}`);
};

/** Resets the queue and makes it again, in the same record. */
const remake = (transport: Transport, pool: DmaPool, queue: Queue): void => {
  if (!resetQueue(transport, queue)) failed(transport);
  if (!createQueue(transport, pool, 0, QUEUE_SIZE_SHORT, transport.accepted, queue)) failed(transport);
};

const main = (): void => {
  const tree = new PciTree();
  startPci(tree);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  if (has('window')) fillWindow();

  const transport = new Transport();
  const pciFunction = findDisk(tree);
  enablePath(tree, pciFunction);
  if (!openPci(pciFunction, transport)) failed(transport);
  const disk = new Disk();
  if (!bringUp(transport, pool, disk)) failed(transport);
  console.log(`kind ${transportName(transport)}${transport.isWindowed ? ' through PCI_CFG' : ''}`);
  readSector(disk);
  if (has('reset')) {
    remake(transport, pool, disk.queue);
    console.log(`queue ${disk.queue.size}`);
    readSector(disk);
  }
  if (has('twice')) {
    giveUp(transport);
    if (!bringUp(transport, pool, disk)) failed(transport);
    readSector(disk);
  }
};

main();

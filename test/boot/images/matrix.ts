// Brings every virtio disk up, over PCI and MMIO, reads from it until its queue has wrapped, resets the queue where that was negotiated and
// reads again. Then says what it believes of device and queue, for the test to compare with QEMU's own view, and ends.

import { bringUp, Disk } from '../../../drivers/blk/bring-up.ts';
import { TYPE_GET_ID, TYPE_IN } from '../../../drivers/blk/registers.ts';
import { TRANSFER_OK, transfer } from '../../../drivers/blk/request.ts';
import { describeFault, formatInitializeError } from '../../../drivers/virtio/describe.ts';
import { FEATURE_RING_RESET, hasFeature } from '../../../drivers/virtio/features.ts';
import { TYPE_BLOCK, virtioDeviceType } from '../../../drivers/virtio/ids.ts';
import { featureNames } from '../../../drivers/virtio/names.ts';
import { describeQueueFault } from '../../../drivers/virtio/queue/fault.ts';
import { detachNext, restart } from '../../../drivers/virtio/queue/queue.ts';
import {
  STATUS_ACKNOWLEDGE,
  STATUS_DRIVER,
  STATUS_DRIVER_OK,
  STATUS_FEATURES_OK,
} from '../../../drivers/virtio/status.ts';
import { openMmio } from '../../../drivers/virtio/transport/mmio.ts';
import { openPci } from '../../../drivers/virtio/transport/pci.ts';
import { TRANSPORT_PCI, Transport } from '../../../drivers/virtio/transport/record.ts';
import { enableQueue, readStatus, resetQueue } from '../../../drivers/virtio/transport/transport.ts';
import { acpiVirtioMmioBase, acpiVirtioMmioCount, acpiVirtioMmioLength } from '../../../kernel/hal/acpi.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaBusAddress, dmaRead8 } from '../../../kernel/hal/dma.ts';
import { DmaPool, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { EXIT_FAILED, EXIT_SUCCESS, exit } from '../../../kernel/hal/power.ts';
import { enablePath } from '../../../kernel/pci/command.ts';
import { PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';

const READ_LENGTH = 4096;
const READ_COUNT = 32; // What the buffer of a disk holds.
const READ_DEPTH = 5;
const ROUND_COUNT = 3;
const READ_LIMIT_NS = 10_000_000_000;

const SERIAL_NUMBER_LENGTH = 20;
const BOOT_SIGNATURE = 510;

/** The bits of the device status with the names of QEMU. */
const STATUS_NAMES: readonly { bit: number; name: string }[] = [
  { bit: STATUS_ACKNOWLEDGE, name: 'ACKNOWLEDGE' },
  { bit: STATUS_DRIVER, name: 'DRIVER' },
  { bit: STATUS_FEATURES_OK, name: 'FEATURES_OK' },
  { bit: STATUS_DRIVER_OK, name: 'DRIVER_OK' },
];

let failures = 0;

const fails = (what: string): boolean => {
  consoleWrite(`failed: ${what}\n`);
  failures++;
  return false;
};

/** Does `count` requests from sector 0 into the disk's buffer. Returns a TRANSFER_ code. */
const request = (disk: Disk, type: number, length: number, count: number): number => {
  const deadline = clockNow() + READ_LIMIT_NS;
  return transfer(disk.queue, disk.requests, type, 0, disk.buffer, length, count, READ_DEPTH, deadline);
};

const whyFailed = (disk: Disk): string => {
  const queue = disk.queue;
  if (queue.broken) return describeQueueFault(queue);
  return `status ${disk.requests.completedStatus}, ${queue.poppedLength} of ${queue.poppedWritable} bytes written`;
};

/** Reads the first 128 KiB in pieces. Returns whether it is the disk that the test made. */
const readAll = (disk: Disk): boolean => {
  for (let round = 0; round < ROUND_COUNT; round++) {
    const code = request(disk, TYPE_IN, READ_LENGTH, READ_COUNT);
    if (code !== TRANSFER_OK) return fails(`reading: ${code}: ${whyFailed(disk)}`);
    const signature = dmaRead8(disk.buffer + BOOT_SIGNATURE) + dmaRead8(disk.buffer + BOOT_SIGNATURE + 1) * 256;
    if (signature !== 0xaa55) return fails(`sector 0 ends with ${signature}`);
  }
  return true;
};

/** Stops the queue alone and starts it again. §2.6.1 */
const restartQueue = (transport: Transport, disk: Disk): boolean => {
  if (!resetQueue(transport, disk.queue)) return fails(formatInitializeError(describeFault(transport)));
  while (detachNext(disk.queue) >= 0);
  restart(disk.queue);
  return enableQueue(transport, disk.queue) || fails(formatInitializeError(describeFault(transport)));
};

const serialNumber = (disk: Disk): string => {
  const code = request(disk, TYPE_GET_ID, SERIAL_NUMBER_LENGTH, 1);
  if (code !== TRANSFER_OK) fails(`serial number: ${code}: ${whyFailed(disk)}`);
  let text = '';
  for (let i = 0; i < SERIAL_NUMBER_LENGTH; i++) {
    const letter = dmaRead8(disk.buffer + i);
    if (letter !== 0) text += String.fromCharCode(letter);
  }
  return text;
};

const statusNames = (status: number): string => {
  let names = '';
  for (const { bit, name } of STATUS_NAMES) {
    if ((status & bit) !== 0) names += `${names === '' ? '' : ','}${name}`;
  }
  return names;
};

const say = (transport: Transport, disk: Disk): void => {
  const queue = disk.queue;
  const device = `status ${statusNames(readStatus(transport))} features ${featureNames(transport.accepted, TYPE_BLOCK).join(',')}`;
  const areas = `descriptors ${dmaBusAddress(queue.descriptors)} driver ${dmaBusAddress(queue.driver)} device ${dmaBusAddress(queue.device)}`;
  consoleWrite(`view ${serialNumber(disk)} ${device} size ${queue.size} ${areas}\n`);
};

const examine = (transport: Transport, pool: DmaPool): void => {
  const disk = new Disk();
  if (!bringUp(transport, pool, disk)) {
    fails(formatInitializeError(describeFault(transport)));
    return;
  }
  if (!readAll(disk)) return;
  // QEMU's virtio-mmio offers the feature and lacks the register.
  if (transport.kind === TRANSPORT_PCI && hasFeature(transport.accepted, FEATURE_RING_RESET)) {
    if (!restartQueue(transport, disk) || !readAll(disk)) return;
  }
  say(transport, disk);
};

const main = (): void => {
  const tree = new PciTree();
  startPci(tree);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  for (let i = 0; i < tree.count; i++) {
    const pciFunction = tree.functions[i];
    if (virtioDeviceType(pciFunction) !== TYPE_BLOCK) continue;
    enablePath(tree, pciFunction);
    const transport = new Transport();
    if (openPci(pciFunction, transport)) examine(transport, pool);
    else fails(formatInitializeError(describeFault(transport, pciFunction.fault)));
  }
  for (let i = 0; i < acpiVirtioMmioCount(); i++) {
    const transport = new Transport();
    if (!openMmio(acpiVirtioMmioBase(i), acpiVirtioMmioLength(i), transport)) continue; // An empty slot.
    if (transport.deviceType === TYPE_BLOCK) examine(transport, pool);
  }
  exit(failures === 0 ? EXIT_SUCCESS : EXIT_FAILED);
};

main();

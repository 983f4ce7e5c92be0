// An image that drives the first virtio disk by interrupts alone, for virtio-interrupts.test.ts. It reads one sector at a time through each of its
// queues in turn, halted meanwhile, and then waits, halted, until somebody resizes the disk. With `again` on the command line it resets the
// device first and brings it up a second time.
//
//   disk 0000:00:02.0 virtio-blk: MSI-X, 2 vectors
//   vectors: configuration 0, queues 1            numbered in the order of their first use
//   reads: 12 of 12, interrupts 0 12              by vector
//   queue causes 12, configuration causes 0
//   resize?                                       not where the disk is polled
//   grown by 2048, interrupts 1 0, configuration causes 1, unexpected 0

import { CONFIG_CAPACITY } from '../../../drivers/blk/registers.ts';
import { readConfig16, readConfig32 } from '../../../drivers/virtio/config.ts';
import { describeFault, formatInitializeError, transportName } from '../../../drivers/virtio/describe.ts';
import { formatInterrupts, logInterrupts } from '../../../drivers/virtio/describe-interrupts.ts';
import { addFeature, Features, hasFeature } from '../../../drivers/virtio/features.ts';
import { TYPE_BLOCK, virtioDeviceType } from '../../../drivers/virtio/ids.ts';
import { begin, finish } from '../../../drivers/virtio/initialize.ts';
import {
  beginInterrupts,
  endInterrupts,
  findMmioInterrupt,
  findPciInterrupts,
  INTERRUPT_NONE,
  Interrupts,
} from '../../../drivers/virtio/interrupts.ts';
import { addQueueFeatures, createQueue } from '../../../drivers/virtio/queue/create.ts';
import { giveUp } from '../../../drivers/virtio/reset.ts';
import { openMmio } from '../../../drivers/virtio/transport/mmio.ts';
import { openPci } from '../../../drivers/virtio/transport/pci.ts';
import { Transport } from '../../../drivers/virtio/transport/record.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { mmioDevices } from '../../../kernel/base/command-line-mmio.ts';
import { startLog } from '../../../kernel/base/log.ts';
import {
  acpiVirtioMmioBase,
  acpiVirtioMmioCount,
  acpiVirtioMmioInterrupt,
  acpiVirtioMmioLength,
} from '../../../kernel/hal/acpi.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { DmaPool, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { interruptCount, interruptUnexpectedCount } from '../../../kernel/hal/interrupts.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { EXIT_FAILED, EXIT_SUCCESS, exit } from '../../../kernel/hal/power.ts';
import { enablePath } from '../../../kernel/pci/command.ts';
import { PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { prepareSlot, QUEUES_MAX, Reader, readSector, waitForConfig } from './virtio-interrupts-machine.ts';

const FEATURE_MQ = 12;
const CONFIG_NUM_QUEUES = 34;
const QUEUE_SIZE = 16;
const READS_PER_QUEUE = 12;

const options = readOptions();
const tree = new PciTree();
const pool = new DmaPool();
const transport = new Transport();
const interrupts = new Interrupts();
const reader = new Reader();

const failed = (what: string): never => {
  consoleWrite(`failed: ${what}\n`);
  return exit(EXIT_FAILED);
};

const why = (): string => formatInitializeError(describeFault(transport));

/** Opens the first disk on PCI. Returns whether there is one. */
const openOnPci = (): boolean => {
  for (let i = 0; i < tree.count; i++) {
    const pciFunction = tree.functions[i];
    if (virtioDeviceType(pciFunction) !== TYPE_BLOCK) continue;
    enablePath(tree, pciFunction);
    if (!openPci(pciFunction, transport)) failed(why());
    findPciInterrupts(tree, pciFunction, interrupts);
    return true;
  }
  return false;
};

/** Opens the first disk in a slot of virtio-mmio. */
const openInSlot = (): boolean => {
  for (let i = 0; i < acpiVirtioMmioCount(); i++) {
    if (!openMmio(acpiVirtioMmioBase(i), acpiVirtioMmioLength(i), transport)) continue;
    findMmioInterrupt(acpiVirtioMmioInterrupt(i), interrupts);
    return true;
  }
  const named = mmioDevices(options);
  if (!named.ok) return false;
  for (const { address, length, interrupt } of named.value) {
    if (!openMmio(address, length, transport)) continue;
    findMmioInterrupt(interrupt, interrupts);
    return true;
  }
  return false;
};

/** Returns how many queues the disk has, as far as this image uses them. */
const countQueues = (): number =>
  hasFeature(transport.accepted, FEATURE_MQ) ? Math.min(readConfig16(transport, CONFIG_NUM_QUEUES), QUEUES_MAX) : 1;

const bringUp = (): number => {
  const wanted = new Features();
  addFeature(wanted, FEATURE_MQ);
  addQueueFeatures(wanted);
  if (!begin(transport, wanted)) failed(why());
  const count = countQueues();
  beginInterrupts(transport, interrupts, count);
  logInterrupts(transport, interrupts);
  for (let i = 0; i < count; i++) {
    if (!createQueue(transport, pool, i, QUEUE_SIZE, transport.accepted, reader.queues[i])) failed(why());
    if (!prepareSlot(reader, i, pool)) failed('no memory');
  }
  if (!finish(transport)) failed(why());
  return count;
};

/** Returns the vectors in the order of their first use: configuration, then queues. */
const vectorsInOrder = (count: number): number[] => {
  const vectors: number[] = [interrupts.configVector];
  for (let i = 0; i < count; i++) {
    if (!vectors.includes(interrupts.queueVectors[i])) vectors.push(interrupts.queueVectors[i]);
  }
  return vectors;
};

const sayVectors = (vectors: readonly number[], count: number): void => {
  const queues: number[] = [];
  for (let i = 0; i < count; i++) queues.push(vectors.indexOf(interrupts.queueVectors[i]));
  consoleWrite(`vectors: configuration ${vectors.indexOf(interrupts.configVector)}, queues ${queues.join(' ')}\n`);
};

/** Returns how often each vector has come since `before`. */
const since = (vectors: readonly number[], before: readonly number[]): string =>
  vectors.map((vector, index) => interruptCount(vector) - before[index]).join(' ');

const capacity = (): number => readConfig32(transport, CONFIG_CAPACITY);

const main = (): void => {
  startLog(consoleWrite, 'warn');
  startPci(tree);
  dmaPoolStart(pool);
  if (!openOnPci() && !openInSlot()) failed('there is no disk');
  let count = bringUp();
  if (findOption(options, 'again') !== undefined) {
    if (!giveUp(transport)) failed(why());
    endInterrupts(transport, interrupts);
    count = bringUp();
  }
  consoleWrite(`disk ${transportName(transport)}: ${formatInterrupts(interrupts)}\n`);
  const vectors = vectorsInOrder(count);
  sayVectors(vectors, count);

  let before = vectors.map((vector) => interruptCount(vector));
  let right = 0;
  for (let i = 0; i < READS_PER_QUEUE * count; i++) {
    if (readSector(transport, interrupts, reader, i % count, i)) right++;
  }
  consoleWrite(`reads: ${right} of ${READS_PER_QUEUE * count}, interrupts ${since(vectors, before)}\n`);
  consoleWrite(`queue causes ${reader.queueCauses}, configuration causes ${reader.configCauses}\n`);

  if (interrupts.kind === INTERRUPT_NONE) exit(EXIT_SUCCESS);
  before = vectors.map((vector) => interruptCount(vector));
  const sectors = capacity();
  consoleWrite('resize?\n');
  if (!waitForConfig(transport, interrupts, reader)) failed('no interrupt for the resize');
  const grown = capacity() - sectors;
  consoleWrite(
    `grown by ${grown}, interrupts ${since(vectors, before)}, configuration causes ${reader.configCauses}, unexpected ${interruptUnexpectedCount()}\n`,
  );
  exit(EXIT_SUCCESS);
};

main();

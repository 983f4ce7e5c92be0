'use machine';
// Interrupts of one virtio device: the best kind that device and machine can, and who is meant by which vector. VIRTIO 1.2 §4.1.5.1.2, §4.1.5.4, §4.2.3.4.
//
//   findPciInterrupts, findMmioInterrupt     once, when the transport is open
//   begin ──► beginInterrupts ──► createQueue × n ──► finish ──► … interruptCause … ──► giveUp ──► endInterrupts
//
//   MSI-X   entry 0: the configuration │ entries 1 … n-1: the queues, one each while there are enough, else in turn; a single entry is for all
//   line    one vector for all, shared with other devices: the device is asked why, which takes its request back
//   none    the driver polls
//
// What is chosen is tried from the best on: a device that does not take its vectors gets fewer, at last its line. A driver that polls
// (suppressInterrupts of queue.ts, and nothing of this file) needs none of it.

import { assert } from '../../kernel/base/assert.ts';
import {
  type bool,
  type FixedArray,
  fixedArray,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { interruptAllocate, interruptCount, NO_INTERRUPT, VECTOR_NONE } from '../../kernel/hal/interrupts.ts';
import { findCapability } from '../../kernel/pci/capability.ts';
import { setPinDisabled } from '../../kernel/pci/command.ts';
import { FAULT_NONE as PCI_FAULT_NONE } from '../../kernel/pci/fault.ts';
import { PciFault, type PciFunction, type PciTree } from '../../kernel/pci/function.ts';
import { findLineOfPin, InterruptLine, silencePins } from '../../kernel/pci/intx.ts';
import {
  disableMsix,
  enableMsix,
  findMsix,
  MsixTable,
  maskMsix,
  setMsixVector,
  unmaskMsix,
  unmaskMsixVector,
} from '../../kernel/pci/msix.ts';
import { CAPABILITY_MSIX } from '../../kernel/pci/registers.ts';
import { vectorOfLine } from './lines.ts';
import {
  FAULT_LINE,
  FAULT_MSIX,
  FAULT_NO_INTERRUPT,
  FAULT_NONE,
  FAULT_OUT_OF_VECTORS,
  FAULT_PCI,
  setFault,
} from './transport/fault.ts';
import { TRANSPORT_PCI, TRANSPORT_PCI_LEGACY, type Transport } from './transport/record.ts';
import { acknowledgeInterrupt, INTERRUPT_CONFIG, INTERRUPT_QUEUE } from './transport/transport.ts';
import { writeConfigVector, writeQueueVector } from './transport/vectors.ts';

// `kind`
/** The driver polls. */
export const INTERRUPT_NONE: u8 = 0;
/** Messages: a vector says what for. */
export const INTERRUPT_MSIX: u8 = 1;
/** A line: INTx of PCI, or that of a virtio-mmio slot. */
export const INTERRUPT_LINE: u8 = 2;

/** Queues of a device that may have vectors: a console with all its ports has 64. */
export const INTERRUPT_QUEUE_COUNT_MAX: u32 = 128;

/** How one device interrupts. Only this file writes to it. */
export class Interrupts {
  /** INTERRUPT_… */
  kind: u8 = 0;
  /** The processor's vector that comes when the configuration changes; VECTOR_NONE while the driver polls. */
  configVector: u8 = 0;
  /** The same for each queue. Vectors may be equal: then all is meant for which they stand. */
  queueVectors: FixedArray<u8, 128> = fixedArray(128, 0);
  queueCount: u32 = 0;

  /** MSI-X, if the function has it and the tables are mapped; how many entries are in use, and the vectors taken for them, for good. */
  msix = new MsixTable();
  entryCount: u32 = 0;
  vectors: FixedArray<u8, 129> = fixedArray(129, 0);
  vectorCount: u32 = 0;
  /** What is wrong with the MSI-X of a function that lists one. */
  pciFault = new PciFault();

  /** The line, if there is one, and its vector once it was used. */
  line = new InterruptLine();
  lineVector: u8 = 0;

  /** How often the vectors of configuration and queues had come when interruptCause looked last. */
  configSeen: u53 = 0;
  queueSeen: u53 = 0;
  /** When a device that cannot interrupt is asked again why it would. */
  askAt: u53 = 0;
}

/** So often such a device is asked, while its driver polls. */
const ASK_INTERVAL_NS: u53 = 10000000;

/** Notes by what a PCI device can interrupt. Called once, when its transport is open. */
export const findPciInterrupts = (tree: PciTree, pciFunction: PciFunction, interrupts: Interrupts): void => {
  interrupts.pciFault.code = PCI_FAULT_NONE;
  if (!findMsix(pciFunction, interrupts.msix) && findCapability(pciFunction, CAPABILITY_MSIX) !== 0) {
    interrupts.pciFault.code = pciFunction.fault.code;
    interrupts.pciFault.first = pciFunction.fault.first;
    interrupts.pciFault.second = pciFunction.fault.second;
    interrupts.pciFault.third = pciFunction.fault.third;
  }
  if (findLineOfPin(tree, pciFunction, interrupts.line)) silencePins(tree);
};

/** The same for a virtio-mmio device, whose line has the number `gsi`, 0 for none. Called once, when its transport is open. */
export const findMmioInterrupt = (gsi: u32, interrupts: Interrupts): void => {
  interrupts.line.gsi = gsi === 0 ? NO_INTERRUPT : gsi;
  interrupts.line.isActiveLow = false;
};

/**
 * Chooses how the device interrupts for its configuration and its first `queueCount` queues, and tells it. Called behind `begin` and before a queue is
 * created, again after every reset. False: the driver has to poll. Where something kept a better kind from being used, the transport's fault says what.
 */
export const beginInterrupts = (transport: Transport, interrupts: Interrupts, queueCount: u32): bool => {
  assert(queueCount > 0 && queueCount <= INTERRUPT_QUEUE_COUNT_MAX, 'a device has from 1 to 128 queues with vectors');
  interrupts.queueCount = queueCount;
  interrupts.kind = INTERRUPT_NONE;
  setFault(transport.fault, FAULT_NONE, 0, 0, 0);
  if (interrupts.pciFault.code !== PCI_FAULT_NONE) setFault(transport.fault, FAULT_PCI, 0, 0, 0);
  if (interrupts.msix.capability !== 0 && beginMsix(transport, interrupts)) return true;
  if (interrupts.line.gsi !== NO_INTERRUPT && beginLine(transport, interrupts)) return true;
  if (transport.fault.code === FAULT_NONE) {
    const gsi: u32 = interrupts.line.gsi;
    setFault(transport.fault, gsi === NO_INTERRUPT ? FAULT_NO_INTERRUPT : FAULT_LINE, 0, gsi, 0);
  }
  noteVectors(interrupts);
  if (isPci(transport)) setPinDisabled(transport.pciAddress, true); // Nobody would take its request back.
  return false;
};

/** Tells the device the vector of queue `index` again: a queue that was reset has forgotten it. Before it is enabled. False: it takes none any more. */
export const restoreQueueVector = (transport: Transport, interrupts: Interrupts, index: u16): bool =>
  interrupts.kind !== INTERRUPT_MSIX || writeQueueVector(transport, index, entryOfQueue(interrupts, index));

/**
 * Returns why the device has interrupted since the last call: INTERRUPT_QUEUE, INTERRUPT_CONFIG, both, or 0. Where nothing came it costs two loads.
 * A device that interrupts by a line is asked, which takes its request back; whoever took the vector opens the line again when all devices of it were
 * asked (interruptRearm). With MSI-X the device is not asked: all is meant that a vector stands for. INTERRUPT_QUEUE means any
 * queue. A device that cannot interrupt is asked, too, but only every ASK_INTERVAL_NS. §4.1.4.5.2, §4.1.5.4.2, §4.2.3.4.1
 */
export const interruptCause = (transport: Transport, interrupts: Interrupts): u8 => {
  if (interrupts.kind === INTERRUPT_NONE) return askForCause(transport, interrupts);
  const configCount: u53 = interruptCount(interrupts.configVector);
  const hasConfigCome: bool = configCount !== interrupts.configSeen;
  interrupts.configSeen = configCount;
  if (interrupts.kind === INTERRUPT_LINE) {
    return hasConfigCome ? acknowledgeInterrupt(transport) : 0;
  }
  const queueCount: u53 = countOfQueues(interrupts);
  const hasQueueCome: bool = queueCount !== interrupts.queueSeen;
  interrupts.queueSeen = queueCount;
  return (hasQueueCome ? INTERRUPT_QUEUE : 0) | (hasConfigCome ? INTERRUPT_CONFIG : 0);
};

const askForCause = (transport: Transport, interrupts: Interrupts): u8 => {
  const now: u53 = clockNow();
  if (now < interrupts.askAt) return 0;
  interrupts.askAt = now + ASK_INTERVAL_NS;
  return acknowledgeInterrupt(transport);
};

/** Ends all interrupts of a device that was reset or given up. Vectors and line stay its own, for when it begins again. */
export const endInterrupts = (transport: Transport, interrupts: Interrupts): void => {
  if (interrupts.kind === INTERRUPT_MSIX) {
    maskMsix(interrupts.msix);
    disableMsix(interrupts.msix);
  }
  if (isPci(transport)) setPinDisabled(transport.pciAddress, true);
  interrupts.kind = INTERRUPT_NONE;
  noteVectors(interrupts);
};

/** MSI-X with a vector for each event, then with one for all queues, then with one for everything. */
const beginMsix = (transport: Transport, interrupts: Interrupts): bool => {
  const wanted: u32 = Math.min(interrupts.queueCount + 1, interrupts.msix.vectorCount);
  takeVectors(interrupts, wanted);
  let count: u32 = Math.min(wanted, interrupts.vectorCount);
  if (count === 0) return setFault(transport.fault, FAULT_OUT_OF_VECTORS, 0, 0, 0);
  if (!enableMsix(interrupts.msix)) return setFault(transport.fault, FAULT_MSIX, 0, 0, 0);
  while (count > 0) {
    interrupts.entryCount = count;
    if (writeVectors(transport, interrupts)) return openMsix(transport, interrupts);
    count = count > 2 ? 2 : count - 1;
  }
  disableMsix(interrupts.msix);
  return false;
};

/** Tells the device the entry of each event. False when it does not take one of them. */
const writeVectors = (transport: Transport, interrupts: Interrupts): bool => {
  if (!writeConfigVector(transport, 0)) return false;
  for (let index: u32 = 0; index < interrupts.queueCount; index++) {
    if (!writeQueueVector(transport, index as u16, entryOfQueue(interrupts, index))) return false;
  }
  return true;
};

/** Fills the table and lets it be sent. */
const openMsix = (transport: Transport, interrupts: Interrupts): bool => {
  const table: MsixTable = interrupts.msix;
  for (let entry: u32 = 0; entry < interrupts.entryCount; entry++) {
    if (!setMsixVector(table, entry, interrupts.vectors[entry])) {
      disableMsix(table);
      return setFault(transport.fault, FAULT_MSIX, 0, 0, 0);
    }
    unmaskMsixVector(table, entry);
  }
  interrupts.kind = INTERRUPT_MSIX;
  setFault(transport.fault, FAULT_NONE, 0, 0, 0);
  noteVectors(interrupts);
  unmaskMsix(table);
  return true;
};

/** The line, for everything. */
const beginLine = (transport: Transport, interrupts: Interrupts): bool => {
  const vector: u8 = vectorOfLine(interrupts.line.gsi, interrupts.line.isActiveLow);
  if (vector === VECTOR_NONE) return false;
  interrupts.lineVector = vector;
  interrupts.kind = INTERRUPT_LINE;
  noteVectors(interrupts);
  if (isPci(transport)) setPinDisabled(transport.pciAddress, false);
  return true;
};

/** Takes vectors of the processor for up to `count` entries, those included that it has. */
const takeVectors = (interrupts: Interrupts, count: u32): void => {
  while (interrupts.vectorCount < count) {
    const vector: u8 = interruptAllocate();
    if (vector === VECTOR_NONE) return;
    interrupts.vectors[interrupts.vectorCount] = vector;
    interrupts.vectorCount++;
  }
};

/** Returns the entry of the table for queue `index`. */
const entryOfQueue = (interrupts: Interrupts, index: u32): u16 =>
  interrupts.entryCount < 2 ? 0 : (index % (interrupts.entryCount - 1)) + 1;

/** Notes who is meant by which vector, by `kind`; what came before counts as seen. */
const noteVectors = (interrupts: Interrupts): void => {
  const isMsix: bool = interrupts.kind === INTERRUPT_MSIX;
  const shared: u8 = interrupts.kind === INTERRUPT_LINE ? interrupts.lineVector : VECTOR_NONE;
  interrupts.configVector = isMsix ? interrupts.vectors[0] : shared;
  for (let index: u32 = 0; index < interrupts.queueCount; index++) {
    interrupts.queueVectors[index] = isMsix ? interrupts.vectors[entryOfQueue(interrupts, index)] : shared;
  }
  interrupts.configSeen = interruptCount(interrupts.configVector);
  interrupts.queueSeen = isMsix ? countOfQueues(interrupts) : 0;
};

/** Returns how often the queues' entries have been sent, all together. */
const countOfQueues = (interrupts: Interrupts): u53 => {
  let count: u53 = 0;
  for (let entry: u32 = interrupts.entryCount < 2 ? 0 : 1; entry < interrupts.entryCount; entry++) {
    count += interruptCount(interrupts.vectors[entry]);
  }
  return count;
};

const isPci = (transport: Transport): bool =>
  transport.kind === TRANSPORT_PCI || transport.kind === TRANSPORT_PCI_LEGACY;

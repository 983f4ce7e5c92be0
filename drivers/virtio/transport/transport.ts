'use machine';
// What every transport offers a driver, whichever of the four it is. VIRTIO 1.2 §2 and §4.
//
//   openPci, openMmio ──► begin ──► enableQueue × n ──► finish ──► … ──► giveUp          begin, finish, giveUp: initialize.ts
//
// It translates and checks; the order of things is that of initialize.ts. A function that returns false leaves the facts in the transport's fault.

import type { bool, u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { pause } from '../../../kernel/hal/cpu.ts';
import { TRACE_QUEUE, TRACE_STATUS, trace } from '../../../kernel/hal/trace.ts';
import { FEATURE_RING_RESET, FEATURE_WORD_COUNT, hasFeature } from '../features.ts';
import type { Queue } from '../queue/record.ts';
import {
  FAULT_QUEUE_IN_USE,
  FAULT_QUEUE_MISSING,
  FAULT_QUEUE_NO_RESET,
  FAULT_QUEUE_NOT_ENABLED,
  FAULT_QUEUE_RESET_TIMEOUT,
  FAULT_QUEUE_SIZE,
  setFault,
} from './fault.ts';
import { hasLegacyLayout } from './legacy-layout.ts';
import {
  acknowledgeLegacy,
  isLegacyQueueEnabled,
  legacyQueueSize,
  programLegacyQueue,
  readLegacyFeatures,
  readLegacyStatus,
  stopLegacyQueue,
  writeLegacyFeatures,
  writeLegacyStatus,
} from './legacy-pci.ts';
import {
  acknowledgeMmio,
  isMmioQueueEnabled,
  mmioQueueSizeMax,
  programMmioQueue,
  readMmioFeatures,
  readMmioQueueReset,
  readMmioStatus,
  startMmioQueueReset,
  stopMmioQueue,
  writeMmioFeatures,
  writeMmioStatus,
} from './mmio.ts';
import {
  acknowledgePci,
  isPciQueueEnabled,
  pciQueueSizeMax,
  programPciQueue,
  readPciFeatures,
  readPciQueueReset,
  readPciStatus,
  setBusMaster,
  startPciQueueReset,
  writePciFeatures,
  writePciStatus,
} from './pci.ts';
import { isLegacy, TRANSPORT_PCI, TRANSPORT_PCI_LEGACY, type Transport } from './record.ts';

/** A queue that takes longer than this to reset does not come back: QEMU takes microseconds. */
export const QUEUE_RESET_TIMEOUT_MS: u32 = 1000;

const NS_PER_MS: u32 = 1000000;

/** Why a device interrupts: what acknowledgeInterrupt returns. §4.1.4.5 */
export const INTERRUPT_QUEUE: u8 = 1;
export const INTERRUPT_CONFIG: u8 = 2;

/** Returns the device status. §2.1 */
export const readStatus = (transport: Transport): u8 => {
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return readPciStatus(transport);
    case TRANSPORT_PCI_LEGACY:
      return readLegacyStatus(transport);
    default:
      return readMmioStatus(transport);
  }
};

/** Writes the device status. Zero starts a reset, which is done when the status reads zero: reset.ts waits for it. */
export const writeStatus = (transport: Transport, status: u8): void => {
  trace(TRACE_STATUS, transport.deviceType * 256 + status, transport.pciAddress, transport.address);
  switch (transport.kind) {
    case TRANSPORT_PCI:
      writePciStatus(transport, status);
      break;
    case TRANSPORT_PCI_LEGACY:
      writeLegacyStatus(transport, status);
      break;
    default:
      writeMmioStatus(transport, status);
  }
};

/** Lets the device reach memory, or forbids it. A virtio-mmio device always can, as far as its reset allows. */
export const setDma = (transport: Transport, isAllowed: bool): void => {
  if (transport.kind === TRANSPORT_PCI || transport.kind === TRANSPORT_PCI_LEGACY) setBusMaster(transport, isAllowed);
};

/** Returns how many words of features the transport can carry. */
export const featureWordCount = (transport: Transport): u32 => (isLegacy(transport) ? 1 : FEATURE_WORD_COUNT);

/** Returns word `word` (32 bits) of the features that the device offers; 0 for one that the transport does not have. §2.2 */
export const readDeviceFeatures = (transport: Transport, word: u32): u32 => {
  if (word >= featureWordCount(transport)) return 0;
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return readPciFeatures(transport, word);
    case TRANSPORT_PCI_LEGACY:
      return readLegacyFeatures(transport);
    default:
      return readMmioFeatures(transport, word);
  }
};

/** Writes word `word` of the features that the driver accepts. One that the transport does not have must not be written. */
export const writeDriverFeatures = (transport: Transport, word: u32, bits: u32): void => {
  switch (transport.kind) {
    case TRANSPORT_PCI:
      writePciFeatures(transport, word, bits);
      break;
    case TRANSPORT_PCI_LEGACY:
      writeLegacyFeatures(transport, bits);
      break;
    default:
      writeMmioFeatures(transport, word, bits);
  }
};

/** Returns why the device interrupts (INTERRUPT_…) and takes the interrupt back. */
export const acknowledgeInterrupt = (transport: Transport): u8 => {
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return acknowledgePci(transport);
    case TRANSPORT_PCI_LEGACY:
      return acknowledgeLegacy(transport);
    default:
      return acknowledgeMmio(transport);
  }
};

/** Returns the size up to which queue `index` may be enabled, 0 when there is no such queue. A legacy PCI device allows no other size. */
export const queueSizeMax = (transport: Transport, index: u16): u32 => {
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return pciQueueSizeMax(transport, index);
    case TRANSPORT_PCI_LEGACY:
      return legacyQueueSize(transport, index);
    default:
      return mmioQueueSizeMax(transport, index);
  }
};

/** Returns whether queue `index` is enabled. */
export const isQueueEnabled = (transport: Transport, index: u16): bool => {
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return isPciQueueEnabled(transport, index);
    case TRANSPORT_PCI_LEGACY:
      return isLegacyQueueEnabled(transport, index);
    default:
      return isMmioQueueEnabled(transport, index);
  }
};

/** Hands a queue to the device and tells it where its notifications go, checked once and for all. Nothing is to be sent before DRIVER_OK. */
export const enableQueue = (transport: Transport, queue: Queue): bool => {
  const index: u16 = queue.index;
  if (isQueueEnabled(transport, index)) return setFault(transport.fault, FAULT_QUEUE_IN_USE, index, 0, 0);
  const sizeMax: u32 = queueSizeMax(transport, index);
  if (sizeMax === 0) return setFault(transport.fault, FAULT_QUEUE_MISSING, index, transport.queueCount, 0);
  const isFixed: bool = transport.kind === TRANSPORT_PCI_LEGACY;
  if (queue.size > sizeMax || (isFixed && queue.size !== sizeMax)) {
    return setFault(transport.fault, FAULT_QUEUE_SIZE, index, queue.size, sizeMax);
  }
  if (isLegacy(transport) && !hasLegacyLayout(queue, transport.fault)) return false;
  trace(TRACE_QUEUE, queue.memory, transport.pciAddress * 65536 + index, transport.address);
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return programPciQueue(transport, queue);
    case TRANSPORT_PCI_LEGACY:
      programLegacyQueue(transport, queue);
      return true;
    default:
      programMmioQueue(transport, queue);
      return true;
  }
};

/**
 * Takes a queue back from the device, which has forgotten all of it when this returns true; the caller then detaches it, and may enable it again,
 * with another size too. Needs RING_RESET, which legacy devices do not have. §2.6.1
 */
export const resetQueue = (transport: Transport, queue: Queue): bool => {
  if (!hasFeature(transport.accepted, FEATURE_RING_RESET)) {
    return setFault(transport.fault, FAULT_QUEUE_NO_RESET, queue.index, 0, 0);
  }
  const isPci: bool = transport.kind === TRANSPORT_PCI;
  if (isPci) startPciQueueReset(transport, queue.index);
  else startMmioQueueReset(transport, queue.index);
  const deadline: u53 = clockNow() + QUEUE_RESET_TIMEOUT_MS * NS_PER_MS;
  while ((isPci ? readPciQueueReset(transport, queue.index) : readMmioQueueReset(transport, queue.index)) !== 0) {
    if (clockNow() >= deadline) {
      return setFault(transport.fault, FAULT_QUEUE_RESET_TIMEOUT, queue.index, 1, QUEUE_RESET_TIMEOUT_MS);
    }
    pause();
  }
  // The register alone does not tell: QEMU's virtio-mmio offers the feature and does not have it. §2.6.1.1.2
  const isEnabled: bool = isQueueEnabled(transport, queue.index);
  return !isEnabled || setFault(transport.fault, FAULT_QUEUE_NOT_ENABLED, queue.index, 1, 0);
};

/**
 * Stops a queue: by its reset where that was negotiated, else by the register that enables it, which a modern PCI device does not allow. The
 * device does not use it any more when this returns true. §4.2.2.2
 */
export const disableQueue = (transport: Transport, queue: Queue): bool => {
  if (transport.kind === TRANSPORT_PCI) return resetQueue(transport, queue);
  if (transport.kind === TRANSPORT_PCI_LEGACY) stopLegacyQueue(transport, queue.index);
  else stopMmioQueue(transport, queue.index);
  const isEnabled: bool = isQueueEnabled(transport, queue.index);
  return !isEnabled || setFault(transport.fault, FAULT_QUEUE_NOT_ENABLED, queue.index, 1, 0);
};

'use machine';
// What went wrong with a device, as numbers. The machine functions of drivers/virtio return false and leave the facts here; describe.ts makes a
// kind and a sentence of them. VIRTIO 1.2 §3.1.1 counts the steps.

import type { bool, u8, u32, u53 } from '../../../kernel/base/machine.ts';

/** Nothing is wrong. */
export const FAULT_NONE: u8 = 0;

// Opening a PCI device. In brackets: what `index`, `found` and `expected` hold.
export const FAULT_VENDOR_ID: u8 = 1; // (·, vendor id, VIRTIO_VENDOR_ID)
export const FAULT_DEVICE_ID: u8 = 2; // (·, device id, ·)
/** The function's own fault record says it. */
export const FAULT_PCI: u8 = 3;
export const FAULT_MISSING_CAPABILITY: u8 = 4;
export const FAULT_NOTIFY_MULTIPLIER: u8 = 5; // (·, notify_off_multiplier, ·)
export const FAULT_IO_BAR: u8 = 6; // (BAR, ·, ·)
export const FAULT_BAR_NOT_ALLOCATED: u8 = 7; // (BAR, ·, ·)
export const FAULT_OUT_OF_BAR: u8 = 8; // (BAR, offset, size of the BAR), length in `detail`
export const FAULT_TOO_SHORT: u8 = 9; // (BAR, length, shortest length)
export const FAULT_MISALIGNED: u8 = 10; // (BAR, address, alignment)
export const FAULT_MAP: u8 = 11; // (·, address, length)
/** The same register, read through a BAR and through the PCI_CFG window, differs. */
export const FAULT_WINDOW: u8 = 12; // (offset of the register, through the window, through the BAR)
export const FAULT_LEGACY_BAR: u8 = 13; // (BAR, its size, shortest size)

// Opening a virtio-mmio device.
export const FAULT_MMIO_LENGTH: u8 = 16; // (·, length, shortest length)
export const FAULT_MMIO_MAGIC: u8 = 17; // (·, found, expected)
export const FAULT_MMIO_VERSION: u8 = 18; // (·, found, ·)
/** An empty slot, which is no error: it is not to be reported. §4.2.3.1.1 */
export const FAULT_MMIO_EMPTY: u8 = 19;

// Bringing a device up.
export const FAULT_RESET_TIMEOUT: u8 = 24; // (·, device status, limit in ms)
/** The transport's `missing` says which. */
export const FAULT_FEATURES_MISSING: u8 = 25;
export const FAULT_FEATURES_REFUSED: u8 = 26; // (·, device status, ·)
export const FAULT_NEEDS_RESET: u8 = 27; // (·, device status, ·)
export const FAULT_NOT_DRIVER_OK: u8 = 28; // (·, device status, ·)
/** It was taken out of the machine. */
export const FAULT_REMOVED: u8 = 29;

// Queues.
export const FAULT_QUEUE_MISSING: u8 = 32; // (queue, num_queues or 0, ·)
export const FAULT_QUEUE_SIZE: u8 = 33; // (queue, size, what the device allows)
export const FAULT_QUEUE_IN_USE: u8 = 34; // (queue, ·, ·)
export const FAULT_QUEUE_LAYOUT: u8 = 35; // (queue, offset of the used ring, expected)
export const FAULT_QUEUE_PLACE: u8 = 36; // (queue, address, highest address)
export const FAULT_QUEUE_NOT_ENABLED: u8 = 37; // (queue, register, ·)
export const FAULT_QUEUE_NO_RESET: u8 = 38; // (queue, ·, ·)
export const FAULT_QUEUE_RESET_TIMEOUT: u8 = 39; // (queue, register, limit in ms)
export const FAULT_NOTIFY_RANGE: u8 = 40; // (queue, queue_notify_off, length of the region), multiplier in `detail`
export const FAULT_OUT_OF_DMA_MEMORY: u8 = 41; // (queue, length, ·)
export const FAULT_QUEUE_SHORT: u8 = 42; // (queue, its size, descriptors that a chain needs)

// Interrupts.
export const FAULT_CONFIG_VECTOR: u8 = 44; // (·, msix_config, what was written)
export const FAULT_QUEUE_VECTOR: u8 = 45; // (queue, queue_msix_vector, what was written)
/** No MSI-X, and no line that anybody knows of. */
export const FAULT_NO_INTERRUPT: u8 = 46;
/** The processor has no vector left for MSI-X, or none at all. */
export const FAULT_OUT_OF_VECTORS: u8 = 47;
/** The function does not keep what is written to its MSI-X. */
export const FAULT_MSIX: u8 = 48;
export const FAULT_LINE: u8 = 49; // (·, line, ·)

// Configuration and shared memory.
export const FAULT_CONFIG_MISSING: u8 = 52; // (·, ·, shortest length)
export const FAULT_CONFIG_LENGTH: u8 = 53; // (·, length, shortest length)
export const FAULT_CONFIG_UNSTABLE: u8 = 54; // (·, ·, readings)
export const FAULT_SHARED_MEMORY_MISSING: u8 = 55; // (id, ·, ·)
export const FAULT_SHARED_MEMORY_MAP: u8 = 56; // (id, address, length)

/** Codes from here on belong to the driver of one type of device, which describes them itself. */
export const FAULT_OF_DRIVER: u8 = 128;

/** The facts of one failure. */
export class VirtioFault {
  code: u8 = 0;
  /** The step of §3.1.1 at which it happened: 1 to 8; 0 while the transport was opened, 9 when the device had come up. */
  step: u8 = 0;
  /** The capability that is meant: one of CAP_TYPE_, 0 for none. */
  structure: u8 = 0;
  index: u32 = 0;
  found: u53 = 0;
  expected: u53 = 0;
  detail: u53 = 0;
}

/** Writes the facts down. Returns false, so that a function can return what it returns. */
export const setFault = (fault: VirtioFault, code: u8, index: u32, found: u53, expected: u53): bool => {
  fault.code = code;
  fault.structure = 0;
  fault.index = index;
  fault.found = found;
  fault.expected = expected;
  fault.detail = 0;
  return false;
};

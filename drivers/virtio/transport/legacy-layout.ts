'use machine';
// Where a queue of a legacy device lies: one piece of memory that begins at a page, its used ring at the next page. VIRTIO 1.2 §2.7.2.
//
//   page n     descriptors, available ring
//   page m     used ring                          m: the first page behind them
//
// The device is told one page number and works the rest out, so the driver has no choice.

import type { bool, u32, u53 } from '../../../kernel/base/machine.ts';
import { dmaBusAddress } from '../../../kernel/hal/dma.ts';
import { QUEUE_SPLIT, type Queue } from '../queue/record.ts';
import { splitDeviceOffset, splitDriverOffset } from '../queue/split.ts';
import { FAULT_QUEUE_LAYOUT, FAULT_QUEUE_PLACE, setFault, type VirtioFault } from './fault.ts';

/** What the device counts in, and the alignment of the used ring. */
export const LEGACY_PAGE_SIZE: u32 = 4096;

/** The number of a page has 32 bits. */
const PAGE_MAX: u53 = 0xffffffff;

/** Returns the number of the page at which a queue begins. */
export const legacyPage = (queue: Queue): u53 => Math.floor(dmaBusAddress(queue.descriptors) / LEGACY_PAGE_SIZE);

/** Returns whether a legacy device can use the queue where it lies; else the facts are in `fault`. */
export const hasLegacyLayout = (queue: Queue, fault: VirtioFault): bool => {
  const available: u53 = queue.descriptors + splitDriverOffset(queue.size);
  const used: u53 = queue.descriptors + splitDeviceOffset(queue.size, LEGACY_PAGE_SIZE);
  if (queue.layout !== QUEUE_SPLIT || queue.driver !== available || queue.device !== used) {
    return setFault(fault, FAULT_QUEUE_LAYOUT, queue.index, queue.device, used);
  }
  const address: u53 = dmaBusAddress(queue.descriptors);
  if (address === 0 || address % LEGACY_PAGE_SIZE !== 0 || legacyPage(queue) > PAGE_MAX) {
    return setFault(fault, FAULT_QUEUE_PLACE, queue.index, address, LEGACY_PAGE_SIZE);
  }
  return true;
};

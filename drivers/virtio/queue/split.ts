'use machine';
// The split virtqueue, driver side. VIRTIO 1.2 §2.7. Hot for every request of every device.
//
//   descriptors   size × { address 64, length 32, flags 16, next 16 }               ours; the device reads
//   driver        flags 16, index 16, size × head 16, used_event 16                 ours; the device reads   "available ring"
//   device        flags 16, index 16, size × { head 32, length 32 }, avail_event 16 the device's             "used ring"
//
// A head is the index of the first descriptor of a chain, and a chain's descriptors are linked as their slots are (slots.ts).
// queue.ts says what each function is for.

import { alignUp } from '../../../kernel/base/bits.ts';
import type { bool, DmaOffset, i32, u16, u32 } from '../../../kernel/base/machine.ts';
import { dmaRead16, dmaRead32, dmaWrite16, dmaWrite32, dmaWrite64, fence } from '../../../kernel/hal/dma.ts';
import {
  DESCRIPTOR_ADDRESS,
  DESCRIPTOR_LAST_WORD,
  DESCRIPTOR_LENGTH,
  DESCRIPTOR_SIZE,
  deviceAddress,
  FAULT_TOO_MANY,
  FLAG_INDIRECT,
  FLAG_NEXT,
  QUEUE_BROKEN,
  QUEUE_EMPTY,
  type Queue,
} from './record.ts';
import { beginBatch, breakQueue, canReturn, countWithDevice, noteAdded, takeBack, takeNextOfBatch } from './slots.ts';

//    available ring                         offset   width   §2.7.6
const AVAILABLE_FLAGS: u32 = 0; //                    16
const AVAILABLE_INDEX: u32 = 2; //                    16
const AVAILABLE_RING: u32 = 4; //                     16 each; used_event behind them
const AVAILABLE_ELEMENT_SIZE: u32 = 2;

//    used ring                              offset   width   §2.7.8
const USED_FLAGS: u32 = 0; //                         16
const USED_INDEX: u32 = 2; //                         16
const USED_RING: u32 = 4; //                          { head 32, length 32 } each; avail_event behind them
const USED_ELEMENT_LENGTH: u32 = 4;
const USED_ELEMENT_SIZE: u32 = 8;

const EVENT_SIZE: u32 = 2;

/**
 * While no interrupts are wanted, the used index may be so far ahead of the used event. What is in flight brings it no more than QUEUE_SIZE_MAX further:
 * it does not come round to the event, which is written once in as many chains. The device reads it for each.
 */
const EVENT_DISTANCE_MAX: u32 = 0x4000;

// The only bits of the two flags fields. §2.7.7, §2.7.10
const NO_INTERRUPT: u16 = 1;
const NO_NOTIFY: u32 = 1;

/** Returns the offset of the available ring in a queue's memory. It lies behind the descriptors, where a legacy device expects it. */
export const splitDriverOffset = (size: u32): u32 => size * DESCRIPTOR_SIZE;

/** Returns the offset of the used ring in a queue's memory, a multiple of `alignment`. */
export const splitDeviceOffset = (size: u32, alignment: u32): u32 =>
  alignUp(splitDriverOffset(size) + AVAILABLE_RING + size * AVAILABLE_ELEMENT_SIZE + EVENT_SIZE, alignment) + 0;

/** Returns the bytes of memory that a split queue of `size` elements needs, without indirect tables. */
export const splitMemoryLength = (size: u32, alignment: u32): u32 =>
  splitDeviceOffset(size, alignment) + USED_RING + size * USED_ELEMENT_SIZE + EVENT_SIZE;

/** Forgets what was read. */
export const restartSplit = (queue: Queue): void => {
  queue.usedSeen = 0;
};

/** Ends descriptor `at` of the chain, after which `left` follow. */
export const linkSplit = (queue: Queue, descriptor: DmaOffset, at: u16, direction: u32, left: u16): void => {
  // IN_ORDER asks for consecutive indices in a table; in the ring, the free list sees to it. §2.7.5.3
  const following: u16 = queue.isInTable ? at + 1 : queue.slots[at].next;
  const link: u32 = (FLAG_NEXT | (following << 16)) >>> 0;
  dmaWrite32(descriptor + DESCRIPTOR_LAST_WORD, left === 0 ? direction : (direction | link) >>> 0);
  queue.fillLast = at;
  queue.fillAt = following;
};

/** Ends the chain and puts it into the available ring, behind the index. §2.7.13.2 */
export const addSplit = (queue: Queue): void => {
  const head: u16 = queue.head;
  let last: u16 = queue.fillLast;
  let following: u16 = queue.fillAt;
  if (queue.isInTable) {
    const descriptor: DmaOffset = queue.descriptors + head * DESCRIPTOR_SIZE;
    dmaWrite64(descriptor + DESCRIPTOR_ADDRESS, deviceAddress(queue, queue.fillBase));
    dmaWrite32(descriptor + DESCRIPTOR_LENGTH, queue.fillAt * DESCRIPTOR_SIZE);
    dmaWrite32(descriptor + DESCRIPTOR_LAST_WORD, FLAG_INDIRECT);
    last = head;
    following = queue.slots[head].next;
  }
  listSplit(queue, head);
  noteAdded(queue, last, following);
};

/** Puts `head` into the available ring, as the next that is added. */
export const listSplit = (queue: Queue, head: u16): void => {
  const element: u32 = queue.added & (queue.size - 1);
  dmaWrite16(queue.driver + AVAILABLE_RING + element * AVAILABLE_ELEMENT_SIZE, head);
};

/** Makes all that was added available: the index covers it. §2.7.13.3 */
export const publishSplit = (queue: Queue): void => {
  fence(); // The descriptors and the elements before the index: the device reads both once the index covers them. §2.7.13.3
  dmaWrite16(queue.driver + AVAILABLE_INDEX, queue.added & 0xffff);
};

/** Returns whether the device wants to be told of the `count` chains that were published last. §2.7.10 */
export const splitWantsKick = (queue: Queue, count: u32): bool => {
  if (!queue.hasEventIndex) return (dmaRead16(queue.device + USED_FLAGS) & NO_NOTIFY) === 0;
  const event: u16 = dmaRead16(queue.device + USED_RING + queue.size * USED_ELEMENT_SIZE);
  return isEventPassed(event, queue.published & 0xffff, count);
};

/**
 * Returns whether an index that moved by `count` to `index` went from at most `event` to above it. All three wrap at 2^16: what is compared
 * is how far behind `index` the event lies. §2.7.10
 */
export const isEventPassed = (event: u16, index: u16, count: u32): bool => ((index - event - 1) & 0xffff) < count;

/** Returns whether a completed chain is waiting. */
export const canPopSplit = (queue: Queue): bool =>
  queue.popped !== queue.usedSeen || dmaRead16(queue.device + USED_INDEX) !== queue.usedSeen;

/** Takes back one completed chain. §2.7.14 */
export const popSplit = (queue: Queue): i32 => {
  if (queue.popped === queue.usedSeen) {
    const index: u16 = dmaRead16(queue.device + USED_INDEX);
    if (index === queue.popped) return QUEUE_EMPTY;
    const pending: u32 = (index - queue.popped) & 0xffff;
    const countMax: u32 = countWithDevice(queue);
    if (pending > countMax) return breakQueue(queue, FAULT_TOO_MANY, pending, countMax);
    queue.usedSeen = index;
    fence(); // The index before the elements: an element is valid once the index covers it. §2.7.14
    if (queue.hasEventIndex && !queue.interruptsAllowed) keepUsedEvent(queue);
  }
  if (queue.batchLeft !== 0) return takeNextOfBatch(queue);

  const element: DmaOffset = queue.device + USED_RING + (queue.popped & (queue.size - 1)) * USED_ELEMENT_SIZE;
  const head: u32 = dmaRead32(element);
  const length: u32 = dmaRead32(element + USED_ELEMENT_LENGTH);
  if (!canReturn(queue, head, length)) return QUEUE_BROKEN;
  if (queue.isInOrder) {
    const pending: u32 = (queue.usedSeen - queue.popped) & 0xffff;
    return beginBatch(queue, head, length, pending) ? takeNextOfBatch(queue) : QUEUE_BROKEN;
  }
  takeBack(queue, head & 0xffff, length);
  return head & 0xffff;
};

/** Asks for no interrupts. §2.7.7 */
export const suppressSplit = (queue: Queue): void => {
  if (queue.hasEventIndex) parkUsedEvent(queue);
  else dmaWrite16(queue.driver + AVAILABLE_FLAGS, NO_INTERRUPT);
};

/** Asks for an interrupt when the next chain completes. §2.7.7 */
export const allowSplit = (queue: Queue): void => {
  if (queue.hasEventIndex) writeUsedEvent(queue, queue.popped);
  else dmaWrite16(queue.driver + AVAILABLE_FLAGS, 0);
};

/** Puts used_event where the used index has just been: it does not get there again before 2^16 chains have completed. */
const parkUsedEvent = (queue: Queue): void => {
  const before: u16 = (queue.popped - 1) & 0xffff;
  queue.parkedAt = before;
  writeUsedEvent(queue, before);
};

/** Moves a parked used_event on, before the used index comes round to it. */
const keepUsedEvent = (queue: Queue): void => {
  if (((queue.usedSeen - queue.parkedAt) & 0xffff) > EVENT_DISTANCE_MAX) parkUsedEvent(queue);
};

const writeUsedEvent = (queue: Queue, index: u16): void => {
  dmaWrite16(queue.driver + AVAILABLE_RING + queue.size * AVAILABLE_ELEMENT_SIZE, index);
};

'use machine';
// Which chains the device has: the slots, their free list, and the checks of what comes back. Hot for every chain.
//
//   free list   freeHead ─▶ slot ─▶ slot ─▶ … ─▶ freeTail      taken at its head, given back at its tail
//
// A split queue has a slot a descriptor: a chain takes the next `count` of the list. A packed queue has a slot a buffer id: a chain takes one.
// As a slot goes back to the tail, chains that complete in order are given out in ring order for ever, which IN_ORDER asks for. §2.7.5
//
// After a reset the list goes on where it was, unless chains have to lie in order. QEMU answers some requests though their device was reset meanwhile: that is a head that the device
// does not have, then, and not the answer to what was asked after the reset.

import type { bool, i32, u8, u16, u32 } from '../../../kernel/base/machine.ts';
import { TRACE_COMPLETED, trace } from '../../../kernel/hal/trace.ts';
import {
  FAULT_BATCH,
  FAULT_NO_HEAD,
  FAULT_NONE,
  FAULT_NOT_IN_FLIGHT,
  FAULT_TOO_LONG,
  QUEUE_BROKEN,
  QUEUE_PACKED,
  type Queue,
  type Slot,
} from './record.ts';

/** Makes all slots free, in order from `freeHead` on, and forgets what was in flight. */
export const clearSlots = (queue: Queue): void => {
  for (let i: u32 = 0; i < queue.size; i++) {
    const slot: Slot = queue.slots[i];
    slot.next = i + 1;
    slot.count = 0;
  }
  const last: u16 = queue.size - 1;
  queue.slots[last].next = 0;
  if (queue.isInOrder || queue.freeHead > last) queue.freeHead = 0;
  queue.freeTail = queue.freeHead === 0 ? last : queue.freeHead - 1;
  queue.freeCount = usableCount(queue);
  queue.inFlight = 0;
  queue.added = 0;
  queue.published = 0;
  queue.popped = 0;
  queue.detachAt = 0;
  queue.oldest = 0;
  queue.batchLeft = 0;
  queue.fillLeft = 0;
  queue.broken = false;
  queue.faultCode = FAULT_NONE;
};

/**
 * Returns how many elements may be in use at once. QEMU 10.0 takes a packed ring that it goes through in order, and that is full, for an empty one and
 * never answers again: there, one stays free.
 */
export const usableCount = (queue: Queue): u32 =>
  queue.layout === QUEUE_PACKED && queue.isInOrder && queue.size > 1 ? queue.size - 1 : queue.size;

/** Returns how many chains the device has: what was added and not published is not among them. */
export const countWithDevice = (queue: Queue): u32 => queue.inFlight - (queue.added - queue.published);

/** Notes the chain that was built, of which `last` is the last slot and `following` the one behind it. It goes to the device with the next batch. */
export const noteAdded = (queue: Queue, last: u16, following: u16): void => {
  const slot: Slot = queue.slots[queue.head];
  slot.last = last;
  slot.count = queue.ringCount;
  slot.position = queue.added;
  slot.writable = queue.fillLength - queue.fillReadable;
  queue.freeHead = following;
  queue.added++;
  queue.inFlight++;
};

/** Returns whether the device can have returned `head` with `length` bytes written. When it cannot, the queue is broken. */
export const canReturn = (queue: Queue, head: u32, length: u32): bool => {
  if (head >= queue.size) return refuse(queue, FAULT_NO_HEAD, head, queue.size);
  const slot: Slot = queue.slots[head];
  if (slot.count === 0 || slot.position >= queue.published) return refuse(queue, FAULT_NOT_IN_FLIGHT, head, 0);
  const isTooLong: bool = length > slot.writable && !queue.isLegacy && !queue.ignoresLengths;
  return !isTooLong || refuse(queue, FAULT_TOO_LONG, length, slot.writable);
};

const refuse = (queue: Queue, code: u8, found: u32, expected: u32): bool => {
  breakQueue(queue, code, found, expected);
  return false;
};

/** Takes a chain back that `canReturn` has let through. A length beyond what the device may write, where it is allowed to say one, is cut. */
export const takeBack = (queue: Queue, head: u16, length: u32): void => {
  const slot: Slot = queue.slots[head];
  queue.poppedWritable = slot.writable;
  queue.poppedLength = Math.min(length, slot.writable);
  const isListEmpty: bool = queue.layout === QUEUE_PACKED ? queue.inFlight === queue.size : queue.freeCount === 0;
  if (isListEmpty) queue.freeHead = head;
  else queue.slots[queue.freeTail].next = head;
  queue.freeTail = slot.last;
  queue.freeCount += slot.count;
  slot.count = 0;
  queue.inFlight--;
  trace(TRACE_COMPLETED, queue.memory, slot.position, length);
  queue.popped = (queue.popped + 1) & 0xffff;
};

/**
 * IN_ORDER: one element returns a batch, all chains from the oldest up to `head`, which `canReturn` has let through. §2.7.9, §2.8.8
 * Returns false, and the queue is broken, when those are more than `countMax`.
 */
export const beginBatch = (queue: Queue, head: u32, length: u32, countMax: u32): bool => {
  const count: u32 = ((queue.slots[head].position - queue.popped) & 0xffff) + 1;
  if (count > countMax) return refuse(queue, FAULT_BATCH, count, countMax);
  queue.batchLeft = count;
  queue.batchLength = length;
  return true;
};

/** IN_ORDER: takes back the next chain of the batch and returns its head. Those before the last one were used completely. §2.7.9, §2.8.8 */
export const takeNextOfBatch = (queue: Queue): i32 => {
  const head: u16 = queue.oldest;
  const slot: Slot = queue.slots[head];
  queue.batchLeft--;
  queue.oldest = queue.slots[slot.last].next;
  takeBack(queue, head, queue.batchLeft === 0 ? queue.batchLength : slot.writable);
  return head;
};

/** Breaks the queue: the device said what cannot be. Returns QUEUE_BROKEN. */
export const breakQueue = (queue: Queue, code: u8, found: u32, expected: u32): i32 => {
  queue.broken = true;
  queue.faultCode = code;
  queue.faultFound = found;
  queue.faultExpected = expected;
  return QUEUE_BROKEN;
};

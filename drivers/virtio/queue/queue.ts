'use machine';
// A virtqueue, driver side: one interface, two layouts. VIRTIO 1.2 §2.6 to §2.9. Hot for every request of every device.
//
//   reserve ──► fill × count ──► add ──►┐ (again, for a batch)
//                                       └──► kick ─── device ───► pop
//
// A chain that was added is the device's with the next kick, and not before: one fence, one store and at most one notification publish a whole batch,
// and the device sees it all at once. Until then it is as much in flight as the others: its memory is taken, and detachNext has it back.
// What is always true:
//  - Nothing is allocated after creation. Chains may complete in any order; each head comes back exactly once, by pop or by detachNext.
//  - What the device wrote is checked before it is used. A device that says what cannot be breaks its queue: nothing more is taken
//    from it, `faultCode` says what it was, and the chains that it has come back by detachNext once it is reset.
//  - An index or a flag is never visible to the device before what it stands for; what was not published cannot come back.
//
// Lost kicks. A device may say that it needs no notification (NO_NOTIFY, avail_event, event suppression). That is safe only if our
// publication is visible before we read its word, and that takes a fence that does what it says: QEMU's emulator with one processor drops it, and
// a device in a thread of its own then misses what was published just before it went to sleep. So `kick` takes the device's word only when
// `trustsSuppression` says so (create.ts decides: never under that emulator), and otherwise notifies once a batch, which costs a microsecond at most.
// And whoever waits calls `watch`: when nothing comes back for REKICK_AFTER_NS, it notifies again, counts that in
// `rekickCount`, and trusts no more. A device that was only slow loses nothing by it: it MUST handle spurious notifications. §2.7.10
// Interrupts could be lost in the same way, between `allowInterrupts` and its look at the ring: it goes through fenceDevices, which holds there, too.
//
// A head is the name of a chain, 0 to size - 1. It is an i32 so that a negative one can be a code (QUEUE_FULL, QUEUE_EMPTY, QUEUE_BROKEN).

import { assert } from '../../../kernel/base/assert.ts';
import { alignUp } from '../../../kernel/base/bits.ts';
import type { bool, DmaOffset, i32, PhysicalAddress, u8, u16, u32, u53 } from '../../../kernel/base/machine.ts';
import { dmaFill, dmaLength, dmaWrite32, dmaWrite64, fence } from '../../../kernel/hal/dma.ts';
import { fenceDevices } from '../../../kernel/hal/interrupts.ts';
import { TRACE_DETACHED, TRACE_PUBLISHED, trace } from '../../../kernel/hal/trace.ts';
import { ringDoorbell } from './doorbell.ts';
import {
  addPacked,
  allowPacked,
  beginPacked,
  canPopPacked,
  linkPacked,
  packedDeviceOffset,
  packedDriverOffset,
  packedMemoryLength,
  packedWantsKick,
  popPacked,
  publishPacked,
  restartPacked,
  suppressPacked,
} from './packed.ts';
import {
  DESCRIPTOR_ADDRESS,
  DESCRIPTOR_LENGTH,
  DESCRIPTOR_SIZE,
  DEVICE_READS,
  deviceAddress,
  QUEUE_BROKEN,
  QUEUE_EMPTY,
  QUEUE_FULL,
  QUEUE_PACKED,
  QUEUE_SIZE_MAX,
  QUEUE_SPLIT,
  type Queue,
  type Slot,
} from './record.ts';
import { clearSlots, countWithDevice } from './slots.ts';
import {
  addSplit,
  allowSplit,
  canPopSplit,
  linkSplit,
  popSplit,
  publishSplit,
  restartSplit,
  splitDeviceOffset,
  splitDriverOffset,
  splitMemoryLength,
  splitWantsKick,
  suppressSplit,
} from './split.ts';

/** So long `watch` waits for a chain to come back before it notifies again: longer than nearly every request, short for who waits. */
export const REKICK_AFTER_NS: u53 = 10000000;

/** Where a queue's memory starts: a cache line's beginning satisfies every area. §2.7, §2.8.10.1 */
export const QUEUE_ALIGNMENT: u32 = 64;

/** The same for a legacy device, which is told a page number; its used ring starts a page of its own. §2.7.2 */
export const LEGACY_ALIGNMENT: u32 = 4096;

/** Bytes that a chain describes at most: the specification has one more, which a length of 32 bits could not say. §2.7.5.2 */
const CHAIN_LENGTH_MAX: u53 = 0xffffffff;

/**
 * A queue that has been full once puts chains into tables when less than this part of its descriptors is free: it then holds more of them. Before, only a chain that
 * does not fit goes into a table, because a table costs the device one more look at memory.
 */
const LOW_WATER_DIVISOR: u32 = 4;

/** Notes the number of a queue and what was negotiated for it. */
export const chooseLayout = (
  queue: Queue,
  index: u16,
  isPacked: bool,
  hasTables: bool,
  hasEventIndex: bool,
  isInOrder: bool,
  isLegacy: bool,
): void => {
  queue.index = index;
  queue.layout = isPacked ? QUEUE_PACKED : QUEUE_SPLIT;
  queue.hasTables = hasTables;
  queue.hasEventIndex = hasEventIndex;
  queue.isInOrder = isInOrder;
  queue.isLegacy = isLegacy;
};

/** Returns the bytes of DMA memory for the three areas of a queue of `size` elements, at a multiple of `alignment`. */
export const ringMemoryLength = (layout: u8, size: u32, alignment: u32): u32 =>
  layout === QUEUE_PACKED ? packedMemoryLength(size) : splitMemoryLength(size, alignment);

/** Returns the bytes of DMA memory for a queue of `size` elements with an indirect table of `tableLength` descriptors each (0: none). */
export const queueMemoryLength = (layout: u8, size: u32, alignment: u32, tableLength: u32): u32 =>
  tablesOffset(layout, size, alignment) + size * tableLength * DESCRIPTOR_SIZE;

/** Returns the offset of the tables in a queue's memory: behind the areas. */
const tablesOffset = (layout: u8, size: u32, alignment: u32): u32 =>
  alignUp(ringMemoryLength(layout, size, alignment), QUEUE_ALIGNMENT) + 0;

/**
 * Lays a queue of `size` elements out in `memory`, which has queueMemoryLength bytes at a multiple of `alignment`, and starts it. `layout`,
 * `tableLength` and what was negotiated are set before. The device does not know of it yet.
 */
export const prepare = (queue: Queue, size: u32, memory: DmaOffset, alignment: u32): void => {
  assert(size > 0 && size <= QUEUE_SIZE_MAX, 'the size of a queue is from 1 to QUEUE_SIZE_MAX');
  const layout: u8 = queue.layout;
  assert(layout === QUEUE_PACKED || (size & (size - 1)) === 0, 'the size of a split queue is a power of two');
  queue.size = size;
  queue.memory = memory;
  queue.memoryLength = queueMemoryLength(layout, size, alignment, queue.tableLength);
  queue.ringLength = ringMemoryLength(layout, size, alignment);
  queue.descriptors = memory;
  queue.driver = memory + (layout === QUEUE_PACKED ? packedDriverOffset(size) : splitDriverOffset(size));
  queue.device = memory + (layout === QUEUE_PACKED ? packedDeviceOffset(size) : splitDeviceOffset(size, alignment));
  queue.tables = memory + tablesOffset(layout, size, alignment);
  restart(queue);
};

/** Starts the rings anew. The device must not know the queue: before it is enabled, or after a reset and when all was detached. */
export const restart = (queue: Queue): void => {
  dmaFill(queue.memory, queue.ringLength, 0);
  clearSlots(queue);
  queue.lowWater = queue.lowWaterMin;
  queue.interruptsAllowed = true; // What zeroed memory means, in both layouts.
  if (queue.layout === QUEUE_PACKED) restartPacked(queue);
  else restartSplit(queue);
};

/** Keeps `count` descriptors of the ring for chains in tables, so that as many chains always find room that are no longer than a table. */
export const keepForTables = (queue: Queue, count: u32): void => {
  queue.lowWaterMin = count;
  queue.lowWater = count;
};

/**
 * Begins a chain of `count` descriptors, 1 to `usableCount`, all of which are to be filled next. Returns its head, QUEUE_FULL when there is no room
 * now, or QUEUE_BROKEN. A chain lies in the ring, or in its head's table when the ring runs low or has too few descriptors left.
 */
export const reserve = (queue: Queue, count: u16): i32 => {
  assert(count > 0 && count <= queue.size, 'a chain has from one descriptor to as many as its queue');
  assert(queue.fillLeft === 0, 'one chain is built at a time');
  if (queue.broken) return QUEUE_BROKEN;
  const head: u16 = queue.freeHead;
  const free: u32 = queue.freeCount;
  if (count + queue.lowWater > free) {
    if (free !== 0 && count > 1 && count <= queue.tableLength) return reserveTable(queue, head, count);
    if (count > free) return failFull(queue);
  }
  queue.head = head;
  queue.isInTable = false;
  queue.ringCount = count;
  queue.freeCount = free - count;
  queue.fillLeft = count;
  queue.fillLength = 0;
  queue.fillReadable = 0;
  queue.fillBase = queue.descriptors;
  if (queue.layout === QUEUE_PACKED) beginPacked(queue);
  else queue.fillAt = head;
  return head;
};

const failFull = (queue: Queue): i32 => {
  if (queue.tableLength !== 0) queue.lowWater = Math.max(Math.floor(queue.size / LOW_WATER_DIVISOR), queue.lowWaterMin);
  return QUEUE_FULL;
};

/** The same for a chain in the table of its head, which takes one descriptor of the ring. */
const reserveTable = (queue: Queue, head: u16, count: u16): i32 => {
  queue.head = head;
  queue.isInTable = true;
  queue.ringCount = 1;
  queue.freeCount--;
  queue.fillLeft = count;
  queue.fillLength = 0;
  queue.fillReadable = 0;
  queue.fillBase = queue.tables + head * queue.tableLength * DESCRIPTOR_SIZE;
  queue.fillAt = 0;
  return head;
};

/**
 * Describes `length` bytes at `data` in the next descriptor of the chain, for the device to read or to write (DEVICE_READS, DEVICE_WRITES).
 * What the device reads comes before what it writes. §2.7.4.2
 */
export const fill = (queue: Queue, data: DmaOffset, length: u32, direction: u32): void => {
  assert(length > 0 && data + length <= dmaLength(), 'a buffer lies in the DMA window');
  describe(queue, deviceAddress(queue, data), length, direction);
};

/** The same for memory outside of the DMA window that is the driver's: free pages (kernel/hal/page-runs.ts). Nobody looks at what it holds. */
export const fillPages = (queue: Queue, address: PhysicalAddress, length: u32, direction: u32): void => {
  assert(length > 0, 'a buffer has a length');
  describe(queue, address, length, direction);
};

const describe = (queue: Queue, address: PhysicalAddress, length: u32, direction: u32): void => {
  const count: u16 = queue.fillLeft;
  assert(count > 0, 'a chain has as many buffers as were reserved');
  if (direction === DEVICE_READS) {
    assert(queue.fillReadable === queue.fillLength, 'what the device reads comes first');
    queue.fillReadable += length;
  }
  queue.fillLength += length;
  const left: u16 = count - 1;
  queue.fillLeft = left;
  const at: u16 = queue.fillAt;
  const descriptor: DmaOffset = queue.fillBase + at * DESCRIPTOR_SIZE;
  dmaWrite64(descriptor + DESCRIPTOR_ADDRESS, address);
  dmaWrite32(descriptor + DESCRIPTOR_LENGTH, length);
  if (queue.layout === QUEUE_PACKED) linkPacked(queue, descriptor, at, direction, left);
  else linkSplit(queue, descriptor, at, direction, left);
};

/** Adds the filled chain to those that go to the device with the next kick. §2.7.13, §2.8.21 */
export const add = (queue: Queue): void => {
  assert(queue.fillLeft === 0, 'all of a chain is filled');
  assert(queue.fillLength <= CHAIN_LENGTH_MAX, 'a chain describes less than 4 GiB');
  if (queue.layout === QUEUE_PACKED) addPacked(queue);
  else addSplit(queue);
};

/** Makes all that was added visible to the device, at once. Returns how many chains that were. */
const publish = (queue: Queue): u32 => {
  const count: u32 = queue.added - queue.published;
  if (count === 0 || queue.broken) return 0; // What the device of a broken queue has is enough.
  if (countWithDevice(queue) === 0) queue.watchedSince = 0; // Nothing was there to wait for: `watch` starts to count anew.
  if (queue.layout === QUEUE_PACKED) publishPacked(queue);
  else publishSplit(queue);
  trace(TRACE_PUBLISHED, queue.memory, queue.published, count);
  queue.published = queue.added;
  return count;
};

/** Gives the device what was added since the last kick, with one notification when it wants one. Returns whether it was notified. §2.9 */
export const kick = (queue: Queue): bool => {
  const count: u32 = publish(queue);
  if (count === 0) return false;
  fence(); // What was published before the device's word: else it sleeps, and neither side wakes the other. §2.7.13.4.1, §2.8.21.3.1
  if (queue.trustsSuppression) {
    const isWanted: bool = queue.layout === QUEUE_PACKED ? packedWantsKick(queue) : splitWantsKick(queue, count);
    if (!isWanted) return false;
  }
  ringDoorbell(queue);
  return true;
};

/**
 * To be called while waiting, with the time of clockNow: notifies the device again when it has chains and nothing was popped for
 * REKICK_AFTER_NS. Returns whether it did. See "Lost kicks" above.
 */
export const watch = (queue: Queue, now: u53): bool => {
  if (countWithDevice(queue) === 0 || queue.popped !== queue.watchedPopped || queue.watchedSince === 0) {
    queue.watchedPopped = queue.popped;
    queue.watchedSince = now;
    return false;
  }
  if (now - queue.watchedSince < REKICK_AFTER_NS) return false;
  queue.watchedSince = now;
  queue.trustsSuppression = false;
  queue.rekickCount = (queue.rekickCount + 1) >>> 0;
  publish(queue); // It is told of that, too.
  ringDoorbell(queue);
  return true;
};

/** Returns whether `pop` would not return QUEUE_EMPTY. */
export const canPop = (queue: Queue): bool =>
  queue.broken || (queue.layout === QUEUE_PACKED ? canPopPacked(queue) : canPopSplit(queue));

/**
 * Takes back one completed chain. Returns its head, QUEUE_EMPTY or QUEUE_BROKEN. `poppedLength` says how many bytes the device wrote, from the start
 * of what it may write, `poppedWritable` how many that could have been. §2.7.14, §2.8.22
 */
export const pop = (queue: Queue): i32 => {
  if (queue.broken) return QUEUE_BROKEN;
  return queue.layout === QUEUE_PACKED ? popPacked(queue) : popSplit(queue);
};

/** Asks the device for no interrupts. It is advice: one that is under way still comes. §2.7.7, §2.8.10 */
export const suppressInterrupts = (queue: Queue): void => {
  queue.interruptsAllowed = false;
  if (queue.layout === QUEUE_PACKED) suppressPacked(queue);
  else suppressSplit(queue);
};

/**
 * Asks the device for an interrupt when the next chain completes. With EVENT_IDX it may be the only one until this is called again. Returns true when
 * something has completed meanwhile, which may cause none: pop it before sleeping. §2.7.7, §2.8.10
 */
export const allowInterrupts = (queue: Queue): bool => {
  queue.interruptsAllowed = true;
  if (queue.layout === QUEUE_PACKED) allowPacked(queue);
  else allowSplit(queue);
  fenceDevices(); // Our wish before the look at the ring: what completes after the look sees the wish. §2.7.14, §2.8.22
  return canPop(queue);
};

/**
 * Takes back one chain that is in flight, without asking the device: it must have been reset. Returns its head, or QUEUE_EMPTY when there are no more.
 * The queue is broken until `restart`.
 */
export const detachNext = (queue: Queue): i32 => {
  queue.broken = true;
  if (queue.inFlight === 0) return QUEUE_EMPTY;
  while (queue.slots[queue.detachAt].count === 0) queue.detachAt++; // Ends: one of them is in flight.
  const slot: Slot = queue.slots[queue.detachAt];
  slot.count = 0;
  queue.inFlight--;
  trace(TRACE_DETACHED, queue.memory, slot.position, 0);
  return queue.detachAt + 0;
};

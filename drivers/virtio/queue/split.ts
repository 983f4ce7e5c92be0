'use machine';
// Split virtqueue, driver side. VIRTIO 1.2 §2.7. Hot for every request of every device.
//
//   reserve ──► fill × count ──► publish ──► notify ─── device ───► pop
//
//   descriptors   size × { address 64, length 32, flags 16, next 16 }     ours; the device reads
//   available     flags 16, index 16, size × head 16                      ours; the device reads
//   used          flags 16, index 16, size × { head 32, length 32 }       the device's
//
// The rings lie in DMA memory, which the device can write at any time. From there we read only what the device alone can tell us (the used
// ring); our links, counts and indices live in the record. A device that says what cannot be breaks its queue: `broken` stays
// set until `detach`, and nothing more is taken from it.
//
// A head is the index of the first descriptor of a chain. It is an i32 so that a negative one can be a code.

import { assert } from '../../../kernel/base/assert.ts';
import { alignUp } from '../../../kernel/base/bits.ts';
import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type MmioOffset,
  type u16,
  type u32,
  type u53,
} from '../../../kernel/base/machine.ts';
import {
  dmaBusAddress,
  dmaFill,
  dmaLength,
  dmaRead16,
  dmaRead32,
  dmaWrite16,
  dmaWrite32,
  dmaWrite64,
  fence,
} from '../../../kernel/hal/dma.ts';
import { mmioWrite16 } from '../../../kernel/hal/mmio.ts';

/** The longest queue that a record has room for. QEMU's devices have up to 1024 elements. */
export const QUEUE_SIZE_MAX: u32 = 1024;

// What `reserve` and `pop` return instead of a head.
export const QUEUE_FULL: i32 = -1;
export const QUEUE_EMPTY: i32 = -2;
export const QUEUE_BROKEN: i32 = -3;

// Whose turn it is with a buffer. §2.7.5
export const DEVICE_READS: u32 = 0;
export const DEVICE_WRITES: u32 = 2;

//    descriptor                             offset   width   §2.7.5
const DESCRIPTOR_ADDRESS: u32 = 0; //                 64
const DESCRIPTOR_LENGTH: u32 = 8; //                  32
const DESCRIPTOR_FLAGS_AND_NEXT: u32 = 12; //         16 + 16, stored in one piece
const DESCRIPTOR_SIZE: u32 = 16;
const FLAG_NEXT: u32 = 1;

//    available ring                         offset   width   §2.7.6
const AVAILABLE_INDEX: u32 = 2; //                    16
const AVAILABLE_RING: u32 = 4; //                     16 each
const AVAILABLE_ELEMENT_SIZE: u32 = 2;

//    used ring                              offset   width   §2.7.8
const USED_INDEX: u32 = 2; //                         16
const USED_RING: u32 = 4;
const USED_ELEMENT_HEAD: u32 = 0; //                  32
const USED_ELEMENT_LENGTH: u32 = 4; //                32
const USED_ELEMENT_SIZE: u32 = 8;

/** The two event fields behind the rings, which EVENT_IDX uses. §2.7.7, §2.7.8 */
const EVENT_SIZE: u32 = 2;

/** The used ring starts a cache line of its own: it is the part that the device writes. */
const USED_ALIGNMENT: u53 = 64;

/** Descriptors are 16-byte aligned, and so is the whole. §2.7 */
export const QUEUE_ALIGNMENT: u32 = 64;

/** The link behind the last descriptor of a chain or of the free list. */
const LIST_END: i32 = -1;

/** Driver side of one queue. */
export class SplitQueue {
  /** The number of the queue in its device. */
  index: u16 = 0;
  /** Elements: a power of two, at most QUEUE_SIZE_MAX. */
  size: u32 = 0;
  descriptors: DmaOffset = 0;
  available: DmaOffset = 0;
  used: DmaOffset = 0;
  doorbell: MmioOffset = 0;

  /** How many chains the device has and has not returned. */
  inFlight: u32 = 0;
  freeHead: i32 = 0;
  freeCount: u32 = 0;
  /** The index that the next published chain gets, and the one that the next popped chain has; both count on past `size` and wrap at 2^16. */
  availableNext: u16 = 0;
  usedNext: u16 = 0;
  /** Bytes that the device wrote into the chain popped last, from its start. At most what it was allowed to write. */
  poppedLength: u32 = 0;
  broken: bool = false;

  /** Of each descriptor: the next one of its chain or of the free list. */
  next: FixedArray<i32, 1024> = fixedArray(1024, 0);
  /** Of each head: the descriptors of its chain while the device has it, else 0. */
  chainCount: FixedArray<u16, 1024> = fixedArray(1024, 0);
  /** Of each descriptor: the bytes that the device may write through it. */
  writableLength: FixedArray<u32, 1024> = fixedArray(1024, 0);
}

/** Returns the offset of the available ring in a queue's memory. */
const availableOffset = (size: u32): u32 => size * DESCRIPTOR_SIZE;

/** Returns the offset of the used ring in a queue's memory. */
const usedOffset = (size: u32): u32 =>
  alignUp(availableOffset(size) + AVAILABLE_RING + size * AVAILABLE_ELEMENT_SIZE + EVENT_SIZE, USED_ALIGNMENT) + 0;

/** Returns the bytes of DMA memory that a queue of `size` elements needs, at a multiple of QUEUE_ALIGNMENT. */
export const queueMemoryLength = (size: u32): u32 =>
  usedOffset(size) + USED_RING + size * USED_ELEMENT_SIZE + EVENT_SIZE;

/** Lays out queue `index` of `size` elements (a power of two) in zeroed memory at `memory`. The device does not know of it yet. */
export const prepare = (queue: SplitQueue, index: u16, size: u32, memory: DmaOffset): void => {
  assert(size > 0 && size <= QUEUE_SIZE_MAX && (size & (size - 1)) === 0, 'the size of a queue is a power of two');
  queue.index = index;
  queue.size = size;
  queue.descriptors = memory;
  queue.available = memory + availableOffset(size);
  queue.used = memory + usedOffset(size);
  detach(queue);
};

/** Takes every chain back without asking the device, which must have been reset, and starts the rings anew. */
export const detach = (queue: SplitQueue): void => {
  dmaFill(queue.descriptors, queueMemoryLength(queue.size), 0);
  for (let i: i32 = 0; i < queue.size; i++) {
    queue.next[i] = i + 1;
    queue.chainCount[i] = 0;
    queue.writableLength[i] = 0;
  }
  queue.next[queue.size - 1] = LIST_END;
  queue.freeHead = 0;
  queue.freeCount = queue.size;
  queue.inFlight = 0;
  queue.availableNext = 0;
  queue.usedNext = 0;
  queue.poppedLength = 0;
  queue.broken = false;
};

/** Tells the queue where its notifications go: what the transport returned when it enabled the queue. */
export const attach = (queue: SplitQueue, doorbell: MmioOffset): void => {
  queue.doorbell = doorbell;
};

/** Takes a chain of `count` (1 or more) descriptors from the free list. Returns its head, QUEUE_FULL when so many are not free, or QUEUE_BROKEN. */
export const reserve = (queue: SplitQueue, count: u16): i32 => {
  assert(count > 0, 'a chain has a descriptor');
  if (queue.broken) return QUEUE_BROKEN;
  if (count > queue.freeCount) return QUEUE_FULL;
  const head: i32 = queue.freeHead;
  let last: i32 = head;
  for (let i: u32 = 1; i < count; i++) last = queue.next[last];
  queue.freeHead = queue.next[last];
  queue.freeCount -= count;
  queue.next[last] = LIST_END;
  queue.chainCount[head] = count;
  return head;
};

/**
 * Describes `length` bytes at `data` in the chain's descriptor `at`, for the device to read or to write (DEVICE_READS, DEVICE_WRITES).
 * Returns the chain's next descriptor. What the device reads comes before what it writes. §2.7.4.2
 */
export const fill = (queue: SplitQueue, at: i32, data: DmaOffset, length: u32, direction: u32): i32 => {
  assert(length > 0 && data + length <= dmaLength(), 'a buffer lies in the DMA window');
  const descriptor: DmaOffset = queue.descriptors + at * DESCRIPTOR_SIZE;
  const following: i32 = queue.next[at];
  dmaWrite64(descriptor + DESCRIPTOR_ADDRESS, dmaBusAddress(data));
  dmaWrite32(descriptor + DESCRIPTOR_LENGTH, length);
  dmaWrite32(
    descriptor + DESCRIPTOR_FLAGS_AND_NEXT,
    following === LIST_END ? direction : (direction | FLAG_NEXT | (following << 16)) >>> 0,
  );
  queue.writableLength[at] = direction === DEVICE_WRITES ? length : 0;
  return following;
};

/** Gives a filled chain to the device. It may start at once, also without a notification. §2.7.13 */
export const publish = (queue: SplitQueue, head: i32): void => {
  const slot: u32 = queue.availableNext & (queue.size - 1);
  dmaWrite16(queue.available + AVAILABLE_RING + slot * AVAILABLE_ELEMENT_SIZE, head & 0xffff);
  queue.availableNext = (queue.availableNext + 1) & 0xffff;
  queue.inFlight++;
  fence(); // The descriptors and the element before the index: the device reads both once the index covers them. §2.7.13.3
  dmaWrite16(queue.available + AVAILABLE_INDEX, queue.availableNext);
};

/**
 * Tells the device that chains were published: once for all of a batch. §2.7.13.4
 *
 * The used ring's NO_NOTIFY flag is only advice, and it is not asked: QEMU under TCG with one processor drops the guest's fence, so the flag
 * may be read before our index is seen, and then neither side would wake the other.
 */
export const notify = (queue: SplitQueue): void => {
  fence(); // The index before the doorbell: the device looks at the index when it is rung.
  mmioWrite16(queue.doorbell, queue.index);
};

/** Takes back one completed chain. Returns its head, QUEUE_EMPTY or QUEUE_BROKEN; `poppedLength` says how much was written. §2.7.14 */
export const pop = (queue: SplitQueue): i32 => {
  if (queue.broken) return QUEUE_BROKEN;
  const pending: u32 = (dmaRead16(queue.used + USED_INDEX) - queue.usedNext) & 0xffff;
  if (pending === 0) return QUEUE_EMPTY;
  if (pending > queue.inFlight) return breakQueue(queue); // More than it was given.
  fence(); // The index before the element: an element is valid once the index covers it.

  const slot: u32 = queue.usedNext & (queue.size - 1);
  const element: DmaOffset = queue.used + USED_RING + slot * USED_ELEMENT_SIZE;
  const head: i32 = dmaRead32(element + USED_ELEMENT_HEAD) | 0; // What is 2^31 or more turns negative, and is refused with the others.
  const length: u32 = dmaRead32(element + USED_ELEMENT_LENGTH);
  if (head < 0 || head >= queue.size) return breakQueue(queue);
  if (queue.chainCount[head] === 0) return breakQueue(queue); // Never given to it, or returned before.
  if (release(queue, head) < length) return breakQueue(queue); // Written past the end, or a lie.

  queue.poppedLength = length;
  queue.usedNext = (queue.usedNext + 1) & 0xffff;
  queue.inFlight--;
  return head;
};

/** Puts a chain back on the free list. Returns the bytes that the device was allowed to write. The links are ours, not the device's. */
const release = (queue: SplitQueue, head: i32): u53 => {
  const count: u16 = queue.chainCount[head];
  let writable: u53 = queue.writableLength[head] + 0;
  let last: i32 = head;
  for (let i: u32 = 1; i < count; i++) {
    last = queue.next[last];
    writable += queue.writableLength[last];
  }
  queue.next[last] = queue.freeHead;
  queue.freeHead = head;
  queue.freeCount += count;
  queue.chainCount[head] = 0;
  return writable;
};

const breakQueue = (queue: SplitQueue): i32 => {
  queue.broken = true;
  return QUEUE_BROKEN;
};

'use machine';
// The packed virtqueue, driver side. VIRTIO 1.2 §2.8. Hot for every request of every device.
//
//   descriptors   size × { address 64, length 32, id 16, flags 16 }      one ring: we make descriptors available, the device marks them used
//   driver        { off 15, wrap 1, flags 16 }                           which interrupts we want
//   device        { off 15, wrap 1, flags 16 }                           which notifications the device wants
//
//   AVAIL and USED in the flags:    available, lap 1: 1 0    used, lap 1: 1 1    available, lap 2: 0 1    used, lap 2: 0 0    and so on
//
// Both sides count laps with one bit, the wrap counter, which starts at 1. We keep it as the flags that it stands for: `availableFlags` for
// what we write next, `usedFlags` for what a used descriptor shows. A head is a buffer id; slots.ts has one a descriptor of the ring.
// queue.ts says what each function is for.

import type { bool, DmaOffset, i32, u16, u32 } from '../../../kernel/base/machine.ts';
import { dmaRead16, dmaRead32, dmaWrite16, dmaWrite32, dmaWrite64, fence } from '../../../kernel/hal/dma.ts';
import {
  DESCRIPTOR_ADDRESS,
  DESCRIPTOR_LAST_WORD,
  DESCRIPTOR_LENGTH,
  DESCRIPTOR_SIZE,
  DEVICE_WRITES,
  deviceAddress,
  FAULT_TOO_MANY,
  FLAG_INDIRECT,
  FLAG_NEXT,
  QUEUE_BROKEN,
  QUEUE_EMPTY,
  type Queue,
} from './record.ts';
import { beginBatch, breakQueue, canReturn, countWithDevice, noteAdded, takeBack, takeNextOfBatch } from './slots.ts';

//    the last word of a descriptor          offset   width   §2.8.13
const DESCRIPTOR_ID: u32 = 12; //                     16
const DESCRIPTOR_FLAGS: u32 = 14; //                  16

// AVAIL, and AVAIL with USED: what changes with the lap. §2.8.1
const FLAG_AVAILABLE: u16 = 0x0080;
const LAP_FLAGS: u16 = 0x8080;

// An event suppression structure is read and written in one piece: flags << 16 | wrap << 15 | off. §2.8.14
const EVENTS_ENABLED: u32 = 0;
const EVENTS_DISABLED: u32 = 0x10000;
const EVENTS_FROM_DESCRIPTOR: u32 = 0x20000;
const EVENT_FLAGS_MASK: u32 = 0x30000;
const EVENT_OFFSET_MASK: u32 = 0x7fff;
const EVENT_WRAP: u32 = 0x8000;
const EVENT_SIZE: u32 = 4;

/** The two structures have a cache line each: one is ours, one the device's. */
const EVENT_ALIGNMENT: u32 = 64;

/** Returns the offset of the driver's event suppression in a queue's memory. */
export const packedDriverOffset = (size: u32): u32 =>
  Math.ceil((size * DESCRIPTOR_SIZE) / EVENT_ALIGNMENT) * EVENT_ALIGNMENT;

/** Returns the offset of the device's. */
export const packedDeviceOffset = (size: u32): u32 => packedDriverOffset(size) + EVENT_ALIGNMENT;

/** Returns the bytes of memory that a packed queue of `size` elements needs, without indirect tables. */
export const packedMemoryLength = (size: u32): u32 => packedDeviceOffset(size) + EVENT_SIZE;

/** Starts the first lap. */
export const restartPacked = (queue: Queue): void => {
  queue.availableAt = 0;
  queue.availableFlags = FLAG_AVAILABLE;
  queue.usedAt = 0;
  queue.usedFlags = LAP_FLAGS;
};

/** Says where the chain's first descriptor lies: behind the last one that was made available. */
export const beginPacked = (queue: Queue): void => {
  queue.fillAt = queue.availableAt;
  queue.fillFlags = queue.availableFlags;
};

/** Ends descriptor `at` of the chain, after which `left` follow. */
export const linkPacked = (queue: Queue, descriptor: DmaOffset, at: u16, direction: u32, left: u16): void => {
  if (queue.isInTable) {
    // No id, no NEXT: a table's descriptors follow each other. §2.8.7
    dmaWrite32(descriptor + DESCRIPTOR_LAST_WORD, direction << 16);
    queue.fillAt = at + 1;
    return;
  }
  const flags: u16 = direction | queue.fillFlags | (left === 0 ? 0 : FLAG_NEXT);
  if (at === queue.availableAt) {
    queue.firstFlags = flags;
    dmaWrite16(descriptor + DESCRIPTOR_ID, queue.head);
  } else {
    dmaWrite32(descriptor + DESCRIPTOR_LAST_WORD, ((flags << 16) | queue.head) >>> 0);
  }
  queue.fillAt = at + 1;
  if (queue.fillAt === queue.size) {
    queue.fillAt = 0;
    queue.fillFlags = queue.fillFlags ^ LAP_FLAGS;
  }
};

/** Ends the chain. The flags of its first descriptor show it; of a batch's first chain, `publishPacked` writes them. §2.8.21 */
export const addPacked = (queue: Queue): void => {
  const first: DmaOffset = queue.descriptors + queue.availableAt * DESCRIPTOR_SIZE;
  let flags: u16 = queue.firstFlags;
  if (queue.isInTable) {
    dmaWrite64(first + DESCRIPTOR_ADDRESS, deviceAddress(queue, queue.fillBase));
    dmaWrite32(first + DESCRIPTOR_LENGTH, queue.fillAt * DESCRIPTOR_SIZE);
    dmaWrite16(first + DESCRIPTOR_ID, queue.head);
    flags = FLAG_INDIRECT | queue.availableFlags;
    queue.fillAt = queue.availableAt + 1;
    queue.fillFlags = queue.availableFlags;
    if (queue.fillAt === queue.size) {
      queue.fillAt = 0;
      queue.fillFlags = queue.fillFlags ^ LAP_FLAGS;
    }
  }
  if (queue.added === queue.published) {
    queue.batchAt = queue.availableAt;
    queue.batchFlags = flags;
  } else {
    dmaWrite16(first + DESCRIPTOR_FLAGS, flags); // The device does not get here before it has seen the first chain.
  }
  queue.availableAt = queue.fillAt;
  queue.availableFlags = queue.fillFlags;
  noteAdded(queue, queue.head, queue.slots[queue.head].next);
};

/** Makes all that was added available: the flags of its first descriptor, last of all. §2.8.21.1 */
export const publishPacked = (queue: Queue): void => {
  fence(); // All of the batch before the flags that show it: the device reads it once it sees them. §2.8.21.1.1
  dmaWrite16(queue.descriptors + queue.batchAt * DESCRIPTOR_SIZE + DESCRIPTOR_FLAGS, queue.batchFlags);
};

/** Returns `off` and `wrap` of the descriptor that is made available next, as NOTIFICATION_DATA has them. §2.9 */
export const packedNext = (queue: Queue): u16 =>
  queue.availableAt | (queue.availableFlags === FLAG_AVAILABLE ? EVENT_WRAP : 0);

/** Returns whether the device wants to be told of the batch that was published last. §2.8.10 */
export const packedWantsKick = (queue: Queue): bool => {
  const event: u32 = dmaRead32(queue.device);
  const flags: u32 = event & EVENT_FLAGS_MASK;
  if (flags === EVENTS_DISABLED) return false;
  if (flags !== EVENTS_FROM_DESCRIPTOR || !queue.hasEventIndex) return true;
  // How many descriptors ago the one that the device waits for was made available; 0 or less when it was not yet.
  const next: u16 = packedNext(queue);
  const lap: u32 = ((event ^ next) & EVENT_WRAP) === 0 ? 0 : queue.size;
  const distance: i32 = (next & EVENT_OFFSET_MASK) - (event & EVENT_OFFSET_MASK) + lap;
  const batchLength: i32 = queue.availableAt - queue.batchAt;
  return distance > 0 && distance <= (batchLength > 0 ? batchLength : batchLength + queue.size);
};

/** Returns whether a completed chain is waiting. */
export const canPopPacked = (queue: Queue): bool => {
  if (queue.batchLeft !== 0) return true;
  const flags: u32 = dmaRead16(queue.descriptors + queue.usedAt * DESCRIPTOR_SIZE + DESCRIPTOR_FLAGS);
  return (flags & LAP_FLAGS) === queue.usedFlags;
};

/**
 * Returns how much the device says that it wrote into chain `head`. WRITE says that the length means something (§2.8.4), but QEMU never sets it: without
 * it a length is taken that can be true, and any other is as good as none.
 */
const usedLength = (queue: Queue, head: u16, flags: u16, length: u32): u32 => {
  if ((flags & DEVICE_WRITES) !== 0 || head >= queue.size) return length;
  return length > queue.slots[head].writable ? 0 : length;
};

/** Takes back one completed chain. §2.8.22 */
export const popPacked = (queue: Queue): i32 => {
  if (queue.batchLeft === 0) {
    const descriptor: DmaOffset = queue.descriptors + queue.usedAt * DESCRIPTOR_SIZE;
    const flags: u16 = dmaRead16(descriptor + DESCRIPTOR_FLAGS);
    if ((flags & LAP_FLAGS) !== queue.usedFlags) return QUEUE_EMPTY;
    const countMax: u32 = countWithDevice(queue);
    if (countMax === 0) return breakQueue(queue, FAULT_TOO_MANY, 1, 0);
    fence(); // The flags before the rest: the descriptor is the device's answer once they say so. §2.8.22
    const head: u16 = dmaRead16(descriptor + DESCRIPTOR_ID);
    const length: u32 = usedLength(queue, head, flags, dmaRead32(descriptor + DESCRIPTOR_LENGTH));
    if (!canReturn(queue, head, length)) return QUEUE_BROKEN;
    if (!queue.isInOrder) {
      skipUsed(queue, queue.slots[head].count);
      takeBack(queue, head, length);
      return head;
    }
    if (!beginBatch(queue, head, length, countMax)) return QUEUE_BROKEN;
  }
  skipUsed(queue, queue.slots[queue.oldest].count);
  return takeNextOfBatch(queue);
};

/** Moves the place where the device answers next on by the descriptors of a chain that it returned: it overwrote only the first. §2.8.6 */
const skipUsed = (queue: Queue, count: u16): void => {
  const at: u32 = queue.usedAt + count;
  if (at < queue.size) {
    queue.usedAt = at & 0xffff;
    return;
  }
  queue.usedAt = at - queue.size;
  queue.usedFlags = queue.usedFlags ^ LAP_FLAGS;
};

/** Asks for no interrupts. §2.8.10 */
export const suppressPacked = (queue: Queue): void => {
  dmaWrite32(queue.driver, EVENTS_DISABLED);
};

/** Asks for an interrupt when the next chain completes. §2.8.10 */
export const allowPacked = (queue: Queue): void => {
  if (!queue.hasEventIndex) {
    dmaWrite32(queue.driver, EVENTS_ENABLED);
    return;
  }
  const wrap: u32 = queue.usedFlags === LAP_FLAGS ? EVENT_WRAP : 0;
  dmaWrite32(queue.driver, EVENTS_FROM_DESCRIPTOR | wrap | queue.usedAt);
};

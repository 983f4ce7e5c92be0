'use machine';
// A queue with buffers of its own, for every device whose requests, answers or events are short. VIRTIO 1.2 §2.6. Hot for each of them.
//
//   takeFree ──▶ the driver's ──── addBuffer ────▶ under way ── takeReturned ──▶ the driver's ── freeBuffer ──▶ free
//                     ▲                               │                             │
//                     │                               └── takeLost, after a reset ──┤
//                     └─────────────── recycled: added again as it is ──────────────┘
//
//   buffer   ├ readable: the device reads ┤├ writable: the device writes ┤        either may be absent
//
// Requests have both parts, or one; receive queues have the second and are added again when they were looked at; transmit queues have the first.
//
// What is always true:
//  - A buffer is free, or the driver's, or under way. One that is under way is nobody's but the device's.
//  - A buffer that is not under way can be added: the queue has room for all at once.
//  - Those under way are in a list, the oldest first. Their time counts from the kick that told the device.
//
// A driver may look at `queue` for canPop, suppressInterrupts and allowInterrupts, and in a chain of its own for `fill`.

import { assert } from '../../kernel/base/assert.ts';
import { alignUp } from '../../kernel/base/bits.ts';
import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool } from '../../kernel/hal/dma-pool.ts';
import { interruptIsNoted, NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { takeMemory, takeQueue } from './memory.ts';
import {
  add,
  allowInterrupts,
  canPop,
  fill,
  keepForTables,
  kick,
  pop,
  REKICK_AFTER_NS,
  reserve,
  suppressInterrupts,
  watch,
} from './queue/queue.ts';
import { DEVICE_READS, DEVICE_WRITES, QUEUE_EMPTY, Queue } from './queue/record.ts';
import { usableCount } from './queue/slots.ts';
import { restoreQueue } from './restart.ts';
import { FAULT_QUEUE_SHORT, setFault } from './transport/fault.ts';
import type { Transport } from './transport/record.ts';

/** Buffers that one queue may have. */
export const BUFFER_COUNT_MAX: u32 = 1024;

// What functions return in place of a buffer.
/** There is none. */
export const NO_BUFFER: i32 = -1;
/** The device said what cannot be: describeQueueFault says what. It is to be given up. */
export const BUFFERS_BROKEN: i32 = -2;

// What `lookAfter` returns.
/** Nothing is wrong. */
export const CARE_NONE: u8 = 0;
/** Nothing came back for a while, and the device was notified again. */
export const CARE_REKICKED: u8 = 1;
/** The oldest buffer was not back at its deadline. */
export const CARE_EXPIRED: u8 = 2;

/** Each part of a buffer begins at a cache line of its own. */
const PART_ALIGNMENT: u32 = 64;

const NS_PER_MS: u32 = 1000000;

// `state` of a buffer
const FREE: u8 = 0;
const OF_DRIVER: u8 = 1;
const UNDER_WAY: u8 = 2;

class Buffer {
  state: u8 = 0;
  /** The next in the list of free ones. */
  next: i32 = 0;
  /** Those that were added before and after it, while it is under way. */
  older: i32 = 0;
  newer: i32 = 0;
  /** The time of the kick that told the device of it. */
  sentAt: u53 = 0;
}

/** One queue and its buffers. `describeBuffers` says how many and how long before `createBuffers` makes them. */
export class Buffers {
  queue = new Queue();
  /** Buffers 0 to count - 1. */
  count: u32 = 0;
  /** Bytes of the two parts of each. */
  readableLength: u32 = 0;
  writableLength: u32 = 0;
  /** Of the buffer taken back last: how many bytes the device wrote, from the start of what it may write. */
  writtenLength: u32 = 0;

  /** A device that is silent is notified again. A driver may say no before it makes the buffers: for a device that takes each notification for a request. */
  isWatched: bool = true;

  pieceCountMax: u32 = 0;
  deadlineNs: u53 = 0;
  memory: DmaOffset = 0;
  readableStride: u32 = 0;
  stride: u32 = 0;
  freeCount: u32 = 0;
  firstFree: i32 = -1;
  oldest: i32 = -1;
  newest: i32 = -1;
  /** The oldest of those that the device was not told of yet. */
  untold: i32 = -1;
  slots: FixedArray<Buffer, 1024> = fixedArray(1024, Buffer);
  /** The buffer of each chain, by its head. */
  bufferOfHead: FixedArray<u16, 32768> = fixedArray(32768, 0);
}

/**
 * Says how many buffers there are to be, and the bytes of their parts; 0 where there is no such part. `pieceCount`: how many further pieces of memory a chain
 * may have. `deadlineMs`: how long the device may keep a buffer; 0 for as long as it likes, for queues of events.
 */
export const describeBuffers = (
  buffers: Buffers,
  count: u32,
  readableLength: u32,
  writableLength: u32,
  pieceCount: u32,
  deadlineMs: u32,
): void => {
  assert(count > 0 && count <= BUFFER_COUNT_MAX, 'a queue has from 1 to BUFFER_COUNT_MAX buffers');
  const ownCount: u32 = (readableLength === 0 ? 0 : 1) + (writableLength === 0 ? 0 : 1);
  assert(ownCount > 0, 'a buffer has a part');
  buffers.count = count;
  buffers.readableLength = readableLength;
  buffers.writableLength = writableLength;
  buffers.pieceCountMax = ownCount + pieceCount;
  buffers.deadlineNs = deadlineMs * NS_PER_MS;
  buffers.readableStride = alignUp(readableLength, PART_ALIGNMENT) + 0;
  buffers.stride = buffers.readableStride + alignUp(writableLength, PART_ALIGNMENT);
};

/**
 * Makes queue `index` of the device and the buffers, all free. `count` may become less: as many as the device's queue holds. Part of step 7 of
 * initialize.ts; interrupts are off. False: the transport's fault says why.
 */
export const createBuffers = (transport: Transport, pool: DmaPool, index: u16, buffers: Buffers): bool =>
  createBufferQueue(transport, pool, index, buffers) && takeBufferMemory(transport, pool, buffers);

/** The same without the memory of the buffers, none of which is there yet: takeBufferMemory makes them when they are needed first. */
export const createBufferQueue = (transport: Transport, pool: DmaPool, index: u16, buffers: Buffers): bool => {
  const queue: Queue = buffers.queue;
  const pieces: u32 = buffers.pieceCountMax;
  if (pieces === 1) queue.tableLengthWanted = 0; // A descriptor of the ring is enough.
  if (!takeQueue(transport, pool, index, powerOfTwoFrom(buffers.count * pieces), queue)) return false;
  let count: u32 = Math.min(buffers.count, Math.floor(usableCount(queue) / pieces));
  if (count < buffers.count && pieces <= queue.tableLength) {
    count = Math.min(buffers.count, usableCount(queue));
    keepForTables(queue, count);
  }
  if (count === 0) return setFault(transport.fault, FAULT_QUEUE_SHORT, index, queue.size, pieces);
  buffers.count = count;
  return true;
};

/** Makes the buffers of a queue that has none yet, all free. False: the pool has no memory for them, and the transport's fault says how much that is. */
export const takeBufferMemory = (transport: Transport, pool: DmaPool, buffers: Buffers): bool => {
  buffers.memory = takeMemory(transport, pool, buffers.count * buffers.stride, PART_ALIGNMENT);
  if (buffers.memory === DMA_ALLOCATE_FAILED) return false;
  freeAll(buffers);
  return true;
};

/**
 * Hands the queue to the device again that was reset, in the memory that it had. What was under way before comes back by `takeLost`, which is called until it has
 * no more. False: the transport's fault says why.
 */
export const restoreBuffers = (transport: Transport, buffers: Buffers): bool => {
  if (!restoreQueue(transport, buffers.queue)) return false;
  suppressInterrupts(buffers.queue);
  return true;
};

/** Returns the smallest power of two that is at least `count`: the size of a split queue. */
const powerOfTwoFrom = (count: u32): u32 => {
  let size: u32 = 1;
  while (size < count) size *= 2;
  return size;
};

const freeAll = (buffers: Buffers): void => {
  for (let index: u32 = 0; index < buffers.count; index++) {
    const buffer: Buffer = buffers.slots[index];
    buffer.state = FREE;
    buffer.next = index + 1 === buffers.count ? NO_BUFFER : index + 1;
  }
  buffers.firstFree = 0;
  buffers.freeCount = buffers.count;
  buffers.oldest = NO_BUFFER;
  buffers.newest = NO_BUFFER;
  buffers.untold = NO_BUFFER;
};

/** Returns where in the DMA window the part of a buffer begins that the device reads. */
export const readablePart = (buffers: Buffers, index: i32): DmaOffset => {
  assert(index >= 0 && index < buffers.count, 'a buffer has a number below count');
  return buffers.memory + index * buffers.stride;
};

/** Returns where the part begins that the device writes. */
export const writablePart = (buffers: Buffers, index: i32): DmaOffset =>
  readablePart(buffers, index) + buffers.readableStride;

/** Takes a free buffer, which is then the driver's. Returns it, or NO_BUFFER. */
export const takeFree = (buffers: Buffers): i32 => {
  const index: i32 = buffers.firstFree;
  if (index === NO_BUFFER) return NO_BUFFER;
  const buffer: Buffer = buffers.slots[index];
  buffers.firstFree = buffer.next;
  buffers.freeCount--;
  buffer.state = OF_DRIVER;
  return index;
};

/** Frees a buffer that is the driver's. */
export const freeBuffer = (buffers: Buffers, index: i32): void => {
  const buffer: Buffer = buffers.slots[index];
  assert(buffer.state === OF_DRIVER, "a buffer that is freed is the driver's");
  buffer.state = FREE;
  buffer.next = buffers.firstFree;
  buffers.firstFree = index;
  buffers.freeCount++;
};

/**
 * Gives a buffer of the driver's to the device: the first bytes of its two parts, `readableLength` and `writableLength` of them, not both 0. The device has
 * it with the next kickBuffers. False: the queue is broken, and the buffer stays the driver's.
 */
export const addBuffer = (buffers: Buffers, index: i32, readableLength: u32, writableLength: u32): bool => {
  const hasReadable: bool = readableLength !== 0;
  const hasWritable: bool = writableLength !== 0;
  if (!beginBuffer(buffers, index, hasReadable && hasWritable ? 2 : 1)) return false;
  if (hasReadable) fillReadable(buffers, index, readableLength);
  if (hasWritable) fillWritable(buffers, index, writableLength);
  endBuffer(buffers, index);
  return true;
};

/**
 * The same with further pieces of memory: begins a chain of `pieceCount` pieces, all of which are filled next, with fillReadable, fillWritable and `fill` of queue.ts in
 * the order that the device expects, before endBuffer. False: the queue is broken.
 */
export const beginBuffer = (buffers: Buffers, index: i32, pieceCount: u16): bool => {
  assert(buffers.slots[index].state === OF_DRIVER, "a buffer that is added is the driver's");
  assert(pieceCount <= buffers.pieceCountMax, 'a chain has the pieces that were described, or fewer');
  const head: i32 = reserve(buffers.queue, pieceCount);
  assert(head >= 0 || buffers.queue.broken, 'the queue has room for all buffers');
  if (head < 0) return false;
  buffers.bufferOfHead[head] = index as u16;
  return true;
};

/** Puts `length` bytes of the buffer's own readable part into the chain. */
export const fillReadable = (buffers: Buffers, index: i32, length: u32): void => {
  assert(length <= buffers.readableLength, 'a part has the bytes that were described, or fewer');
  fill(buffers.queue, readablePart(buffers, index), length, DEVICE_READS);
};

/** The same for its writable part. */
export const fillWritable = (buffers: Buffers, index: i32, length: u32): void => {
  assert(length <= buffers.writableLength, 'a part has the bytes that were described, or fewer');
  fill(buffers.queue, writablePart(buffers, index), length, DEVICE_WRITES);
};

/** Ends the chain. The device has it with the next kickBuffers. */
export const endBuffer = (buffers: Buffers, index: i32): void => {
  add(buffers.queue);
  const buffer: Buffer = buffers.slots[index];
  buffer.state = UNDER_WAY;
  buffer.older = buffers.newest;
  buffer.newer = NO_BUFFER;
  if (buffers.newest === NO_BUFFER) buffers.oldest = index;
  else buffers.slots[buffers.newest].newer = index;
  buffers.newest = index;
  if (buffers.untold === NO_BUFFER) buffers.untold = index;
};

/** Gives the device all that was added since the last time, with one notification at most. */
export const kickBuffers = (buffers: Buffers): void => {
  if (buffers.untold === NO_BUFFER) return;
  if (buffers.deadlineNs !== 0) {
    const now: u53 = clockNow();
    for (let index: i32 = buffers.untold; index !== NO_BUFFER; index = buffers.slots[index].newer) {
      buffers.slots[index].sentAt = now;
    }
  }
  buffers.untold = NO_BUFFER;
  kick(buffers.queue);
};

/**
 * Takes a buffer back that the device is done with: it is then the driver's, and `writtenLength` says how much was written. Returns it, NO_BUFFER when there
 * is no more, or BUFFERS_BROKEN.
 */
export const takeReturned = (buffers: Buffers): i32 => {
  const head: i32 = pop(buffers.queue);
  if (head < 0) return head === QUEUE_EMPTY ? NO_BUFFER : BUFFERS_BROKEN;
  const index: i32 = buffers.bufferOfHead[head];
  removeUnderWay(buffers, index);
  buffers.writtenLength = buffers.queue.poppedLength;
  return index;
};

/** Takes the oldest buffer back that the device had when it was reset. Returns it, or NO_BUFFER when there is no more. */
export const takeLost = (buffers: Buffers): i32 => {
  const index: i32 = buffers.oldest;
  if (index === NO_BUFFER) return NO_BUFFER;
  removeUnderWay(buffers, index);
  buffers.writtenLength = 0;
  return index;
};

const removeUnderWay = (buffers: Buffers, index: i32): void => {
  const buffer: Buffer = buffers.slots[index];
  buffer.state = OF_DRIVER;
  if (buffers.untold === index) buffers.untold = buffer.newer;
  if (buffer.older === NO_BUFFER) buffers.oldest = buffer.newer;
  else buffers.slots[buffer.older].newer = buffer.newer;
  if (buffer.newer === NO_BUFFER) buffers.newest = buffer.older;
  else buffers.slots[buffer.newer].older = buffer.older;
};

/** Returns the oldest buffer that the device has, NO_BUFFER when it has none; `newerThan` goes on from there. */
export const oldestUnderWay = (buffers: Buffers): i32 => buffers.oldest;

/** Returns the buffer that was added next after `index`, which is under way; NO_BUFFER behind the newest. */
export const newerThan = (buffers: Buffers, index: i32): i32 => buffers.slots[index].newer;

/** Looks whether the device is late, when nothing more is back. Returns one of the CARE_ codes. Without a deadline it never is. */
export const lookAfter = (buffers: Buffers): u8 => {
  if (buffers.oldest === NO_BUFFER || buffers.deadlineNs === 0) return CARE_NONE;
  const now: u53 = clockNow();
  if (now >= buffers.slots[buffers.oldest].sentAt + buffers.deadlineNs) return CARE_EXPIRED;
  return buffers.isWatched && watch(buffers.queue, now) ? CARE_REKICKED : CARE_NONE;
};

/** Returns when `lookAfter` is to be called at the latest, by clockNow; NO_DEADLINE when nothing is under way or there is no deadline. */
export const nextCare = (buffers: Buffers): u53 => {
  if (buffers.oldest === NO_BUFFER || buffers.deadlineNs === 0) return NO_DEADLINE;
  const queue: Queue = buffers.queue;
  const expiresAt: u53 = buffers.slots[buffers.oldest].sentAt + buffers.deadlineNs;
  if (!buffers.isWatched) return expiresAt;
  const since: u53 = queue.watchedSince === 0 ? buffers.slots[buffers.newest].sentAt : queue.watchedSince;
  return Math.min(expiresAt, since + REKICK_AFTER_NS);
};

/** Asks for no interrupts: the queue is polled from now on. */
export const wakeBuffers = (buffers: Buffers): void => {
  if (buffers.queue.interruptsAllowed) suppressInterrupts(buffers.queue);
};

/** Asks for an interrupt at the next buffer that comes back. False, and interrupts are off again: one is back already. */
export const armBuffers = (buffers: Buffers): bool => {
  if (buffers.oldest === NO_BUFFER) return true;
  if (!allowInterrupts(buffers.queue)) return true;
  suppressInterrupts(buffers.queue);
  return false;
};

/** Waits until a buffer is back. Returns whether one is; false at `deadline`, and when an interrupt was noted. Looks once at least. */
export const spinBuffers = (buffers: Buffers, deadline: u53): bool => {
  for (;;) {
    if (canPop(buffers.queue)) return true;
    if (interruptIsNoted() || clockNow() >= deadline) return false; // No `pause`: under QEMU's emulator it takes the lock that the device needs to answer.
  }
};

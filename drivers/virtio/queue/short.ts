'use machine';
// Short chains of a split ring, in one go: what nearly every request is. VIRTIO 1.2 §2.7.13. Hot for every request of a block device.
//
//   ┌ first ────── ┐ ┌ second ───────────── ┐ ┌ third ─────── ┐
//    device reads     reads or writes          device writes      or no third one
//
// It does what reserve, fill and add of queue.ts do, with nothing put down in the record between them: half the instructions. For a ring
// that runs low, a packed ring and longer chains there are those three.

import { assert } from '../../../kernel/base/assert.ts';
import type { bool, DmaOffset, u16, u32 } from '../../../kernel/base/machine.ts';
import { dmaLength, dmaWrite32, dmaWrite64 } from '../../../kernel/hal/dma.ts';
import {
  DESCRIPTOR_ADDRESS,
  DESCRIPTOR_LAST_WORD,
  DESCRIPTOR_LENGTH,
  DESCRIPTOR_SIZE,
  DEVICE_WRITES,
  deviceAddress,
  FLAG_NEXT,
  QUEUE_SPLIT,
  type Queue,
  type Slot,
} from './record.ts';
import { listSplit } from './split.ts';

const BUFFER_COUNT_MAX: u32 = 3;

/** Returns whether `addShort` may be called now. */
export const canAddShort = (queue: Queue): bool =>
  queue.layout === QUEUE_SPLIT &&
  !queue.broken &&
  queue.fillLeft === 0 &&
  queue.freeCount >= BUFFER_COUNT_MAX + queue.lowWater;

/**
 * Adds a chain of two or three buffers, when `canAddShort` says so: one that the device reads, one that it reads or writes by
 * `direction` (DEVICE_READS, DEVICE_WRITES), and one that it writes, which is left out when its length is 0. The chain's head is what
 * `queue.freeHead` was. The device has it with the next kick.
 */
export const addShort = (
  queue: Queue,
  first: DmaOffset,
  firstLength: u32,
  second: DmaOffset,
  secondLength: u32,
  direction: u32,
  third: DmaOffset,
  thirdLength: u32,
): void => {
  assert(firstLength > 0 && secondLength > 0, 'a buffer has bytes');
  const window: u32 = dmaLength(); // It is far below 4 GiB: so is what a chain describes. §2.7.5.2
  assert(
    first + firstLength <= window && second + secondLength <= window && third + thirdLength <= window,
    'a buffer lies in the DMA window',
  );
  const head: u16 = queue.freeHead;
  const slot: Slot = queue.slots[head];
  const middle: u16 = slot.next;
  const descriptors: DmaOffset = queue.descriptors;
  writeDescriptor(queue, descriptors + head * DESCRIPTOR_SIZE, first, firstLength, (FLAG_NEXT | (middle << 16)) >>> 0);

  const behind: u16 = queue.slots[middle].next;
  let last: u16 = middle;
  let link: u32 = 0;
  if (thirdLength !== 0) {
    last = behind;
    link = (FLAG_NEXT | (behind << 16)) >>> 0;
    writeDescriptor(queue, descriptors + last * DESCRIPTOR_SIZE, third, thirdLength, DEVICE_WRITES);
  }
  writeDescriptor(queue, descriptors + middle * DESCRIPTOR_SIZE, second, secondLength, (direction | link) >>> 0);

  slot.last = last;
  slot.count = thirdLength === 0 ? 2 : 3;
  slot.position = queue.added;
  slot.writable = direction === DEVICE_WRITES ? secondLength + thirdLength : thirdLength;
  queue.freeCount -= slot.count;
  queue.freeHead = thirdLength === 0 ? behind : queue.slots[last].next;
  queue.inFlight++;
  listSplit(queue, head);
  queue.added++;
};

/** Returns whether `addSingle` may be called now. */
export const canAddSingle = (queue: Queue): bool =>
  queue.layout === QUEUE_SPLIT && !queue.broken && queue.fillLeft === 0 && queue.freeCount !== 0;

/**
 * Adds a chain of one buffer, when `canAddSingle` says so, for the device to read or to write (DEVICE_READS, DEVICE_WRITES). Returns its head. The device has
 * it with the next kick.
 */
export const addSingle = (queue: Queue, data: DmaOffset, length: u32, direction: u32): u16 => {
  assert(length > 0 && data + length <= dmaLength(), 'a buffer lies in the DMA window');
  const head: u16 = queue.freeHead;
  const slot: Slot = queue.slots[head];
  writeDescriptor(queue, queue.descriptors + head * DESCRIPTOR_SIZE, data, length, direction);
  slot.last = head;
  slot.count = 1;
  slot.position = queue.added;
  slot.writable = direction === DEVICE_WRITES ? length : 0;
  queue.freeCount--;
  queue.freeHead = slot.next;
  queue.inFlight++;
  listSplit(queue, head);
  queue.added++;
  return head;
};

const writeDescriptor = (queue: Queue, at: DmaOffset, data: DmaOffset, length: u32, lastWord: u32): void => {
  dmaWrite64(at + DESCRIPTOR_ADDRESS, deviceAddress(queue, data));
  dmaWrite32(at + DESCRIPTOR_LENGTH, length);
  dmaWrite32(at + DESCRIPTOR_LAST_WORD, lastWord);
};

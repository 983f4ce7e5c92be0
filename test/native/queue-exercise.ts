'use machine';

// A queue of either layout and the DMA pool under random use, with a device that answers out of order and now and then lies. The result is a
// checksum of all that happened, the same wherever the module runs.

import { attach } from '../../drivers/virtio/queue/doorbell.ts';
import {
  add,
  allowInterrupts,
  chooseLayout,
  detachNext,
  fill,
  kick,
  pop,
  prepare,
  QUEUE_ALIGNMENT,
  reserve,
  restart,
  suppressInterrupts,
  watch,
} from '../../drivers/virtio/queue/queue.ts';
import {
  DEVICE_READS,
  DEVICE_WRITES,
  DOORBELL_MMIO32,
  QUEUE_BROKEN,
  QUEUE_EMPTY,
  Queue,
} from '../../drivers/virtio/queue/record.ts';
import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u16,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';
import { dmaRead16, dmaRead32, dmaWrite16, dmaWrite32 } from '../../kernel/hal/dma.ts';
import { DMA_ALLOCATE_FAILED, DmaPool, dmaAllocate, dmaFree } from '../../kernel/hal/dma-pool.ts';

const SIZE: u32 = 16;
const MEMORY: DmaOffset = 0x1000;
const DATA: DmaOffset = 0x4000;
const WINDOW: u32 = 0x10000;

class Exercise {
  random: u32 = 1;
  checksum: u32 = 0;
  now: u53 = 0;
  isPacked: bool = false;
  isInOrder: bool = false;
  /** What the device holds, with the descriptors of each, and how far it has come. */
  held: FixedArray<u16, 16> = fixedArray(16, 0);
  counts: FixedArray<u16, 16> = fixedArray(16, 0);
  heldCount: u32 = 0;
  seen: u16 = 0;
  seenWrap: bool = true;
  returned: u16 = 0;
  returnedWrap: bool = true;
  offsets: FixedArray<u32, 8> = fixedArray(8, 0);
  lengths: FixedArray<u32, 8> = fixedArray(8, 0);
}

const queue = new Queue();
const pool = new DmaPool();
const exercise = new Exercise();

/** Returns an integer from 0 up to `limit`. */
const below = (limit: u32): u32 => {
  exercise.random = (Math.imul(exercise.random, 1664525) + 1013904223) >>> 0;
  return (exercise.random >>> 8) % limit;
};

const note = (value: i32): void => {
  exercise.checksum = Math.imul(exercise.checksum ^ value, 16777619) >>> 0;
};

/** The driver's side: a chain of one to four buffers. */
const send = (): void => {
  const count: u16 = 1 + below(4);
  const head: i32 = reserve(queue, count);
  note(head);
  if (head < 0) return;
  for (let i: u32 = 0; i < count; i++) {
    fill(queue, DATA + i * 256, 1 + below(256), i === 0 ? DEVICE_READS : DEVICE_WRITES);
  }
  add(queue);
  if (below(2) === 0) note(kick(queue) ? 1 : 0);
};

const hold = (head: u16, count: u16): void => {
  exercise.held[exercise.heldCount] = head;
  exercise.counts[exercise.heldCount] = count;
  exercise.heldCount++;
};

/** The device's side: sees what was published. */
const look = (): void => {
  if (exercise.isPacked) {
    while (lookAtPacked());
    return;
  }
  const index: u16 = dmaRead16(queue.driver + 2);
  while (exercise.seen !== index) {
    hold(dmaRead16(queue.driver + 4 + (exercise.seen & (SIZE - 1)) * 2), 1);
    exercise.seen = (exercise.seen + 1) & 0xffff;
  }
};

/** Takes one chain of a packed ring, if there is one. */
const lookAtPacked = (): bool => {
  let count: u16 = 0;
  let flags: u16 = 1;
  while ((flags & 1) !== 0) {
    const descriptor: DmaOffset = queue.descriptors + exercise.seen * 16;
    flags = dmaRead16(descriptor + 14);
    if ((flags & 0x8080) !== (exercise.seenWrap ? 0x80 : 0x8000)) return false;
    count++;
    exercise.seen++;
    if (exercise.seen === SIZE) {
      exercise.seen = 0;
      exercise.seenWrap = !exercise.seenWrap;
    }
    if ((flags & 1) === 0) hold(dmaRead16(descriptor + 12), count);
  }
  return true;
};

/** The device's side: returns one chain, any of them, or with IN_ORDER all from the oldest to one of them; sometimes with a lie. */
const answer = (): void => {
  if (exercise.heldCount === 0) return;
  const which: u32 = below(exercise.heldCount);
  const isLie: bool = below(40) === 0;
  const head: u32 = isLie ? below(40) : exercise.held[which];
  if (exercise.isPacked) answerPacked(head, isLie, descriptorsTo(which));
  else answerSplit(head, isLie, exercise.isInOrder ? which + 1 : 1);
  if (exercise.isInOrder) {
    for (let i: u32 = 0; i <= which; i++) drop(0);
  } else drop(which);
};

/** Returns the descriptors of chain `which`, with IN_ORDER also those of the ones before. */
const descriptorsTo = (which: u32): u16 => {
  let count: u16 = exercise.counts[which];
  if (!exercise.isInOrder) return count;
  for (let i: u32 = 0; i < which; i++) count += exercise.counts[i];
  return count;
};

const drop = (which: u32): void => {
  exercise.heldCount--;
  for (let i: u32 = which; i < exercise.heldCount; i++) {
    exercise.held[i] = exercise.held[i + 1];
    exercise.counts[i] = exercise.counts[i + 1];
  }
};

const answerSplit = (head: u32, isLie: bool, chainCount: u32): void => {
  const element: DmaOffset = queue.device + 4 + (exercise.returned & (SIZE - 1)) * 8;
  dmaWrite32(element, head);
  dmaWrite32(element + 4, isLie ? below(2000) : 0);
  exercise.returned = (exercise.returned + chainCount) & 0xffff;
  dmaWrite16(queue.device + 2, exercise.returned);
};

const answerPacked = (head: u32, isLie: bool, count: u16): void => {
  const descriptor: DmaOffset = queue.descriptors + exercise.returned * 16;
  dmaWrite32(descriptor + 8, isLie ? below(2000) : 0);
  dmaWrite16(descriptor + 12, head & 0xffff);
  dmaWrite16(descriptor + 14, (exercise.returnedWrap ? 0x8080 : 0) | 2);
  exercise.returned += count;
  if (exercise.returned < SIZE) return;
  exercise.returned -= SIZE;
  exercise.returnedWrap = !exercise.returnedWrap;
};

/** The device's side: says what notifications it wants; any value will do. */
const wish = (): void => {
  const value: u32 = below(0x40000);
  if (exercise.isPacked) {
    dmaWrite32(queue.device, value);
    return;
  }
  dmaWrite16(queue.device, value & 1);
  dmaWrite16(queue.device + 4 + SIZE * 8, value & 0xffff);
};

/** Takes everything back and starts anew, as after a reset. */
const startAgain = (): void => {
  for (let head: i32 = detachNext(queue); head !== QUEUE_EMPTY; head = detachNext(queue)) note(head);
  restart(queue);
  forgetDevice();
};

const forgetDevice = (): void => {
  exercise.heldCount = 0;
  exercise.seen = 0;
  exercise.seenWrap = true;
  exercise.returned = 0;
  exercise.returnedWrap = true;
};

const allocateOrFree = (): void => {
  const slot: u32 = below(8);
  if (exercise.lengths[slot] !== 0) {
    note(dmaFree(pool, exercise.offsets[slot], exercise.lengths[slot]));
    exercise.lengths[slot] = 0;
    return;
  }
  const length: u32 = 16 + below(0x1800);
  const offset: u32 = dmaAllocate(pool, length, 1 << below(9));
  note(offset | 0);
  if (offset === DMA_ALLOCATE_FAILED) return;
  exercise.offsets[slot] = offset;
  exercise.lengths[slot] = length;
};

const notifyOrWait = (): void => {
  exercise.now += below(4000000);
  if (below(2) === 0) note(kick(queue) ? 1 : 0);
  else note(watch(queue, exercise.now + 1) ? 3 : 2);
  queue.trustsSuppression = below(4) !== 0;
};

const turnInterrupts = (): void => {
  if (below(2) === 0) suppressInterrupts(queue);
  else note(allowInterrupts(queue) ? 5 : 4);
  note(dmaRead32(queue.driver) | 0);
};

const takeBack = (): void => {
  const head: i32 = pop(queue);
  note(head);
  note(queue.faultCode);
  if (head === QUEUE_BROKEN) startAgain();
  else note(queue.poppedLength | 0);
};

const step = (): void => {
  const action: u32 = below(9);
  switch (action) {
    case 0:
    case 1:
      send();
      break;
    case 2:
      look();
      break;
    case 3:
    case 4:
      answer();
      break;
    case 5:
      allocateOrFree();
      break;
    case 6:
      wish();
      break;
    case 7:
      if (below(2) === 0) notifyOrWait();
      else turnInterrupts();
      break;
    default:
      takeBack();
  }
};

/** Prepares a queue: which layout and what is negotiated is in the bits of `seed`. */
const begin = (seed: u32): void => {
  exercise.isPacked = (seed & 1) !== 0;
  exercise.isInOrder = (seed & 16) !== 0;
  chooseLayout(queue, 0, exercise.isPacked, (seed & 2) !== 0, (seed & 4) !== 0, exercise.isInOrder, (seed & 8) !== 0);
  queue.tableLength = (seed & 2) !== 0 ? 3 : 0;
  prepare(queue, SIZE, MEMORY, QUEUE_ALIGNMENT);
  attach(queue, DOORBELL_MMIO32, 0, 1, true);
  queue.doorbellCount = 0;
  queue.rekickCount = 0;
};

/** Runs `steps` random steps. Returns the checksum. */
export const runExercise = (seed: u32, steps: u32): u32 => {
  exercise.random = seed;
  exercise.checksum = 0;
  exercise.now = 0;
  begin(seed);
  forgetDevice();
  // The pool has the upper half of the window, so that the two do not meet.
  pool.count = 1;
  pool.starts[0] = WINDOW / 2;
  pool.lengths[0] = WINDOW / 2;
  for (let i: u32 = 0; i < 8; i++) exercise.lengths[i] = 0;
  for (let count: u32 = 0; count < steps; count++) step();
  note(dmaRead32(queue.descriptors + 8) | 0);
  note(queue.doorbellCount | 0);
  note(queue.rekickCount | 0);
  return exercise.checksum;
};

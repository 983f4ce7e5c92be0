'use machine';

// The split queue and the DMA pool under random use, with a device that answers out of order and now and then lies. The result is a checksum of
// all that happened, the same wherever the module runs.

import {
  DEVICE_READS,
  DEVICE_WRITES,
  detach,
  fill,
  pop,
  prepare,
  publish,
  QUEUE_BROKEN,
  reserve,
  SplitQueue,
} from '../../drivers/virtio/queue/split.ts';
import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u16,
  type u32,
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
  /** What the device holds, and how much of the available ring it has seen. */
  held: FixedArray<u16, 16> = fixedArray(16, 0);
  heldCount: u32 = 0;
  seen: u16 = 0;
  returned: u16 = 0;
  offsets: FixedArray<u32, 8> = fixedArray(8, 0);
  lengths: FixedArray<u32, 8> = fixedArray(8, 0);
}

const queue = new SplitQueue();
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
  let at: i32 = head;
  for (let i: u32 = 0; i < count; i++) {
    const direction: u32 = i === 0 ? DEVICE_READS : DEVICE_WRITES;
    at = fill(queue, at, DATA + i * 256, 1 + below(256), direction);
  }
  publish(queue, head);
};

/** The device's side: sees what was published. */
const look = (): void => {
  const index: u16 = dmaRead16(queue.available + 2);
  while (exercise.seen !== index) {
    exercise.held[exercise.heldCount] = dmaRead16(queue.available + 4 + (exercise.seen & (SIZE - 1)) * 2);
    exercise.heldCount++;
    exercise.seen = (exercise.seen + 1) & 0xffff;
  }
};

/** The device's side: returns one chain, any of them, sometimes with a lie. */
const answer = (): void => {
  if (exercise.heldCount === 0) return;
  const which: u32 = below(exercise.heldCount);
  const isLie: bool = below(40) === 0;
  const head: u32 = isLie ? below(40) : exercise.held[which] + 0;
  exercise.heldCount--;
  exercise.held[which] = exercise.held[exercise.heldCount];
  const element: DmaOffset = queue.used + 4 + (exercise.returned & (SIZE - 1)) * 8;
  dmaWrite32(element, head);
  dmaWrite32(element + 4, isLie ? below(2000) : 0);
  exercise.returned = (exercise.returned + 1) & 0xffff;
  dmaWrite16(queue.used + 2, exercise.returned);
};

const restart = (): void => {
  detach(queue);
  exercise.heldCount = 0;
  exercise.seen = 0;
  exercise.returned = 0;
};

const allocateOrFree = (): void => {
  const slot: u32 = below(8);
  if (exercise.lengths[slot] !== 0) {
    note(dmaFree(pool, exercise.offsets[slot], exercise.lengths[slot]));
    exercise.lengths[slot] = 0;
    return;
  }
  const length: u32 = 16 + below(0x1800);
  const offset: u32 = dmaAllocate(pool, length, 1 << below(9)) + 0;
  note(offset | 0);
  if (offset === DMA_ALLOCATE_FAILED) return;
  exercise.offsets[slot] = offset;
  exercise.lengths[slot] = length;
};

/** Runs `steps` random steps. Returns the checksum. */
export const runExercise = (seed: u32, steps: u32): u32 => {
  exercise.random = seed;
  exercise.checksum = 0;
  prepare(queue, 0, SIZE, MEMORY);
  restart();
  // The pool has the upper half of the window, so that the two do not meet.
  pool.count = 1;
  pool.starts[0] = WINDOW / 2;
  pool.lengths[0] = WINDOW / 2;
  for (let i: u32 = 0; i < 8; i++) exercise.lengths[i] = 0;
  for (let step: u32 = 0; step < steps; step++) {
    switch (below(5)) {
      case 0:
        send();
        break;
      case 1:
        look();
        break;
      case 2:
        answer();
        break;
      case 3:
        allocateOrFree();
        break;
      default: {
        const head: i32 = pop(queue);
        note(head);
        if (head === QUEUE_BROKEN) restart();
        else note(queue.poppedLength | 0);
      }
    }
  }
  note(dmaRead32(queue.descriptors + 8) | 0);
  return exercise.checksum;
};

'use machine';
// Which requests awaited.ts sends, and what is then on the disk. The test on the host has the same requests follow each other, and knows what
// it must find.
//
// The disk is divided among workers, so that what is under way at a time never overlaps; of each sector it is known how often it was written.

import { ringDoorbell } from '../../../drivers/virtio/queue/doorbell.ts';
import type { Queue } from '../../../drivers/virtio/queue/record.ts';
import { type bool, type FixedArray, fixedArray, type i32, type u8, type u32 } from '../../../kernel/base/machine.ts';
import { dmaWrite16 } from '../../../kernel/hal/dma.ts';

/** Sectors that are used. */
export const SECTOR_COUNT: u32 = 65536;
export const WORKER_COUNT_MAX: u32 = 128;

/** Sectors of the longest request: more than one request of the device moves. */
export const REQUEST_SECTORS_MAX: u32 = 400;

const SECTOR_LENGTH: u32 = 512;

// The available ring. §2.7.6
const AVAILABLE_INDEX: u32 = 2;
const AVAILABLE_RING: u32 = 4;
const AVAILABLE_ELEMENT_SIZE: u32 = 2;

// What a request does.
export const KIND_WRITE: u8 = 0;
export const KIND_WRITE_DMA: u8 = 1;
export const KIND_READ: u8 = 2;
export const KIND_READ_INTO: u8 = 3;
export const KIND_READ_DMA: u8 = 4;
export const KIND_FLUSH: u8 = 5;

/** Of the disk and its workers. */
export class Plan {
  seed: u32 = 0;
  workerCount: u32 = 0;
  states: FixedArray<u32, 128> = fixedArray(128, 0);
  /** How often each sector was written; 0: it is as the host made it. */
  writes: FixedArray<u32, 65536> = fixedArray(65536, 0);
  /** The request drawn last. */
  kind: u8 = 0;
  sector: u32 = 0;
  sectorCount: u32 = 0;
}

/** Starts anew for `workerCount` workers; sectors keep their counts. */
export const startPlan = (plan: Plan, workerCount: u32, seed: u32): void => {
  plan.workerCount = workerCount;
  plan.seed = seed;
  for (let i: u32 = 0; i < workerCount; i++) plan.states[i] = (Math.imul(seed + i, 2654435761) | 1) >>> 0;
};

/** Draws the next request of a worker. */
export const drawRequest = (plan: Plan, worker: u32): void => {
  const share: u32 = Math.floor(SECTOR_COUNT / plan.workerCount);
  const dice: u32 = draw(plan, worker) & 0xff;
  plan.kind = kindOf(dice);
  const longest: u32 = Math.min(share, (dice & 0x1f) === 7 ? REQUEST_SECTORS_MAX : 12);
  plan.sectorCount = 1 + (draw(plan, worker) % longest);
  plan.sector = worker * share + (draw(plan, worker) % (share - plan.sectorCount + 1));
  if (plan.kind > KIND_WRITE_DMA) return;
  for (let i: u32 = 0; i < plan.sectorCount; i++) plan.writes[plan.sector + i] = plan.writes[plan.sector + i] + 1;
};

const kindOf = (dice: u32): u8 => {
  if (dice === 0) return KIND_FLUSH;
  if (dice < 80) return KIND_WRITE;
  if (dice < 128) return KIND_WRITE_DMA;
  if (dice < 160) return KIND_READ;
  return dice < 224 ? KIND_READ_INTO : KIND_READ_DMA;
};

/** xorshift32. */
const draw = (plan: Plan, worker: u32): u32 => {
  let x: u32 = plan.states[worker];
  x = (x ^ (x << 13)) >>> 0;
  x = (x ^ (x >>> 17)) >>> 0;
  x = (x ^ (x << 5)) >>> 0;
  plan.states[worker] = x;
  return x;
};

/** Word `index` of a sector that was written `writes` times. */
const wordOf = (sector: u32, writes: u32, index: u32): u32 =>
  Math.imul(sector * 131 + writes * 65599 + index, 2654435761) >>> 0;

/** Fills `target` with what `sector` and those behind it have to hold now. */
export const fillSectors = (plan: Plan, target: Uint8Array, sector: u32): void => {
  for (let at: u32 = 0; at < target.length; at += 4) {
    const place: u32 = sector + Math.floor(at / SECTOR_LENGTH);
    const word: u32 = wordOf(place, plan.writes[place], at & (SECTOR_LENGTH - 1));
    target[at] = word & 0xff;
    target[at + 1] = (word >>> 8) & 0xff;
    target[at + 2] = (word >>> 16) & 0xff;
    target[at + 3] = word >>> 24;
  }
};

/** Returns the first byte of `source` that is not what `sector` and those behind it have to hold, its length when all are. */
export const firstWrong = (plan: Plan, source: Uint8Array, sector: u32): i32 => {
  for (let at: u32 = 0; at < source.length; at += 4) {
    const place: u32 = sector + Math.floor(at / SECTOR_LENGTH);
    const word: u32 = wordOf(place, plan.writes[place], at & (SECTOR_LENGTH - 1));
    const isRight: bool =
      source[at] === (word & 0xff) &&
      source[at + 1] === ((word >>> 8) & 0xff) &&
      source[at + 2] === ((word >>> 16) & 0xff) &&
      source[at + 3] === word >>> 24;
    if (!isRight) return at | 0;
  }
  return source.length | 0;
};

/** Makes a chain available that cannot be, and has the device look. §2.7.13.2 */
export const poison = (queue: Queue): void => {
  const element: u32 = queue.published & (queue.size - 1);
  dmaWrite16(queue.driver + AVAILABLE_RING + element * AVAILABLE_ELEMENT_SIZE, 0xffff);
  dmaWrite16(queue.driver + AVAILABLE_INDEX, (queue.published + 1) & 0xffff);
  ringDoorbell(queue);
};

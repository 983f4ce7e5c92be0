'use machine';
// What a sound device says without being asked. VIRTIO 1.2 §5.14.6.5, §5.14.6.7.
//
//   event buffers ── kick ──▶ device ── takeEvent ──▶ the driver
//        ▲                                 │
//        └──────────── recycled ───────────┘

import type { bool, DmaOffset, i32, u32 } from '../../kernel/base/machine.ts';
import { dmaRead32 } from '../../kernel/hal/dma.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import {
  addBuffer,
  BUFFERS_BROKEN,
  Buffers,
  createBuffers,
  describeBuffers,
  freeBuffer,
  kickBuffers,
  NO_BUFFER,
  restoreBuffers,
  takeFree,
  takeLost,
  takeReturned,
  writablePart,
} from '../virtio/buffers.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { EVENT_CODE, EVENT_DATA, EVENT_QUEUE, EVENT_SIZE } from './registers.ts';

/** Events that the device may say before one is looked at: as many as QEMU's queue holds. */
const EVENT_COUNT: u32 = 64;

// What `takeEvent` returns.
/** There is one: `code` and `data`. */
export const EVENT_OK: i32 = 0;
/** There is none. */
export const EVENT_NONE: i32 = -1;
/** The device said what cannot be of a queue: it is to be given up. */
export const EVENT_BROKEN: i32 = -2;
/** It has another length than an event: `length`. */
export const EVENT_WRONG_LENGTH: i32 = -3;

/** The event queue, and the event that was taken last. */
export class SoundEvents {
  buffers = new Buffers();
  code: u32 = 0;
  data: u32 = 0;
  length: u32 = 0;
}

/** Makes the queue. Part of step 7 of initialize.ts. The device has the buffers with the next kickBuffers. False: the transport's fault says why. */
export const createEvents = (transport: Transport, pool: DmaPool, events: SoundEvents): bool => {
  describeBuffers(events.buffers, EVENT_COUNT, 0, EVENT_SIZE, 0, 0);
  if (!createBuffers(transport, pool, EVENT_QUEUE, events.buffers)) return false;
  addFree(events.buffers);
  return true;
};

/** The same for a device that was reset. */
export const restoreEvents = (transport: Transport, events: SoundEvents): bool => {
  const buffers: Buffers = events.buffers;
  if (!restoreBuffers(transport, buffers)) return false;
  for (let index: i32 = takeLost(buffers); index !== NO_BUFFER; index = takeLost(buffers)) freeBuffer(buffers, index);
  addFree(buffers);
  return true;
};

/** Takes the next event; its buffer is the device's again when there is no more. Returns one of the EVENT_ codes. */
export const takeEvent = (events: SoundEvents): i32 => {
  const buffers: Buffers = events.buffers;
  const index: i32 = takeReturned(buffers);
  if (index === NO_BUFFER) kickBuffers(buffers);
  if (index < 0) return index === BUFFERS_BROKEN ? EVENT_BROKEN : EVENT_NONE;
  events.length = buffers.writtenLength;
  const event: DmaOffset = writablePart(buffers, index);
  events.code = dmaRead32(event + EVENT_CODE);
  events.data = dmaRead32(event + EVENT_DATA);
  giveBack(buffers, index);
  return events.length === EVENT_SIZE ? EVENT_OK : EVENT_WRONG_LENGTH;
};

const addFree = (buffers: Buffers): void => {
  for (let index: i32 = takeFree(buffers); index !== NO_BUFFER; index = takeFree(buffers)) giveBack(buffers, index);
};

/** A queue that is broken keeps nothing. */
const giveBack = (buffers: Buffers, index: i32): void => {
  if (!addBuffer(buffers, index, 0, EVENT_SIZE)) freeBuffer(buffers, index);
};

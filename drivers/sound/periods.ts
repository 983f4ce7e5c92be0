'use machine';
// The samples of streams, a period at a time, on their way to the device and back. VIRTIO 1.2 §5.14.6.8. Hot for each period.
//
//   output   a period's place   ├ stream ┤├ samples ──────────┤      the device reads     status in the buffer's own part
//   input    a period's place   ├ samples ──────────┤├ status ┤      the device writes    stream in the buffer's own part
//
// The places are a stream's memory; the driver fills and empties them where they lie. A queue is for all streams of a direction, so each buffer under way notes
// whose it is. A status that the device did not write is no OK: it is 0 before.

import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u16,
  type u32,
} from '../../kernel/base/machine.ts';
import { dmaFill, dmaRead8, dmaWrite32 } from '../../kernel/hal/dma.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import {
  BUFFERS_BROKEN,
  Buffers,
  beginBuffer,
  createBuffers,
  describeBuffers,
  endBuffer,
  fillReadable,
  fillWritable,
  freeBuffer,
  NO_BUFFER,
  readablePart,
  restoreBuffers,
  takeFree,
  takeLost,
  takeReturned,
  writablePart,
} from '../virtio/buffers.ts';
import { fill } from '../virtio/queue/queue.ts';
import { DEVICE_READS, DEVICE_WRITES } from '../virtio/queue/record.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  STATUS_IO_ERR,
  STATUS_OK,
  TRANSFER_LATENCY,
  TRANSFER_SIZE,
  TRANSFER_STATUS,
  TRANSFER_STATUS_SIZE,
  TRANSFER_STREAM,
  TX_QUEUE,
} from './registers.ts';

/** Periods under way of all streams of a direction: as many as QEMU's queue holds, two descriptors each. */
export const PERIOD_COUNT_MAX: u32 = 32;

/** Bytes of a period's place besides its samples. */
export const PLACE_OVERHEAD: u32 = 8;

// What `takePeriod` returns.
/** There is one: `stream`, `slot`, `length`, `status`, `latency`. */
export const PERIOD_OK: i32 = 0;
/** There is none. */
export const PERIOD_NONE: i32 = -1;
/** The device said what cannot be of a queue: it is to be given up. */
export const PERIOD_BROKEN: i32 = -2;
/** It wrote `length` bytes, which is no status, or no samples and a status. */
export const PERIOD_WRONG_LENGTH: i32 = -3;

/** A queue for samples, and the period that was taken last. */
export class Periods {
  buffers = new Buffers();
  isOutput: bool = false;
  stream: u32 = 0;
  slot: u32 = 0;
  /** Bytes of samples that the device read or wrote. */
  length: u32 = 0;
  status: u32 = 0;
  /** What the device says of its delay, in bytes. */
  latency: u32 = 0;
  // Of each buffer under way: whose it is, and where its samples are.
  streams: FixedArray<u32, 32> = fixedArray(32, 0);
  slots: FixedArray<u32, 32> = fixedArray(32, 0);
  places: FixedArray<u32, 32> = fixedArray(32, 0);
  lengths: FixedArray<u32, 32> = fixedArray(32, 0);
}

/** Makes queue `index`, TX_QUEUE or RX_QUEUE. Part of step 7 of initialize.ts. False: the transport's fault says why. */
export const createPeriods = (transport: Transport, pool: DmaPool, index: u16, periods: Periods): bool => {
  periods.isOutput = index === TX_QUEUE;
  const ownReadable: u32 = periods.isOutput ? 0 : TRANSFER_SIZE;
  const ownWritable: u32 = periods.isOutput ? TRANSFER_STATUS_SIZE : 0;
  describeBuffers(periods.buffers, PERIOD_COUNT_MAX, ownReadable, ownWritable, 1, 0);
  return createBuffers(transport, pool, index, periods.buffers);
};

/** Hands the queue to the device again that was reset. What it had comes back by takeLostPeriod. */
export const restorePeriods = (transport: Transport, periods: Periods): bool =>
  restoreBuffers(transport, periods.buffers);

/** Returns where the samples lie in a period's place. */
export const samplesOf = (periods: Periods, place: DmaOffset): DmaOffset =>
  periods.isOutput ? place + TRANSFER_SIZE : place;

/**
 * Adds the period at `place`, of `length` bytes of samples, for the device to read or to fill; it has it with the next kickBuffers. False: there is no room yet, or
 * the queue is broken.
 */
export const addPeriod = (periods: Periods, stream: u32, slot: u32, place: DmaOffset, length: u32): bool => {
  const buffers: Buffers = periods.buffers;
  const index: i32 = takeFree(buffers);
  if (index === NO_BUFFER) return false;
  if (!beginBuffer(buffers, index, 2)) {
    freeBuffer(buffers, index);
    return false;
  }
  if (periods.isOutput) {
    dmaWrite32(place + TRANSFER_STREAM, stream);
    dmaWrite32(writablePart(buffers, index) + TRANSFER_STATUS, 0);
    fill(buffers.queue, place, TRANSFER_SIZE + length, DEVICE_READS);
    fillWritable(buffers, index, TRANSFER_STATUS_SIZE);
  } else {
    dmaWrite32(readablePart(buffers, index) + TRANSFER_STREAM, stream);
    fillReadable(buffers, index, TRANSFER_SIZE);
    dmaFill(place + length, TRANSFER_STATUS_SIZE, 0);
    fill(buffers.queue, place, length + TRANSFER_STATUS_SIZE, DEVICE_WRITES);
  }
  endBuffer(buffers, index);
  periods.streams[index] = stream;
  periods.slots[index] = slot;
  periods.places[index] = place + 0;
  periods.lengths[index] = length;
  return true;
};

/** Takes a period back that the device is done with. Returns one of the PERIOD_ codes. */
export const takePeriod = (periods: Periods): i32 => {
  const buffers: Buffers = periods.buffers;
  const index: i32 = takeReturned(buffers);
  if (index < 0) return index === BUFFERS_BROKEN ? PERIOD_BROKEN : PERIOD_NONE;
  const written: u32 = buffers.writtenLength;
  noteBack(periods, index);
  if (written < TRANSFER_STATUS_SIZE) {
    periods.length = written;
    return PERIOD_WRONG_LENGTH;
  }
  periods.length = periods.isOutput ? periods.lengths[index] : written - TRANSFER_STATUS_SIZE;
  const status: DmaOffset = periods.isOutput ? writablePart(buffers, index) : recordedStatus(periods, index);
  periods.status = readUnaligned32(status + TRANSFER_STATUS);
  periods.latency = readUnaligned32(status + TRANSFER_LATENCY);
  return PERIOD_OK;
};

/** Takes a period back that the device had when it was reset: `stream` and `slot`. False: there is no more. */
export const takeLostPeriod = (periods: Periods): bool => {
  const index: i32 = takeLost(periods.buffers);
  if (index === NO_BUFFER) return false;
  noteBack(periods, index);
  return true;
};

/**
 * Returns where the status of a recorded period is: at the end of its place; or, of one that is cut short, as well right behind what was recorded. QEMU does that.
 */
const recordedStatus = (periods: Periods, index: i32): DmaOffset => {
  const place: u32 = periods.places[index];
  const end: DmaOffset = place + periods.lengths[index];
  const status: u32 = readUnaligned32(end + TRANSFER_STATUS);
  return status >= STATUS_OK && status <= STATUS_IO_ERR ? end : place + periods.length;
};

const noteBack = (periods: Periods, index: i32): void => {
  periods.stream = periods.streams[index];
  periods.slot = periods.slots[index];
  freeBuffer(periods.buffers, index);
};

/** Samples may end anywhere. */
const readUnaligned32 = (offset: DmaOffset): u32 =>
  dmaRead8(offset) + dmaRead8(offset + 1) * 0x100 + dmaRead8(offset + 2) * 0x10000 + dmaRead8(offset + 3) * 0x1000000;

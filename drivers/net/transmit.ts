'use machine';
// Frames that go out. VIRTIO 1.2 §5.1.6.2. Hot for every frame.
//
//   takeBuffer ─▶ the frame is written there ─▶ sendBuffer ─┐
//   sendDirect: the frame lies in its sender's memory       ├─▶ kickTransmit, once for many ─▶ device ─▶ takeSent
//
//   ┌ header 12 ┐┌ frame ·········· ┐      one descriptor: the sender leaves `headerLength` bytes before a frame to us
//
// A head is known from `sendDirect` until `takeSent` returns it. Nothing is allocated.

import { assert } from '../../kernel/base/assert.ts';
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
import { SEGMENT_NONE, SEGMENT_TCP4, SEGMENT_TCP6 } from '../../kernel/device/frame.ts';
import { dmaWrite8, dmaWrite16, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import { NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { CARE_EXPIRED, CARE_NONE, CARE_REKICKED } from '../virtio/buffers.ts';
import { add, fill, kick, pop, REKICK_AFTER_NS, reserve, watch } from '../virtio/queue/queue.ts';
import { DEVICE_READS, QUEUE_BROKEN, QUEUE_EMPTY, QUEUE_FULL, Queue } from '../virtio/queue/record.ts';
import { addSingle, canAddSingle } from '../virtio/queue/short.ts';
import {
  GSO_NONE,
  GSO_TCPV4,
  GSO_TCPV6,
  GSO_UDP,
  HEADER_CSUM_OFFSET,
  HEADER_CSUM_START,
  HEADER_FLAGS,
  HEADER_GSO_SIZE,
  HEADER_GSO_TYPE,
  HEADER_HDR_LEN,
  HEADER_NEEDS_CSUM,
  HEADER_NUM_BUFFERS,
} from './registers.ts';

// What functions return in place of a head.
/** There is no room now. */
export const TRANSMIT_FULL: i32 = QUEUE_FULL;
/** Nothing more is back. */
export const TRANSMIT_EMPTY: i32 = QUEUE_EMPTY;
/** The device said what cannot be. */
export const TRANSMIT_BROKEN: i32 = QUEUE_BROKEN;

/** Buffers of one queue at most. */
export const BUFFER_COUNT_MAX: u32 = 256;

/** What `takeBuffer` returns when all buffers are with the device. */
export const NO_BUFFER: u32 = 0xffffffff;

/** Of a head: the frame lies in its sender's memory. */
const DIRECT: u16 = 0xffff;

/** The sending side of one pair of queues. */
export class TransmitQueue {
  queue = new Queue();
  headerLength: u32 = 0;
  /** Descriptors of a chain: 2 for a legacy device that wants the header in one of its own. */
  descriptorsEach: u16 = 1;

  memory: DmaOffset = 0;
  bufferLength: u32 = 0;
  bufferCount: u32 = 0;
  /** The buffers that are free: the last one of `freeCount` is the next to be taken. */
  free: FixedArray<u16, 256> = fixedArray(256, 0);
  freeCount: u32 = 0;
  /** By head: the buffer that its frame is in, or DIRECT. */
  bufferOf: FixedArray<u16, 32768> = fixedArray(32768, 0);

  // What the device is to do for the frames that are sent from now on, as `setOffload` said.
  needsChecksum: bool = false;
  /** That was once said: the headers of buffers may hold something. */
  hasOffloaded: bool = false;
  checksumStart: u16 = 0;
  checksumOffset: u16 = 0;
  segmentType: u8 = 0;
  segmentLength: u16 = 0;
  headersLength: u16 = 0;

  frameCount: u53 = 0;
  byteCount: u53 = 0;

  /** When a frame came back last, or the first was sent; `queue.popped` at that time. */
  progressAt: u53 = 0;
  progressPopped: u16 = 0;
}

/** Notes where the buffers for copies are: `count` times `length` bytes, headers included, from `memory` on. All are free. */
export const prepareTransmit = (transmit: TransmitQueue, memory: DmaOffset, length: u32, count: u32): void => {
  transmit.memory = memory;
  transmit.bufferLength = length;
  transmit.bufferCount = count;
  freeBuffers(transmit);
};

/** Makes all buffers free: the queue is new, or was restored after a reset. */
export const freeBuffers = (transmit: TransmitQueue): void => {
  for (let i: u32 = 0; i < transmit.bufferCount; i++) transmit.free[i] = transmit.bufferCount - 1 - i;
  transmit.freeCount = transmit.bufferCount;
};

/** Returns where the next frame that is sent by `sendBuffer` goes; NO_BUFFER when none is free, or the queue has no room. */
export const takeBuffer = (transmit: TransmitQueue): u32 => {
  if (transmit.freeCount === 0 || transmit.queue.freeCount < transmit.descriptorsEach) return NO_BUFFER;
  return transmit.memory + transmit.free[transmit.freeCount - 1] * transmit.bufferLength + transmit.headerLength;
};

/** Sends the `length` bytes that were written to where `takeBuffer` said. Returns the head, or TRANSMIT_BROKEN. */
export const sendBuffer = (transmit: TransmitQueue, length: u32): i32 => {
  assert(length + transmit.headerLength <= transmit.bufferLength, 'a frame fits its buffer');
  const buffer: u16 = transmit.free[transmit.freeCount - 1];
  const header: DmaOffset = transmit.memory + buffer * transmit.bufferLength;
  const head: i32 = addFrame(transmit, header, length);
  if (head < 0) return head;
  if (transmit.hasOffloaded) writeHeader(transmit, header); // Before that, the headers of all buffers are as they were made: zero.
  transmit.freeCount--;
  return noteSent(transmit, head, buffer, length);
};

/** Sends a copy of a frame, which fits a buffer. Returns the head, TRANSMIT_FULL or TRANSMIT_BROKEN. */
export const sendCopy = (transmit: TransmitQueue, frame: Uint8Array): i32 => {
  const buffer: u32 = takeBuffer(transmit);
  if (buffer === NO_BUFFER) return transmit.queue.broken ? TRANSMIT_BROKEN : TRANSMIT_FULL;
  dmaWriteBytes(buffer, frame);
  return sendBuffer(transmit, frame.length);
};

/**
 * Sends `length` bytes at `frame`, an even offset. The `headerLength` bytes before it are written here; the sender keeps out of both until `takeSent`
 * has returned the head. Returns the head, TRANSMIT_FULL or TRANSMIT_BROKEN. The device is not told: kickTransmit, once for many.
 */
export const sendDirect = (transmit: TransmitQueue, frame: DmaOffset, length: u32): i32 => {
  const header: DmaOffset = frame - transmit.headerLength;
  const head: i32 = addFrame(transmit, header, length);
  if (head < 0) return head;
  writeHeader(transmit, header);
  return noteSent(transmit, head, DIRECT, length);
};

const noteSent = (transmit: TransmitQueue, head: i32, buffer: u16, length: u32): i32 => {
  transmit.bufferOf[head] = buffer;
  transmit.frameCount++;
  transmit.byteCount += length;
  return head;
};

/** Adds the chain of a frame that lies behind its header. Returns the head, TRANSMIT_FULL or TRANSMIT_BROKEN. */
const addFrame = (transmit: TransmitQueue, header: DmaOffset, length: u32): i32 => {
  const queue: Queue = transmit.queue;
  if (queue.inFlight === 0) transmit.progressAt = 0;
  if (transmit.descriptorsEach === 1 && canAddSingle(queue)) {
    return addSingle(queue, header, transmit.headerLength + length, DEVICE_READS) + 0;
  }
  return addSlowly(transmit, header, length);
};

/** The same for a queue that is packed, or full, or of a legacy device. */
const addSlowly = (transmit: TransmitQueue, header: DmaOffset, length: u32): i32 => {
  const queue: Queue = transmit.queue;
  const head: i32 = reserve(queue, transmit.descriptorsEach);
  if (head < 0) return head;
  if (transmit.descriptorsEach === 1) fill(queue, header, transmit.headerLength + length, DEVICE_READS);
  else {
    fill(queue, header, transmit.headerLength, DEVICE_READS);
    fill(queue, header + transmit.headerLength, length, DEVICE_READS);
  }
  add(queue);
  return head;
};

/** Tells the device of what was sent since the last time. Returns whether that took a notification. */
export const kickTransmit = (transmit: TransmitQueue): bool => kick(transmit.queue);

/** Takes back one frame that has gone out. Returns its head, TRANSMIT_EMPTY or TRANSMIT_BROKEN. */
export const takeSent = (transmit: TransmitQueue): i32 => {
  const head: i32 = pop(transmit.queue);
  if (head < 0) return head;
  const buffer: u16 = transmit.bufferOf[head];
  if (buffer !== DIRECT) {
    transmit.free[transmit.freeCount] = buffer;
    transmit.freeCount++;
  }
  return head;
};

/** Takes back all frames that have gone out, where nobody waits for one of them. Returns how many those were, or TRANSMIT_BROKEN. */
export const takeAllSent = (transmit: TransmitQueue): i32 => {
  let count: i32 = 0;
  let head: i32 = takeSent(transmit);
  while (head >= 0) {
    count++;
    head = takeSent(transmit);
  }
  return head === TRANSMIT_EMPTY ? count : head;
};

/** Looks whether the device is late, when nothing more is back: no frame has gone out for `deadlineNs`. Returns a CARE_ code of buffers.ts. */
export const lookAfterTransmit = (transmit: TransmitQueue, now: u53, deadlineNs: u53): u8 => {
  const queue: Queue = transmit.queue;
  if (queue.inFlight === 0) return CARE_NONE;
  if (transmit.progressAt === 0 || queue.popped !== transmit.progressPopped) {
    transmit.progressAt = now;
    transmit.progressPopped = queue.popped;
  }
  if (now - transmit.progressAt >= deadlineNs) return CARE_EXPIRED;
  return watch(queue, now) ? CARE_REKICKED : CARE_NONE;
};

/** Returns when `lookAfterTransmit` is to be called at the latest; NO_DEADLINE when nothing is under way. */
export const nextTransmitCare = (transmit: TransmitQueue, deadlineNs: u53): u53 => {
  const queue: Queue = transmit.queue;
  if (queue.inFlight === 0) return NO_DEADLINE;
  const since: u53 = queue.watchedSince === 0 ? transmit.progressAt : queue.watchedSince;
  return Math.min(transmit.progressAt + deadlineNs, since + REKICK_AFTER_NS);
};

/**
 * Says what the device is to do for the frames that are sent from now on: fill in the checksum that covers from `start` on and lies `offset` bytes behind
 * that, and cut the frame, behind its `headersLength` bytes of headers, into segments of `segmentLength` bytes (SEGMENT_…). Only what was negotiated.
 */
export const setOffload = (
  transmit: TransmitQueue,
  start: u16,
  offset: u16,
  segmentType: u8,
  segmentLength: u16,
  headersLength: u16,
): void => {
  transmit.needsChecksum = true;
  transmit.hasOffloaded = true;
  transmit.checksumStart = start;
  transmit.checksumOffset = offset;
  transmit.segmentType = segmentType;
  transmit.segmentLength = segmentLength;
  transmit.headersLength = headersLength;
};

/** Says that the frames that are sent from now on are as they are. */
export const clearOffload = (transmit: TransmitQueue): void => {
  transmit.needsChecksum = false;
};

/** All of it at even offsets, in pieces of 16 bits. §5.1.6.2 */
const writeHeader = (transmit: TransmitQueue, header: DmaOffset): void => {
  if (transmit.needsChecksum) writeOffload(transmit, header);
  else {
    dmaWrite16(header + HEADER_FLAGS, 0); // And the type of segments.
    dmaWrite16(header + HEADER_HDR_LEN, 0);
    dmaWrite16(header + HEADER_GSO_SIZE, 0);
    dmaWrite16(header + HEADER_CSUM_START, 0);
    dmaWrite16(header + HEADER_CSUM_OFFSET, 0);
  }
  if (transmit.headerLength > HEADER_NUM_BUFFERS) dmaWrite16(header + HEADER_NUM_BUFFERS, 0);
};

const writeOffload = (transmit: TransmitQueue, header: DmaOffset): void => {
  dmaWrite8(header + HEADER_FLAGS, HEADER_NEEDS_CSUM);
  dmaWrite8(header + HEADER_GSO_TYPE, gsoTypeOf(transmit.segmentType));
  dmaWrite16(header + HEADER_HDR_LEN, transmit.segmentType === SEGMENT_NONE ? 0 : transmit.headersLength);
  dmaWrite16(header + HEADER_GSO_SIZE, transmit.segmentType === SEGMENT_NONE ? 0 : transmit.segmentLength);
  dmaWrite16(header + HEADER_CSUM_START, transmit.checksumStart);
  dmaWrite16(header + HEADER_CSUM_OFFSET, transmit.checksumOffset);
};

const gsoTypeOf = (segmentType: u8): u8 => {
  switch (segmentType) {
    case SEGMENT_NONE:
      return GSO_NONE;
    case SEGMENT_TCP4:
      return GSO_TCPV4;
    case SEGMENT_TCP6:
      return GSO_TCPV6;
    default:
      return GSO_UDP;
  }
};

'use machine';
// Frames that come in: buffers lent to the device, taken as frames, and lent again. VIRTIO 1.2 §5.1.6.3, §5.1.6.4. Hot for every frame.
//
//   lendBuffers ─▶ device ─▶ takeFrame ─▶ who wants it ─▶ returnFrame ─▶ kickReceive, once for many
//                                the frame lies in the buffers: nothing is copied
//
//   first buffer of a frame   ┌ header 12 ┐┌ frame ···········   with MRG_RXBUF, `num_buffers` of them hold the rest
//
// What the device says of a frame is checked here. What only its sender can have got wrong costs the frame; what the device must know better
// costs the device: takeFrame returns RECEIVE_BROKEN, and `faultCode` says why.

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
import {
  Frame,
  PIECE_COUNT_MAX,
  SEGMENT_NONE,
  SEGMENT_TCP4,
  SEGMENT_TCP6,
  SEGMENT_UDP,
} from '../../kernel/device/frame.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaRead8, dmaRead16, dmaReadBytes } from '../../kernel/hal/dma.ts';
import { NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { add, fill, kick, pop, reserve } from '../virtio/queue/queue.ts';
import { DEVICE_WRITES, QUEUE_BROKEN, QUEUE_EMPTY, Queue } from '../virtio/queue/record.ts';
import { addSingle, canAddSingle } from '../virtio/queue/short.ts';
import { countWithDevice } from '../virtio/queue/slots.ts';
import {
  GSO_ECN,
  GSO_NONE,
  GSO_TCPV4,
  GSO_TCPV6,
  GSO_UDP,
  HEADER_CSUM_OFFSET,
  HEADER_CSUM_START,
  HEADER_DATA_VALID,
  HEADER_FLAGS,
  HEADER_GSO_SIZE,
  HEADER_GSO_TYPE,
  HEADER_NEEDS_CSUM,
  HEADER_NUM_BUFFERS,
} from './registers.ts';

// What `takeFrame` returns.
export const RECEIVE_FRAME: i32 = 0;
/** Nothing more has come. */
export const RECEIVE_EMPTY: i32 = QUEUE_EMPTY;
/** The device said what cannot be. */
export const RECEIVE_BROKEN: i32 = QUEUE_BROKEN;

// `faultCode`: what the device said that cannot be, other than what its queue already refused.
export const FAULT_NONE: u8 = 0;
/** A buffer came back with `faultFound` bytes, fewer than the header has. */
export const FAULT_SHORT: u8 = 1;
/** num_buffers reads `faultFound`, which is 0 or more than `faultExpected`. */
export const FAULT_BUFFER_COUNT: u8 = 2;

/** Bytes that every frame has: two addresses and a type. */
export const FRAME_LENGTH_MIN: u32 = 14;

const CHECKSUM_LENGTH: u32 = 2;

/** The receiving side of one pair of queues. */
export class ReceiveQueue {
  queue = new Queue();
  // What was negotiated.
  headerLength: u32 = 0;
  mergesBuffers: bool = false;
  /** The device may leave checksums and segments to us. */
  hasOffloads: bool = false;
  /** A bit for each type of segments that it may join, 1 << SEGMENT_…; and those of a stream with ECN. */
  segmentTypes: u32 = 0;
  hasEcn: bool = false;
  /** Buffers of a chain: 2 for a legacy device that wants the header in one of its own. */
  descriptorsEach: u16 = 1;

  memory: DmaOffset = 0;
  bufferLength: u32 = 0;
  bufferCount: u32 = 0;
  /** Which buffer the chain of a head is. */
  bufferOf: FixedArray<u16, 32768> = fixedArray(32768, 0);

  /** The frame that was taken last, and the buffers that it lies in. */
  frame = new Frame();
  held: FixedArray<u16, 33> = fixedArray(33, 0);
  heldCount: u32 = 0;
  /** Buffers of which it is made: those that are missing have not come back yet. */
  heldWanted: u32 = 0;
  /** When the first of several was taken. */
  heldSince: u53 = 0;

  frameCount: u53 = 0;
  byteCount: u53 = 0;
  /** Frames that were not passed on, because they cannot be. */
  malformedCount: u53 = 0;
  /** How often the device was found without a buffer. */
  overrunCount: u53 = 0;

  faultCode: u8 = 0;
  faultFound: u32 = 0;
  faultExpected: u32 = 0;
}

/** Notes where the buffers are: `count` times `length` bytes from `memory` on. */
export const prepareReceive = (receive: ReceiveQueue, memory: DmaOffset, length: u32, count: u32): void => {
  receive.memory = memory;
  receive.bufferLength = length;
  receive.bufferCount = count;
};

/** Lends all buffers to the device: when the queue is new, or was restored after a reset. Told it is by kickReceive, behind DRIVER_OK. */
export const lendBuffers = (receive: ReceiveQueue): void => {
  receive.heldCount = 0;
  receive.faultCode = FAULT_NONE;
  for (let buffer: u32 = 0; buffer < receive.bufferCount; buffer++) lend(receive, buffer & 0xffff);
};

/** Tells the device of the buffers that it was lent since the last time. */
export const kickReceive = (receive: ReceiveQueue): bool => kick(receive.queue);

/** Takes the next frame: `frame` describes it. Returns RECEIVE_FRAME, RECEIVE_EMPTY or RECEIVE_BROKEN. `returnFrame` comes before the next one is taken. */
export const takeFrame = (receive: ReceiveQueue): i32 => {
  assert(receive.heldCount === 0 || receive.heldCount < receive.heldWanted, 'the frame before was returned');
  if (receive.faultCode !== FAULT_NONE) return RECEIVE_BROKEN;
  for (;;) {
    const head: i32 = pop(receive.queue);
    if (head < 0) return head;
    if (countWithDevice(receive.queue) === 0) receive.overrunCount++;
    if (!hold(receive, receive.bufferOf[head])) return RECEIVE_BROKEN;
    if (receive.heldCount < receive.heldWanted) continue;
    if (describe(receive)) return RECEIVE_FRAME;
    receive.malformedCount++;
    returnFrame(receive);
  }
};

/** Returns when the device is late with the rest of a frame, NO_DEADLINE when none is missing: it returns all its buffers at the same time. */
export const nextReceiveCare = (receive: ReceiveQueue, deadlineNs: u53): u53 =>
  receive.heldCount > 0 && receive.heldCount < receive.heldWanted ? receive.heldSince + deadlineNs : NO_DEADLINE;

/** Lends the buffers of the frame that was taken last to the device again. */
export const returnFrame = (receive: ReceiveQueue): void => {
  for (let i: u32 = 0; i < receive.heldCount; i++) lend(receive, receive.held[i]);
  receive.heldCount = 0;
};

/** Copies the frame that was taken last into `target`, which has its length. */
export const copyFrame = (receive: ReceiveQueue, target: Uint8Array): void => {
  const frame: Frame = receive.frame;
  if (frame.pieceCount === 1) {
    dmaReadBytes(frame.offsets[0], target);
    return;
  }
  let at: u32 = 0;
  for (let piece: u32 = 0; piece < frame.pieceCount; piece++) {
    const offset: u32 = frame.offsets[piece];
    const length: u32 = frame.lengths[piece];
    for (let i: u32 = 0; i < length; i++) target[at + i] = dmaRead8(offset + i);
    at += length;
  }
};

/** Makes one buffer a chain. There is room: the queue has descriptors for all of them. */
const lend = (receive: ReceiveQueue, buffer: u16): void => {
  const queue: Queue = receive.queue;
  const at: DmaOffset = receive.memory + buffer * receive.bufferLength;
  let head: i32 = 0;
  if (receive.descriptorsEach === 1 && canAddSingle(queue)) {
    head = addSingle(queue, at, receive.bufferLength, DEVICE_WRITES);
  } else {
    head = lendSlowly(receive, at);
    if (head < 0) return; // Broken: nothing is lent any more.
  }
  receive.bufferOf[head] = buffer;
};

/** The same for a queue that is packed, or of a legacy device. */
const lendSlowly = (receive: ReceiveQueue, at: DmaOffset): i32 => {
  const queue: Queue = receive.queue;
  const head: i32 = reserve(queue, receive.descriptorsEach);
  if (head < 0) return head;
  if (receive.descriptorsEach === 1) fill(queue, at, receive.bufferLength, DEVICE_WRITES);
  else {
    fill(queue, at, receive.headerLength, DEVICE_WRITES);
    fill(queue, at + receive.headerLength, receive.bufferLength - receive.headerLength, DEVICE_WRITES);
  }
  add(queue);
  return head;
};

/** Adds a buffer that came back to the frame; the first one says of how many it is made. False: the device said what cannot be. */
const hold = (receive: ReceiveQueue, buffer: u16): bool => {
  const frame: Frame = receive.frame;
  const length: u32 = receive.queue.poppedLength;
  const at: DmaOffset = receive.memory + buffer * receive.bufferLength;
  let skipped: u32 = 0;
  if (receive.heldCount === 0) {
    skipped = receive.headerLength;
    if (length < skipped) return refuse(receive, FAULT_SHORT, length, skipped);
    const count: u32 = receive.mergesBuffers ? dmaRead16(at + HEADER_NUM_BUFFERS) : 1;
    const countMax: u32 = Math.min(receive.bufferCount, PIECE_COUNT_MAX);
    if (count === 0 || count > countMax) return refuse(receive, FAULT_BUFFER_COUNT, count, countMax);
    receive.heldWanted = count;
    if (count > 1) receive.heldSince = clockNow();
    frame.length = 0;
  }
  const piece: u32 = receive.heldCount;
  receive.held[piece] = buffer;
  receive.heldCount = piece + 1;
  frame.offsets[piece] = at + skipped;
  frame.lengths[piece] = length - skipped;
  frame.length += length - skipped;
  return true;
};

const refuse = (receive: ReceiveQueue, code: u8, found: u32, expected: u32): bool => {
  receive.faultCode = code;
  receive.faultFound = found;
  receive.faultExpected = expected;
  return false;
};

/** Describes a whole frame by its header. False: it cannot be passed on. */
const describe = (receive: ReceiveQueue): bool => {
  const frame: Frame = receive.frame;
  frame.pieceCount = receive.heldCount;
  if (frame.length < FRAME_LENGTH_MIN || !describeOffloads(receive, frame)) return false;
  receive.frameCount++;
  receive.byteCount += frame.length;
  return true;
};

/** What the device did for the frame, and what it left to us. What was not negotiated cannot be. §5.1.6.4.2 */
const describeOffloads = (receive: ReceiveQueue, frame: Frame): bool => {
  frame.hasValidChecksum = false;
  frame.needsChecksum = false;
  frame.segmentType = SEGMENT_NONE;
  const header: DmaOffset = frame.offsets[0] - receive.headerLength;
  const flags: u8 = dmaRead8(header + HEADER_FLAGS);
  const type: u8 = dmaRead8(header + HEADER_GSO_TYPE);
  if (!receive.hasOffloads) return (flags & HEADER_NEEDS_CSUM) === 0 && type === GSO_NONE;
  frame.hasValidChecksum = (flags & HEADER_DATA_VALID) !== 0;
  frame.needsChecksum = (flags & HEADER_NEEDS_CSUM) !== 0;
  if (frame.needsChecksum) {
    frame.checksumStart = dmaRead16(header + HEADER_CSUM_START);
    frame.checksumOffset = dmaRead16(header + HEADER_CSUM_OFFSET);
    if (frame.checksumStart + frame.checksumOffset + CHECKSUM_LENGTH > frame.length) return false;
  }
  if (type === GSO_NONE) return true;
  frame.segmentType = segmentTypeOf(type);
  frame.segmentLength = dmaRead16(header + HEADER_GSO_SIZE);
  return isJoined(receive, type, frame.segmentType) && frame.segmentLength !== 0 && frame.needsChecksum;
};

/** Returns whether the device may join segments of that type. */
const isJoined = (receive: ReceiveQueue, type: u8, segmentType: u8): bool => {
  if ((type & GSO_ECN) !== 0 && !receive.hasEcn) return false;
  return ((receive.segmentTypes >>> segmentType) & 1) !== 0;
};

const segmentTypeOf = (type: u8): u8 => {
  switch (type & ~GSO_ECN) {
    case GSO_TCPV4:
      return SEGMENT_TCP4;
    case GSO_TCPV6:
      return SEGMENT_TCP6;
    case GSO_UDP:
      return SEGMENT_UDP;
    default:
      return SEGMENT_NONE;
  }
};

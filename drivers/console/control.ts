'use machine';
// Control messages, in both directions. VIRTIO 1.2 §5.3.6.3.
//
// QEMU loses a message for which it finds no buffer. It has three for each PORT_READY, so messages are sent one by one, and when all that came before was taken:
// of the buffers for its own there are then enough, also for the ports that it announces at first.

import type { bool, DmaOffset, i32, u16, u32 } from '../../kernel/base/machine.ts';
import { dmaRead16, dmaRead32, dmaWrite16, dmaWrite32 } from '../../kernel/hal/dma.ts';
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
  readablePart,
  restoreBuffers,
  takeFree,
  takeLost,
  takeReturned,
  writablePart,
} from '../virtio/buffers.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  CONTROL_RECEIVE_QUEUE,
  CONTROL_TRANSMIT_QUEUE,
  EVENT_RESIZE,
  MESSAGE_COLUMNS,
  MESSAGE_EVENT,
  MESSAGE_PORT,
  MESSAGE_ROWS,
  MESSAGE_SIZE,
  MESSAGE_VALUE,
  RESIZE_SIZE,
} from './registers.ts';

/** Messages that the device may say before one is looked at: as many as QEMU's queue holds. */
const RECEIVE_COUNT: u32 = 32;

/** Bytes of the longest message: a name is behind it. */
const RECEIVE_LENGTH: u32 = 1024;

// What `takeMessage` and `takeSent` return.
/** There is one. */
export const MESSAGE_OK: i32 = 0;
/** There is none. */
export const MESSAGE_NONE: i32 = -1;
/** The device said what cannot be of a queue: it is to be given up. */
export const MESSAGE_BROKEN: i32 = -2;
/** It is too short: `length` says how short. */
export const MESSAGE_SHORT: i32 = -3;

/** The control queues, and the message that was taken last. */
export class Control {
  receive = new Buffers();
  transmit = new Buffers();
  port: u32 = 0;
  event: u16 = 0;
  value: u16 = 0;
  length: u32 = 0;
  /** With EVENT_RESIZE. */
  columns: u16 = 0;
  rows: u16 = 0;
  /** What is behind the message, which is there until the next one is taken. */
  more: DmaOffset = 0;
  moreLength: u32 = 0;
  /** The buffer that it lies in. */
  buffer: i32 = -1;
}

/** Makes the queues. Part of step 7 of initialize.ts. `deadlineMs`: how long the device may take for a message. False: the transport's fault says why. */
export const createControl = (transport: Transport, pool: DmaPool, control: Control, deadlineMs: u32): bool => {
  describeBuffers(control.receive, RECEIVE_COUNT, 0, RECEIVE_LENGTH, 0, 0);
  describeBuffers(control.transmit, 1, MESSAGE_SIZE, 0, 0, deadlineMs);
  if (!createBuffers(transport, pool, CONTROL_RECEIVE_QUEUE, control.receive)) return false;
  if (!createBuffers(transport, pool, CONTROL_TRANSMIT_QUEUE, control.transmit)) return false;
  addFree(control.receive);
  return true;
};

/** Hands the queues to the device again that was reset. False: the transport's fault says why. */
export const restoreControl = (transport: Transport, control: Control): bool => {
  if (!restoreBuffers(transport, control.receive) || !restoreBuffers(transport, control.transmit)) return false;
  freeLost(control.receive);
  freeLost(control.transmit);
  if (control.buffer !== NO_BUFFER) freeBuffer(control.receive, control.buffer);
  control.buffer = NO_BUFFER;
  addFree(control.receive);
  return true;
};

const freeLost = (buffers: Buffers): void => {
  for (let index: i32 = takeLost(buffers); index !== NO_BUFFER; index = takeLost(buffers)) freeBuffer(buffers, index);
};

const addFree = (receive: Buffers): void => {
  for (let index: i32 = takeFree(receive); index !== NO_BUFFER; index = takeFree(receive)) giveBack(receive, index);
};

/** A queue that is broken keeps nothing. */
const giveBack = (receive: Buffers, index: i32): void => {
  if (!addBuffer(receive, index, 0, RECEIVE_LENGTH)) freeBuffer(receive, index);
};

/** Returns whether a message may be sent: the device has none of ours. */
export const canSend = (control: Control): bool => control.transmit.freeCount > 0;

/** Sends a message, when `canSend` says so. */
export const sendMessage = (control: Control, port: u32, event: u16, value: u16): void => {
  const index: i32 = takeFree(control.transmit);
  const message: DmaOffset = readablePart(control.transmit, index);
  dmaWrite32(message + MESSAGE_PORT, port);
  dmaWrite16(message + MESSAGE_EVENT, event);
  dmaWrite16(message + MESSAGE_VALUE, value);
  if (!addBuffer(control.transmit, index, MESSAGE_SIZE, 0)) freeBuffer(control.transmit, index);
  kickBuffers(control.transmit);
};

/** Looks whether the device has taken the message that was sent. Returns MESSAGE_OK once for each, MESSAGE_NONE or MESSAGE_BROKEN. */
export const takeSent = (control: Control): i32 => {
  const index: i32 = takeReturned(control.transmit);
  if (index === BUFFERS_BROKEN) return MESSAGE_BROKEN;
  if (index === NO_BUFFER) return MESSAGE_NONE;
  freeBuffer(control.transmit, index);
  return MESSAGE_OK;
};

/** Takes the next message of the device's; its fields are in the record. The buffer of the one before is the device's again. Returns one of the MESSAGE_ codes. */
export const takeMessage = (control: Control): i32 => {
  const receive: Buffers = control.receive;
  if (control.buffer !== NO_BUFFER) giveBack(receive, control.buffer);
  control.buffer = NO_BUFFER;
  const index: i32 = takeReturned(receive);
  if (index === NO_BUFFER) kickBuffers(receive);
  if (index < 0) return index === BUFFERS_BROKEN ? MESSAGE_BROKEN : MESSAGE_NONE;
  control.buffer = index;
  control.length = receive.writtenLength;
  if (control.length < MESSAGE_SIZE) return MESSAGE_SHORT;
  readMessage(control, writablePart(receive, index));
  if (control.event === EVENT_RESIZE && control.length < RESIZE_SIZE) return MESSAGE_SHORT;
  return MESSAGE_OK;
};

/** Reads each field once: the device may write to the buffer still. */
const readMessage = (control: Control, message: DmaOffset): void => {
  control.port = dmaRead32(message + MESSAGE_PORT);
  control.event = dmaRead16(message + MESSAGE_EVENT);
  control.value = dmaRead16(message + MESSAGE_VALUE);
  control.columns = dmaRead16(message + MESSAGE_COLUMNS);
  control.rows = dmaRead16(message + MESSAGE_ROWS);
  control.more = message + MESSAGE_SIZE;
  control.moreLength = control.length - MESSAGE_SIZE;
};

'use machine';
// The two queues of one port, and what has come in by them and was not read. VIRTIO 1.2 §5.3.6. Hot for every byte.
//
//   receive    device ─▶ takeReceived ─▶ unread, the oldest first ─▶ releaseFirst ─▶ the device's again
//   transmit   takeFree ─▶ addBuffer ─▶ device ─▶ takeTransmitted ─▶ free
//
// What is always true:
//  - A buffer of the receive queue is the device's, or unread, or the port is closed. When all are unread the device has none, and the host waits.
//  - Where the host has closed the port there is an end mark: behind the newest unread buffer of that time, or before the first when all was read.
//
// All ports have queues from the start, since the device has to know them before it is live; buffers have those that were open once.

import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
} from '../../kernel/base/machine.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import {
  addBuffer,
  armBuffers,
  BUFFERS_BROKEN,
  Buffers,
  createBufferQueue,
  describeBuffers,
  freeBuffer,
  kickBuffers,
  NO_BUFFER,
  restoreBuffers,
  takeBufferMemory,
  takeFree,
  takeLost,
  takeReturned,
  wakeBuffers,
  writablePart,
} from '../virtio/buffers.ts';
import { type Interrupts, restoreQueueVector } from '../virtio/interrupts.ts';
import { canPop } from '../virtio/queue/queue.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { resetQueue } from '../virtio/transport/transport.ts';
import { receiveQueueOf } from './registers.ts';

/** Buffers for what comes in: QEMU puts at most 4096 bytes into one. */
export const RECEIVE_COUNT: u32 = 16;
export const RECEIVE_LENGTH: u32 = 4096;

/** Buffers for what goes out. */
export const TRANSMIT_COUNT: u32 = 8;
export const TRANSMIT_LENGTH: u32 = 8192;

// What `restartTransmit` returns.
/** The device has none of the buffers any more. */
export const RESTART_DONE: u8 = 0;
/** It cannot be made to give back those that it has; with the others the port goes on. */
export const RESTART_IMPOSSIBLE: u8 = 1;
/** It does not take the queue again. */
export const RESTART_FAILED: u8 = 2;

/** A buffer of the receive queue that holds bytes. */
class Unread {
  buffer: u16 = 0;
  /** Bytes of it that were read, and those that were not. */
  offset: u32 = 0;
  length: u32 = 0;
  /** Behind it the host has closed the port. */
  ends: bool = false;
}

/** The queues of one port. */
export class PortQueues {
  receive = new Buffers();
  transmit = new Buffers();
  hasMemory: bool = false;
  /** A ring; `unreadStart` is the oldest. */
  unread: FixedArray<Unread, 16> = fixedArray(16, Unread);
  unreadStart: u32 = 0;
  unreadCount: u32 = 0;
  /** All up to an end mark was read, and that the host has closed was not. */
  isAtEnd: bool = false;
}

/** Makes the queues of port `number`, without buffers. Part of step 7 of initialize.ts. False: the transport's fault says why. */
export const createPortQueues = (transport: Transport, pool: DmaPool, number: u16, port: PortQueues): bool => {
  const index: u16 = receiveQueueOf(number);
  describeBuffers(port.receive, RECEIVE_COUNT, 0, RECEIVE_LENGTH, 0, 0);
  describeBuffers(port.transmit, TRANSMIT_COUNT, TRANSMIT_LENGTH, 0, 0, 0); // For as long as the host does not read.
  if (!createBufferQueue(transport, pool, index, port.receive)) return false;
  return createBufferQueue(transport, pool, (index + 1) as u16, port.transmit);
};

/** Hands the queues to the device again that was reset. They are closed then, and nothing is unread. False: the transport's fault says why. */
export const restorePortQueues = (transport: Transport, port: PortQueues): bool => {
  if (!restoreBuffers(transport, port.receive) || !restoreBuffers(transport, port.transmit)) return false;
  freeLost(port.receive);
  freeLost(port.transmit);
  while (port.unreadCount > 0) freeBuffer(port.receive, dropFirst(port));
  port.isAtEnd = false;
  return true;
};

const freeLost = (buffers: Buffers): void => {
  for (let index: i32 = takeLost(buffers); index !== NO_BUFFER; index = takeLost(buffers)) freeBuffer(buffers, index);
};

/** Gives the device all buffers of the receive queue that it may have: the port is open. False: the pool has no memory for the buffers, see the fault. */
export const startReceiving = (transport: Transport, pool: DmaPool, port: PortQueues): bool => {
  if (!port.hasMemory) {
    if (!takeBufferMemory(transport, pool, port.receive) || !takeBufferMemory(transport, pool, port.transmit))
      return false;
    port.hasMemory = true;
  }
  let index: i32 = takeFree(port.receive);
  while (index !== NO_BUFFER && give(port, index)) index = takeFree(port.receive);
  return true;
};

/** What is unread is gone: the port is closed, or another has its number. */
export const forgetUnread = (port: PortQueues): void => {
  while (port.unreadCount > 0) give(port, dropFirst(port));
  port.isAtEnd = false;
};

/** Takes what the device has received. False: it said what cannot be. */
export const takeReceived = (port: PortQueues): bool => {
  const receive: Buffers = port.receive;
  for (let seen: u32 = 0; seen < receive.count; seen++) {
    const index: i32 = takeReturned(receive);
    if (index === BUFFERS_BROKEN) return false;
    if (index === NO_BUFFER) return true;
    if (receive.writtenLength === 0) give(port, index);
    else append(port, index, receive.writtenLength);
  }
  return true; // More than there are buffers: the device returns empty ones as fast as it gets them, and the others have their turn.
};

const append = (port: PortQueues, index: i32, length: u32): void => {
  const last: Unread = port.unread[(port.unreadStart + port.unreadCount) % RECEIVE_COUNT];
  last.buffer = index as u16;
  last.offset = 0;
  last.length = length;
  last.ends = false;
  port.unreadCount++;
};

/** Puts the end mark: the host has closed the port behind all that was taken. */
export const markEnd = (port: PortQueues): void => {
  if (port.unreadCount === 0) port.isAtEnd = true;
  else port.unread[(port.unreadStart + port.unreadCount - 1) % RECEIVE_COUNT].ends = true;
};

/** Takes the end mark away, when it comes before all that is unread. Returns whether it did. */
export const takeEnd = (port: PortQueues): bool => {
  const isAtEnd: bool = port.isAtEnd;
  port.isAtEnd = false;
  return isAtEnd;
};

/** Returns how many bytes can be read now, up to the next end mark. */
export const unreadLength = (port: PortQueues): u32 => {
  let length: u32 = 0;
  for (let i: u32 = 0; i < port.unreadCount; i++) {
    const unread: Unread = port.unread[(port.unreadStart + i) % RECEIVE_COUNT];
    length += unread.length;
    if (unread.ends) return length;
  }
  return length;
};

/** Returns where the oldest unread bytes lie. There are some. */
export const firstOffset = (port: PortQueues): DmaOffset => {
  const first: Unread = port.unread[port.unreadStart];
  return writablePart(port.receive, first.buffer) + first.offset;
};

/** Returns how many they are. */
export const firstLength = (port: PortQueues): u32 => port.unread[port.unreadStart].length;

/** The oldest unread bytes were read: their buffer is the device's again. */
export const releaseFirst = (port: PortQueues): void => {
  port.isAtEnd = port.unread[port.unreadStart].ends;
  give(port, dropFirst(port));
};

/** Of the oldest unread bytes the first `length` were read, and not all. */
export const cutFirst = (port: PortQueues, length: u32): void => {
  const first: Unread = port.unread[port.unreadStart];
  first.offset += length;
  first.length -= length;
};

const dropFirst = (port: PortQueues): i32 => {
  const index: i32 = port.unread[port.unreadStart].buffer;
  port.unreadStart = (port.unreadStart + 1) % RECEIVE_COUNT;
  port.unreadCount--;
  return index;
};

/** Gives the device a buffer. False: the queue is broken and keeps nothing; its device is given up at the next look. */
const give = (port: PortQueues, index: i32): bool => {
  if (addBuffer(port.receive, index, 0, RECEIVE_LENGTH)) return true;
  freeBuffer(port.receive, index);
  return false;
};

/** Takes back a buffer whose bytes the device has taken, which is free then. Returns it, NO_BUFFER when there is none, or BUFFERS_BROKEN. */
export const takeTransmitted = (port: PortQueues): i32 => {
  const index: i32 = takeReturned(port.transmit);
  if (index >= 0) freeBuffer(port.transmit, index);
  return index;
};

/**
 * Takes back what the device has of the transmit queue, after the host has closed the port or taken it away: QEMU never returns the buffer of which the host had read a part.
 * Returns one of the RESTART_ codes.
 */
export const restartTransmit = (transport: Transport, interrupts: Interrupts, port: PortQueues): u8 => {
  const transmit: Buffers = port.transmit;
  if (transmit.oldest === NO_BUFFER) return RESTART_DONE;
  if (!resetQueue(transport, transmit.queue)) return RESTART_IMPOSSIBLE;
  freeLost(transmit);
  if (!restoreQueueVector(transport, interrupts, transmit.queue.index)) return RESTART_FAILED;
  return restoreBuffers(transport, transmit) ? RESTART_DONE : RESTART_FAILED;
};

/** Tells the device what was added. */
export const kickPort = (port: PortQueues): void => {
  kickBuffers(port.receive);
  kickBuffers(port.transmit);
};

/** Returns whether the device has returned something. */
export const hasReturned = (port: PortQueues): bool => canPop(port.receive.queue) || canPop(port.transmit.queue);

/** Asks for no interrupts: the port is polled from now on. */
export const wakePort = (port: PortQueues): void => {
  wakeBuffers(port.receive);
  wakeBuffers(port.transmit);
};

/** Asks for an interrupt at the next thing that is returned. False: something is already. */
export const armPort = (port: PortQueues): bool => armBuffers(port.receive) && armBuffers(port.transmit);

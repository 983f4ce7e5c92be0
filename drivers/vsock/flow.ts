'use machine';
// The queues of one socket device: how they come up, and what is sent. VIRTIO 1.2 §5.10.5, §5.10.6. Hot for every packet.
//
//   packet   ├ header, 44 bytes ┤├ payload ┤       one buffer of either queue
//
//   payload of a write ───────────────▶ sendPayload ─┐
//   connections that have to say something ──────────┼─▶ transmit queue ─▶ device
//   RST for packets of no connection ─▶ `strays` ────┘
//
// What the device says is taken also while the transmit queue is full: what is to be answered waits here, where there is room for all that can come of connections. RST for others have a line
// that may be full; then nothing is taken until the device has taken some of what we sent (§5.10.6.1).

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
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaWrite16, dmaWrite32 } from '../../kernel/hal/dma.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { interruptIsNoted } from '../../kernel/hal/interrupts.ts';
import {
  addBuffer,
  armBuffers,
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
  wakeBuffers,
} from '../virtio/buffers.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig32,
  requireConfig,
} from '../virtio/config.ts';
import { addFeature, Features, hasFeature } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { canPop } from '../virtio/queue/queue.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  type Connection,
  Connections,
  leaveLine,
  NO_CONNECTION,
  RESETTING,
  removeConnection,
  SEND_CREDIT_REQUEST,
  SEND_CREDIT_UPDATE,
  SEND_REQUEST,
  SEND_RESPONSE,
  SEND_RST,
  SEND_SHUTDOWN,
  startConnections,
} from './connections.ts';
import {
  CID_ANY,
  CID_HOST,
  CONFIG_GUEST_CID,
  CONFIG_LENGTH,
  EVENT_QUEUE,
  EVENT_SIZE,
  FEATURE_NO_IMPLIED_STREAM,
  FEATURE_SEQPACKET,
  FEATURE_STREAM,
  HEADER_BUFFER_LENGTH,
  HEADER_FLAGS,
  HEADER_FORWARDED,
  HEADER_LENGTH,
  HEADER_OPERATION,
  HEADER_SIZE,
  HEADER_SOURCE_CID,
  HEADER_SOURCE_PORT,
  HEADER_TARGET_CID,
  HEADER_TARGET_PORT,
  HEADER_TYPE,
  OPERATION_CREDIT_REQUEST,
  OPERATION_CREDIT_UPDATE,
  OPERATION_REQUEST,
  OPERATION_RESPONSE,
  OPERATION_RST,
  OPERATION_RW,
  OPERATION_SHUTDOWN,
  RECEIVE_QUEUE,
  TRANSMIT_QUEUE,
} from './registers.ts';

/** guest_cid is `found`, which is no guest's; `expected` is its high half. */
export const FAULT_CID: u8 = FAULT_OF_DRIVER;

/** Payload of one packet at most. The device makes several of what is longer. */
export const RECEIVE_LENGTH: u32 = 8192;
export const TRANSMIT_LENGTH: u32 = 16384;

/** Packets that the device may have for us, and we for it. */
export const RECEIVE_COUNT: u32 = 64;
export const TRANSMIT_COUNT: u32 = 16;

/** Events come one a migration. */
const EVENT_COUNT: u32 = 4;

/** RST that wait for room in the transmit queue, to packets of no connection. */
export const STRAY_COUNT_MAX: u32 = 64;

/** A packet of no connection, that is answered by RST. */
export class Stray {
  type: u16 = 0;
  localPort: u32 = 0;
  peerCid: u32 = 0;
  peerPort: u32 = 0;
}

/** One socket device. */
export class VsockFlow {
  wanted = new Features();
  guestCid: u32 = 0;
  hasStream: bool = false;
  hasSeqpacket: bool = false;
  connections = new Connections();
  receive = new Buffers();
  transmit = new Buffers();
  events = new Buffers();
  /** A ring; `strayStart` is the oldest. */
  strays: FixedArray<Stray, 64> = fixedArray(64, Stray);
  strayStart: u32 = 0;
  strayCount: u32 = 0;

  // The packet that was taken last: packets.ts.
  /** Its buffer, NO_BUFFER when that has gone back. */
  packet: i32 = -1;
  /** Its connection, NO_CONNECTION when there is none. */
  connection: i32 = -1;
  operation: u16 = 0;
  type: u16 = 0;
  localPort: u32 = 0;
  peerCid: u32 = 0;
  peerPort: u32 = 0;
  length: u32 = 0;
  flags: u32 = 0;
  bufferLength: u32 = 0;
  forwardedCount: u32 = 0;
  /** What was wrong with it: WRONG_ of packets.ts. */
  wrong: u8 = 0;
  /** Packets and events that meant nothing to us. */
  ignoredCount: u32 = 0;
}

/** Steps 1 to 6 of initialize.ts. False: the fault says why. */
export const beginVsock = (transport: Transport, flow: VsockFlow): bool => {
  addFeature(flow.wanted, FEATURE_STREAM);
  addFeature(flow.wanted, FEATURE_SEQPACKET);
  addFeature(flow.wanted, FEATURE_NO_IMPLIED_STREAM);
  addQueueFeatures(flow.wanted);
  return begin(transport, flow.wanted);
};

/** Step 7: the types of sockets, the context id, the queues and their buffers, all given to the device. False: the fault says why. */
export const setUpVsock = (transport: Transport, pool: DmaPool, flow: VsockFlow, deadlineMs: u32): bool => {
  flow.hasSeqpacket = hasFeature(transport.accepted, FEATURE_SEQPACKET);
  // Without NO_IMPLIED_STREAM there are stream sockets in any case. §5.10.3.1
  flow.hasStream =
    hasFeature(transport.accepted, FEATURE_STREAM) || !hasFeature(transport.accepted, FEATURE_NO_IMPLIED_STREAM);
  if (!readGuestCid(transport, flow)) return false;
  startConnections(flow.connections);
  describeBuffers(flow.receive, RECEIVE_COUNT, 0, HEADER_SIZE + RECEIVE_LENGTH, 0, 0);
  if (!createBuffers(transport, pool, RECEIVE_QUEUE, flow.receive)) return false;
  describeBuffers(flow.transmit, TRANSMIT_COUNT, HEADER_SIZE + TRANSMIT_LENGTH, 0, 0, deadlineMs);
  if (!createBuffers(transport, pool, TRANSMIT_QUEUE, flow.transmit)) return false;
  describeBuffers(flow.events, EVENT_COUNT, 0, EVENT_SIZE, 0, 0);
  if (!createBuffers(transport, pool, EVENT_QUEUE, flow.events)) return false;
  lendFree(flow.receive);
  lendFree(flow.events);
  return true;
};

/** The same for a device that was live. It has no connections then, and of what was on its way nothing is left. */
export const setUpVsockAgain = (transport: Transport, flow: VsockFlow): bool => {
  if (!readGuestCid(transport, flow)) return false;
  if (!restoreBuffers(transport, flow.receive) || !restoreBuffers(transport, flow.transmit)) return false;
  if (!restoreBuffers(transport, flow.events)) return false;
  freeLost(flow.receive);
  freeLost(flow.transmit);
  freeLost(flow.events);
  forgetConnections(flow);
  lendFree(flow.receive);
  lendFree(flow.events);
  return true;
};

/** Forgets all connections, and what was to be sent. */
export const forgetConnections = (flow: VsockFlow): void => {
  startConnections(flow.connections);
  flow.strayCount = 0;
};

/** Reads the context id of this machine. False: it is none that a guest has, or cannot be read; see the fault. §5.10.4 */
export const readGuestCid = (transport: Transport, flow: VsockFlow): bool => {
  if (!requireConfig(transport, CONFIG_LENGTH)) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    const cid: u32 = readConfig32(transport, CONFIG_GUEST_CID);
    const high: u32 = readConfig32(transport, CONFIG_GUEST_CID + 4);
    if (configGeneration(transport) !== generation) continue;
    if (high !== 0 || cid <= CID_HOST || cid === CID_ANY) return setFault(transport.fault, FAULT_CID, 0, cid, high);
    flow.guestCid = cid;
    return true;
  }
  return failUnstable(transport);
};

/** Adds all buffers that are free to a queue that the device writes to. */
const lendFree = (buffers: Buffers): void => {
  for (let index: i32 = takeFree(buffers); index !== NO_BUFFER; index = takeFree(buffers)) lend(buffers, index);
};

/** Adds a buffer that the device is to write to. A queue that is broken takes none: its device is given up at the next look. */
export const lend = (buffers: Buffers, index: i32): void => {
  if (!addBuffer(buffers, index, 0, buffers.writableLength)) freeBuffer(buffers, index);
};

const freeLost = (buffers: Buffers): void => {
  for (let index: i32 = takeLost(buffers); index !== NO_BUFFER; index = takeLost(buffers)) freeBuffer(buffers, index);
};

/** Frees the buffers that the device has sent. Returns how many, or BUFFERS_BROKEN. */
export const takeTransmitted = (flow: VsockFlow): i32 => {
  let count: i32 = 0;
  for (;;) {
    const index: i32 = takeReturned(flow.transmit);
    if (index === BUFFERS_BROKEN) return BUFFERS_BROKEN;
    if (index === NO_BUFFER) return count;
    freeBuffer(flow.transmit, index);
    count++;
  }
};

/** Sends what connections and strays have to say, as far as the transmit queue has room. */
export const sendControl = (flow: VsockFlow): void => {
  sendStrays(flow);
  const all: Connections = flow.connections;
  while (all.firstToSend !== NO_CONNECTION && flow.transmit.freeCount > 0) {
    const index: i32 = all.firstToSend;
    const connection: Connection = all.table[index];
    while (connection.toSend !== 0 && flow.transmit.freeCount > 0) sendNext(flow, connection);
    if (connection.toSend !== 0) return;
    leaveLine(all);
    if (connection.state === RESETTING) removeConnection(all, index);
  }
};

const sendStrays = (flow: VsockFlow): void => {
  while (flow.strayCount > 0 && flow.transmit.freeCount > 0) {
    const stray: Stray = flow.strays[flow.strayStart];
    const index: i32 = takeFree(flow.transmit);
    putHeader(flow, index, stray.localPort, stray.peerCid, stray.peerPort, stray.type);
    putMeaning(flow, index, OPERATION_RST, 0, 0, 0, 0);
    transmit(flow, index, 0);
    flow.strayStart = (flow.strayStart + 1) % STRAY_COUNT_MAX;
    flow.strayCount--;
  }
};

/** Sends one of the packets that a connection is to send. */
const sendNext = (flow: VsockFlow, connection: Connection): void => {
  const bit: u8 = (connection.toSend & -connection.toSend) as u8;
  connection.toSend = (connection.toSend & ~bit) as u8;
  const flags: u32 = bit === SEND_SHUTDOWN ? connection.ownFlags : 0;
  const index: i32 = takeFree(flow.transmit);
  putConnectionHeader(flow, index, connection, operationOf(bit), flags, 0);
  transmit(flow, index, 0);
};

const operationOf = (bit: u8): u16 => {
  switch (bit) {
    case SEND_REQUEST:
      return OPERATION_REQUEST;
    case SEND_RESPONSE:
      return OPERATION_RESPONSE;
    case SEND_CREDIT_REQUEST:
      return OPERATION_CREDIT_REQUEST;
    case SEND_CREDIT_UPDATE:
      return OPERATION_CREDIT_UPDATE;
    case SEND_SHUTDOWN:
      return OPERATION_SHUTDOWN;
    default:
      assert(bit === SEND_RST, 'a packet that is sent is one of the SEND_ codes');
      return OPERATION_RST;
  }
};

/**
 * Sends a packet of a connection with the `length` bytes that lie behind the header in buffer `index` of the transmit queue, which takeFree gave; the other end has room for them.
 */
export const sendPayload = (flow: VsockFlow, connection: Connection, index: i32, length: u32, flags: u32): void => {
  putConnectionHeader(flow, index, connection, OPERATION_RW, flags, length);
  connection.sentCount = (connection.sentCount + length) >>> 0;
  transmit(flow, index, length);
};

/** Returns where in a buffer of the transmit queue the payload begins. */
export const payloadPart = (flow: VsockFlow, index: i32): DmaOffset => readablePart(flow.transmit, index) + HEADER_SIZE;

/** Every packet of a connection says how much of what came was read. §5.10.6.3.1 */
const putConnectionHeader = (
  flow: VsockFlow,
  index: i32,
  connection: Connection,
  operation: u16,
  flags: u32,
  length: u32,
): void => {
  putHeader(flow, index, connection.localPort, connection.peerCid, connection.peerPort, connection.type);
  putMeaning(flow, index, operation, flags, length, connection.bufferLength, connection.forwardedCount);
  connection.toldCount = connection.forwardedCount;
};

const putHeader = (flow: VsockFlow, index: i32, localPort: u32, peerCid: u32, peerPort: u32, type: u16): void => {
  const header: DmaOffset = readablePart(flow.transmit, index);
  dmaWrite32(header + HEADER_SOURCE_CID, flow.guestCid);
  dmaWrite32(header + HEADER_SOURCE_CID + 4, 0);
  dmaWrite32(header + HEADER_TARGET_CID, peerCid);
  dmaWrite32(header + HEADER_TARGET_CID + 4, 0);
  dmaWrite32(header + HEADER_SOURCE_PORT, localPort);
  dmaWrite32(header + HEADER_TARGET_PORT, peerPort);
  dmaWrite16(header + HEADER_TYPE, type);
};

const putMeaning = (
  flow: VsockFlow,
  index: i32,
  operation: u16,
  flags: u32,
  length: u32,
  bufferLength: u32,
  forwardedCount: u32,
): void => {
  const header: DmaOffset = readablePart(flow.transmit, index);
  dmaWrite32(header + HEADER_LENGTH, length);
  dmaWrite16(header + HEADER_OPERATION, operation);
  dmaWrite32(header + HEADER_FLAGS, flags);
  dmaWrite32(header + HEADER_BUFFER_LENGTH, bufferLength);
  dmaWrite32(header + HEADER_FORWARDED, forwardedCount);
};

/** A queue that is broken takes nothing: its device is given up at the next look. */
const transmit = (flow: VsockFlow, index: i32, length: u32): void => {
  if (!addBuffer(flow.transmit, index, HEADER_SIZE + length, 0)) freeBuffer(flow.transmit, index);
};

/** Tells the device what was added. */
export const kickVsock = (flow: VsockFlow): void => {
  kickBuffers(flow.receive);
  kickBuffers(flow.transmit);
  kickBuffers(flow.events);
};

/** Asks for no interrupts: the device is polled from now on. */
export const wakeVsock = (flow: VsockFlow): void => {
  wakeBuffers(flow.receive);
  wakeBuffers(flow.transmit);
  wakeBuffers(flow.events);
};

/** Asks for an interrupt at the next thing that happens. False: something has happened. */
export const armVsock = (flow: VsockFlow): bool => {
  const mayReceive: bool = flow.strayCount === STRAY_COUNT_MAX || armBuffers(flow.receive);
  return mayReceive && armBuffers(flow.transmit) && armBuffers(flow.events);
};

/** Waits until something has happened. Returns whether it has; false at `deadline`, and when an interrupt was noted. Looks once at least. */
export const spinVsock = (flow: VsockFlow, deadline: u53): bool => {
  const takesPackets: bool = flow.strayCount < STRAY_COUNT_MAX;
  for (;;) {
    if ((takesPackets && canPop(flow.receive.queue)) || canPop(flow.transmit.queue)) return true;
    if (canPop(flow.events.queue)) return true;
    if (interruptIsNoted() || clockNow() >= deadline) return false; // No `pause`: under QEMU's emulator it takes the lock that the device needs to answer.
  }
};

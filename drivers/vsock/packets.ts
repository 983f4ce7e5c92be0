'use machine';
// What the device of a socket device says: packets and events, each checked before anything is made of it. VIRTIO 1.2 §5.10.6. Hot for every packet.
//
//   receive queue ─▶ takePacket ─┬─ of a connection, and right ─▶ what it means, for the control plane ─▶ releasePacket
//                                ├─ wrong of its other end ─────▶ RST for both: PACKET_WRONG
//                                ├─ of no connection ───────────▶ RST, unless it is RST
//                                └─ wrong of the device itself ─▶ PACKET_BROKEN: it is given up

import type { bool, DmaOffset, i32, u8, u32 } from '../../kernel/base/machine.ts';
import { dmaRead16, dmaRead32 } from '../../kernel/hal/dma.ts';
import { BUFFERS_BROKEN, NO_BUFFER, takeReturned, writablePart } from '../virtio/buffers.ts';
import {
  askToSend,
  CLOSING,
  CONNECTED,
  CONNECTING,
  type Connection,
  dropConnection,
  findConnection,
  NO_CONNECTION,
  noteCredit,
  noteReceived,
  RESETTING,
  resetConnection,
  SEND_CREDIT_UPDATE,
} from './connections.ts';
import { lend, RECEIVE_COUNT, STRAY_COUNT_MAX, type Stray, type VsockFlow } from './flow.ts';
import {
  CID_ANY,
  CID_RESERVED,
  EVENT_ID,
  EVENT_SIZE,
  EVENT_TRANSPORT_RESET,
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
  SHUTDOWN_BOTH,
  SHUTDOWN_SEND,
} from './registers.ts';

// What `takePacket` returns. `connection` of the flow is that of the packet.
/** There is none. */
export const PACKET_NONE: u8 = 0;
/** The queue is wrong, or the packet does not fit its buffer: `wrong` says which. The device is to be given up. */
export const PACKET_BROKEN: u8 = 1;
/** Somebody wants to connect: acceptRequest or refuseRequest is next. */
export const PACKET_REQUEST: u8 = 2;
/** The other end has accepted. */
export const PACKET_CONNECTED: u8 = 3;
/** The other end has refused, or its device has: the connection is free. */
export const PACKET_REFUSED: u8 = 4;
/** `length` bytes have come, at packetPayload; `flags` say whether a message ends. releasePacket is next. */
export const PACKET_DATA: u8 = 5;
/** The other end sends no more, or takes no more, as `peerFlags` of the connection say; when both, the connection is as good as free. */
export const PACKET_SHUTDOWN: u8 = 6;
/** The other end has aborted the connection, which is free. */
export const PACKET_RESET: u8 = 7;
/** Both ends have agreed that the connection is over, and it is free, or as good as that. */
export const PACKET_CLOSED: u8 = 8;
/** The other end said what cannot be: `wrong`. It is told so, and the connection is as good as free. */
export const PACKET_WRONG: u8 = 9;
/** It was answered here, or meant nothing. */
const PACKET_HANDLED: u8 = 10;

// `wrong`
export const WRONG_QUEUE: u8 = 0;
export const WRONG_SIZE: u8 = 1;
export const WRONG_LENGTH: u8 = 2;
export const WRONG_EVENT: u8 = 3;
export const WRONG_CREDIT: u8 = 4;
export const WRONG_ROOM: u8 = 5;
export const WRONG_OPERATION: u8 = 6;
export const WRONG_TYPE: u8 = 7;
export const WRONG_AFTER_END: u8 = 8;

// What `takeEvents` returns.
export const EVENTS_NONE: u8 = 0;
/** All connections are lost, and the context id is to be read again. */
export const EVENTS_RESET: u8 = 1;
/** The device is to be given up. */
export const EVENTS_BROKEN: u8 = 2;

/** Takes the next packet that means something for the control plane. Returns one of the PACKET_ codes. */
export const takePacket = (flow: VsockFlow): u8 => {
  for (let seen: u32 = 0; seen < RECEIVE_COUNT; seen++) {
    if (flow.strayCount === STRAY_COUNT_MAX) return PACKET_NONE; // No room for an answer.
    const index: i32 = takeReturned(flow.receive);
    if (index === NO_BUFFER) return PACKET_NONE;
    flow.packet = index;
    flow.connection = NO_CONNECTION;
    if (index === BUFFERS_BROKEN) return breaks(flow, WRONG_QUEUE);
    const code: u8 = lookAt(flow, writablePart(flow.receive, index));
    if (code === PACKET_BROKEN) return PACKET_BROKEN;
    if (code !== PACKET_DATA) releasePacket(flow);
    if (code !== PACKET_HANDLED) return code;
  }
  return PACKET_NONE; // The others have their turn.
};

/** The bytes of the packet were taken: its buffer is the device's again. */
export const releasePacket = (flow: VsockFlow): void => {
  lend(flow.receive, flow.packet);
  flow.packet = NO_BUFFER;
};

/** Returns where the bytes of the packet lie. */
export const packetPayload = (flow: VsockFlow): DmaOffset => writablePart(flow.receive, flow.packet) + HEADER_SIZE;

/** Answers the packet with RST: nobody listens, or there is no room for a connection more. */
export const refuseRequest = (flow: VsockFlow): void => {
  const stray: Stray = flow.strays[(flow.strayStart + flow.strayCount) % STRAY_COUNT_MAX];
  stray.type = flow.type;
  stray.localPort = flow.localPort;
  stray.peerCid = flow.peerCid;
  stray.peerPort = flow.peerPort;
  flow.strayCount++;
};

/** Notes what the packet says of the room of the other end, with a connection that was just made for it. */
export const acceptRequest = (flow: VsockFlow, connection: Connection): void => {
  connection.state = CONNECTED;
  connection.peerBufferLength = flow.bufferLength;
};

/** Takes all events. Returns one of the EVENTS_ codes. */
export const takeEvents = (flow: VsockFlow): u8 => {
  let code: u8 = EVENTS_NONE;
  for (let seen: u32 = 0; seen < flow.events.count; seen++) {
    const index: i32 = takeReturned(flow.events);
    if (index === NO_BUFFER) return code;
    flow.wrong = WRONG_QUEUE;
    if (index === BUFFERS_BROKEN) return EVENTS_BROKEN;
    flow.wrong = WRONG_EVENT;
    flow.length = flow.events.writtenLength;
    if (flow.length !== EVENT_SIZE) return EVENTS_BROKEN;
    if (dmaRead32(writablePart(flow.events, index) + EVENT_ID) === EVENT_TRANSPORT_RESET) code = EVENTS_RESET;
    else flow.ignoredCount = (flow.ignoredCount + 1) >>> 0;
    lend(flow.events, index);
  }
  return code;
};

const breaks = (flow: VsockFlow, wrong: u8): u8 => {
  flow.wrong = wrong;
  return PACKET_BROKEN;
};

/** Reads the header once, as the device may change it meanwhile, and finds out what the packet means. */
const lookAt = (flow: VsockFlow, header: DmaOffset): u8 => {
  const written: u32 = flow.receive.writtenLength;
  flow.length = written;
  if (written < HEADER_SIZE) return breaks(flow, WRONG_SIZE);
  flow.length = dmaRead32(header + HEADER_LENGTH);
  if (flow.length > written - HEADER_SIZE) return breaks(flow, WRONG_LENGTH);
  flow.peerCid = dmaRead32(header + HEADER_SOURCE_CID);
  flow.peerPort = dmaRead32(header + HEADER_SOURCE_PORT);
  flow.localPort = dmaRead32(header + HEADER_TARGET_PORT);
  flow.type = dmaRead16(header + HEADER_TYPE);
  flow.operation = dmaRead16(header + HEADER_OPERATION);
  flow.flags = dmaRead32(header + HEADER_FLAGS);
  flow.bufferLength = dmaRead32(header + HEADER_BUFFER_LENGTH);
  flow.forwardedCount = dmaRead32(header + HEADER_FORWARDED);
  if (!isForUs(flow, header)) {
    flow.ignoredCount = (flow.ignoredCount + 1) >>> 0;
    return PACKET_HANDLED;
  }
  flow.connection = findConnection(flow.connections, flow.localPort, flow.peerCid, flow.peerPort);
  if (flow.connection === NO_CONNECTION) return ofNoConnection(flow);
  return ofConnection(flow, flow.connections.table[flow.connection]);
};

/** Whoever sent it can be answered, and it is meant for this machine: not for one that had its place before it was moved. */
const isForUs = (flow: VsockFlow, header: DmaOffset): bool =>
  dmaRead32(header + HEADER_SOURCE_CID + 4) === 0 &&
  dmaRead32(header + HEADER_TARGET_CID + 4) === 0 &&
  dmaRead32(header + HEADER_TARGET_CID) === flow.guestCid &&
  flow.peerCid > CID_RESERVED &&
  flow.peerCid !== CID_ANY;

const ofNoConnection = (flow: VsockFlow): u8 => {
  if (flow.operation === OPERATION_RST) return PACKET_HANDLED;
  if (flow.operation === OPERATION_REQUEST) return PACKET_REQUEST;
  refuseRequest(flow);
  return PACKET_HANDLED;
};

const ofConnection = (flow: VsockFlow, connection: Connection): u8 => {
  if (connection.state === RESETTING) return PACKET_HANDLED; // RST is on its way.
  if (flow.operation === OPERATION_RST) return aborted(flow, connection);
  if (flow.type !== connection.type) return fails(flow, WRONG_TYPE);
  if (!noteCredit(connection, flow.bufferLength, flow.forwardedCount)) return fails(flow, WRONG_CREDIT);
  if (connection.state === CONNECTING) return answered(flow, connection);
  switch (flow.operation) {
    case OPERATION_RW:
      return received(flow, connection);
    case OPERATION_CREDIT_UPDATE:
      return PACKET_HANDLED;
    case OPERATION_CREDIT_REQUEST:
      askToSend(flow.connections, flow.connection, SEND_CREDIT_UPDATE);
      return PACKET_HANDLED;
    case OPERATION_SHUTDOWN:
      return shutDown(flow, connection);
    default:
      return fails(flow, WRONG_OPERATION);
  }
};

/** What comes of a connection that nobody has answered yet. */
const answered = (flow: VsockFlow, connection: Connection): u8 => {
  if (flow.operation !== OPERATION_RESPONSE) return fails(flow, WRONG_OPERATION);
  connection.state = CONNECTED;
  return PACKET_CONNECTED;
};

const aborted = (flow: VsockFlow, connection: Connection): u8 => {
  const state: u8 = connection.state;
  dropConnection(flow.connections, flow.connection);
  if (state === CONNECTING) return PACKET_REFUSED;
  return state === CLOSING ? PACKET_CLOSED : PACKET_RESET;
};

const received = (flow: VsockFlow, connection: Connection): u8 => {
  if ((connection.peerFlags & SHUTDOWN_SEND) !== 0) return fails(flow, WRONG_AFTER_END);
  if (connection.state === CLOSING) return PACKET_HANDLED; // Nobody will read it, and the other end knows.
  return noteReceived(connection, flow.length) ? PACKET_DATA : fails(flow, WRONG_ROOM);
};

/** Flags that were set stay so. When nothing goes either way any more RST confirms it. §5.10.6.5 */
const shutDown = (flow: VsockFlow, connection: Connection): u8 => {
  connection.peerFlags = (connection.peerFlags | (flow.flags & SHUTDOWN_BOTH)) as u8;
  if (connection.peerFlags !== SHUTDOWN_BOTH) return PACKET_SHUTDOWN;
  const isClosing: bool = connection.state === CLOSING;
  resetConnection(flow.connections, flow.connection);
  return isClosing ? PACKET_CLOSED : PACKET_SHUTDOWN;
};

/** The other end said what cannot be: the connection is over, and it is told so. */
const fails = (flow: VsockFlow, wrong: u8): u8 => {
  const wasClosing: bool = flow.connections.table[flow.connection].state === CLOSING;
  flow.wrong = wrong;
  resetConnection(flow.connections, flow.connection);
  return wasClosing ? PACKET_CLOSED : PACKET_WRONG;
};

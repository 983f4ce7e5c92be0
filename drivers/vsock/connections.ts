'use machine';
// The connections of one socket device, by the addresses of their ends, and the credit between these. VIRTIO 1.2 §5.10.6.3. Hot for every packet.
//
//            add                 RESPONSE               both ends are shut down
//   free ───────▶ CONNECTING ───────────────▶ CONNECTED ───────────────▶ CLOSING ── RST of the other end ──▶ free
//                     └─────────────────────────┴── RST is to be sent ──▶ RESETTING ── it was ──▶ free
//
//   credit   bufferLength of the other end ├ sent and not forwarded: sentCount - forwardedCount ┤ free ┤          all counters modulo 2^32
//
// What is always true:
//  - Of two connections at least one of local port, peer's port and peer's cid differs, and each is found by them until it is free.
//  - A connection that has something to say (`toSend`) is in the line, once.
//  - Bytes that were sent and not forwarded are never more than the other end has room for, as far as it says so before.

import { assert } from '../../kernel/base/assert.ts';
import {
  type bool,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
} from '../../kernel/base/machine.ts';
import { SHUTDOWN_BOTH } from './registers.ts';

/** Connections at a time, those included whose end is being agreed on. */
export const CONNECTION_COUNT_MAX: u32 = 1024;

const BUCKET_MASK: u32 = 1023;

/** What stands for a connection where there is none. */
export const NO_CONNECTION: i32 = -1;

// `state` of a connection
const FREE: u8 = 0;
export const CONNECTING: u8 = 1;
export const CONNECTED: u8 = 2;
export const CLOSING: u8 = 3;
export const RESETTING: u8 = 4;

// `toSend`: packets that a connection is to send, in this order.
export const SEND_REQUEST: u8 = 1;
export const SEND_RESPONSE: u8 = 2;
export const SEND_CREDIT_REQUEST: u8 = 4;
export const SEND_CREDIT_UPDATE: u8 = 8;
export const SEND_SHUTDOWN: u8 = 16;
export const SEND_RST: u8 = 32;

/** One connection. */
export class Connection {
  state: u8 = 0;
  /** TYPE_ of registers.ts. */
  type: u16 = 0;
  localPort: u32 = 0;
  peerPort: u32 = 0;
  peerCid: u32 = 0;
  /** SHUTDOWN_ flags that each end has sent. */
  ownFlags: u8 = 0;
  peerFlags: u8 = 0;

  // What we may send.
  /** Of the other end: how much it takes, and how much of what we sent it has handed on. */
  peerBufferLength: u32 = 0;
  peerForwardedCount: u32 = 0;
  sentCount: u32 = 0;
  /** The other end was asked for its credit and has not answered. */
  hasAskedCredit: bool = false;

  // What the other end may send.
  bufferLength: u32 = 0;
  receivedCount: u32 = 0;
  forwardedCount: u32 = 0;
  /** forwardedCount as the other end knows it. */
  toldCount: u32 = 0;

  toSend: u8 = 0;
  isInLine: bool = false;
  /** The next in the line of those that have something to send. */
  nextToSend: i32 = 0;
  /** The next with the same hash, or the next free one. */
  next: i32 = 0;
}

/** All of them. startConnections comes first. */
export class Connections {
  count: u32 = 0;
  table: FixedArray<Connection, 1024> = fixedArray(1024, Connection);
  buckets: FixedArray<i32, 1024> = fixedArray(1024, 0);
  firstFree: i32 = 0;
  firstToSend: i32 = 0;
  lastToSend: i32 = 0;
}

/** Makes all of them free. */
export const startConnections = (all: Connections): void => {
  for (let i: u32 = 0; i < CONNECTION_COUNT_MAX; i++) {
    const connection: Connection = all.table[i];
    connection.state = FREE;
    connection.isInLine = false;
    connection.next = i + 1 === CONNECTION_COUNT_MAX ? NO_CONNECTION : i + 1;
    all.buckets[i] = NO_CONNECTION;
  }
  all.count = 0;
  all.firstFree = 0;
  all.firstToSend = NO_CONNECTION;
  all.lastToSend = NO_CONNECTION;
};

/** Returns the connection between these ends, NO_CONNECTION when there is none. */
export const findConnection = (all: Connections, localPort: u32, peerCid: u32, peerPort: u32): i32 => {
  let index: i32 = all.buckets[bucketOf(localPort, peerCid, peerPort)];
  while (index !== NO_CONNECTION) {
    const connection: Connection = all.table[index];
    if (connection.localPort === localPort && connection.peerPort === peerPort && connection.peerCid === peerCid) {
      return index;
    }
    index = connection.next;
  }
  return NO_CONNECTION;
};

const bucketOf = (localPort: u32, peerCid: u32, peerPort: u32): u32 => {
  const mixed: u32 = (Math.imul(Math.imul(localPort, 31) + peerPort, 31) + peerCid) >>> 0;
  return (Math.imul(mixed, 0x9e3779b1) >>> 22) & BUCKET_MASK;
};

/** Returns whether a connection has this local port. */
export const isPortTaken = (all: Connections, localPort: u32): bool => {
  for (let i: u32 = 0; i < CONNECTION_COUNT_MAX; i++) {
    if (all.table[i].state !== FREE && all.table[i].localPort === localPort) return true;
  }
  return false;
};

/** Adds a connection, which there is not yet, with `bufferLength` bytes of room. NO_CONNECTION: there are as many as there can be. */
export const addConnection = (
  all: Connections,
  type: u16,
  localPort: u32,
  peerCid: u32,
  peerPort: u32,
  bufferLength: u32,
): i32 => {
  const index: i32 = all.firstFree;
  if (index === NO_CONNECTION) return NO_CONNECTION;
  const connection: Connection = all.table[index];
  all.firstFree = connection.next;
  all.count++;
  connection.state = CONNECTING;
  connection.type = type;
  connection.localPort = localPort;
  connection.peerCid = peerCid;
  connection.peerPort = peerPort;
  connection.ownFlags = 0;
  connection.peerFlags = 0;
  connection.peerBufferLength = 0;
  connection.peerForwardedCount = 0;
  connection.sentCount = 0;
  connection.hasAskedCredit = false;
  connection.bufferLength = bufferLength;
  connection.receivedCount = 0;
  connection.forwardedCount = 0;
  connection.toldCount = 0;
  connection.toSend = 0;
  const bucket: u32 = bucketOf(localPort, peerCid, peerPort);
  connection.next = all.buckets[bucket];
  all.buckets[bucket] = index;
  return index;
};

/** Frees a connection that is not in the line: its ends may be those of another one. */
export const removeConnection = (all: Connections, index: i32): void => {
  const connection: Connection = all.table[index];
  assert(connection.state !== FREE && !connection.isInLine, 'a connection that is removed has nothing to send');
  const bucket: u32 = bucketOf(connection.localPort, connection.peerCid, connection.peerPort);
  if (all.buckets[bucket] === index) all.buckets[bucket] = connection.next;
  else {
    let before: i32 = all.buckets[bucket];
    while (all.table[before].next !== index) before = all.table[before].next;
    all.table[before].next = connection.next;
  }
  connection.state = FREE;
  connection.next = all.firstFree;
  all.firstFree = index;
  all.count--;
};

/** Has a connection send a packet: one of the SEND_ codes. */
export const askToSend = (all: Connections, index: i32, packet: u8): void => {
  const connection: Connection = all.table[index];
  connection.toSend = (connection.toSend | packet) as u8;
  if (connection.isInLine) return;
  connection.isInLine = true;
  connection.nextToSend = NO_CONNECTION;
  if (all.lastToSend === NO_CONNECTION) all.firstToSend = index;
  else all.table[all.lastToSend].nextToSend = index;
  all.lastToSend = index;
};

/** Has it send nothing but RST, behind which it is free. */
export const resetConnection = (all: Connections, index: i32): void => {
  all.table[index].state = RESETTING;
  all.table[index].toSend = 0;
  askToSend(all, index, SEND_RST);
};

/** Takes the first connection out of the line: all that it has to send was sent. */
export const leaveLine = (all: Connections): void => {
  const connection: Connection = all.table[all.firstToSend];
  connection.isInLine = false;
  all.firstToSend = connection.nextToSend;
  if (all.firstToSend === NO_CONNECTION) all.lastToSend = NO_CONNECTION;
};

/** Takes a connection out of the line, wherever in it, and frees it: the other end wants to hear nothing more. */
export const dropConnection = (all: Connections, index: i32): void => {
  if (all.table[index].isInLine) cutFromLine(all, index);
  removeConnection(all, index);
};

const cutFromLine = (all: Connections, index: i32): void => {
  if (all.firstToSend === index) {
    leaveLine(all);
    return;
  }
  let before: i32 = all.firstToSend;
  while (all.table[before].nextToSend !== index) before = all.table[before].nextToSend;
  all.table[before].nextToSend = all.table[index].nextToSend;
  if (all.lastToSend === index) all.lastToSend = before;
  all.table[index].isInLine = false;
};

/** Returns how many bytes the other end has room for. What it says is an allegation: less than is on its way is no room at all. §5.10.6.3 */
export const peerRoom = (connection: Connection): u32 => {
  const underWay: u32 = (connection.sentCount - connection.peerForwardedCount) >>> 0;
  return underWay >= connection.peerBufferLength ? 0 : connection.peerBufferLength - underWay;
};

/**
 * Notes what the other end says of its room. False: it has handed on more than was sent. A count that is older than the one before is no news: on the other end
 * two packets may have overtaken each other.
 */
export const noteCredit = (connection: Connection, bufferLength: u32, forwardedCount: u32): bool => {
  const news: u32 = (forwardedCount - connection.peerForwardedCount) >>> 0;
  if (news >= 0x80000000) return true;
  if (news > (connection.sentCount - connection.peerForwardedCount) >>> 0) return false;
  connection.peerForwardedCount = forwardedCount;
  connection.peerBufferLength = bufferLength;
  if (peerRoom(connection) > 0) connection.hasAskedCredit = false;
  return true;
};

/** Asks the other end for its credit, once, until it has room: who is asked again whenever he answers would be asked for ever. */
export const askCredit = (all: Connections, index: i32): void => {
  const connection: Connection = all.table[index];
  if (connection.hasAskedCredit) return;
  connection.hasAskedCredit = true;
  askToSend(all, index, SEND_CREDIT_REQUEST);
};

/** Begins to agree on the end of a connection: nothing goes either way any more. */
export const closeConnection = (all: Connections, index: i32): void => {
  all.table[index].state = CLOSING;
  askShutdown(all, index, SHUTDOWN_BOTH);
};

/** Tells the other end that no more is sent, or taken, as `flags` say. */
export const askShutdown = (all: Connections, index: i32, flags: u8): void => {
  const connection: Connection = all.table[index];
  connection.ownFlags = (connection.ownFlags | flags) as u8;
  askToSend(all, index, SEND_SHUTDOWN);
};

/** Notes that `length` bytes have come. False: there was no room for them. */
export const noteReceived = (connection: Connection, length: u32): bool => {
  if (length > receivingRoom(connection)) return false;
  connection.receivedCount = (connection.receivedCount + length) >>> 0;
  return true;
};

/** Returns how many bytes more the other end may send before some are read. */
export const receivingRoom = (connection: Connection): u32 =>
  connection.bufferLength - ((connection.receivedCount - connection.forwardedCount) >>> 0);

/** Notes that `length` bytes were read. The other end is told when it sees less than half of the room that it could have. */
export const noteRead = (all: Connections, index: i32, length: u32): void => {
  const connection: Connection = all.table[index];
  connection.forwardedCount = (connection.forwardedCount + length) >>> 0;
  const seen: u32 = connection.bufferLength - ((connection.receivedCount - connection.toldCount) >>> 0);
  if (seen < connection.bufferLength / 2 && connection.state === CONNECTED) askToSend(all, index, SEND_CREDIT_UPDATE);
};

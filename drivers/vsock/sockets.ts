// Connections as their users see them. kernel/device/vsock.ts says what each call means.
//
//   device ─▶ receive: chunks, the oldest first ── settleReads ──▶ reads in their order
//   write() ─▶ line of writes ── sendWrites, a packet of each connection in turn, as far as there is credit ──▶ device
//
// Each connection has one object from the beginning to the end. When it is over it has no number any more, and what came can still be read.

import { smaller } from '../../kernel/base/bits.ts';
import { copyBytes } from '../../kernel/base/bytes.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import type { VsockOptions, VsockType } from '../../kernel/device/vsock.ts';
import { clearTimer, startTimeout } from '../../kernel/event/timers.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import { NO_BUFFER, takeFree } from '../virtio/buffers.ts';
import {
  askCredit,
  askShutdown,
  closeConnection,
  NO_CONNECTION,
  noteRead,
  peerRoom,
  receivingRoom,
  resetConnection,
} from './connections.ts';
import { payloadPart, sendPayload, TRANSMIT_LENGTH } from './flow.ts';
import { packetPayload } from './packets.ts';
import { END_OF_MESSAGE, SHUTDOWN_SEND } from './registers.ts';
import {
  begin,
  type Chunk,
  type Hub,
  invalid,
  type Read,
  refuse,
  type SocketState,
  settle,
  stir,
  type Write,
} from './state.ts';

/** Bytes of a chunk at least, where more may come: many short packets then cost little more memory than their bytes. */
const CHUNK_LENGTH_MIN = 2048;

const NOTHING = new Uint8Array(0);

const CLOSED: DeviceError = { kind: 'closed', message: 'the socket was closed' };
const DEAF: DeviceError = { kind: 'closed', message: 'the other end takes nothing more' };
const SHUT: DeviceError = { kind: 'closed', message: 'the socket was shut down for writing' };

/** Returns a connection of this number among the connections. */
export const newSocket = (
  hub: Hub,
  index: number,
  type: VsockType,
  receiveBytes: number,
  localPort: number,
  peerCid: number,
  peerPort: number,
): SocketState => {
  const state: SocketState = {
    type,
    socket: {
      type,
      localPort,
      peerCid,
      peerPort,
      get isEnded() {
        return state.isPeerDone && !hasSomething(state);
      },
      read: (options) => read(hub, state, options),
      readInto: (target, options) => readInto(hub, state, target, options),
      write: (bytes, options) => write(hub, state, bytes, options),
      shutdown: () => shutdown(hub, state),
      close: () => close(hub, state),
    },
    receiveBytes,
    index,
    connecting: undefined,
    timer: undefined,
    listener: undefined,
    firstChunk: undefined,
    lastChunk: undefined,
    chunkCount: 0,
    messageCount: 0,
    reads: [],
    writes: [],
    isSender: false,
    isShut: false,
    shutting: [],
    isPeerDone: false,
    isPeerDeaf: false,
    failure: undefined,
    isClosed: false,
    closing: [],
  };
  hub.sockets[index] = state;
  return state;
};

// What callers ask for.

const read = (hub: Hub, state: SocketState, options?: VsockOptions): Promise<Uint8Array> => {
  const signal = options?.signal;
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (state.isClosed) return Promise.reject(failureOf(CLOSED));
  const wait = begin<Uint8Array>(hub, signal, () => abortRead(hub, state, entry));
  const entry: Read = { target: undefined, wait };
  return addRead(hub, state, entry, wait.promise);
};

const readInto = (hub: Hub, state: SocketState, target: Uint8Array, options?: VsockOptions): Promise<number> => {
  const signal = options?.signal;
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (state.isClosed) return Promise.reject(failureOf(CLOSED));
  if (target.length === 0) return Promise.reject(invalid('0 bytes to read into'));
  const wait = begin<number>(hub, signal, () => abortRead(hub, state, entry));
  const entry: Read = { target, wait };
  return addRead(hub, state, entry, wait.promise);
};

const addRead = <T>(hub: Hub, state: SocketState, entry: Read, promise: Promise<T>): Promise<T> => {
  state.reads.push(entry);
  settleReads(hub, state);
  return promise;
};

const abortRead = (hub: Hub, state: SocketState, entry: Read): void => {
  state.reads = state.reads.filter((each) => each !== entry);
  refuseRead(hub, entry, entry.wait.signal!.reason);
};

const write = (hub: Hub, state: SocketState, bytes: Uint8Array, options?: VsockOptions): Promise<void> => {
  const signal = options?.signal;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const refused = whyNotWritten(hub, state, bytes.length);
  if (refused !== undefined) return Promise.reject(failureOf(refused));
  if (bytes.length === 0) return Promise.resolve();
  const entry: Write = {
    bytes,
    wait: begin<void>(hub, signal, () => abortWrite(hub, state, entry)),
    sentLength: 0,
  };
  if (!state.isSender) hub.senders.push(state);
  state.isSender = true;
  state.writes.push(entry);
  stir(hub);
  return entry.wait.promise;
};

const whyNotWritten = (hub: Hub, state: SocketState, length: number): DeviceError | undefined => {
  if (state.isClosed) return CLOSED;
  if (state.failure !== undefined) return state.failure;
  if (state.isPeerDeaf) return DEAF;
  if (state.isShut) return SHUT;
  if (state.type === 'stream') return undefined;
  const most: number = hub.flow.connections.table[state.index].peerBufferLength;
  if (length === 0) return { kind: 'invalid-argument', message: 'a message has one byte at least' };
  if (length <= most) return undefined;
  return { kind: 'out-of-range', message: `a message of ${length} bytes, and the other end has room for ${most}` };
};

/** A message of which a part is on its way cannot be taken back: the next one would become its end. */
const abortWrite = (hub: Hub, state: SocketState, entry: Write): void => {
  if (state.type === 'seqpacket' && entry.sentLength > 0) return;
  state.writes = state.writes.filter((each) => each !== entry);
  if (state.writes.length === 0) endWriting(hub, state);
  refuse(hub, entry.wait, entry.wait.signal!.reason);
};

const shutdown = (hub: Hub, state: SocketState): Promise<void> => {
  if (state.isClosed) return Promise.reject(failureOf(CLOSED));
  if (state.failure !== undefined) return Promise.reject(failureOf(state.failure));
  const isFirst = !state.isShut;
  state.isShut = true;
  if (state.index === NO_CONNECTION || (!isFirst && state.shutting.length === 0)) return Promise.resolve();
  const wait = begin<void>(hub);
  state.shutting.push(wait);
  if (state.writes.length === 0) sayShut(hub, state);
  return wait.promise;
};

/** Tells the other end that nothing more will be written. */
const sayShut = (hub: Hub, state: SocketState): void => {
  askShutdown(hub.flow.connections, state.index, SHUTDOWN_SEND);
  for (const wait of state.shutting) settle(hub, wait, undefined);
  state.shutting = [];
  stir(hub);
};

const close = (hub: Hub, state: SocketState): Promise<void> => {
  if (!state.isClosed) beginClosing(hub, state);
  if (state.index === NO_CONNECTION) return Promise.resolve();
  const wait = begin<void>(hub);
  state.closing.push(wait);
  return wait.promise;
};

/** Nobody uses the connection any more: what it has is gone, and the other end is asked to confirm. */
export const beginClosing = (hub: Hub, state: SocketState): void => {
  state.isClosed = true;
  state.firstChunk = undefined;
  state.lastChunk = undefined;
  rejectWrites(hub, state, CLOSED);
  rejectReads(hub, state, CLOSED);
  if (state.index === NO_CONNECTION) return;
  closeConnection(hub.flow.connections, state.index);
  state.timer = startTimeout(() => giveUpClosing(hub, state), hub.live.deadlineMs).unref();
  stir(hub);
};

/** The other end does not confirm: it is told that the connection is over. §5.10.6.5 */
const giveUpClosing = (hub: Hub, state: SocketState): void => {
  if (state.index === NO_CONNECTION) return;
  resetConnection(hub.flow.connections, state.index);
  endSocket(hub, state, undefined);
  stir(hub);
};

// What the device brings.

/** Takes the bytes of a packet into memory. Returns why the connection cannot go on. */
export const receive = (hub: Hub, state: SocketState): DeviceError | undefined => {
  const { flow } = hub;
  const length: number = flow.length;
  const endsMessage = state.type === 'seqpacket' && (flow.flags as number) % 2 === END_OF_MESSAGE;
  if (length > 0 || endsMessage) {
    const chunk = chunkFor(state, length);
    dmaReadBytes(packetPayload(flow), partOf(chunk.bytes, chunk.end, chunk.end + length));
    chunk.end += length;
    chunk.endsMessage = endsMessage;
    if (endsMessage) state.messageCount++;
  }
  settleReads(hub, state);
  return state.type === 'seqpacket' ? whyStuck(hub, state) : undefined;
};

/** A message must fit, and messages without bytes must not be more than the bytes could be. */
const whyStuck = (hub: Hub, state: SocketState): DeviceError | undefined => {
  if (state.messageCount === 0 && receivingRoom(hub.flow.connections.table[state.index]) === 0) {
    return { kind: 'wrong-answer', message: `the other end sends a message of more than ${state.receiveBytes} bytes` };
  }
  if (state.chunkCount <= state.receiveBytes) return undefined;
  return { kind: 'wrong-answer', message: `the other end sent ${state.chunkCount} messages that nobody has read` };
};

/** Returns the last chunk when it has room for `length` bytes that belong to it, else a new one. */
const chunkFor = (state: SocketState, length: number): Chunk => {
  const last = state.lastChunk;
  if (last !== undefined && !last.endsMessage && last.bytes.length - last.end >= length) return last;
  const isShort = state.type === 'stream' && length < CHUNK_LENGTH_MIN;
  const chunk: Chunk = {
    bytes: new Uint8Array(isShort ? CHUNK_LENGTH_MIN : length),
    start: 0,
    end: 0,
    endsMessage: false,
    next: undefined,
  };
  if (last === undefined) state.firstChunk = chunk;
  else last.next = chunk;
  state.lastChunk = chunk;
  state.chunkCount++;
  return chunk;
};

/** The other end takes nothing more: whoever writes hears of it. */
export const noteDeaf = (hub: Hub, state: SocketState): void => {
  if (state.isPeerDeaf) return;
  state.isPeerDeaf = true;
  rejectWrites(hub, state, DEAF);
};

/** The connection is over and its number free. `error` says why when it is not what both ends wanted. */
export const endSocket = (hub: Hub, state: SocketState, error: DeviceError | undefined): void => {
  hub.sockets[state.index] = undefined;
  state.index = NO_CONNECTION;
  state.isPeerDone = true;
  state.isPeerDeaf = true;
  state.failure = error;
  stopTimer(state);
  leaveListener(state);
  if (state.connecting !== undefined) refuse(hub, state.connecting, failureOf(error ?? CLOSED));
  state.connecting = undefined;
  rejectWrites(hub, state, error ?? DEAF);
  settleReads(hub, state);
  for (const wait of state.closing) settle(hub, wait, undefined);
  state.closing = [];
};

/** A connection that ended before anybody has accepted it, and brought nothing, is nobody's. */
const leaveListener = (state: SocketState): void => {
  const { listener } = state;
  if (listener === undefined || state.firstChunk !== undefined) return;
  listener.arrived = listener.arrived.filter((each) => each !== state);
};

/** The wait for the other end is over. */
export const stopTimer = (state: SocketState): void => {
  if (state.timer !== undefined) clearTimer(state.timer);
  state.timer = undefined;
};

// Reading.

/** Returns whether a read can have something. */
const hasSomething = (state: SocketState): boolean =>
  state.type === 'stream' ? state.firstChunk !== undefined : state.messageCount > 0;

/** Gives waiting reads what has come, and the end when there will be no more. */
export const settleReads = (hub: Hub, state: SocketState): void => {
  while (state.reads.length > 0) {
    if (hasSomething(state)) serve(hub, state, state.reads.shift()!);
    else if (!state.isPeerDone) return;
    else endRead(hub, state, state.reads.shift()!);
  }
};

const serve = (hub: Hub, state: SocketState, entry: Read): void => {
  if (entry.target === undefined) settle(hub, entry.wait, takeNext(hub, state));
  else if (state.type === 'stream') settle(hub, entry.wait, takeInto(hub, state, entry.target, entry.target.length));
  else {
    const length = messageLength(state);
    if (length <= entry.target.length) settle(hub, entry.wait, takeInto(hub, state, entry.target, length));
    else {
      const message = `a message of ${length} bytes for an array of ${entry.target.length}`;
      refuse(hub, entry.wait, failureOf({ kind: 'out-of-range', message }));
    }
  }
};

const endRead = (hub: Hub, { failure }: SocketState, entry: Read): void => {
  if (failure !== undefined) refuseRead(hub, entry, failureOf(failure));
  else if (entry.target === undefined) settle(hub, entry.wait, NOTHING);
  else settle(hub, entry.wait, 0);
};

const refuseRead = (hub: Hub, entry: Read, reason: unknown): void => {
  if (entry.target === undefined) refuse(hub, entry.wait, reason);
  else refuse(hub, entry.wait, reason);
};

const rejectReads = (hub: Hub, state: SocketState, error: DeviceError): void => {
  const { reads } = state;
  state.reads = [];
  for (const entry of reads) refuseRead(hub, entry, failureOf(error));
};

/** Takes the first chunk of a stream as it is, or the first message. */
const takeNext = (hub: Hub, state: SocketState): Uint8Array => {
  const first = state.firstChunk!;
  if (state.type === 'seqpacket' && !first.endsMessage) {
    const bytes = new Uint8Array(messageLength(state));
    takeInto(hub, state, bytes, bytes.length);
    return bytes;
  }
  dropFirst(state);
  noteTaken(hub, state, first.end - first.start);
  return partOf(first.bytes, first.start, first.end);
};

/** Copies up to `length` bytes to the start of `target`. Returns how many. A message is taken whole. */
const takeInto = (hub: Hub, state: SocketState, target: Uint8Array, length: number): number => {
  let taken = 0;
  for (let chunk = state.firstChunk; chunk !== undefined; chunk = state.firstChunk) {
    const count: number = smaller(length - taken, chunk.end - chunk.start);
    copyBytes(target, taken, chunk.bytes, chunk.start, count);
    chunk.start += count;
    taken += count;
    if (chunk.start < chunk.end) break;
    dropFirst(state);
    if (chunk.endsMessage || taken === length) break;
  }
  noteTaken(hub, state, taken);
  return taken;
};

/** Returns the bytes of the first message. It is whole. */
const messageLength = (state: SocketState): number => {
  let length = 0;
  for (let chunk = state.firstChunk; chunk !== undefined; chunk = chunk.next) {
    length += chunk.end - chunk.start;
    if (chunk.endsMessage) return length;
  }
  return length;
};

const dropFirst = (state: SocketState): void => {
  const first = state.firstChunk!;
  state.firstChunk = first.next;
  if (first.next === undefined) state.lastChunk = undefined;
  state.chunkCount--;
  if (first.endsMessage) state.messageCount--;
};

/** The other end may send so many bytes more. */
const noteTaken = (hub: Hub, state: SocketState, length: number): void => {
  if (state.index === NO_CONNECTION) return;
  noteRead(hub.flow.connections, state.index, length);
  stir(hub);
};

const partOf = (bytes: Uint8Array, start: number, end: number): Uint8Array =>
  start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);

// Writing.

/** Sends what waits, as far as there are buffers and credit. Each connection has its turn. */
export const sendWrites = (hub: Hub): void => {
  let hasSent = hub.senders.length > 0;
  while (hasSent) {
    hasSent = false;
    let hasEnded = false;
    for (const state of hub.senders) {
      if (state.writes.length > 0 && sendNext(hub, state)) hasSent = true;
      if (state.writes.length === 0) hasEnded = true;
    }
    if (hasEnded) hub.senders = hub.senders.filter(staysSender);
  }
};

const staysSender = (state: SocketState): boolean => {
  state.isSender = state.writes.length > 0;
  return state.isSender;
};

/** Sends one packet of a connection. Returns whether it could. */
const sendNext = (hub: Hub, state: SocketState): boolean => {
  const { flow } = hub;
  const connection = flow.connections.table[state.index];
  const entry = state.writes[0]!;
  const { bytes, sentLength } = entry;
  const room: number = peerRoom(connection);
  if (room === 0) {
    askCredit(flow.connections, state.index);
    return false;
  }
  const buffer: number = takeFree(flow.transmit);
  if (buffer === NO_BUFFER) return false;
  const end = Math.min(bytes.length, sentLength + Math.min(room, TRANSMIT_LENGTH as number));
  const isLast = end === bytes.length;
  dmaWriteBytes(payloadPart(flow, buffer), partOf(bytes, sentLength, end));
  const flags = isLast && state.type === 'seqpacket' ? END_OF_MESSAGE : 0;
  sendPayload(flow, connection, buffer, end - sentLength, flags);
  entry.sentLength = end;
  if (isLast) {
    state.writes.shift();
    settle(hub, entry.wait, undefined);
    if (state.writes.length === 0) endWriting(hub, state);
  }
  return true;
};

/** All that was to be written has gone out. */
const endWriting = (hub: Hub, state: SocketState): void => {
  if (state.shutting.length > 0 && state.index !== NO_CONNECTION) sayShut(hub, state);
};

const rejectWrites = (hub: Hub, state: SocketState, error: DeviceError): void => {
  const { writes, shutting } = state;
  state.writes = [];
  state.shutting = [];
  for (const { wait } of writes) refuse(hub, wait, failureOf(error));
  for (const wait of shutting) refuse(hub, wait, failureOf(error));
};

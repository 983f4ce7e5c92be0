'use machine';
// The flow of requests through one disk: what callers asked for goes to the device as far as there is room, and comes back. Hot for every request
// that is awaited. VIRTIO 1.2 §5.2.6
//
//   enqueue ─▶ line ── send ──▶ queue ── kick ──▶ device ──▶ queue ── take ──▶ the caller's promise
//          no line ───────────▶
//                       │ arena                                │ arena
//                       └ bytes to write are copied in by      └ bytes that were read are copied out by
//                         the control plane, which has them      it before the next `take`
//
// What is always true:
//  - A request that the device has is in the list of those under way, the oldest first; its memory is nobody else's until it is back.
//  - Nothing is thrown away: what finds no room in the queue or the arena stays in the line, in its order.
//  - One notification for many: what is sent in one turn is told at once, and while the device has enough to do, what is sent in several.

import {
  type bool,
  type DmaOffset,
  type FixedArray,
  type f64,
  fixedArray,
  type i32,
  type u8,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';
import { noteUnsent } from '../../kernel/event/waiting.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
import { interruptIsNoted, NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { ARENA_FULL, Arena, giveBack, takePiece } from '../virtio/arena.ts';
import { CARE_EXPIRED, CARE_REKICKED } from '../virtio/buffers.ts';
import { INTERRUPT_NONE, type Interrupts, interruptCause } from '../virtio/interrupts.ts';
import { allowInterrupts, canPop, kick, REKICK_AFTER_NS, suppressInterrupts, watch } from '../virtio/queue/queue.ts';
import { DEVICE_WRITES, QUEUE_BROKEN, QUEUE_EMPTY, type Queue } from '../virtio/queue/record.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { Disk } from './bring-up.ts';
import { Limits, RANGES_LENGTH_MAX } from './limits.ts';
import {
  addOperation,
  addSent,
  endRequest,
  hasSlot,
  leaveLine,
  NO_SLOT,
  nextWaiting,
  type Operation,
  Operations,
} from './operations.ts';
import { NO_PIECE, type Piece } from './pieces.ts';
import { RangePart, rangeLimitsOf, writeSegments } from './ranges.ts';
import { BLK_SECTOR_SIZE, STATUS_OK, STATUS_UNWRITTEN, TYPE_DISCARD, TYPE_IN, TYPE_OUT } from './registers.ts';
import { type BlkRequests, BlkSegments, complete, directionOf, submit, submitRead, submitSegments } from './request.ts';
import { cutSegments, gatherSegments } from './scatter.ts';
import { WriteCache } from './write-cache.ts';

// What `take` returns in place of a slot.
/** One request is back, and more is to be done than to tell who waits that all is well: see the fields `taken…`. */
export const TAKEN_PART: i32 = -1;
/** Nothing more is back. */
export const TAKEN_NONE: i32 = -2;
/** The device said what cannot be. */
export const TAKEN_BROKEN: i32 = -3;
/** Nothing more is back, and the device is late: `late` says how. */
export const TAKEN_LATE: i32 = -4;

// What `enqueue` returns in place of a slot.
/** There is none left. */
export const ENQUEUE_FULL: i32 = NO_SLOT;
export const ENQUEUE_REFUSED: i32 = -2;

/** Bytes of the longest operation. */
export const LENGTH_MAX: u53 = 0xffffffff;

/** Of the requests with the device, the part that it need not know of yet, as it has the others to do; and how long it may be kept from it. */
const KICK_DIVISOR: u32 = 4;
const KICK_DELAY_NS: u53 = 20000;

const NS_PER_MS: u32 = 1000000;

/** 2^52: from here on a double has whole numbers alone. */
const WHOLE_LIMIT: f64 = 4503599627370496;

/** No request. */
const NO_HEAD: i32 = -1;

/** A request that the device has. */
class UnderWay {
  slot: i32 = 0;
  /** Its bytes: where in the operation they begin, and where in memory. */
  start: u53 = 0;
  length: u32 = 0;
  data: DmaOffset = 0;
  sentAt: u53 = 0;
  /** The heads of those that were sent before and after it. */
  older: i32 = 0;
  newer: i32 = 0;
}

/** One disk whose requests are awaited. */
export class Flow {
  disk = new Disk();
  arena = new Arena();
  operations = new Operations();
  limits = new Limits();
  cache = new WriteCache();
  /** Bytes that one request moves at most: TRANSFER_LENGTH_MAX, or less where the device takes less. */
  requestLengthMax: u32 = 0;
  deadlineNs: u53 = 0;

  /** By head. */
  underWay: FixedArray<UnderWay, 32768> = fixedArray(32768, UnderWay);
  oldest: i32 = -1;
  newest: i32 = -1;
  /** The first of those whose time was not noted yet, which are the newest. */
  untimed: i32 = -1;
  /** Sent, and the device was not told yet; when it is to be at the latest. */
  untoldCount: u32 = 0;
  tellAt: u53 = 0;
  /** Something was asked for, or has become possible, since `send` looked last. */
  isSendDue: bool = false;
  /** The time when `take` found nothing more. */
  now: u53 = 0;
  /** How the device is late: CARE_… */
  late: u8 = 0;
  isReadOnly: bool = false;
  /** The device was given up: nothing goes in or out. */
  isStopped: bool = false;
  /** Calls wait for a slot: who comes now waits behind them. */
  isCrowded: bool = false;
  /** Callers have signals, by which they may give up. */
  hasSignals: bool = false;
  /** The number by which the loop knows who polls it. */
  source: u32 = 0;

  // The request that goes out next: its memory is taken.
  isPrepared: bool = false;
  preparedSlot: i32 = 0;
  preparedLength: u32 = 0;
  preparedData: DmaOffset = 0;
  /** Where in its operation it begins, and how much of that it does. */
  preparedStart: u53 = 0;
  preparedDone: u53 = 0;
  /** Its data is in several segments: these. */
  isScattered: bool = false;
  segments = new BlkSegments();
  /** Where it is on the disk, if not where its operation says. */
  preparedSector: u53 = 0;
  /** Of a range, what was put down last. */
  part = new RangePart();

  // The request that was taken last.
  /** Its memory is given back by the next `take`. */
  takenHasMemory: bool = false;
  takenSlot: i32 = 0;
  takenStart: u53 = 0;
  takenLength: u32 = 0;
  takenData: DmaOffset = 0;
  /** Since the flow was woken last, requests were taken of which the control plane need not hear: their operations go on. */
  hasTakenSilently: bool = false;
  /** Its bytes are there to be copied out. */
  takenHasBytes: bool = false;
  /** Its operation is over, with this status. */
  takenEnds: bool = false;
  takenStatus: u8 = 0;
  /** Its operation is over, all is well, and nobody can have aborted it. */
  takenIsWell: bool = false;
  /** The promise of its operation is fulfilled with its bytes. */
  takenGives: bool = false;
}

/** Sets how long a request may be with the device. */
export const setDeadline = (flow: Flow, deadlineMs: u32): void => {
  flow.deadlineNs = deadlineMs * NS_PER_MS;
};

/** Notes by which number the loop knows who polls the flow. */
export const setSource = (flow: Flow, source: u32): void => {
  flow.source = source;
};

/** Notes whether calls wait for a slot. */
export const setCrowded = (flow: Flow, isCrowded: bool): void => {
  flow.isCrowded = isCrowded;
};

/** Notes whether callers have signals. */
export const setSignals = (flow: Flow, hasSignals: bool): void => {
  flow.hasSignals = hasSignals;
};

/**
 * Puts a new operation at the end of the line. Returns its slot, ENQUEUE_FULL when there is none left, or ENQUEUE_REFUSED when the disk cannot do it:
 * the numbers may be any. `data` is for a direct one.
 */
export const enqueue = (flow: Flow, type: u32, sector: f64, length: f64, isDirect: bool, data: f64): i32 => {
  if (flow.isStopped || !isWhole(sector) || !isWhole(length)) return ENQUEUE_REFUSED;
  if (type <= TYPE_OUT && !isPossible(flow, type, sector as u53, length as u53)) return ENQUEUE_REFUSED;
  if (isDirect && !isMemory(data, length)) return ENQUEUE_REFUSED;
  noteAsked(flow);
  return addOperation(flow.operations, type, sector as u53, length as u53, isDirect, data as u32);
};

/**
 * The same for a direct one whose caller waits behind those that wait for a slot, which is ENQUEUE_FULL. Where nobody is in the line and the queue has room, the
 * request is in the queue when this returns.
 */
export const enqueueDirect = (flow: Flow, type: u32, sector: f64, length: f64, data: f64): i32 => {
  if (flow.isCrowded || flow.isStopped || !hasSlot(flow.operations)) return ENQUEUE_FULL;
  if (!isWhole(sector) || !isWhole(length) || !isMemory(data, length)) return ENQUEUE_REFUSED;
  if (!isPossible(flow, type, sector as u53, length as u53)) return ENQUEUE_REFUSED;
  noteAsked(flow);
  const isNext: bool = !flow.isPrepared && flow.operations.firstWaiting === NO_SLOT;
  if (isNext && length <= flow.requestLengthMax && length <= flow.limits.segmentLengthMax) {
    const bytes: u32 = length as u32;
    const head: i32 = submit(flow.disk.queue, flow.disk.requests, type, sector as u53, data as u32, bytes);
    if (head >= 0) {
      addUnderWay(flow, head, addSent(flow.operations, type, bytes, 1), 0, bytes, data as u32);
      return flow.underWay[head].slot;
    }
  }
  return addOperation(flow.operations, type, sector as u53, length as u53, true, data as u32);
};

/** Notes that something is to be sent, behind the jobs of this turn. */
export const noteAsked = (flow: Flow): void => {
  flow.isSendDue = true;
  noteUnsent(flow.source);
};

/** Returns whether a number is a whole one, and no larger than a disk: the sum has no place for a fraction. */
export const isWhole = (value: f64): bool =>
  value >= 0 && value <= WHOLE_LIMIT && value + WHOLE_LIMIT - WHOLE_LIMIT === value;

/** Returns whether `length` bytes at `offset` are DMA memory. */
export const isMemory = (offset: f64, length: f64): bool => isWhole(offset) && offset + length <= dmaLength();

/** Returns whether a read or a write of so much is one. */
export const isPossible = (flow: Flow, type: u32, sector: u53, length: u53): bool => {
  const blockSize: u32 = flow.disk.blockSizeBytes;
  if (length === 0 || length > LENGTH_MAX || (length & (blockSize - 1)) !== 0) return false;
  return isInside(flow, sector, Math.floor(length / BLK_SECTOR_SIZE)) && !(type === TYPE_OUT && flow.isReadOnly);
};

/** Returns whether there are `sectorCount` sectors from `sector` on, and the first of them begins a block. */
export const isInside = (flow: Flow, sector: u53, sectorCount: u53): bool =>
  sector + sectorCount <= flow.disk.capacitySectors &&
  (sector & (Math.floor(flow.disk.blockSizeBytes / BLK_SECTOR_SIZE) - 1)) === 0;

/** Takes and sends nothing any more: the device was given up. */
export const stopFlow = (flow: Flow): void => {
  flow.isStopped = true;
};

/**
 * Sends what waits, as far as there is room. Returns NO_SLOT when that was all for now; else the slot of an operation of which `preparedLength` bytes, from
 * `preparedStart` on, are to be copied to `preparedData` before this is called again.
 */
export const send = (flow: Flow): i32 => {
  flow.isSendDue = false;
  if (flow.isStopped) return NO_SLOT;
  for (;;) {
    if (flow.isPrepared && !sendPrepared(flow)) break;
    if (!prepare(flow)) break;
    const operation: Operation = flow.operations.slots[flow.preparedSlot];
    if (operation.type === TYPE_OUT && !operation.isDirect) return flow.preparedSlot;
  }
  if (flow.untimed !== NO_HEAD) noteTime(flow);
  tellWhenWorth(flow);
  return NO_SLOT;
};

/** Returns whether `send` has anything to do: to send, to note the time of, or to tell the device. */
export const hasToSend = (flow: Flow): bool => flow.isSendDue || flow.untoldCount !== 0 || flow.untimed !== NO_HEAD;

/** Takes memory for the next request of the first in the line. False when none waits, or there is no room. */
const prepare = (flow: Flow): bool => {
  const slot: i32 = nextWaiting(flow.operations);
  if (slot === NO_SLOT) return false;
  const operation: Operation = flow.operations.slots[slot];
  flow.preparedSlot = slot;
  flow.isScattered = false;
  if (operation.type >= TYPE_DISCARD) return prepareRange(flow, operation);
  if (operation.isMany) return prepareOne(flow, operation);
  if (operation.piece !== NO_PIECE) return preparePieces(flow, operation);
  const length: u32 = Math.min(operation.length - operation.sentLength, flow.requestLengthMax) as u32;
  let data: u32 = (operation.data + operation.sentLength) as u32;
  if (!operation.isDirect && length !== 0) {
    data = takePiece(flow.arena, operation.type === TYPE_IN ? length + 1 : length); // A read's status lies behind its bytes.
    if (data === ARENA_FULL) return false;
  }
  if (length > flow.limits.segmentLengthMax) {
    cutSegments(flow.limits, data, length, flow.segments);
    flow.isScattered = true;
  }
  notePrepared(flow, operation, data, length, length);
  return true;
};

/** The same for segments that name sectors. */
const prepareRange = (flow: Flow, operation: Operation): bool => {
  const data: DmaOffset = takePiece(flow.arena, RANGES_LENGTH_MAX);
  if (data === ARENA_FULL) return false;
  const sector: u53 = operation.sector + operation.sentLength;
  const left: u53 = operation.length - operation.sentLength;
  writeSegments(rangeLimitsOf(flow.limits, operation.type), sector, left, operation.mayUnmap, data, flow.part);
  notePrepared(flow, operation, data, flow.part.length, flow.part.sectorCount);
  return true;
};

/** The same for an operation whose memory is in pieces. */
const preparePieces = (flow: Flow, operation: Operation): bool => {
  const length: u32 = gatherSegments(flow.limits, flow.operations, operation, flow.segments);
  flow.isScattered = true;
  notePrepared(flow, operation, flow.segments.offsets[0], length, length);
  return true;
};

/** The same for an operation whose pieces have places of their own: the next of them. */
const prepareOne = (flow: Flow, operation: Operation): bool => {
  const piece: Piece = flow.operations.pieces.slots[operation.piece];
  operation.piece = piece.next;
  flow.preparedSector = piece.sector;
  notePrepared(flow, operation, piece.offset, piece.length, piece.length);
  return true;
};

/** Notes a request with `length` bytes at `data`, which does `done` of its operation. */
const notePrepared = (flow: Flow, operation: Operation, data: DmaOffset, length: u32, done: u53): void => {
  flow.isPrepared = true;
  flow.preparedStart = operation.sentLength;
  flow.preparedLength = length;
  flow.preparedData = data;
  flow.preparedDone = done;
};

/** Gives the prepared request to the device, or lets it go when its operation has ended. False when the queue has no room. */
const sendPrepared = (flow: Flow): bool => {
  const operation: Operation = flow.operations.slots[flow.preparedSlot];
  const length: u32 = flow.preparedLength;
  if (operation.isEnded) {
    flow.isPrepared = false;
    if (!operation.isDirect && length !== 0) giveBack(flow.arena, flow.preparedData);
    return true;
  }
  const head: i32 = submitPrepared(flow, operation);
  if (head < 0) return false; // Full; what is broken, `take` sees.
  flow.isPrepared = false;
  addUnderWay(flow, head, flow.preparedSlot, flow.preparedStart, length, flow.preparedData);
  operation.underWayCount++;
  operation.sentLength += flow.preparedDone;
  if (operation.sentLength === operation.length) leaveLine(flow.operations);
  return true;
};

/** A read into our own memory takes one descriptor fewer, where the device takes it so long: each costs the device a look at memory. */
const submitPrepared = (flow: Flow, operation: Operation): i32 => {
  const queue: Queue = flow.disk.queue;
  const requests: BlkRequests = flow.disk.requests;
  const type: u32 = operation.type;
  const isTransfer: bool = type <= TYPE_OUT; // Only these have a place. §5.2.6
  let sector: u53 = isTransfer ? operation.sector + Math.floor(flow.preparedStart / BLK_SECTOR_SIZE) : 0;
  if (operation.isMany) sector = flow.preparedSector;
  if (flow.isScattered) return submitSegments(queue, requests, type, sector, flow.segments);
  const length: u32 = flow.preparedLength;
  return type === TYPE_IN && !operation.isDirect && length < flow.limits.segmentLengthMax
    ? submitRead(queue, requests, sector, flow.preparedData, length)
    : submit(queue, requests, type, sector, flow.preparedData, length);
};

/** Notes what the device has got, as the newest. */
export const addUnderWay = (flow: Flow, head: i32, slot: i32, start: u53, length: u32, data: DmaOffset): void => {
  const request: UnderWay = flow.underWay[head];
  request.slot = slot;
  request.start = start;
  request.length = length;
  request.data = data;
  request.older = flow.newest;
  request.newer = NO_HEAD;
  if (flow.newest === NO_HEAD) flow.oldest = head;
  else flow.underWay[flow.newest].newer = head;
  flow.newest = head;
  if (flow.untimed === NO_HEAD) flow.untimed = head;
  flow.untoldCount++;
};

/** Notes when the newest were sent: now. Their caller may have computed for long since he asked. */
const noteTime = (flow: Flow): void => {
  flow.now = clockNow();
  if (flow.tellAt === 0) flow.tellAt = flow.now + KICK_DELAY_NS;
  for (let head: i32 = flow.untimed; head !== NO_HEAD; head = flow.underWay[head].newer) {
    flow.underWay[head].sentAt = flow.now;
  }
  flow.untimed = NO_HEAD;
};

const removeUnderWay = (flow: Flow, head: i32): void => {
  const request: UnderWay = flow.underWay[head];
  if (flow.untimed === head) flow.untimed = request.newer;
  if (request.older === NO_HEAD) flow.oldest = request.newer;
  else flow.underWay[request.older].newer = request.newer;
  if (request.newer === NO_HEAD) flow.newest = request.older;
  else flow.underWay[request.newer].older = request.older;
};

/** Notifies the device of what was sent, unless it has enough to do without. */
const tellWhenWorth = (flow: Flow): void => {
  if (flow.untoldCount !== 0 && flow.untoldCount * KICK_DIVISOR >= flow.disk.queue.inFlight) tell(flow);
};

const tell = (flow: Flow): void => {
  flow.untoldCount = 0;
  flow.tellAt = 0;
  kick(flow.disk.queue);
};

/**
 * Takes back one request. Returns the slot of its operation when all that is left is to tell who waits that it is well; else one of the TAKEN_ codes.
 * Looks after the device when there is nothing more.
 */
export const take = (flow: Flow): i32 => {
  releaseTaken(flow);
  if (flow.isStopped) return TAKEN_NONE;
  for (;;) {
    const head: i32 = complete(flow.disk.queue, flow.disk.requests);
    if (head === QUEUE_EMPTY) return lookAfter(flow);
    if (head === QUEUE_BROKEN) return TAKEN_BROKEN;
    takeRequest(flow, head, flow.disk.requests.completedStatus);
    if (flow.takenIsWell && !flow.takenHasMemory) return flow.takenSlot;
    if (flow.takenEnds || flow.takenHasMemory) return TAKEN_PART;
    flow.hasTakenSilently = true;
  }
};

/** Takes back one request that a device had when it was reset. Returns the slot of its operation, and TAKEN_NONE when there are no more. */
export const takeLost = (flow: Flow): i32 => {
  releaseTaken(flow);
  if (flow.oldest === NO_HEAD) return TAKEN_NONE;
  takeRequest(flow, flow.oldest, STATUS_UNWRITTEN);
  return flow.takenSlot;
};

const takeRequest = (flow: Flow, head: i32, status: u8): void => {
  removeUnderWay(flow, head);
  if (flow.isPrepared || flow.operations.firstWaiting !== NO_SLOT) flow.isSendDue = true;
  const request: UnderWay = flow.underWay[head];
  const operation: Operation = flow.operations.slots[request.slot];
  flow.takenSlot = request.slot;
  flow.takenHasMemory = !operation.isDirect && request.length !== 0;
  flow.takenHasBytes = flow.takenHasMemory && directionOf(operation.type) === DEVICE_WRITES && status === STATUS_OK;
  flow.takenStart = request.start;
  flow.takenLength = request.length;
  flow.takenData = request.data;
  flow.takenEnds = endRequest(flow.operations, request.slot, status);
  flow.takenStatus = operation.status;
  flow.takenIsWell = flow.takenEnds && operation.status === STATUS_OK && !flow.hasSignals;
  flow.takenGives = operation.givesBytes;
};

const releaseTaken = (flow: Flow): void => {
  if (flow.takenHasMemory) giveBack(flow.arena, flow.takenData);
  flow.takenHasMemory = false;
};

/** Looks whether the device is late. */
const lookAfter = (flow: Flow): i32 => {
  flow.now = clockNow();
  if (flow.oldest === flow.untimed) return TAKEN_NONE; // There is none, or it was not sent yet.
  if (flow.now >= flow.underWay[flow.oldest].sentAt + flow.deadlineNs) {
    flow.late = CARE_EXPIRED;
    return TAKEN_LATE;
  }
  if (!watch(flow.disk.queue, flow.now)) return TAKEN_NONE;
  flow.late = CARE_REKICKED;
  return TAKEN_LATE;
};

/** Asks for no interrupts: the flow is polled from now on. Returns why the device has interrupted, as interruptCause does. */
export const wakeFlow = (flow: Flow, transport: Transport, interrupts: Interrupts): u8 => {
  flow.hasTakenSilently = false;
  if (flow.disk.queue.interruptsAllowed) suppressInterrupts(flow.disk.queue);
  return interruptCause(transport, interrupts);
};

/** Waits until there is something to take or to send. Returns whether there is; false at `deadline`, and when an interrupt was noted. */
export const spinFlow = (flow: Flow, deadline: u53): bool => {
  for (;;) {
    if (flow.isSendDue || canPop(flow.disk.queue)) return true;
    if (interruptIsNoted()) return false;
    const now: u53 = clockNow();
    if (flow.untoldCount !== 0 && now >= flow.tellAt) tell(flow);
    if (now >= deadline) return false; // No `pause`: under QEMU's emulator it takes the lock that the device needs to answer.
  }
};

/** Tells the device all that it was not told, and asks for an interrupt. Returns whether the flow may sleep now. */
export const armFlow = (flow: Flow, interrupts: Interrupts): bool => {
  if (flow.isSendDue) return false;
  if (flow.untoldCount !== 0) tell(flow);
  if (flow.oldest === NO_HEAD) return true;
  if (interrupts.kind === INTERRUPT_NONE) return false;
  if (!allowInterrupts(flow.disk.queue)) return true;
  suppressInterrupts(flow.disk.queue);
  return false;
};

/** Returns when the flow is to be polled at the latest, NO_DEADLINE when the device has nothing: at the oldest deadline, or when it is notified again. */
export const nextCare = (flow: Flow): u53 => {
  if (flow.oldest === NO_HEAD) return NO_DEADLINE;
  const queue: Queue = flow.disk.queue;
  const since: u53 = queue.watchedSince === 0 ? flow.underWay[flow.newest].sentAt : queue.watchedSince;
  return Math.min(flow.underWay[flow.oldest].sentAt + flow.deadlineNs, since + REKICK_AFTER_NS);
};

'use machine';
// The flow of requests through one disk: what callers asked for goes to the device as far as there is room, and comes back. Hot for every request
// that is awaited. VIRTIO 1.2 §5.2.6
//
//   enqueue ─▶ line ── send ──▶ queue ── kick ──▶ device ──▶ queue ── take ──▶ the caller's promise
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
  fixedArray,
  type i32,
  type u8,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { interruptIsNoted, NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { allowInterrupts, canPop, kick, REKICK_AFTER_NS, suppressInterrupts, watch } from '../virtio/queue/queue.ts';
import { QUEUE_BROKEN, QUEUE_EMPTY, type Queue } from '../virtio/queue/record.ts';
import { ARENA_FULL, Arena, giveBack, takePiece } from './arena.ts';
import { Disk, TRANSFER_LENGTH_MAX } from './bring-up.ts';
import { addOperation, endRequest, leaveLine, NO_SLOT, nextWaiting, type Operation, Operations } from './operations.ts';
import { BLK_SECTOR_SIZE, STATUS_OK, STATUS_UNWRITTEN, TYPE_OUT } from './registers.ts';
import { complete, submit } from './request.ts';

// What `take` returns in place of a slot.
/** Nothing more is back. `lookAt` says what is to be looked at. */
export const TAKEN_NONE: i32 = -1;
/** The device said what cannot be. */
export const TAKEN_BROKEN: i32 = -2;

// What `care` returns.
/** All is well. */
export const CARE_NONE: u8 = 0;
/** Nothing came back for a while, and the device was notified again. */
export const CARE_REKICKED: u8 = 1;
/** The oldest request has no answer at its deadline. */
export const CARE_EXPIRED: u8 = 2;

/** Of the requests with the device, the part that it need not know of yet, as it has the others to do; and how long it may be kept from it. */
const KICK_DIVISOR: u32 = 4;
const KICK_DELAY_NS: u53 = 20000;

const NS_PER_MS: u32 = 1000000;

/** No request. */
const NO_HEAD: i32 = -1;

/** A request that the device has. */
class UnderWay {
  slot: i32 = 0;
  /** Its bytes: where in the operation they begin, and where in memory. */
  start: u32 = 0;
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
  deadlineNs: u53 = 0;

  /** By head. */
  underWay: FixedArray<UnderWay, 32768> = fixedArray(32768, UnderWay);
  oldest: i32 = -1;
  newest: i32 = -1;
  /** Sent, and the device was not told yet; when it is to be at the latest. */
  untoldCount: u32 = 0;
  tellAt: u53 = 0;
  /** Something was asked for, or has become possible, since `send` looked last. */
  isSendDue: bool = false;
  /** The time at which `send` was called last. */
  now: u53 = 0;

  // The request that goes out next: its memory is taken.
  isPrepared: bool = false;
  preparedSlot: i32 = 0;
  preparedLength: u32 = 0;
  preparedData: DmaOffset = 0;
  /** Where in its operation the bytes begin that are to be copied into it. */
  preparedStart: u32 = 0;

  // The request that was taken last.
  /** Its memory is given back by the next `take`. */
  takenHasMemory: bool = false;
  takenStart: u32 = 0;
  takenLength: u32 = 0;
  takenData: DmaOffset = 0;
  /** Its bytes are there to be copied out. */
  takenHasBytes: bool = false;
  /** Its operation is over, with this status. */
  takenEnds: bool = false;
  takenStatus: u8 = 0;
}

/** Sets how long a request may be with the device. */
export const setDeadline = (flow: Flow, deadlineMs: u32): void => {
  flow.deadlineNs = deadlineMs * NS_PER_MS;
};

/** Puts a new operation at the end of the line. Returns its slot, NO_SLOT when there is none left. `data` is for a direct one. */
export const enqueue = (flow: Flow, type: u32, sector: u53, length: u32, isDirect: bool, data: DmaOffset): i32 => {
  flow.isSendDue = true;
  return addOperation(flow.operations, type, sector, length, isDirect, data);
};

/**
 * Sends what waits, as far as there is room. Returns NO_SLOT when that was all for now; else the slot of an operation of which `preparedLength` bytes, from
 * `preparedStart` on, are to be copied to `preparedData` before this is called again.
 */
export const send = (flow: Flow): i32 => {
  flow.isSendDue = false;
  flow.now = clockNow();
  for (;;) {
    if (flow.isPrepared && !sendPrepared(flow)) break;
    if (!prepare(flow)) break;
    const operation: Operation = flow.operations.slots[flow.preparedSlot];
    if (operation.type === TYPE_OUT && !operation.isDirect) return flow.preparedSlot;
  }
  tellWhenWorth(flow);
  return NO_SLOT;
};

/** Takes memory for the next request of the first in the line. False when none waits, or there is no room. */
const prepare = (flow: Flow): bool => {
  const slot: i32 = nextWaiting(flow.operations);
  if (slot === NO_SLOT) return false;
  const operation: Operation = flow.operations.slots[slot];
  const length: u32 = Math.min(operation.length - operation.sentLength, TRANSFER_LENGTH_MAX);
  let data: u32 = operation.data + operation.sentLength;
  if (!operation.isDirect && length !== 0) {
    data = takePiece(flow.arena, length);
    if (data === ARENA_FULL) return false;
  }
  flow.isPrepared = true;
  flow.preparedSlot = slot;
  flow.preparedStart = operation.sentLength;
  flow.preparedLength = length;
  flow.preparedData = data;
  return true;
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
  const sector: u53 = operation.sector + Math.floor(flow.preparedStart / BLK_SECTOR_SIZE);
  const head: i32 = submit(flow.disk.queue, flow.disk.requests, operation.type, sector, flow.preparedData, length);
  if (head < 0) return false; // Full; what is broken, `take` sees.
  flow.isPrepared = false;
  addUnderWay(flow, head);
  operation.underWayCount++;
  operation.sentLength += length;
  if (operation.sentLength === operation.length) leaveLine(flow.operations);
  return true;
};

/** Notes what the device has got, as the newest. */
const addUnderWay = (flow: Flow, head: i32): void => {
  const request: UnderWay = flow.underWay[head];
  request.slot = flow.preparedSlot;
  request.start = flow.preparedStart;
  request.length = flow.preparedLength;
  request.data = flow.preparedData;
  request.sentAt = flow.now;
  request.older = flow.newest;
  request.newer = NO_HEAD;
  if (flow.newest === NO_HEAD) flow.oldest = head;
  else flow.underWay[flow.newest].newer = head;
  flow.newest = head;
  if (flow.untoldCount === 0) flow.tellAt = request.sentAt + KICK_DELAY_NS;
  flow.untoldCount++;
};

const removeUnderWay = (flow: Flow, head: i32): void => {
  const request: UnderWay = flow.underWay[head];
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
  kick(flow.disk.queue);
};

/** Takes back one request. Returns the slot of its operation, and what became of it in the fields `taken…`; TAKEN_NONE or TAKEN_BROKEN. */
export const take = (flow: Flow): i32 => {
  releaseTaken(flow);
  const head: i32 = complete(flow.disk.queue, flow.disk.requests);
  if (head === QUEUE_EMPTY) return TAKEN_NONE;
  if (head === QUEUE_BROKEN) return TAKEN_BROKEN;
  return takeRequest(flow, head, flow.disk.requests.completedStatus);
};

/** The same for a request that a device had when it was reset: it ends with STATUS_UNWRITTEN. TAKEN_NONE when there are no more. */
export const takeLost = (flow: Flow): i32 => {
  releaseTaken(flow);
  return flow.oldest === NO_HEAD ? TAKEN_NONE : takeRequest(flow, flow.oldest, STATUS_UNWRITTEN);
};

const takeRequest = (flow: Flow, head: i32, status: u8): i32 => {
  removeUnderWay(flow, head);
  flow.isSendDue = true;
  const request: UnderWay = flow.underWay[head];
  const operation: Operation = flow.operations.slots[request.slot];
  flow.takenHasMemory = !operation.isDirect && request.length !== 0;
  flow.takenHasBytes = flow.takenHasMemory && operation.type !== TYPE_OUT && status === STATUS_OK;
  flow.takenStart = request.start;
  flow.takenLength = request.length;
  flow.takenData = request.data;
  flow.takenEnds = endRequest(flow.operations, request.slot, status);
  flow.takenStatus = operation.status;
  return request.slot;
};

const releaseTaken = (flow: Flow): void => {
  if (flow.takenHasMemory) giveBack(flow.arena, flow.takenData);
  flow.takenHasMemory = false;
};

/** Asks for no interrupts: the flow is polled from now on. */
export const wakeFlow = (flow: Flow): void => {
  if (flow.disk.queue.interruptsAllowed) suppressInterrupts(flow.disk.queue);
};

/** Looks for a device that is late. To be called when `take` has found nothing more. Returns one of the CARE_ codes. */
export const care = (flow: Flow): u8 => {
  if (flow.oldest === NO_HEAD) return CARE_NONE;
  const now: u53 = clockNow();
  if (now >= flow.underWay[flow.oldest].sentAt + flow.deadlineNs) return CARE_EXPIRED;
  return watch(flow.disk.queue, now) ? CARE_REKICKED : CARE_NONE;
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
export const armFlow = (flow: Flow, canInterrupt: bool): bool => {
  if (flow.isSendDue) return false;
  if (flow.untoldCount !== 0) tell(flow);
  if (flow.oldest === NO_HEAD) return true;
  if (!canInterrupt) return false;
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

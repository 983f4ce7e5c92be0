'use machine';
// What callers have asked of a disk and what has become of it: a pool of operations, in which those that wait are in a line.
//
//   free ──add──▶ waits ──all of it is with the device──▶ under way ──the last request is back──▶ free
//                   └──ended: it failed, or nobody wants it any more; it leaves the line when its turn comes──▶
//
// An operation is one call; the device does it in one request or, when it is long, in several. Only the first of the line can have sent some of
// its requests and not all.

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
import { dropPieces, NO_PIECE, Pieces } from './pieces.ts';
import { STATUS_OK } from './registers.ts';

/** Operations that one disk can have, those that wait included. More than that wait with the driver. */
export const OPERATION_COUNT: u32 = 4096;

/** No operation. */
export const NO_SLOT: i32 = -1;

/** One call. */
export class Operation {
  type: u32 = 0;
  sector: u53 = 0;
  /** In bytes; for a range in sectors. */
  length: u53 = 0;
  /** The caller's own DMA memory; else the bytes go through the arena. */
  isDirect: bool = false;
  data: DmaOffset = 0;
  /** The same in several pieces: all of them, NO_PIECE when it is in one. */
  firstPiece: i32 = -1;
  /** The one that is sent next, and how much of it was sent. */
  piece: i32 = -1;
  pieceSent: u32 = 0;
  /** Each piece has a place on the disk of its own, and is a request. */
  isMany: bool = false;
  /** Its promise is fulfilled with its bytes. */
  givesBytes: bool = false;
  /** Of a range that zeroes are written to: it may be freed. */
  mayUnmap: bool = false;
  /** Of its length, what the device has got or is to get by requests that were sent. */
  sentLength: u53 = 0;
  /** Requests that the device has. */
  underWayCount: u32 = 0;
  isWaiting: bool = false;
  /** Nothing more of it is sent. */
  isEnded: bool = false;
  /** Of the first request that failed; STATUS_OK while none has. */
  status: u8 = 0;
  /** The slot behind it: in the line, or in the free list. */
  next: i32 = 0;
}

/** All operations of a disk. */
export class Operations {
  pieces = new Pieces();
  slots: FixedArray<Operation, 4096> = fixedArray(4096, Operation);
  usedCount: u32 = 0;
  /** Free slots: those that came back, and all from `untouched` on. */
  firstFree: i32 = -1;
  untouched: u32 = 0;
  /** The line. */
  firstWaiting: i32 = -1;
  lastWaiting: i32 = -1;
}

/** Puts a new operation at the end of the line. Returns its slot, NO_SLOT when there is none left. `data` is for a direct one. */
export const addOperation = (
  operations: Operations,
  type: u32,
  sector: u53,
  length: u53,
  isDirect: bool,
  data: DmaOffset,
): i32 => {
  const slot: i32 = takeSlot(operations);
  if (slot === NO_SLOT) return NO_SLOT;
  const operation: Operation = operations.slots[slot];
  operation.type = type;
  operation.sector = sector;
  operation.length = length;
  operation.isDirect = isDirect;
  operation.data = data;
  operation.firstPiece = NO_PIECE;
  operation.piece = NO_PIECE;
  operation.sentLength = 0;
  operation.underWayCount = 0;
  operation.isEnded = false;
  operation.status = STATUS_OK;
  operation.givesBytes = false;
  operation.isMany = false;
  joinLine(operations, slot);
  return slot;
};

const joinLine = (operations: Operations, slot: i32): void => {
  operations.slots[slot].isWaiting = true;
  operations.slots[slot].next = NO_SLOT;
  if (operations.lastWaiting === NO_SLOT) operations.firstWaiting = slot;
  else operations.slots[operations.lastWaiting].next = slot;
  operations.lastWaiting = slot;
};

/** The same for a direct one that the device gets at once, in `requestCount` requests. There is a slot: `hasSlot`. */
export const addSent = (operations: Operations, type: u32, length: u53, requestCount: u32): i32 => {
  const slot: i32 = takeSlot(operations);
  const operation: Operation = operations.slots[slot];
  operation.type = type;
  operation.length = length;
  operation.isDirect = true;
  operation.firstPiece = NO_PIECE;
  operation.piece = NO_PIECE;
  operation.sentLength = length;
  operation.underWayCount = requestCount;
  operation.isWaiting = false;
  operation.isEnded = false;
  operation.status = STATUS_OK;
  operation.givesBytes = false;
  operation.isMany = false;
  return slot;
};

/** Puts one of `addSent` into the line after all: it has `first` and the pieces behind it still to send, of which each has its own place. */
export const addRest = (operations: Operations, slot: i32, first: i32, sentLength: u53, requestCount: u32): void => {
  const operation: Operation = operations.slots[slot];
  operation.isMany = true;
  operation.firstPiece = first;
  operation.piece = first;
  operation.sentLength = sentLength;
  operation.underWayCount = requestCount;
  joinLine(operations, slot);
};

/** Notes that the promise of an operation is fulfilled with its bytes. */
export const noteGives = (operations: Operations, slot: i32): void => {
  operations.slots[slot].givesBytes = true;
};

/** Returns whether there is a slot for a further operation. */
export const hasSlot = (operations: Operations): bool => operations.usedCount !== OPERATION_COUNT;

/** Returns the first of the line that is still wanted, NO_SLOT when there is none. Those that have ended leave it. */
export const nextWaiting = (operations: Operations): i32 => {
  while (operations.firstWaiting !== NO_SLOT && operations.slots[operations.firstWaiting].isEnded)
    leaveLine(operations);
  return operations.firstWaiting;
};

/** Takes the first out of the line. Its slot is free when the device has nothing of it. */
export const leaveLine = (operations: Operations): void => {
  const slot: i32 = operations.firstWaiting;
  const operation: Operation = operations.slots[slot];
  operations.firstWaiting = operation.next;
  if (operation.next === NO_SLOT) operations.lastWaiting = NO_SLOT;
  operation.isWaiting = false;
  if (operation.underWayCount === 0) freeSlot(operations, slot);
};

/**
 * Notes that a request of an operation is back, with its status; one that failed ends its operation. Returns whether the operation is over: the
 * device has nothing of it, and is given no more. Its slot is then free, or will be when it has left the line.
 */
export const endRequest = (operations: Operations, slot: i32, status: u8): bool => {
  const operation: Operation = operations.slots[slot];
  operation.underWayCount--;
  if (status !== STATUS_OK) {
    if (operation.status === STATUS_OK) operation.status = status;
    operation.isEnded = true;
  }
  if (operation.underWayCount !== 0) return false;
  if (operation.isWaiting) return operation.isEnded;
  freeSlot(operations, slot);
  return true;
};

/** Sends nothing more of an operation. Returns whether the device has something of it. */
export const endOperation = (operations: Operations, slot: i32): bool => {
  operations.slots[slot].isEnded = true;
  return operations.slots[slot].underWayCount !== 0;
};

const takeSlot = (operations: Operations): i32 => {
  let slot: i32 = operations.firstFree;
  if (slot !== NO_SLOT) operations.firstFree = operations.slots[slot].next;
  else {
    if (operations.untouched === OPERATION_COUNT) return NO_SLOT;
    slot = operations.untouched | 0;
    operations.untouched++;
  }
  operations.usedCount++;
  return slot;
};

const freeSlot = (operations: Operations, slot: i32): void => {
  dropPieces(operations.pieces, operations.slots[slot].firstPiece);
  operations.slots[slot].next = operations.firstFree;
  operations.firstFree = slot;
  operations.usedCount--;
};

'use machine';
// Operations other than reads and writes of one piece of memory, put into the line of a flow: ranges of sectors, memory in several pieces, and many places.

import type { bool, DmaOffset, f64, i32, u32, u53 } from '../../kernel/base/machine.ts';
import { type BlockPlaces, PLACE_COUNT_MAX } from '../../kernel/device/block-places.ts';
import type { Queue } from '../virtio/queue/record.ts';
import {
  addUnderWay,
  ENQUEUE_FULL,
  ENQUEUE_REFUSED,
  type Flow,
  isInside,
  isMemory,
  isPossible,
  isWhole,
  noteAsked,
} from './flow.ts';
import { addOperation, addRest, addSent, hasSlot, NO_SLOT } from './operations.ts';
import { addPiece, dropPieces, hasPieces, type Pieces, takeList } from './pieces.ts';
import { rangeLimitsOf } from './ranges.ts';
import { BLK_SECTOR_SIZE, TYPE_IN, TYPE_OUT, TYPE_WRITE_ZEROES } from './registers.ts';
import { type BlkRequests, submit, submitRead } from './request.ts';

// What `enqueuePiece` returns.
export const PIECE_OK: i32 = 0;
/** It is not whole blocks of DMA memory: the list is dropped. */
export const PIECE_REFUSED: i32 = -1;
/** There is no piece left now: the list is dropped. */
export const PIECES_FULL: i32 = -2;

/**
 * Puts an operation of TYPE_DISCARD, TYPE_WRITE_ZEROES or TYPE_SECURE_ERASE into the line. `mayUnmap` is for writing zeroes. Returns its slot, ENQUEUE_FULL or
 * ENQUEUE_REFUSED, as `enqueue` does.
 */
export const enqueueRange = (flow: Flow, type: u32, sector: f64, sectorCount: f64, mayUnmap: bool): i32 => {
  if (flow.isStopped || flow.isReadOnly || rangeLimitsOf(flow.limits, type).sectorsMax === 0) return ENQUEUE_REFUSED;
  const sectorsPerBlock: u32 = Math.floor(flow.disk.blockSizeBytes / BLK_SECTOR_SIZE);
  if (!isWhole(sector) || !isWhole(sectorCount)) return ENQUEUE_REFUSED;
  const count: u53 = sectorCount as u53;
  if (count === 0 || count % sectorsPerBlock !== 0 || !isInside(flow, sector as u53, count)) return ENQUEUE_REFUSED;
  const slot: i32 = addOperation(flow.operations, type, sector as u53, count, false, 0);
  if (slot === NO_SLOT) return ENQUEUE_FULL;
  flow.operations.slots[slot].mayUnmap = type === TYPE_WRITE_ZEROES && mayUnmap && flow.limits.mayUnmap;
  noteAsked(flow);
  return slot;
};

/** Puts a piece of DMA memory at the end of the list for the next `enqueuePieces`. Returns one of the PIECE_ codes. */
export const enqueuePiece = (flow: Flow, offset: f64, length: f64): i32 => {
  const blockSize: u32 = flow.disk.blockSizeBytes;
  const isPossible: bool = isWhole(length) && isMemory(offset, length);
  if (!isPossible || length === 0 || ((length as u53) & (blockSize - 1)) !== 0) {
    dropPieces(flow.operations.pieces, takeList(flow.operations.pieces));
    return PIECE_REFUSED;
  }
  return addPiece(flow.operations.pieces, offset as u32, length as u32) ? PIECE_OK : PIECES_FULL;
};

/** Puts an operation of TYPE_IN or TYPE_OUT into the line whose memory is the pieces of the list. Returns as `enqueueRange`; the list is gone in every case. */
export const enqueuePieces = (flow: Flow, type: u32, sector: f64): i32 => {
  const length: u53 = flow.operations.pieces.length;
  const first: i32 = takeList(flow.operations.pieces);
  let slot: i32 = ENQUEUE_REFUSED;
  const isRefused: bool = flow.isStopped || length === 0 || (type === TYPE_OUT && flow.isReadOnly);
  if (!isRefused && isWhole(sector) && isInside(flow, sector as u53, Math.floor(length / BLK_SECTOR_SIZE))) {
    slot = addOperation(flow.operations, type, sector as u53, length, true, 0);
  }
  if (slot < 0) {
    dropPieces(flow.operations.pieces, first);
    return slot;
  }
  flow.operations.slots[slot].firstPiece = first;
  flow.operations.slots[slot].piece = first;
  noteAsked(flow);
  return slot;
};

/**
 * Puts an operation of TYPE_IN or TYPE_OUT into the line that has many places, with `length` bytes from `offset` on for each. Where nobody is in the line, as
 * many requests as there is room for are in the queue when this returns. Returns as `enqueueRange`; what is refused may be possible one by one.
 */
export const enqueueMany = (flow: Flow, type: u32, places: BlockPlaces, offset: f64, length: f64): i32 => {
  const count: u32 = places.count;
  if (flow.isCrowded || !hasSlot(flow.operations) || !hasPieces(flow.operations.pieces, count)) return ENQUEUE_FULL;
  if (flow.isStopped || !isWhole(length) || !isOneRequest(flow, length) || count === 0) return ENQUEUE_REFUSED;
  const stride: u53 = places.strideBytes === 0 ? (length as u53) : places.strideBytes;
  if (count > PLACE_COUNT_MAX || stride < length || !isMemory(offset, stride * count)) return ENQUEUE_REFUSED;
  for (let i: u32 = 0; i < count; i++) {
    if (!isPossible(flow, type, places.sectors[i], length as u53)) return ENQUEUE_REFUSED;
  }
  noteAsked(flow);
  const isNext: bool = !flow.isPrepared && flow.operations.firstWaiting === NO_SLOT;
  const slot: i32 = addSent(flow.operations, type, length * count, count);
  const sent: u32 = isNext ? submitMany(flow, slot, type, places, offset as u32, length as u32, stride as u32) : 0;
  if (sent !== count) keepRest(flow, slot, places, sent, offset as u32, length as u32, stride as u32);
  return slot;
};

const isOneRequest = (flow: Flow, length: f64): bool =>
  length <= flow.requestLengthMax && length <= flow.limits.segmentLengthMax;

/** Submits requests for the places, until there is no room. Returns how many. */
const submitMany = (
  flow: Flow,
  slot: i32,
  type: u32,
  places: BlockPlaces,
  offset: DmaOffset,
  length: u32,
  stride: u32,
): u32 => {
  const queue: Queue = flow.disk.queue;
  const requests: BlkRequests = flow.disk.requests;
  const hasGaps: bool = type === TYPE_IN && stride > length && length < flow.limits.segmentLengthMax;
  let data: DmaOffset = offset;
  for (let i: u32 = 0; i < places.count; i++) {
    const sector: u53 = places.sectors[i];
    const head: i32 = hasGaps
      ? submitRead(queue, requests, sector, data, length)
      : submit(queue, requests, type, sector, data, length);
    if (head < 0) return i; // Full; what is broken, `take` sees.
    addUnderWay(flow, head, slot, i * length, length, data);
    data += stride;
  }
  return places.count;
};

/** Keeps the places from `sent` on as pieces that wait. */
const keepRest = (
  flow: Flow,
  slot: i32,
  places: BlockPlaces,
  sent: u32,
  offset: DmaOffset,
  length: u32,
  stride: u32,
): void => {
  const pieces: Pieces = flow.operations.pieces;
  for (let i: u32 = sent; i < places.count; i++) {
    addPiece(pieces, offset + i * stride, length); // There is one left: `hasPieces`.
    pieces.slots[pieces.last].sector = places.sectors[i];
  }
  addRest(flow.operations, slot, takeList(pieces), sent * length, sent);
};

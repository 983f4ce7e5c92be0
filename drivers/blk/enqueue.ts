'use machine';
// Operations other than reads and writes of one piece of memory, put into the line of a flow: ranges of sectors, and memory in several pieces.

import type { bool, f64, i32, u32, u53 } from '../../kernel/base/machine.ts';
import { ENQUEUE_FULL, ENQUEUE_REFUSED, type Flow, isInside, isMemory, isWhole, noteAsked } from './flow.ts';
import { addOperation, NO_SLOT } from './operations.ts';
import { addPiece, dropPieces, takeList } from './pieces.ts';
import { rangeLimitsOf } from './ranges.ts';
import { BLK_SECTOR_SIZE, TYPE_OUT, TYPE_WRITE_ZEROES } from './registers.ts';

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

'use machine';
// Memory in several pieces that one operation reads or writes: scatter lists of the caller's own DMA memory.
//
//   operation ─▶ piece ─▶ piece ─▶ …
//
// A list is built piece by piece, then taken by an operation, and freed with it. All pieces of a disk come from one pool: while that is used up, who wants
// more waits.

import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';

/** Pieces that one disk can have. */
export const PIECE_COUNT: u32 = 4096;

/** No piece. */
export const NO_PIECE: i32 = -1;

/** A piece of memory. */
export class Piece {
  offset: DmaOffset = 0;
  length: u32 = 0;
  /** Its own place on the disk, where it does not lie behind the one before. */
  sector: u53 = 0;
  /** The one behind it: in its list, or in the free list. */
  next: i32 = 0;
}

/** All pieces of a disk. */
export class Pieces {
  slots: FixedArray<Piece, 4096> = fixedArray(4096, Piece);
  /** Free ones: those that came back, and all from `untouched` on. */
  firstFree: i32 = -1;
  untouched: u32 = 0;
  usedCount: u32 = 0;
  /** The list that is being built, and its bytes. */
  first: i32 = -1;
  last: i32 = -1;
  length: u53 = 0;
}

/** Puts a piece at the end of the list that is being built. False when there is none left: what there is of the list is freed then. */
export const addPiece = (pieces: Pieces, offset: DmaOffset, length: u32): bool => {
  const index: i32 = takeFree(pieces);
  if (index === NO_PIECE) {
    dropPieces(pieces, takeList(pieces));
    return false;
  }
  const piece: Piece = pieces.slots[index];
  piece.offset = offset;
  piece.length = length;
  piece.next = NO_PIECE;
  if (pieces.last === NO_PIECE) pieces.first = index;
  else pieces.slots[pieces.last].next = index;
  pieces.last = index;
  pieces.length += length;
  return true;
};

/** Returns whether there are `count` pieces left. */
export const hasPieces = (pieces: Pieces, count: u32): bool => pieces.usedCount + count <= PIECE_COUNT;

/** Returns the first piece of the list that was built, NO_PIECE when there is none. The next list is empty. */
export const takeList = (pieces: Pieces): i32 => {
  const first: i32 = pieces.first;
  pieces.first = NO_PIECE;
  pieces.last = NO_PIECE;
  pieces.length = 0;
  return first;
};

/** Frees a list from `first` on. */
export const dropPieces = (pieces: Pieces, first: i32): void => {
  let index: i32 = first;
  while (index !== NO_PIECE) {
    const next: i32 = pieces.slots[index].next;
    pieces.slots[index].next = pieces.firstFree;
    pieces.firstFree = index;
    pieces.usedCount--;
    index = next;
  }
};

const takeFree = (pieces: Pieces): i32 => {
  if (pieces.usedCount === PIECE_COUNT) return NO_PIECE;
  pieces.usedCount++;
  const index: i32 = pieces.firstFree;
  if (index !== NO_PIECE) {
    pieces.firstFree = pieces.slots[index].next;
    return index;
  }
  pieces.untouched++;
  return (pieces.untouched - 1) | 0;
};

'use machine';
// The data of a request as segments: cut at the longest segment that the device takes, gathered from the pieces of an operation. VIRTIO 1.2 §5.2.4, §5.2.6.
//
// A piece is whole blocks, and so are as many segments as the device takes (limits.ts): a request never ends inside a block.

import type { DmaOffset, u32 } from '../../kernel/base/machine.ts';
import type { Limits } from './limits.ts';
import type { Operation, Operations } from './operations.ts';
import { NO_PIECE, type Piece } from './pieces.ts';
import type { BlkSegments } from './request.ts';

/** Bytes that a request gathers at most: a multiple of every block. */
const GATHERED_LENGTH_MAX: u32 = 4194304;

/** Makes segments of `length` bytes at `data`. Returns how many bytes they have: all, or as many as the device takes. */
export const cutSegments = (limits: Limits, data: DmaOffset, length: u32, segments: BlkSegments): u32 => {
  segments.count = 0;
  return addSegments(limits, data, length, segments);
};

/** Makes segments of the pieces of an operation of which nothing was made yet, as many as one request takes. Returns how many bytes they have. */
export const gatherSegments = (
  limits: Limits,
  operations: Operations,
  operation: Operation,
  segments: BlkSegments,
): u32 => {
  segments.count = 0;
  let length: u32 = 0;
  while (operation.piece !== NO_PIECE && segments.count < limits.segmentCountMax && length < GATHERED_LENGTH_MAX) {
    const piece: Piece = operations.pieces.slots[operation.piece];
    const left: u32 = piece.length - operation.pieceSent;
    const wanted: u32 = Math.min(left, GATHERED_LENGTH_MAX - length);
    const added: u32 = addSegments(limits, piece.offset + operation.pieceSent, wanted, segments);
    length += added;
    operation.pieceSent += added;
    if (added === left) {
      operation.piece = piece.next;
      operation.pieceSent = 0;
    }
  }
  return length;
};

const addSegments = (limits: Limits, data: DmaOffset, length: u32, segments: BlkSegments): u32 => {
  let added: u32 = 0;
  while (added < length && segments.count < limits.segmentCountMax) {
    const count: u32 = segments.count;
    segments.offsets[count] = data + added;
    segments.lengths[count] = Math.min(length - added, limits.segmentLengthMax);
    added += segments.lengths[count];
    segments.count++;
  }
  return added;
};

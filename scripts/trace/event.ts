// Events of kernel/hal/trace.ts, as they lie in the ring.

import { EVENT_BYTES } from '../machine/trace.ts';

/** One event. `stamp` is the time-stamp counter. */
export interface TraceEvent {
  readonly stamp: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Returns the events of a piece of the ring. */
export const eventsOf = (piece: Buffer): TraceEvent[] =>
  Array.from({ length: piece.length / EVENT_BYTES }, (_, index) => {
    const at = index * EVENT_BYTES;
    return {
      stamp: Number(piece.readBigUInt64LE(at)),
      kind: piece.readUInt32LE(at + 8),
      a: piece.readUInt32LE(at + 12),
      b: Number(piece.readBigUInt64LE(at + 16)),
      c: Number(piece.readBigUInt64LE(at + 24)),
    };
  });

// The ring of events in the memory of a guest that runs (boot/trace.zig). The memory is a file that QEMU shares with us: the guest writes, we read behind it, and nobody waits.
//
//   … | read already | written, to be read | free, or overwritten with later events
//                                          └ hal_traceWritten: bytes since the start
//
// What the guest has written over before it was read is lost, and counted.

import { closeSync, openSync, readSync } from 'node:fs';
import { EVENT_BYTES, RING_BYTES } from '../machine/trace.ts';

/** One event of kernel/hal/trace.ts. `stamp` is the time-stamp counter. */
export interface TraceEvent {
  readonly stamp: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Reads the events of one run. */
export interface RingReader {
  /** Reads what is new. */
  drain(): void;
  /** Reads the rest of a guest that has ended, closes the file, and returns all events in their order. */
  end(): TraceEvent[];
  /** Events that were overwritten before they were read. */
  readonly lostCount: number;
}

/** Where things are in the guest's memory: the image lies there as it was linked. */
export interface RingPlace {
  readonly ring: number;
  readonly written: number;
}

/** So many of the newest are left for the next time while the guest runs: it may still be writing them. */
const UNFINISHED_COUNT = 16;

/** Opens the memory of a guest. The file must be there. */
export const openRing = (memoryFile: string, { ring, written }: RingPlace): RingReader => {
  const file = openSync(memoryFile, 'r');
  const pieces: Buffer[] = [];
  const counter = Buffer.alloc(8);
  let read = 0;
  let lostCount = 0;

  const writtenNow = (): number => {
    readSync(file, counter, 0, 8, written);
    return Number(counter.readBigUInt64LE());
  };
  const copy = (from: number, to: number): Buffer => {
    const piece = Buffer.allocUnsafe(to - from);
    for (let at = from; at < to; ) {
      const offset = at % RING_BYTES;
      const length = Math.min(to - at, RING_BYTES - offset);
      readSync(file, piece, at - from, length, ring + offset);
      at += length;
    }
    return piece;
  };
  const drainUpTo = (end: number): void => {
    const from = Math.max(read, end - RING_BYTES);
    if (end <= from) return;
    const piece = copy(from, end);
    // What the guest wrote over meanwhile is not what it was.
    const intact = Math.max(from, writtenNow() + UNFINISHED_COUNT * EVENT_BYTES - RING_BYTES);
    lostCount += (Math.min(intact, end) - read) / EVENT_BYTES;
    if (intact < end) pieces.push(piece.subarray(intact - from));
    read = end;
  };

  return {
    get lostCount() {
      return lostCount;
    },
    drain: () => drainUpTo(writtenNow() - UNFINISHED_COUNT * EVENT_BYTES),
    end() {
      drainUpTo(writtenNow());
      closeSync(file);
      return pieces.flatMap(eventsOf);
    },
  };
};

const eventsOf = (piece: Buffer): TraceEvent[] =>
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

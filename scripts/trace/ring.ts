// A ring of records in the memory of a guest that runs: events (boot/trace.zig) or samples (boot/sampling.zig). The memory is a file that QEMU shares with us: the guest writes, we read behind it, and nobody waits.
//
//   … | read already | written, to be read | free, or overwritten with later events
//                                          └ bytes written since the start
//
// What the guest has written over before it was read is lost, and counted.

import { closeSync, openSync, readSync } from 'node:fs';
/** Reads the records of one run. */
export interface RingReader {
  /** Reads what is new. */
  drain(): void;
  /** Reads the rest of a guest that has ended, closes the file, and returns all records in their order, some in each piece. */
  end(): readonly Buffer[];
  /** Records that were overwritten before they were read. */
  readonly lostCount: number;
}

/** Where things are in the guest's memory: the image lies there as it was linked. */
export interface RingPlace {
  readonly ring: number;
  readonly written: number;
  /** Bytes of the ring, and of a record. */
  readonly ringBytes: number;
  readonly recordBytes: number;
}

/** So many of the newest are left for the next time while the guest runs: it may still be writing them. */
const UNFINISHED_COUNT = 16;

/** Opens the memory of a guest. The file must be there. */
export const openRing = (memoryFile: string, place: RingPlace): RingReader => {
  const { ring, written, ringBytes, recordBytes } = place;
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
      const offset = at % ringBytes;
      const length = Math.min(to - at, ringBytes - offset);
      readSync(file, piece, at - from, length, ring + offset);
      at += length;
    }
    return piece;
  };
  const drainUpTo = (end: number): void => {
    const from = Math.max(read, end - ringBytes);
    if (end <= from) return;
    const piece = copy(from, end);
    // What the guest wrote over meanwhile is not what it was.
    const intact = Math.max(from, writtenNow() + UNFINISHED_COUNT * recordBytes - ringBytes);
    lostCount += (Math.min(intact, end) - read) / recordBytes;
    if (intact < end) pieces.push(piece.subarray(intact - from));
    read = end;
  };

  return {
    get lostCount() {
      return lostCount;
    },
    drain: () => drainUpTo(writtenNow() - UNFINISHED_COUNT * recordBytes),
    end() {
      drainUpTo(writtenNow());
      closeSync(file);
      return pieces;
    },
  };
};

// The log that QEMU's driver `blklogwrites` keeps of a disk: each write with its bytes, and each flush, in the order in which they were begun. From it follows what a
// disk holds after a loss of power: all that a flush came behind, and of the rest what chance will have.
//
//   sector 0         what the log is, written with the first flush
//   sector 1 …       entry: sector, count of sectors, flags; behind a write its bytes

import { readFileSync } from 'node:fs';
import type { Random } from '../native/random.ts';

const SECTOR = 512;
const FLAG_FLUSH = 1;
const FLAG_FUA = 2;

interface Write {
  readonly at: number;
  readonly bytes: Uint8Array;
  /** It survives by itself. */
  readonly isForced: boolean;
}

/** Returns what a new disk of `length` bytes holds after a loss of power. All its writes have `writeBytes` bytes: by that, one that was logged in part is skipped. */
export const contentAfterPowerLoss = (file: string, length: number, writeBytes: number, random: Random): Uint8Array => {
  const content = new Uint8Array(length);
  const { flushed, unflushed } = readLog(readFileSync(file), writeBytes);
  for (const { at, bytes } of flushed) content.set(bytes, at);
  for (const { at, bytes, isForced } of unflushed) {
    const kept = isForced ? 1 : random.pick([0, 0.5, 1]); // Lost, torn or there.
    for (let sector = 0; sector < bytes.length; sector += SECTOR) {
      if (random.chance(kept)) content.set(bytes.subarray(sector, sector + SECTOR), at + sector);
    }
  }
  return content;
};

const readLog = (log: Buffer, writeBytes: number): { flushed: Write[]; unflushed: Write[] } => {
  const flushed: Write[] = [];
  let unflushed: Write[] = [];
  for (let at = SECTOR; at + SECTOR <= log.length; ) {
    const [sector, count, flags] = [0, 8, 16].map((field) => Number(log.readBigUInt64LE(at + field))) as [
      number,
      number,
      number,
    ];
    const length = count * SECTOR;
    if (flags > (FLAG_FLUSH | FLAG_FUA) || length % writeBytes !== 0) {
      throw new Error(`the entry at ${at} of the log is none: ${count} sectors, flags ${flags}`);
    }
    if ((flags & FLAG_FLUSH) !== 0) {
      flushed.push(...unflushed);
      unflushed = [];
    }
    at += SECTOR;
    if (length > 0)
      unflushed.push({ at: sector * SECTOR, bytes: log.subarray(at, at + length), isForced: (flags & FLAG_FUA) !== 0 });
    // An entry of zeroes was begun, and QEMU ended before it was in the log: a write, as there is one flush at a time.
    at += flags === 0 ? writeBytes : length;
  }
  return { flushed, unflushed };
};

// Bytes of a disk at any place, above its sectors: what does not begin or end with a block is read, changed and written back.
//
//   ├──── block ────┼──── block ────┼──── block ────┤
//           ├──────── bytes ─────────────┤
//    before │                            │ after      read before, and written back with the bytes in one request
//
// Writers of the same block take turns, in the order of the calls: else one would write back what the other has changed meanwhile. That holds for all
// that is written here, and not for what is written to the sectors themselves.

import { remainder } from '../base/bits.ts';
import { type BlockDevice, type BlockOptions, SECTOR_SIZE } from './block.ts';
import { DeviceFailure } from './failure.ts';

/** The bytes of a disk. A promise rejects as those of the disk do, with the same kinds. */
export interface BlockBytes {
  /** Reads `length` bytes from byte `offset` on, into bytes of their own. */
  readBytes(offset: number, length: number, options?: BlockOptions): Promise<Uint8Array>;

  /** Writes `bytes` from byte `offset` on. They must not change until the promise is settled; after a failure, bytes beside them are as they were. */
  writeBytes(offset: number, bytes: Uint8Array, options?: BlockOptions): Promise<void>;
}

/** Where bytes lie: their first block, the bytes of it before them, and those behind them in their last block. */
interface Span {
  readonly start: number;
  readonly before: number;
  readonly after: number;
  readonly end: number;
}

/** A writer who has begun, or waits for others: the bytes of its blocks, and when it is done. */
interface Writer {
  readonly start: number;
  readonly end: number;
  readonly done: Promise<void>;
}

const known = new WeakMap<BlockDevice, BlockBytes>();

/** Returns the bytes of a disk: the same ones each time, so that all their writers know of each other. */
export const bytesOf = (disk: BlockDevice): BlockBytes => {
  const bytes = known.get(disk) ?? makeBytes(disk);
  known.set(disk, bytes);
  return bytes;
};

const makeBytes = (disk: BlockDevice): BlockBytes => {
  const writers = new Set<Writer>();
  return {
    readBytes: (offset, length, options) => readBytes(disk, offset, length, options),
    writeBytes: (offset, bytes, options) => writeBytes(disk, writers, offset, bytes, options),
  };
};

const readBytes = async (
  disk: BlockDevice,
  offset: number,
  length: number,
  options: BlockOptions | undefined,
): Promise<Uint8Array> => {
  const { start, before, after } = spanOf(disk, offset, length);
  const bytes = new Uint8Array(length);
  if (length === 0) return bytes;
  await disk.readv(start / SECTOR_SIZE, [new Uint8Array(before), bytes, new Uint8Array(after)], options);
  return bytes;
};

const writeBytes = async (
  disk: BlockDevice,
  writers: Set<Writer>,
  offset: number,
  bytes: Uint8Array,
  options: BlockOptions | undefined,
): Promise<void> => {
  const span = spanOf(disk, offset, bytes.length);
  if (disk.isReadOnly) throw new DeviceFailure('read-only', 'the disk is read-only');
  if (bytes.length === 0) return;
  await takeTurn(writers, span, () => writeSpan(disk, span, bytes, options));
};

const writeSpan = async (
  disk: BlockDevice,
  { start, before, after, end }: Span,
  bytes: Uint8Array,
  options: BlockOptions | undefined,
): Promise<void> => {
  const blockSize = disk.blockSizeBytes;
  const blockAt = (at: number): Promise<Uint8Array> => disk.read(at / SECTOR_SIZE, blockSize / SECTOR_SIZE, options);
  const last = end - blockSize;
  const [head, tail] = await Promise.all([
    before > 0 || (after > 0 && last === start) ? blockAt(start) : undefined,
    after > 0 && last !== start ? blockAt(last) : undefined,
  ]);
  const pieces = [bytes];
  if (before > 0 && head !== undefined) pieces.unshift(head.subarray(0, before));
  const rest = tail ?? head;
  if (after > 0 && rest !== undefined) pieces.push(rest.subarray(blockSize - after));
  await disk.writev(start / SECTOR_SIZE, pieces, options);
};

/** Calls `write` when all have ended that came before and write to the same blocks. */
const takeTurn = async (writers: Set<Writer>, { start, end }: Span, write: () => Promise<void>): Promise<void> => {
  const others = [...writers].filter((writer) => writer.start < end && start < writer.end);
  const turn = Promise.all(others.map(({ done }) => done)).then(write);
  const writer = { start, end, done: turn.catch(() => {}) }; // A failure is for its own caller.
  writers.add(writer);
  await writer.done;
  writers.delete(writer);
  await turn;
};

/** Returns where bytes lie. Throws what is wrong with them. */
const spanOf = (disk: BlockDevice, offset: number, length: number): Span => {
  const found = `${length} bytes from byte ${offset}`;
  if (!isWhole(offset) || !isWhole(length)) {
    throw new DeviceFailure('invalid-argument', `${found}, expected whole numbers`);
  }
  const lengthOfDisk = disk.capacitySectors * SECTOR_SIZE;
  if (offset + length > lengthOfDisk) {
    throw new DeviceFailure('out-of-range', `${found}, the disk has ${lengthOfDisk}`);
  }
  const before = remainder(offset, disk.blockSizeBytes);
  const over = remainder(offset + length, disk.blockSizeBytes);
  const after = over === 0 ? 0 : disk.blockSizeBytes - over;
  return { start: offset - before, before, after, end: offset + length + after };
};

const isWhole = (value: number): boolean =>
  value >= 0 && Math.floor(value) === value && value <= Number.MAX_SAFE_INTEGER;

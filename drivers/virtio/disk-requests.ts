// Why a request to a disk is not sent at all: what is wrong with the call itself, for every driver of disks.

import { remainder } from '../../kernel/base/bits.ts';
import { type BlockIdentity, DMA_PIECE_COUNT_MAX, type DmaPiece, SECTOR_SIZE } from '../../kernel/device/block.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';

/** Returns why `length` bytes from `sector` on cannot be asked for, undefined when they can. The numbers may be any. */
export const whyOutside = (disk: BlockIdentity, sector: number, length: number): DeviceError | undefined => {
  const found = `${length} bytes from sector ${sector}`;
  if (!isWhole(sector) || !isWhole(length)) {
    return { kind: 'invalid-argument', message: `${found}, expected whole numbers` };
  }
  if (sector + length / SECTOR_SIZE > disk.capacitySectors) {
    return { kind: 'out-of-range', message: `${found}, the disk has ${disk.capacitySectors} sectors` };
  }
  const bytesPerBlock = disk.blockSizeBytes;
  const hasBlocks = length !== 0 && remainder(length, bytesPerBlock) === 0;
  if (hasBlocks && remainder(sector, bytesPerBlock / SECTOR_SIZE) === 0) return undefined;
  return { kind: 'misaligned', message: `${found}, expected whole blocks of ${bytesPerBlock} bytes` };
};

/** Returns why `count` is no number of sectors, undefined when it is one. Half a sector would be so many bytes. */
export const whyNoCount = (count: number): DeviceError | undefined =>
  isWhole(count) ? undefined : { kind: 'invalid-argument', message: `${count} sectors, expected a whole number` };

/** Returns why `length` bytes at `offset` are no DMA memory, undefined when they are. */
export const whyNotMemory = (offset: number, length: number): DeviceError | undefined => {
  if (isWhole(offset) && offset + length <= dmaLength()) return undefined;
  const message = `${length} bytes at ${offset}, expected a place in the ${dmaLength()} bytes of DMA memory`;
  return { kind: 'invalid-argument', message };
};

/** Returns why pieces of DMA memory cannot be read into or written from, undefined when they can. */
export const whyPiecesRefused = (disk: BlockIdentity, pieces: readonly DmaPiece[]): DeviceError | undefined => {
  if (pieces.length > DMA_PIECE_COUNT_MAX) {
    const message = `${pieces.length} pieces of memory, expected at most ${DMA_PIECE_COUNT_MAX}`;
    return { kind: 'invalid-argument', message };
  }
  for (const { offset, length } of pieces) {
    const wrong = whyOutside(disk, 0, length) ?? whyNotMemory(offset, length);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
};

/** Returns the error of a write to a read-only disk. */
export const readOnlyError = (): DeviceError => ({ kind: 'read-only', message: 'the disk is read-only' });

const isWhole = (value: number): boolean => value >= 0 && Math.floor(value) === value && value !== Infinity;

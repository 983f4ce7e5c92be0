// What the images block.ts and scsi.ts do with disks. Each function says in words what came of it. What `content` does to its disk is in block-plan.ts.

import { devicePool } from '../../../drivers/open/places.ts';
import { equalBytes } from '../../../kernel/base/bytes.ts';
import type { BlockDevice } from '../../../kernel/device/block.ts';
import { bytesOf } from '../../../kernel/device/block-bytes.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../../kernel/hal/dma.ts';
import { dmaAllocate, dmaFree } from '../../../kernel/hal/dma-pool.ts';
import {
  ARRAYS,
  BYTES,
  DISCARDED,
  PIECES,
  patternOf,
  SECTORS,
  sumOf,
  UNMAPPED,
  WRITTEN_ZEROES,
  ZEROED,
} from './block-plan.ts';

const SECTOR = 512;

/** Returns the kind of failure of a promise, or `done`. */
export const outcomeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'done';
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
};

/** Writes all of the disk, clears parts of it, and writes over others in each way that there is. */
export const content = async (disk: BlockDevice): Promise<string> => {
  await disk.write(0, patternOf(SECTORS * SECTOR, 1));
  await disk.discard(DISCARDED.sector, DISCARDED.count);
  await disk.writeZeroes(UNMAPPED.sector, UNMAPPED.count, { mayUnmap: true });
  await disk.writeZeroes(ZEROED.sector, ZEROED.count);
  await disk.write(WRITTEN_ZEROES.sector, new Uint8Array(WRITTEN_ZEROES.count * SECTOR));
  const isRight = [await arrays(disk), await pieces(disk), await bytes(disk)];
  await disk.flush();
  return isRight.join();
};

const arrays = async (disk: BlockDevice): Promise<boolean> => {
  const all = patternOf(sumOf(ARRAYS.lengths), 2);
  const cut = (of: Uint8Array): Uint8Array[] => {
    let at = 0;
    return ARRAYS.lengths.map((length) => {
      at += length;
      return of.subarray(at - length, at);
    });
  };
  await disk.writev(ARRAYS.sector, cut(all));
  const found = new Uint8Array(all.length);
  await disk.readv(ARRAYS.sector, cut(found));
  return equalBytes(found, all);
};

const pieces = async (disk: BlockDevice): Promise<boolean> => {
  const all = patternOf(sumOf(PIECES.lengths), 3);
  const memory: { offset: number; length: number }[] = [];
  let at = 0;
  for (const length of PIECES.lengths) {
    const offset: number = dmaAllocate(devicePool(), length, 4096);
    dmaWriteBytes(offset, all.subarray(at, at + length));
    memory.push({ offset, length });
    at += length;
  }
  await disk.writevDma(PIECES.sector, memory);
  memory.reverse(); // Into others of the pieces than it came from: of the same length, or cut.
  await disk.readvDma(PIECES.sector, memory);
  const found = new Uint8Array(all.length);
  at = 0;
  for (const { offset, length } of memory) {
    dmaReadBytes(offset, found.subarray(at, at + length));
    dmaFree(devicePool(), offset, length);
    at += length;
  }
  return equalBytes(found, all);
};

const bytes = async (disk: BlockDevice): Promise<boolean> => {
  const { readBytes, writeBytes } = bytesOf(disk);
  await Promise.all(BYTES.map(({ offset, length }) => writeBytes(offset, patternOf(length, 4))));
  const found = await Promise.all(BYTES.map(({ offset, length }) => readBytes(offset, length)));
  return found.every((each) => equalBytes(each, patternOf(each.length, 4)));
};

/** Does one of each, most of which the host lets fail; reads then show that the disk goes on. */
export const errors = async (disk: BlockDevice): Promise<string> => {
  const promises: Promise<unknown>[] = [
    disk.read(100, 1),
    disk.write(200, new Uint8Array(SECTOR)),
    disk.read(200, 1),
    disk.discard(0, 128),
    disk.writeZeroes(0, 128),
    disk.write(300, new Uint8Array(SECTOR)),
  ];
  const outcomes = await Promise.all(promises.map(outcomeOf)); // All are waited for at once: a later one may reject first.
  outcomes.push(await outcomeOf(disk.flush()), await outcomeOf(disk.read(0, 64)));
  return outcomes.join();
};

/** Uses a disk of which each block is eight sectors. */
export const blocks = async (disk: BlockDevice): Promise<string> => {
  const { physicalBlockBytes, ioBytesMin, ioBytesOptimal } = disk.topology;
  const sizes = `${disk.blockSizeBytes} in ${physicalBlockBytes}, ${ioBytesMin} to ${ioBytesOptimal}`;
  const refused = [
    await outcomeOf(disk.read(1, 8)),
    await outcomeOf(disk.read(0, 1)),
    await outcomeOf(disk.discard(8, 4)),
  ];
  await bytesOf(disk).writeBytes(4095, patternOf(2, 5));
  const found = await disk.read(0, 16);
  return `${sizes}, ${refused.join()}, ${equalBytes(found.subarray(4095, 4097), patternOf(2, 5))}`;
};

/** Does one of each with a disk that may not be written to. */
export const readOnly = async (disk: BlockDevice): Promise<string> => {
  const outcomes = [
    await outcomeOf(disk.read(0, 1)),
    await outcomeOf(disk.write(0, new Uint8Array(SECTOR))),
    await outcomeOf(disk.discard(0, 8)),
    await outcomeOf(disk.writeZeroes(0, 8)),
    await outcomeOf(disk.flush()),
  ];
  return `${disk.isReadOnly}, ${outcomes.join()}`;
};

/** Is fulfilled when the disk is resized: so the host says that it has looked. */
export const resized = (disk: BlockDevice): Promise<void> =>
  new Promise((resolve) => {
    const end = disk.onCapacityChange(() => {
      end();
      resolve();
    });
  });

/** Turns the write cache on and off, and waits for the host to have looked. */
export const cache = async (disk: BlockDevice): Promise<string> => {
  const keepAlive = setInterval(() => {}, 1000);
  console.log(`cache at first: ${disk.writeCache}`);
  for (const mode of ['write-back', 'write-through'] as const) {
    await disk.setWriteCache(mode);
    await disk.write(0, new Uint8Array(SECTOR));
    console.log(`cache now: ${disk.writeCache}`);
    await resized(disk);
  }
  clearInterval(keepAlive);
  return 'seen';
};

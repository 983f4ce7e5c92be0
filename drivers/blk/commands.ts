// What can be asked of a disk besides its sectors: its write cache, its lifetime. VIRTIO 1.2 §5.2.5, §5.2.6.

import type { BlockLifetime, BlockOptions, BlockTopology, WriteCache } from '../../kernel/device/block.ts';
import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { hasFeature } from '../virtio/features.ts';
import { refuseEnded } from '../virtio/live.ts';
import type { AwaitedBlk } from './awaited-state.ts';
import { flushAll, start } from './calls.ts';
import { unsupportedError } from './errors.ts';
import type { Flow } from './flow.ts';
import { FEATURE_LIFETIME, LIFETIME_LENGTH, TYPE_GET_LIFETIME } from './registers.ts';
import { canChooseCache, chooseCache } from './write-cache.ts';

/** Chooses the write cache: kernel/device/block.ts. */
export const setWriteCache = async (blk: AwaitedBlk, mode: WriteCache): Promise<void> => {
  refuseEnded(blk.live);
  const isWanted = mode === 'write-back';
  if (isWanted === blk.isCaching) return;
  if (!canChooseCache(blk.transport)) {
    throw new DeviceFailure('unsupported', 'the disk does not let its write cache be chosen');
  }
  for (const lane of blk.lanes) {
    if (!chooseCache(blk.transport, lane.flow.cache, isWanted)) {
      throw new DeviceFailure('wrong-answer', `writeback does not stay as it was written, for ${mode}`);
    }
  }
  // What went out while there was a cache may be in it still: until that is flushed, there is one. §5.2.6.2
  if (!isWanted) await flushAll(blk);
  for (const lane of blk.lanes) lane.isCaching = isWanted;
  blk.block.writeCache = mode;
};

const RESERVES = ['unknown', 'normal', 'warning', 'urgent'] as const;

/** Of the life of its cells: tenths, and one more for what is over. */
const USED_TENTHS_MAX = 11;

/** Asks how worn the disk is: kernel/device/block.ts. */
export const lifetime = async (blk: AwaitedBlk, options?: BlockOptions): Promise<BlockLifetime> => {
  refuseEnded(blk.live);
  if (!hasFeature(blk.transport.accepted, FEATURE_LIFETIME)) throw failureOf(unsupportedError(TYPE_GET_LIFETIME));
  const bytes = new Uint8Array(LIFETIME_LENGTH);
  await start(blk, TYPE_GET_LIFETIME, 0, LIFETIME_LENGTH, false, 0, bytes, false, options);
  const [reserve, usedA, usedB] = [0, 2, 4].map((at) => bytes[at] + bytes[at + 1] * 256);
  if (reserve >= RESERVES.length || usedA > USED_TENTHS_MAX || usedB > USED_TENTHS_MAX) {
    throw new DeviceFailure('wrong-answer', `its lifetime reads ${reserve}, ${usedA}, ${usedB}`);
  }
  return { reserve: RESERVES[reserve], usedTenthsA: usedA, usedTenthsB: usedB };
};

/** What is said of a disk that is not up yet. */
export const NO_TOPOLOGY: BlockTopology = {
  physicalBlockBytes: 0,
  alignmentBytes: 0,
  ioBytesMin: 0,
  ioBytesOptimal: 0,
};

/** Returns how the disk's blocks lie. */
export const topologyOf = (flow: Flow): BlockTopology => {
  const blockSize: number = flow.disk.blockSizeBytes;
  return {
    physicalBlockBytes: flow.limits.physicalBlocks * blockSize,
    alignmentBytes: flow.limits.firstAlignedBlock * blockSize,
    ioBytesMin: flow.limits.ioBlocksMin * blockSize,
    ioBytesOptimal: flow.limits.ioBlocksOptimal * blockSize,
  };
};

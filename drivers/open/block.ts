// Opens a block device.

import type { BlockDevice } from '../../kernel/device/block.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { openBlk } from '../blk/awaited.ts';
import { openQueues } from '../blk/queues.ts';
import { TYPE_BLOCK } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Which block device, and how. */
export interface BlockOpenOptions extends OpenOptions {
  /** Queues for requests to use, as far as the device has them. Default: 1, which is best with one processor: docs/block-devices.md. */
  readonly queueCount?: number;
}

/** Opens a block device, as openNth of places.ts does. */
export const openBlockDevice = (options: BlockOpenOptions = {}): Promise<BlockDevice> =>
  openNth(TYPE_BLOCK, 'block', options, (live) => start(live, options.queueCount ?? 1));

const start = async (live: Live, queueCount: number): Promise<BlockDevice> => {
  if (!(queueCount >= 1) || Math.floor(queueCount) !== queueCount) {
    throw new DeviceFailure('invalid-argument', `${queueCount} queues, expected a whole number from 1 on`);
  }
  return (queueCount > 1 ? await openQueues(live, queueCount) : await openBlk(live)).block;
};

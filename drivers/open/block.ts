// Opens a block device.

import type { BlockDevice } from '../../kernel/device/block.ts';
import { openBlk } from '../blk/awaited.ts';
import { TYPE_BLOCK } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a block device, as openNth of places.ts does. */
export const openBlockDevice = (options: OpenOptions = {}): Promise<BlockDevice> =>
  openNth(TYPE_BLOCK, 'block', options, start);

const start = async (live: Live): Promise<BlockDevice> => (await openBlk(live)).block;

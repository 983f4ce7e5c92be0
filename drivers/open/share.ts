// Opens a folder that the host shares.

import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { Share } from '../../kernel/device/share.ts';
import { peekTag, startShare } from '../9p/driver.ts';
import { TYPE_9P } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { devicePlaces, type OpenOptions, openNth, readyTransport } from './places.ts';

/** Which share, and how. */
export interface ShareOptions extends OpenOptions {
  /** What the host calls it, `mount_tag` of QEMU's option: the first share of that tag, in place of one by its index. */
  readonly tag?: string;
}

/** The tags of the devices that were asked or opened: a tag does not change. */
const tags = new Map<Transport, string | undefined>();

/** Opens a share, as openNth of places.ts does. Rejects with `no-device` when there is none of the tag. */
export const openShare = async (options: ShareOptions = {}): Promise<Share> => {
  const { tag } = options;
  if (tag === undefined) return openNth(TYPE_9P, 'share', options, start);
  return openNth(TYPE_9P, 'share', { ...options, index: indexOf(tag) }, start);
};

const start = async (live: Live): Promise<Share> => {
  const share = await startShare(live);
  tags.set(live.transport, share.tag);
  return share;
};

/** Returns the index of the first share of a tag. Throws a DeviceFailure. */
const indexOf = (tag: string): number => {
  const places = devicePlaces().filter(({ type }) => type === TYPE_9P);
  const index = places.findIndex((place) => {
    const transport = readyTransport(place);
    if (!tags.has(transport)) tags.set(transport, peekTag(transport));
    return tags.get(transport) === tag;
  });
  if (index === -1)
    throw new DeviceFailure('no-device', `none of the machine's ${places.length} shares has the tag ${tag}`);
  return index;
};

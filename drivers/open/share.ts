// Opens a folder that the host shares.

import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { Share } from '../../kernel/device/share.ts';
import { peekTag, startShare, tagOf } from '../9p/driver.ts';
import { TYPE_9P } from '../virtio/ids.ts';
import { devicePlaces, type OpenOptions, openNth, type Place, readyTransport } from './places.ts';

/** Which share, and how. */
export interface ShareOptions extends OpenOptions {
  /** What the host calls it, `mount_tag` of QEMU's option: the first share of that tag, in place of one by its index. */
  readonly tag?: string;
}

/** Opens a share, as openNth of places.ts does. Rejects with `no-device` when there is none of the tag. */
export const openShare = async (options: ShareOptions = {}): Promise<Share> => {
  const { tag } = options;
  return openNth(TYPE_9P, 'share', tag === undefined ? options : { ...options, index: indexOf(tag) }, startShare);
};

/** Returns the index of the first share of a tag. Throws a DeviceFailure. */
const indexOf = (tag: string): number => {
  const places = devicePlaces().filter(({ type }) => type === TYPE_9P);
  const index = places.findIndex((place) => tagAt(place) === tag);
  if (index !== -1) return index;
  throw new DeviceFailure('no-device', `none of the machine's ${places.length} shares has the tag ${tag}`);
};

const tagAt = (place: Place): string | undefined =>
  place.live?.state === 'live' ? tagOf(place.live) : peekTag(readyTransport(place));

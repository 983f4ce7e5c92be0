// Many places of a disk, asked for one by one. For disks that are awaited: what is in disk-requests.ts needs no promises.

import type { DmaOffset } from '../../kernel/base/machine.ts';
import { type BlockPlaces, PLACE_COUNT_MAX } from '../../kernel/device/block-places.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { whyNotMemory } from './disk-requests.ts';

/**
 * Calls `one` for each of many places, with its sector and where its memory begins. Settles when all have, and rejects with the first error of them. Nothing
 * is called, and it rejects, when there are no places, their pieces of memory overlap, or `why` has an error for one.
 */
export const eachPlace = async (
  places: BlockPlaces,
  offset: DmaOffset,
  length: number,
  why: (sector: number, offset: DmaOffset) => DeviceError | undefined,
  one: (sector: number, offset: DmaOffset) => Promise<void>,
): Promise<void> => {
  const count: number = places.count;
  const stride: number = places.strideBytes === 0 ? length : places.strideBytes;
  if (count === 0 || count > PLACE_COUNT_MAX || stride < length) {
    const message = `${count} places, ${stride} bytes from one to the next of ${length}, expected 1 to ${PLACE_COUNT_MAX}, and no less than they have`;
    throw failureOf({ kind: 'invalid-argument', message });
  }
  for (let i = 0; i < count; i++) {
    const refused = why(places.sectors[i], offset + i * stride) ?? whyNotMemory(offset + i * stride, length);
    if (refused !== undefined) throw failureOf(refused);
  }
  const all: Promise<void>[] = [];
  for (let i = 0; i < count; i++) all.push(one(places.sectors[i], offset + i * stride));
  for (const end of await Promise.allSettled(all)) if (end.status === 'rejected') throw end.reason;
};

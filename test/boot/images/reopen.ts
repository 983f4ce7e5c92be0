// Takes devices away from those who use them, again and again, as if they had been torn out; for hotplug.ts.

import { devicePlaces, devicePool, type Place } from '../../../drivers/open/places.ts';
import { removeLive } from '../../../drivers/virtio/live.ts';
import { typeName } from '../../../drivers/virtio/names.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { kindOf, users } from './plug-users.ts';

/** What a first time leaves is used by all that come later. */
const FIRST_COUNT = 2;

/**
 * Opens each device of the machine, has it used, and takes it away in the middle of that: twice, and then `count` times, behind both of which it says what is free.
 *
 *   cycled virtio-blk 0000:00:02.0: pool 1965056
 */
export const reopenAll = async (count: number): Promise<void> => {
  for (const place of devicePlaces()) {
    for (const cycleCount of [FIRST_COUNT, count]) {
      for (let cycle = 0; cycle < cycleCount; cycle++) await useAndLose(place);
      console.log(`cycled ${typeName(place.type)} ${place.name}: pool ${dmaFreeBytes(devicePool())}`);
    }
  }
};

/** Not in the middle of a request of a user who makes one at a time: QEMU answers a flush of a persistent memory whatever becomes of the device meanwhile. */
const useAndLose = async (place: Place): Promise<void> => {
  const use = { count: 0, onBusy: () => removeLive(place.live!) };
  const kind = await kindOf(users.get(place.type)!(place.name, use));
  if (kind !== 'removed') throw new Error(`the user of ${place.name} got ${kind}, expected removed`);
};

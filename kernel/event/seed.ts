// Seeds of the random generator from a source that takes its time: a device.

import { addSeed, SEED_LENGTH_MIN } from '../hal/random.ts';
import { setSeedSource } from '../runtime/reseed.ts';

/** Bytes of one seed: twice the key, in case the source's bytes are not all that good. */
const SEED_LENGTH = 2 * SEED_LENGTH_MIN;

/** Seeds the generator with bytes of `read`, and again whenever much was taken from it. Is fulfilled when the first seed is in; rejects as `read` does. */
export const seedFrom = async (read: (length: number) => Promise<Uint8Array>): Promise<void> => {
  addSeed(await read(SEED_LENGTH));
  let isAsked = false;
  setSeedSource(() => {
    if (isAsked) return;
    isAsked = true;
    read(SEED_LENGTH).then(
      (seed) => {
        addSeed(seed);
        isAsked = false;
      },
      () => setSeedSource(() => {}), // The device has ended: the generator goes on with what it has.
    );
  });
};

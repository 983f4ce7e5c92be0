// Opens an entropy device, and seeds the random generator from one.

import type { EntropyDevice } from '../../kernel/device/entropy.ts';
import { seedFrom } from '../../kernel/event/seed.ts';
import { startEntropy } from '../entropy/driver.ts';
import { TYPE_ENTROPY } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens an entropy device, as openNth of places.ts does. */
export const openEntropy = (options: OpenOptions = {}): Promise<EntropyDevice> =>
  openNth(TYPE_ENTROPY, 'entropy', options, start);

/**
 * Seeds the generator behind `crypto` from an entropy device, which it opens and keeps: again when much was taken. Is fulfilled when crypto.getRandomValues() has what
 * it needs. Rejects as openEntropy and its reads do.
 */
export const seedRandom = async (options: OpenOptions = {}): Promise<void> => {
  const entropy = await openEntropy(options);
  await seedFrom((length) => entropy.read(length));
};

const start = async (live: Live): Promise<EntropyDevice> => startEntropy(live);

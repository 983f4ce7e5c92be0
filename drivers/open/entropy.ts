// Opens an entropy device.

import type { EntropyDevice } from '../../kernel/device/entropy.ts';
import { startEntropy } from '../entropy/driver.ts';
import { TYPE_ENTROPY } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens an entropy device, as openNth of places.ts does. */
export const openEntropy = (options: OpenOptions = {}): Promise<EntropyDevice> =>
  openNth(TYPE_ENTROPY, 'entropy', options, start);

const start = async (live: Live): Promise<EntropyDevice> => startEntropy(live);

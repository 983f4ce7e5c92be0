// Opens a crypto device.

import type { CryptoDevice } from '../../kernel/device/crypto.ts';
import { startCrypto } from '../crypto/driver.ts';
import { TYPE_CRYPTO } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a crypto device, as openNth of places.ts does. */
export const openCrypto = (options: OpenOptions = {}): Promise<CryptoDevice> =>
  openNth(TYPE_CRYPTO, 'crypto', options, start);

const start = async (live: Live): Promise<CryptoDevice> => startCrypto(live);

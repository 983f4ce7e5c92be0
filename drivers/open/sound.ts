// Opens a sound device.

import type { SoundDevice } from '../../kernel/device/sound.ts';
import { openSoundDevice } from '../sound/driver.ts';
import { TYPE_SOUND } from '../virtio/ids.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a sound device, as openNth of places.ts does. `deadlineMs` counts for requests; for samples, beyond the time that they take. */
export const openSound = (options: OpenOptions = {}): Promise<SoundDevice> =>
  openNth(TYPE_SOUND, 'sound', options, openSoundDevice);

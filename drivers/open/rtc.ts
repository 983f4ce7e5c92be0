// Opens a real-time clock device.

import type { RtcDevice } from '../../kernel/device/rtc.ts';
import { startRtc } from '../rtc/driver.ts';
import { TYPE_RTC } from '../virtio/ids.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a real-time clock device, as openNth of places.ts does. */
export const openRtc = (options: OpenOptions = {}): Promise<RtcDevice> =>
  openNth(TYPE_RTC, 'real-time clock', options, startRtc);

// Opens a memory balloon.

import type { BalloonDevice } from '../../kernel/device/balloon.ts';
import { type BalloonOptions, startBalloon } from '../balloon/driver.ts';
import { TYPE_BALLOON } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Which balloon, and how. */
export interface BalloonOpenOptions extends OpenOptions, BalloonOptions {}

/** Opens a balloon, as openNth of places.ts does. One is open at a time, another one is refused: `unsupported`. */
export const openBalloon = (options: BalloonOpenOptions = {}): Promise<BalloonDevice> =>
  openNth(TYPE_BALLOON, 'balloon', options, (live) => start(live, options));

const start = async (live: Live, options: BalloonOptions): Promise<BalloonDevice> => startBalloon(live, options);

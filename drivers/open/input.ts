// Opens input devices: keyboards, mice, tablets, touch screens.

import { log } from '../../kernel/base/log.ts';
import type { InputDevice } from '../../kernel/device/input.ts';
import { startInput } from '../input/driver.ts';
import { TYPE_INPUT } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { devicePlaces, type OpenOptions, openNth } from './places.ts';

/** Opens an input device, as openNth of places.ts does. */
export const openInput = (options: OpenOptions = {}): Promise<InputDevice> =>
  openNth(TYPE_INPUT, 'input', options, start);

/** Opens all input devices. One that does not come up is left out, and the log says why. */
export const openInputs = async (): Promise<InputDevice[]> => {
  const count = devicePlaces().filter(({ type }) => type === TYPE_INPUT).length;
  const devices: InputDevice[] = [];
  for (let index = 0; index < count; index++) {
    try {
      devices.push(await openInput({ index }));
    } catch (error) {
      log('error', 'input', String(error));
    }
  }
  return devices;
};

const start = async (live: Live): Promise<InputDevice> => startInput(live);

// The jacks of a sound device. VIRTIO 1.2 §5.14.6.4, §5.14.6.5.

import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { SoundJack } from '../../kernel/device/sound.ts';
import { refuseEnded } from '../virtio/live.ts';
import { askAllItems, askItems } from './infos.ts';
import {
  JACK_CAN_REMAP,
  JACK_CAPS,
  JACK_CONNECTED,
  JACK_DEFCONF,
  JACK_FEATURES,
  JACK_GROUP,
  JACK_INFO_SIZE,
  REMAP_ASSOCIATION,
  REMAP_SEQUENCE,
  REMAP_SIZE,
  REQUEST_JACK_INFO,
  REQUEST_JACK_REMAP,
} from './registers.ts';
import { ask, requestAbout } from './requests.ts';
import type { Changing, Sound } from './state.ts';

/** An association and a sequence have 4 bits. HDA 1.0a §7.3.3.31 */
const NUMBER_MAX = 15;

/** Asks what the jacks are. */
export const askJacks = async (sound: Sound, count: number): Promise<Changing<SoundJack>[]> => {
  const items = await askAllItems(sound, 'jacks', REQUEST_JACK_INFO, count, JACK_INFO_SIZE);
  return items.map((item, index) => {
    const jack: Changing<SoundJack> = {
      index,
      group: 0,
      isConnected: false,
      canRemap: false,
      pinConfiguration: 0,
      pinCapabilities: 0,
      remap: (association, sequence) => remap(sound, jack, association, sequence),
    };
    note(jack, item);
    return jack;
  });
};

/** Something was plugged into the jack, or out of it. */
export const setConnected = (sound: Sound, jack: Changing<SoundJack>, isConnected: boolean): void => {
  jack.isConnected = isConnected;
  for (const listener of sound.jackListeners) listener(jack);
};

const note = (jack: Changing<SoundJack>, item: DataView): void => {
  jack.group = item.getUint32(JACK_GROUP, true);
  jack.canRemap = (item.getUint32(JACK_FEATURES, true) & JACK_CAN_REMAP) !== 0;
  jack.pinConfiguration = item.getUint32(JACK_DEFCONF, true);
  jack.pinCapabilities = item.getUint32(JACK_CAPS, true);
  jack.isConnected = item.getUint8(JACK_CONNECTED) !== 0;
};

const remap = async (sound: Sound, jack: Changing<SoundJack>, association: number, sequence: number): Promise<void> => {
  refuseEnded(sound.live);
  if (!jack.canRemap) throw new DeviceFailure('unsupported', `jack ${jack.index} cannot be mapped otherwise`);
  if (!isNumber(association) || !isNumber(sequence)) {
    const message = `association ${association} and sequence ${sequence}, expected whole numbers from 0 to ${NUMBER_MAX}`;
    throw new DeviceFailure('invalid-argument', message);
  }
  const request = requestAbout(REQUEST_JACK_REMAP, jack.index, REMAP_SIZE);
  request.setUint32(REMAP_ASSOCIATION, association, true);
  request.setUint32(REMAP_SEQUENCE, sequence, true);
  await ask(sound, request, 0);
  const [item] = await askItems(sound, REQUEST_JACK_INFO, jack.index, 1, JACK_INFO_SIZE);
  note(jack, item!);
};

const isNumber = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= NUMBER_MAX;

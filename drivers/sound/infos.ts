// What a sound device says of its streams, jacks and channel maps. VIRTIO 1.2 §5.14.6.1.
//
// What it says is an allegation: how many there are is bounded, and of each the fields are checked before any is used.

import { log } from '../../kernel/base/log.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { SoundChannelMap, SoundDirection, SoundStreamInfo } from '../../kernel/device/sound.ts';
import { PLAIN_ANSWER_LENGTH } from './bring-up.ts';
import { formatsOf, positionName, ratesOf } from './formats.ts';
import {
  CHMAP_CHANNELS,
  CHMAP_CHANNELS_MAX,
  CHMAP_DIRECTION,
  CHMAP_GROUP,
  CHMAP_INFO_SIZE,
  CHMAP_POSITIONS,
  DIRECTION_INPUT,
  DIRECTION_OUTPUT,
  HEADER_SIZE,
  PCM_CHANNELS_MAX,
  PCM_CHANNELS_MIN,
  PCM_DIRECTION,
  PCM_FEATURES,
  PCM_FORMATS,
  PCM_GROUP,
  PCM_INFO_SIZE,
  PCM_RATES,
  PCM_REPORTS_XRUNS,
  QUERY_COUNT,
  QUERY_ITEM_SIZE,
  QUERY_SIZE,
  QUERY_START,
  REQUEST_CHMAP_INFO,
  REQUEST_PCM_INFO,
} from './registers.ts';
import { ask, requestOf, wrongAnswer } from './requests.ts';
import type { Sound } from './state.ts';

/** Of anything a device has no more that are used. Of QEMU it is 18 at most. */
export const ITEM_COUNT_MAX = 256;

/** Asks what the items `start` to `start + count - 1` are, with as many requests as that takes. Returns a view of each. */
export const askItems = async (
  sound: Sound,
  code: number,
  start: number,
  count: number,
  itemBytes: number,
): Promise<DataView[]> => {
  const items: DataView[] = [];
  const countMax = Math.floor((PLAIN_ANSWER_LENGTH - HEADER_SIZE) / itemBytes);
  while (items.length < count) {
    const asked = Math.min(count - items.length, countMax);
    const request = requestOf(code, QUERY_SIZE);
    request.setUint32(QUERY_START, start + items.length, true);
    request.setUint32(QUERY_COUNT, asked, true);
    request.setUint32(QUERY_ITEM_SIZE, itemBytes, true);
    const { buffer, byteOffset } = await ask(sound, request, asked * itemBytes);
    for (let i = 0; i < asked; i++) items.push(new DataView(buffer, byteOffset + i * itemBytes, itemBytes));
  }
  return items;
};

/** The same of all that there are, `count` of them. None where the device does not support to tell, which the log says: streams go without. */
export const askAllItems = async (
  sound: Sound,
  what: string,
  code: number,
  count: number,
  itemBytes: number,
): Promise<DataView[]> => {
  if (count > ITEM_COUNT_MAX) {
    log('warn', sound.live.name, `it has ${count} ${what}, of which ${ITEM_COUNT_MAX} are used`);
  }
  try {
    return await askItems(sound, code, 0, Math.min(count, ITEM_COUNT_MAX), itemBytes);
  } catch (error) {
    if (!(error instanceof DeviceFailure) || error.kind !== 'unsupported') throw error;
    log('warn', sound.live.name, `it has ${count} ${what}, and does not tell of them`);
    return [];
  }
};

/** Returns what the streams are. */
export const askStreams = async (sound: Sound, count: number): Promise<SoundStreamInfo[]> => {
  const items = await askAllItems(sound, 'streams', REQUEST_PCM_INFO, count, PCM_INFO_SIZE);
  return items.map((item, index) => streamInfoOf(sound, index, item));
};

/** Returns what the channel maps are. */
export const askChannelMaps = async (sound: Sound, count: number): Promise<SoundChannelMap[]> => {
  const items = await askAllItems(sound, 'channel maps', REQUEST_CHMAP_INFO, count, CHMAP_INFO_SIZE);
  return items.map((item, index) => channelMapOf(sound, index, item));
};

const streamInfoOf = (sound: Sound, index: number, item: DataView): SoundStreamInfo => {
  const channelsMin = item.getUint8(PCM_CHANNELS_MIN);
  const channelsMax = item.getUint8(PCM_CHANNELS_MAX);
  if (channelsMin === 0 || channelsMin > channelsMax) {
    throw wrongAnswer(sound, `stream ${index} has ${channelsMin} to ${channelsMax} channels`);
  }
  return {
    index,
    direction: directionOf(sound, `stream ${index}`, item.getUint8(PCM_DIRECTION)),
    group: item.getUint32(PCM_GROUP, true),
    formats: formatsOf(item.getUint32(PCM_FORMATS, true)),
    rates: ratesOf(item.getUint32(PCM_RATES, true)),
    channelsMin,
    channelsMax,
    reportsXruns: (item.getUint32(PCM_FEATURES, true) & PCM_REPORTS_XRUNS) !== 0,
  };
};

const channelMapOf = (sound: Sound, index: number, item: DataView): SoundChannelMap => {
  const channels = item.getUint8(CHMAP_CHANNELS);
  if (channels > CHMAP_CHANNELS_MAX) {
    throw wrongAnswer(sound, `channel map ${index} has ${channels} channels, expected at most ${CHMAP_CHANNELS_MAX}`);
  }
  const positions: string[] = [];
  for (let i = 0; i < channels; i++) positions.push(positionName(item.getUint8(CHMAP_POSITIONS + i)));
  return {
    group: item.getUint32(CHMAP_GROUP, true),
    direction: directionOf(sound, `channel map ${index}`, item.getUint8(CHMAP_DIRECTION)),
    positions,
  };
};

const directionOf = (sound: Sound, what: string, direction: number): SoundDirection => {
  if (direction === DIRECTION_OUTPUT) return 'output';
  if (direction === DIRECTION_INPUT) return 'input';
  throw wrongAnswer(sound, `${what} has direction ${direction}, expected ${DIRECTION_OUTPUT} or ${DIRECTION_INPUT}`);
};

// The control elements of a sound device: volumes, switches and the like. VIRTIO 1.3 §5.14.6.10.
//
//   virtio_snd_ctl_info ─▶ describe ─▶ what the program sees ─▶ read, write: numbers by the type of the control

import { WORD_VALUES } from '../../kernel/base/bits.ts';
import { log } from '../../kernel/base/log.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { SoundControl, SoundControlType, SoundMetadata } from '../../kernel/device/sound.ts';
import { refuseEnded } from '../virtio/live.ts';
import { ANSWER_LENGTH, REQUEST_LENGTH } from './bring-up.ts';
import { decodeValue, encodeValue, NUMBER_MAX, readNumber64 } from './control-values.ts';
import { askAllItems, askItems } from './infos.ts';
import {
  ACCESS_INACTIVE,
  ACCESS_READ,
  ACCESS_TLV_COMMAND,
  ACCESS_TLV_READ,
  ACCESS_TLV_WRITE,
  ACCESS_VOLATILE,
  ACCESS_WRITE,
  CHANGED_INFO,
  CHANGED_METADATA,
  CHANGED_VALUE,
  CTL_ACCESS,
  CTL_COUNT,
  CTL_GROUP,
  CTL_IEC958_SIZE,
  CTL_INDEX,
  CTL_INFO_SIZE,
  CTL_ITEM_SIZE,
  CTL_NAME,
  CTL_NAME_LENGTH,
  CTL_RANGE,
  CTL_ROLE,
  CTL_TYPE,
  CTL_VALUE_SIZE,
  HEADER_SIZE,
  REQUEST_CTL_ENUM_ITEMS,
  REQUEST_CTL_INFO,
  REQUEST_CTL_READ,
  REQUEST_CTL_TLV_COMMAND,
  REQUEST_CTL_TLV_READ,
  REQUEST_CTL_TLV_WRITE,
  REQUEST_CTL_WRITE,
  REQUEST_SIZE,
  TLV_LENGTH,
  TLV_TYPE,
  TLV_VALUE,
} from './registers.ts';
import { ask, requestAbout, wrongAnswer } from './requests.ts';
import { type Changing, complain, type Sound } from './state.ts';

/** By CTL_TYPE, and the most numbers that each may have. */
const TYPES: readonly SoundControlType[] = ['boolean', 'integer', 'integer64', 'enumerated', 'bytes', 'iec958'];
const COUNTS_MAX: readonly number[] = [128, 128, 64, 128, 512, 1];

/** By CTL_ROLE without its lowest bit. */
const ROLES = ['undefined', 'volume', 'mute', 'gain'] as const;

/** Bytes of metadata that a request or an answer has room for, and items of an enumeration. */
const METADATA_LENGTH_MAX = REQUEST_LENGTH - REQUEST_SIZE - TLV_VALUE;
const ENUMERATED_COUNT_MAX = Math.floor((ANSWER_LENGTH - HEADER_SIZE) / CTL_ITEM_SIZE);

const BYTE_MAX = 255;

type ChangingControl = Changing<SoundControl>;

/** Asks what the controls are. */
export const askControls = async (sound: Sound, count: number): Promise<ChangingControl[]> => {
  const infos = await askAllItems(sound, 'controls', REQUEST_CTL_INFO, count, CTL_INFO_SIZE);
  const controls: ChangingControl[] = [];
  for (const [index, info] of infos.entries()) {
    const control = newControl(sound, index);
    await describe(sound, control, info);
    controls.push(control);
  }
  return controls;
};

/** The device says that something of a control has changed: `mask` of CHANGED_… */
export const noteChange = async (sound: Sound, control: ChangingControl, mask: number): Promise<void> => {
  const change = {
    value: (mask & CHANGED_VALUE) !== 0,
    info: (mask & CHANGED_INFO) !== 0,
    metadata: (mask & CHANGED_METADATA) !== 0,
  };
  if (change.info) {
    try {
      const [info] = await askItems(sound, REQUEST_CTL_INFO, control.index, 1, CTL_INFO_SIZE);
      await describe(sound, control, info!);
    } catch (error) {
      if (!(error instanceof DeviceFailure)) throw error;
      complain(sound, `what control ${control.index} is cannot be read again: ${error.message}`);
    }
  }
  for (const listener of sound.controlListeners) listener(control, change);
};

const newControl = (sound: Sound, index: number): ChangingControl => {
  const control: ChangingControl = {
    index,
    group: 0,
    name: '',
    nameIndex: 0,
    role: 'undefined',
    direction: undefined,
    type: 'boolean',
    count: 1,
    canRead: false,
    canWrite: false,
    isVolatile: false,
    isInactive: false,
    canReadMetadata: false,
    canWriteMetadata: false,
    canCommandMetadata: false,
    minimum: 0,
    maximum: 0,
    step: 0,
    items: [],
    read: () => read(sound, control),
    write: (value) => write(sound, control, value),
    readMetadata: () => readMetadata(sound, control),
    writeMetadata: (metadata) => sendMetadata(sound, control, 'write', metadata),
    commandMetadata: (metadata) => sendMetadata(sound, control, 'command', metadata),
  };
  return control;
};

/** Fills in what a control is. */
const describe = async (sound: Sound, control: ChangingControl, info: DataView): Promise<void> => {
  const typeNumber = info.getUint32(CTL_TYPE, true);
  const count = info.getUint32(CTL_COUNT, true);
  const type = TYPES[typeNumber];
  if (type === undefined || count === 0 || count > COUNTS_MAX[typeNumber]!) {
    throw wrongAnswer(sound, `control ${control.index} has ${count} values of type ${typeNumber}`);
  }
  const role = info.getUint32(CTL_ROLE, true);
  const access = info.getUint32(CTL_ACCESS, true);
  control.group = info.getUint32(CTL_GROUP, true);
  control.name = textOf(info, CTL_NAME, CTL_NAME_LENGTH);
  control.nameIndex = info.getUint32(CTL_INDEX, true);
  control.role = ROLES[Math.floor(role / 2)] ?? 'undefined';
  control.direction = control.role === 'undefined' ? undefined : role % 2 === 0 ? 'output' : 'input';
  control.type = type;
  control.count = type === 'iec958' ? CTL_IEC958_SIZE : count;
  control.canRead = (access & ACCESS_READ) !== 0;
  control.canWrite = (access & ACCESS_WRITE) !== 0;
  control.isVolatile = (access & ACCESS_VOLATILE) !== 0;
  control.isInactive = (access & ACCESS_INACTIVE) !== 0;
  control.canReadMetadata = (access & ACCESS_TLV_READ) !== 0;
  control.canWriteMetadata = (access & ACCESS_TLV_WRITE) !== 0;
  control.canCommandMetadata = (access & ACCESS_TLV_COMMAND) !== 0;
  control.items = type === 'enumerated' ? await askNames(sound, control, info.getUint32(CTL_RANGE, true)) : [];
  setRange(control, info);
};

const setRange = (control: ChangingControl, info: DataView): void => {
  control.minimum = 0;
  control.step = 1;
  switch (control.type) {
    case 'integer':
      control.minimum = info.getInt32(CTL_RANGE, true);
      control.maximum = info.getInt32(CTL_RANGE + 4, true);
      control.step = info.getUint32(CTL_RANGE + 8, true);
      break;
    case 'integer64':
      control.minimum = readNumber64(info, CTL_RANGE);
      control.maximum = readNumber64(info, CTL_RANGE + 8);
      control.step = readNumber64(info, CTL_RANGE + 16);
      break;
    case 'boolean':
      control.maximum = 1;
      break;
    case 'enumerated':
      control.maximum = info.getUint32(CTL_RANGE, true) - 1;
      break;
    default:
      control.maximum = BYTE_MAX;
  }
};

/** Returns the names of a control's items, none when there are more than an answer has room for: they can be chosen by number. */
const askNames = async (sound: Sound, control: ChangingControl, count: number): Promise<string[]> => {
  if (count === 0) throw wrongAnswer(sound, `control ${control.index} is one of 0 items`);
  if (count > ENUMERATED_COUNT_MAX) {
    log('warn', sound.live.name, `control ${control.index} has ${count} items, whose names are not read`);
    return [];
  }
  const names = await ask(sound, requestAbout(REQUEST_CTL_ENUM_ITEMS, control.index), count * CTL_ITEM_SIZE);
  return Array.from({ length: count }, (_, i) => textOf(names, i * CTL_ITEM_SIZE, CTL_ITEM_SIZE));
};

/** Returns the text up to the first zero, or to the end. */
const textOf = (view: DataView, offset: number, lengthMax: number): string => {
  let text = '';
  for (let i = 0; i < lengthMax; i++) {
    const letter = view.getUint8(offset + i);
    if (letter === 0) break;
    text += String.fromCharCode(letter);
  }
  return text;
};

const read = async (sound: Sound, control: ChangingControl): Promise<number[]> => {
  requireAccess(sound, control, control.canRead, 'read');
  const view = await ask(sound, requestAbout(REQUEST_CTL_READ, control.index), sizeOf(control), CTL_VALUE_SIZE);
  return decodeValue(control, view);
};

const write = async (sound: Sound, control: ChangingControl, value: readonly number[]): Promise<void> => {
  requireAccess(sound, control, control.canWrite, 'written');
  const { count, minimum, maximum } = control;
  if (value.length !== count) {
    throw new DeviceFailure(
      'invalid-argument',
      `${value.length} numbers for control ${control.index}, expected ${count}`,
    );
  }
  for (const number of value) {
    const isPossible =
      Number.isInteger(number) && number >= minimum && number <= maximum && Math.abs(number) <= NUMBER_MAX;
    if (!isPossible) {
      const expected = `expected a whole number from ${minimum} to ${maximum}`;
      throw new DeviceFailure('out-of-range', `${number} for control ${control.index}, ${expected}`);
    }
  }
  const request = requestAbout(REQUEST_CTL_WRITE, control.index, REQUEST_SIZE + CTL_VALUE_SIZE);
  encodeValue(control, value, request, REQUEST_SIZE);
  await ask(sound, request, 0);
};

/** Returns the bytes of a control's value. */
const sizeOf = ({ type, count }: ChangingControl): number => {
  if (type === 'integer64') return 8 * count;
  return type === 'bytes' || type === 'iec958' ? count : 4 * count;
};

const readMetadata = async (sound: Sound, control: ChangingControl): Promise<SoundMetadata> => {
  requireAccess(sound, control, control.canReadMetadata, 'read of metadata');
  const request = requestAbout(REQUEST_CTL_TLV_READ, control.index);
  const view = await ask(sound, request, TLV_VALUE, TLV_VALUE + METADATA_LENGTH_MAX);
  const length = Math.min(view.getUint32(TLV_LENGTH, true), view.byteLength - TLV_VALUE);
  const value = new Uint8Array(length);
  for (let i = 0; i < length; i++) value[i] = view.getUint8(TLV_VALUE + i);
  return { type: view.getUint32(TLV_TYPE, true), value };
};

const sendMetadata = async (
  sound: Sound,
  control: ChangingControl,
  how: 'write' | 'command',
  { type, value }: SoundMetadata,
): Promise<void> => {
  const isAllowed = how === 'write' ? control.canWriteMetadata : control.canCommandMetadata;
  requireAccess(sound, control, isAllowed, how === 'write' ? 'written in its metadata' : 'commanded');
  checkMetadata(type, value.length);
  const code = how === 'write' ? REQUEST_CTL_TLV_WRITE : REQUEST_CTL_TLV_COMMAND;
  const request = requestAbout(code, control.index, REQUEST_SIZE + TLV_VALUE + value.length);
  request.setUint32(REQUEST_SIZE + TLV_TYPE, type, true);
  request.setUint32(REQUEST_SIZE + TLV_LENGTH, value.length, true);
  for (let i = 0; i < value.length; i++) request.setUint8(REQUEST_SIZE + TLV_VALUE + i, value[i]!);
  await ask(sound, request, 0);
};

const checkMetadata = (type: number, length: number): void => {
  if (!Number.isInteger(type) || type < 0 || type >= WORD_VALUES) {
    throw new DeviceFailure('invalid-argument', `metadata of type ${type}, expected a whole number of 32 bits`);
  }
  if (length % 4 !== 0) {
    throw new DeviceFailure('misaligned', `${length} bytes of metadata, expected a multiple of 4`);
  }
  if (length > METADATA_LENGTH_MAX) {
    throw new DeviceFailure('out-of-range', `${length} bytes of metadata, expected at most ${METADATA_LENGTH_MAX}`);
  }
};

const requireAccess = (sound: Sound, control: ChangingControl, isAllowed: boolean, what: string): void => {
  refuseEnded(sound.live);
  if (!isAllowed) throw new DeviceFailure('unsupported', `control ${control.index} cannot be ${what}`);
};

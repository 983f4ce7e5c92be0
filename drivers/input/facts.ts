'use machine';
// What an input device says of itself, read once when it comes up. VIRTIO 1.2 §5.8.4, §5.8.5.
//
//   select, subsel ──► size ──► answer        one answer at a time, each asked for anew
//
// Sizes are allegations: none is used before it is known to be within the answer and the configuration.

import {
  type bool,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
} from '../../kernel/base/machine.ts';
import { EV_ABS, EV_SYN } from '../../kernel/device/event-codes.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig8,
  requireConfig,
  writeConfig8,
} from '../virtio/config.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  ABSINFO_FLAT,
  ABSINFO_FUZZ,
  ABSINFO_MAX,
  ABSINFO_MIN,
  ABSINFO_RES,
  ABSINFO_SIZE,
  ANSWER_LENGTH_MAX,
  AXIS_COUNT,
  CONFIG_ANSWER,
  CONFIG_SELECT,
  CONFIG_SIZE,
  CONFIG_SUBSEL,
  DEVIDS_BUSTYPE,
  DEVIDS_PRODUCT,
  DEVIDS_SIZE,
  DEVIDS_VENDOR,
  DEVIDS_VERSION,
  SELECT_ABS_INFO,
  SELECT_EV_BITS,
  SELECT_ID_DEVIDS,
  SELECT_ID_NAME,
  SELECT_ID_SERIAL,
  SELECT_PROP_BITS,
  TYPE_COUNT,
} from './registers.ts';

// What can be wrong with an input device alone. `index` is CONFIG_SELECT, `detail` CONFIG_SUBSEL.
/** An answer has `found` bytes, `expected` at most. */
export const FAULT_ANSWER_LENGTH: u8 = FAULT_OF_DRIVER;
/** An answer has `found` bytes, and its structure `expected`. */
export const FAULT_ANSWER_SIZE: u8 = FAULT_OF_DRIVER + 1;
/** The minimum of an axis is above its maximum. */
export const FAULT_AXIS: u8 = FAULT_OF_DRIVER + 2;

/** The bytes that came for one question. */
export class Answer {
  length: u32 = 0;
  bytes: FixedArray<u8, 128> = fixedArray(128, 0);
}

/** An axis, as InputAxis says. */
export class Axis {
  minimum: i32 = 0;
  maximum: i32 = 0;
  fuzz: i32 = 0;
  flat: i32 = 0;
  resolution: i32 = 0;
}

/** All that a device says of itself. */
export class Facts {
  name = new Answer();
  serialNumber = new Answer();
  ids = new Answer();
  properties = new Answer();
  axis = new Answer();
  /** By type. */
  codes: FixedArray<Answer, 32> = fixedArray(32, Answer);
  /** By code. */
  axes: FixedArray<Axis, 64> = fixedArray(64, Axis);
  bus: u16 = 0;
  vendor: u16 = 0;
  product: u16 = 0;
  version: u16 = 0;
}

/** Asks for all of it. False when an answer cannot be, and the fault says which. */
export const readFacts = (transport: Transport, facts: Facts): bool => {
  if (!requireConfig(transport, CONFIG_ANSWER)) return false;
  if (!ask(transport, SELECT_ID_NAME, 0, facts.name)) return false;
  if (!ask(transport, SELECT_ID_SERIAL, 0, facts.serialNumber)) return false;
  if (!ask(transport, SELECT_PROP_BITS, 0, facts.properties)) return false;
  if (!readIds(transport, facts)) return false;
  for (let type: u8 = 1; type < TYPE_COUNT; type++) {
    if (!ask(transport, SELECT_EV_BITS, type, facts.codes[type])) return false;
  }
  for (let code: u8 = 0; code < AXIS_COUNT; code++) {
    if (hasCode(facts, EV_ABS, code) && !readAxis(transport, facts, code)) return false;
  }
  return true;
};

/** Returns whether the device has announced events of this type and code. Those that order the others need not be. */
export const hasCode = (facts: Facts, type: u32, code: u32): bool =>
  type < TYPE_COUNT && (type === EV_SYN || hasAnswerBit(facts.codes[type], code));

/** Returns whether bit `index` of a bitmap is set. */
export const hasAnswerBit = (bitmap: Answer, index: u32): bool => {
  const byte: u32 = index >>> 3;
  return byte < bitmap.length && ((bitmap.bytes[byte] >>> (index & 7)) & 1) !== 0;
};

/** Fills `answer`. Both registers are written each time, as §5.8.5.1 asks; a device that has no such thing leaves 0 bytes. */
const ask = (transport: Transport, select: u8, subsel: u8, answer: Answer): bool => {
  const lengthMax: u32 = Math.min(ANSWER_LENGTH_MAX, transport.configLength - CONFIG_ANSWER);
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    writeConfig8(transport, CONFIG_SELECT, select);
    writeConfig8(transport, CONFIG_SUBSEL, subsel);
    const generation: u32 = configGeneration(transport);
    const length: u32 = readConfig8(transport, CONFIG_SIZE);
    if (length > lengthMax) return fails(transport, FAULT_ANSWER_LENGTH, select, subsel, length, lengthMax);
    for (let i: u32 = 0; i < length; i++) answer.bytes[i] = readConfig8(transport, CONFIG_ANSWER + i);
    answer.length = length;
    if (configGeneration(transport) === generation) return true;
  }
  return failUnstable(transport);
};

const readIds = (transport: Transport, facts: Facts): bool => {
  const ids: Answer = facts.ids;
  if (!ask(transport, SELECT_ID_DEVIDS, 0, ids)) return false;
  if (ids.length === 0) return true;
  if (ids.length < DEVIDS_SIZE) {
    return fails(transport, FAULT_ANSWER_SIZE, SELECT_ID_DEVIDS, 0, ids.length, DEVIDS_SIZE);
  }
  facts.bus = read16(ids, DEVIDS_BUSTYPE);
  facts.vendor = read16(ids, DEVIDS_VENDOR);
  facts.product = read16(ids, DEVIDS_PRODUCT);
  facts.version = read16(ids, DEVIDS_VERSION);
  return true;
};

/** An axis of which the device says nothing has zeros. */
const readAxis = (transport: Transport, facts: Facts, code: u8): bool => {
  const answer: Answer = facts.axis;
  if (!ask(transport, SELECT_ABS_INFO, code, answer)) return false;
  if (answer.length === 0) return true;
  if (answer.length < ABSINFO_SIZE) {
    return fails(transport, FAULT_ANSWER_SIZE, SELECT_ABS_INFO, code, answer.length, ABSINFO_SIZE);
  }
  const axis: Axis = facts.axes[code];
  axis.minimum = read32(answer, ABSINFO_MIN);
  axis.maximum = read32(answer, ABSINFO_MAX);
  axis.fuzz = read32(answer, ABSINFO_FUZZ);
  axis.flat = read32(answer, ABSINFO_FLAT);
  axis.resolution = read32(answer, ABSINFO_RES);
  return axis.minimum <= axis.maximum || fails(transport, FAULT_AXIS, SELECT_ABS_INFO, code, 0, 0);
};

const read16 = (answer: Answer, offset: u32): u16 => answer.bytes[offset] + answer.bytes[offset + 1] * 256;

const read32 = (answer: Answer, offset: u32): i32 => read16(answer, offset) | (read16(answer, offset + 2) << 16);

const fails = (transport: Transport, code: u8, select: u8, subsel: u8, found: u32, expected: u32): bool => {
  setFault(transport.fault, code, select, found, expected);
  transport.fault.detail = subsel;
  return false;
};

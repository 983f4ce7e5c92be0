// Requests of a clock device as bytes, and what its answers mean. VIRTIO 1.4 §5.22.6

import type { DeviceError } from '../../kernel/device/failure.ts';
import type { RtcClockType, RtcTime } from '../../kernel/device/rtc.ts';
import {
  COUNTER_TSC,
  FLAG_SET,
  REQUEST_CLOCK,
  REQUEST_COUNTER,
  REQUEST_SIZE,
  REQUEST_TYPE,
  SET_ALARM_CLOCK,
  SET_ALARM_FLAGS,
  SET_ALARM_SIZE,
  SET_ALARM_TIME,
  STATUS_NOT_SUPPORTED,
  STATUS_OK,
  TYPE_CROSS_CAPABILITY,
  TYPE_READ_CROSS,
  TYPE_SET_ALARM,
} from './registers.ts';
import { highOf, lowOf } from './time.ts';

const CLOCK_TYPES: readonly RtcClockType[] = ['utc', 'tai', 'monotonic', 'utc-smeared', 'utc-maybe-smeared'];

const SMEARINGS = ['UNSPECIFIED', 'NOON_LINEAR', 'UTC_SLS'];

/** By their numbers; 1 is none. §5.22.6 */
const STATUS_NAMES = ['OK', '', 'EOPNOTSUPP', 'ENODEV', 'EINVAL', 'EIO'];

/** Returns a request of this type about a clock. */
export const requestOf = (type: number, clock: number): Uint8Array => {
  const bytes = new Uint8Array(REQUEST_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint16(REQUEST_TYPE, type, true);
  view.setUint16(REQUEST_CLOCK, clock, true);
  if (type === TYPE_READ_CROSS || type === TYPE_CROSS_CAPABILITY) bytes[REQUEST_COUNTER] = COUNTER_TSC;
  return bytes;
};

/** Returns the request that sets an alarm; undefined takes it back. */
export const setAlarmRequest = (clock: number, time: RtcTime | undefined): Uint8Array => {
  const bytes = new Uint8Array(SET_ALARM_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint16(REQUEST_TYPE, TYPE_SET_ALARM, true);
  view.setUint16(SET_ALARM_CLOCK, clock, true);
  if (time === undefined) return bytes;
  view.setUint32(SET_ALARM_TIME, lowOf(time.seconds, time.nanoseconds), true);
  view.setUint32(SET_ALARM_TIME + 4, highOf(time.seconds, time.nanoseconds), true);
  bytes[SET_ALARM_FLAGS] = FLAG_SET;
  return bytes;
};

/** Returns what a type of clock is called. */
export const clockTypeOf = (type: number): RtcClockType => CLOCK_TYPES[type] ?? 'other';

/** Returns what a way of smearing is called. */
export const smearingOf = (smearing: number): string => SMEARINGS[smearing] ?? `${smearing}`;

/** Returns what a status means that is not OK, undefined when it is. `what` was asked for. */
export const errorOfStatus = (status: number, what: string): DeviceError | undefined => {
  if (status === STATUS_OK) return undefined;
  const name = STATUS_NAMES[status] ?? '';
  if (name === '')
    return { kind: 'wrong-answer', message: `${what}: the device answered ${status}, which means nothing` };
  return {
    kind: status === STATUS_NOT_SUPPORTED ? 'unsupported' : 'io-error',
    message: `${what}: the device answered ${name}`,
  };
};

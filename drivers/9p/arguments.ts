// What callers hand in beside paths, checked before anything is sent.

import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { FileTime } from '../../kernel/device/share.ts';

/** Throws a DeviceFailure for what is no length, position or place in an array: whole, and not negative. */
export const checkLength = (value: number): void => {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new DeviceFailure('invalid-argument', `${value}, expected a whole number from 0 to 2^53 - 1`);
};

/** Throws a DeviceFailure for what is no set of permissions. */
export const checkMode = (mode: number): void => {
  if (Number.isInteger(mode) && mode >= 0 && mode <= 0o7777) return;
  throw new DeviceFailure('invalid-argument', `mode ${mode}, expected 0 to 0o7777`);
};

/** Returns a time in milliseconds since 1970. Throws a DeviceFailure for what is none. */
export const timeMsOf = (time: FileTime): number => {
  const timeMs = typeof time === 'number' ? time * 1000 : time.getTime();
  if (Math.abs(timeMs) <= 8.64e15) return timeMs; // As a Date. Not true of NaN.
  throw new DeviceFailure('invalid-argument', `${timeMs} milliseconds are no time`);
};

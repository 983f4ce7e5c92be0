'use machine';
// The events of one device in one number, for input.test.ts and its image: each event, and the end of each report, changes it, and so does their order.

import type { bool, i32, u16, u32 } from '../../../kernel/base/machine.ts';
import { portRead8 } from '../../../kernel/hal/ports.ts';

const PRIME: u32 = 16777619;

/** The line status register of the first serial port, and its bit for a letter that has come. */
const LINE_STATUS: u16 = 0x3fd;
const DATA_READY: u32 = 1;

/** What came from one device. */
export class Tally {
  eventCount: u32 = 0;
  reportCount: u32 = 0;
  hash: u32 = 2166136261;
}

/** Adds an event. */
export const tallyEvent = (tally: Tally, type: u16, code: u16, value: i32): void => {
  mix(tally, type);
  mix(tally, code);
  mix(tally, value >>> 0);
  tally.eventCount++;
};

/** Adds the end of a report. */
export const tallyReport = (tally: Tally): void => {
  mix(tally, 0x5e9);
  tally.reportCount++;
};

const mix = (tally: Tally, value: u32): void => {
  tally.hash = Math.imul(tally.hash ^ value, PRIME) >>> 0;
  tally.hash = Math.imul(tally.hash ^ (value >>> 16), PRIME) >>> 0;
};

/** Returns whether a letter has come on the serial line. */
export const hasSerialLetter = (): bool => (portRead8(LINE_STATUS) & DATA_READY) !== 0;

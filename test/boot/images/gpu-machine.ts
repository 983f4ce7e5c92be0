'use machine';
// Letters from the serial line, for images that a test leads through steps.

import type { bool, u16, u32 } from '../../../kernel/base/machine.ts';
import { portRead8 } from '../../../kernel/hal/ports.ts';

/** The first serial port: what has come, and the line status register with its bit for that. */
const DATA: u16 = 0x3f8;
const LINE_STATUS: u16 = 0x3fd;
const DATA_READY: u32 = 1;

/** Takes a letter that has come. Returns whether there was one. */
export const takeSerialLetter = (): bool => {
  if ((portRead8(LINE_STATUS) & DATA_READY) === 0) return false;
  portRead8(DATA);
  return true;
};

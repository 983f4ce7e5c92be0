'use machine';
// What a function forgets when it is reset or sleeps deeply, and has to be told again: where it decodes, and what it may do.

import { type FixedArray, fixedArray, type u8, type u16, type u32 } from '../base/machine.ts';
import { configRead8, configRead16, configRead32, configWrite8, configWrite16, configWrite32 } from '../hal/config.ts';
import type { PciFunction } from './function.ts';
import {
  BAR_0,
  BAR_COUNT_BRIDGE,
  BAR_COUNT_DEVICE,
  BAR_SIZE,
  COMMAND,
  HEADER_BRIDGE,
  HEADER_DEVICE,
  INTERRUPT_LINE,
} from './registers.ts';

/** The registers of one header. */
export class SavedHeader {
  barCount: u32 = 0;
  bars: FixedArray<u32, 6> = fixedArray(6, 0);
  command: u16 = 0;
  interruptLine: u8 = 0;
}

/** Keeps the registers of a function. */
export const saveHeader = (pciFunction: PciFunction, saved: SavedHeader): void => {
  saved.barCount = pciFunction.headerLayout === HEADER_DEVICE ? BAR_COUNT_DEVICE : 0;
  if (pciFunction.headerLayout === HEADER_BRIDGE) saved.barCount = BAR_COUNT_BRIDGE;
  for (let i: u32 = 0; i < saved.barCount; i++) {
    saved.bars[i] = configRead32(pciFunction.address, BAR_0 + i * BAR_SIZE);
  }
  saved.command = configRead16(pciFunction.address, COMMAND);
  saved.interruptLine = configRead8(pciFunction.address, INTERRUPT_LINE);
};

/** Puts them back: what it answers to comes last. */
export const restoreHeader = (pciFunction: PciFunction, saved: SavedHeader): void => {
  for (let i: u32 = 0; i < saved.barCount; i++) {
    configWrite32(pciFunction.address, BAR_0 + i * BAR_SIZE, saved.bars[i]);
  }
  configWrite8(pciFunction.address, INTERRUPT_LINE, saved.interruptLine);
  configWrite16(pciFunction.address, COMMAND, saved.command);
};

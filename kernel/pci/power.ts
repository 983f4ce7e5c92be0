'use machine';
// Power states of a function. PCI Bus Power Management 1.2 §3.2, §5.4.

import type { bool, u8, u16, u32, u53 } from '../base/machine.ts';
import { clockNow } from '../hal/clock.ts';
import { configRead16, configWrite16 } from '../hal/config.ts';
import { pause } from '../hal/cpu.ts';
import { findCapability } from './capability.ts';
import { FAULT_CAPABILITY_CUT, FAULT_POWER_STATE, failWith } from './fault.ts';
import type { PciFunction } from './function.ts';
import { CAPABILITY_POWER_MANAGEMENT, CONFIG_SPACE_SIZE } from './registers.ts';
import { restoreHeader, SavedHeader, saveHeader } from './saved.ts';

//    power management capability              offset   width  access   §3.2
export const POWER_CAPABILITIES: u32 = 2; //            16     R
export const POWER_CONTROL: u32 = 4; //                 16     RW, bit 15 is cleared by writing 1
const POWER_LENGTH: u32 = 8;

const STATE_MASK: u16 = 0x3;
const PME_STATUS: u16 = 1 << 15;
/** What is configured stays when it wakes from D3. */
const NO_SOFT_RESET: u16 = 1 << 3;

export const POWER_D0: u8 = 0;
export const POWER_D2: u8 = 2;
export const POWER_D3: u8 = 3;

/** How long a function must be left alone after it was told to wake. §5.6.1, table 5-6 */
const WAKE_FROM_D3_NS: u53 = 10_000_000;
const WAKE_FROM_D2_NS: u53 = 200_000;

const saved = new SavedHeader();

/** Returns the power state, 0 for D0 to 3 for D3hot; 0 for a function that has no others. */
export const powerState = (pciFunction: PciFunction): u8 => {
  const offset: u32 = findCapability(pciFunction, CAPABILITY_POWER_MANAGEMENT);
  if (offset === 0 || offset + POWER_LENGTH > CONFIG_SPACE_SIZE) return POWER_D0;
  return configRead16(pciFunction.address, offset + POWER_CONTROL) & STATE_MASK;
};

/**
 * Brings a function to D0, and puts its BARs and command register back where it forgets them. Returns at once where it is awake, else after 10 ms
 * at most. False when the function does not wake.
 */
export const wake = (pciFunction: PciFunction): bool => {
  const offset: u32 = findCapability(pciFunction, CAPABILITY_POWER_MANAGEMENT);
  if (offset === 0) return true;
  if (offset + POWER_LENGTH > CONFIG_SPACE_SIZE) {
    return failWith(pciFunction, FAULT_CAPABILITY_CUT, offset, CAPABILITY_POWER_MANAGEMENT, POWER_LENGTH);
  }
  const control: u16 = configRead16(pciFunction.address, offset + POWER_CONTROL);
  const state: u32 = control & STATE_MASK;
  if (state === POWER_D0) return true;

  saveHeader(pciFunction, saved);
  configWrite16(pciFunction.address, offset + POWER_CONTROL, control & ~(STATE_MASK | PME_STATUS));
  if (state === POWER_D3) waitFor(WAKE_FROM_D3_NS);
  if (state === POWER_D2) waitFor(WAKE_FROM_D2_NS);
  const reached: u32 = configRead16(pciFunction.address, offset + POWER_CONTROL) & STATE_MASK;
  if (reached !== POWER_D0) return failWith(pciFunction, FAULT_POWER_STATE, reached, state, 0);
  if (state === POWER_D3 && (control & NO_SOFT_RESET) === 0) restoreHeader(pciFunction, saved);
  return true;
};

/** Returns when `duration` nanoseconds have passed. */
export const waitFor = (duration: u53): void => {
  const end: u53 = clockNow() + duration;
  while (clockNow() < end) pause();
};

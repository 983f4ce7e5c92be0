'use machine';
// Function-level reset: one function starts anew, its neighbours and its link do not notice. PCI Express Base 5.0 §6.6.2, and Advanced
// Capabilities for Conventional PCI (ECN 2006) for functions that are not of PCI Express.
//
//   silence the function ─▶ wait for what it has sent ─▶ reset ─▶ 100 ms ─▶ put BARs and command register back
//
// Everything else in its configuration space is as after power-up: interrupts are off, and it may not reach memory if it could not before.

import type { bool, u8, u16, u32, u53 } from '../base/machine.ts';
import { clockNow } from '../hal/clock.ts';
import { configRead8, configRead16, configWrite8, configWrite16 } from '../hal/config.ts';
import { pause } from '../hal/cpu.ts';
import { findCapability } from './capability.ts';
import { DEVICE_CONTROL, DEVICE_STATUS, Express, readExpress } from './express.ts';
import { FAULT_NO_RESET, FAULT_RESET, failWith } from './fault.ts';
import type { PciFunction } from './function.ts';
import { waitFor } from './power.ts';
import { CAPABILITY_ADVANCED_FEATURES, COMMAND, CONFIG_SPACE_SIZE, VENDOR_ID } from './registers.ts';
import { restoreHeader, SavedHeader, saveHeader } from './saved.ts';

//    advanced features capability             offset   width  access
export const ADVANCED_CAPABILITIES: u32 = 3; //         8      R
export const ADVANCED_CONTROL: u32 = 4; //              8      W
export const ADVANCED_STATUS: u32 = 5; //               8      R
const ADVANCED_LENGTH: u32 = 6;

const ADVANCED_HAS_RESET: u32 = 1 << 1;
const ADVANCED_RESET: u8 = 1 << 0;
const ADVANCED_PENDING: u32 = 1 << 0;

const EXPRESS_RESET: u16 = 1 << 15;
const EXPRESS_PENDING: u16 = 1 << 5;

/** How long a function may take to start anew. §6.6.2 */
const RESET_NS: u53 = 100_000_000;

/** How long it may take until all that a function has asked for has come. §6.6.2 */
const PENDING_MAX_NS: u53 = 100_000_000;

const express = new Express();
const saved = new SavedHeader();

/** Resets one function. Takes 100 ms, and 100 ms more at most. False when it cannot be reset alone, or does not come back. */
export const resetFunction = (pciFunction: PciFunction): bool => {
  const isExpress: bool = readExpress(pciFunction, express) && express.hasFunctionReset;
  const advanced: u32 = isExpress ? 0 : advancedOffset(pciFunction);
  if (!isExpress && advanced === 0) return failWith(pciFunction, FAULT_NO_RESET, 0, 0, 0);

  saveHeader(pciFunction, saved);
  configWrite16(pciFunction.address, COMMAND, 0);
  // One that never gets what it waits for is reset all the same: that is what a reset is for.
  const deadline: u53 = clockNow() + PENDING_MAX_NS;
  while (isPending(pciFunction, advanced) && clockNow() < deadline) pause();

  if (isExpress) {
    const control: u16 = configRead16(pciFunction.address, express.offset + DEVICE_CONTROL);
    configWrite16(pciFunction.address, express.offset + DEVICE_CONTROL, control | EXPRESS_RESET);
  } else {
    configWrite8(pciFunction.address, advanced + ADVANCED_CONTROL, ADVANCED_RESET);
  }
  waitFor(RESET_NS);
  const vendorId: u32 = configRead16(pciFunction.address, VENDOR_ID);
  if (vendorId !== pciFunction.vendorId) return failWith(pciFunction, FAULT_RESET, vendorId, pciFunction.vendorId, 0);
  restoreHeader(pciFunction, saved);
  return true;
};

/** Returns where the advanced features are by which the function can be reset; 0 when there are none. */
const advancedOffset = (pciFunction: PciFunction): u32 => {
  const offset: u32 = findCapability(pciFunction, CAPABILITY_ADVANCED_FEATURES);
  if (offset === 0 || offset + ADVANCED_LENGTH > CONFIG_SPACE_SIZE) return 0;
  const flags: u32 = configRead8(pciFunction.address, offset + ADVANCED_CAPABILITIES);
  return (flags & ADVANCED_HAS_RESET) !== 0 ? offset : 0;
};

/** Returns whether the function waits for something that it has asked for. */
const isPending = (pciFunction: PciFunction, advanced: u32): bool =>
  advanced === 0
    ? (configRead16(pciFunction.address, express.offset + DEVICE_STATUS) & EXPRESS_PENDING) !== 0
    : (configRead8(pciFunction.address, advanced + ADVANCED_STATUS) & ADVANCED_PENDING) !== 0;

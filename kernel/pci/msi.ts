'use machine';
// Message signalled interrupts: what a function can send, and where its tables lie. PCI Local Bus 3.0 §6.8.
//
// What a function says of its tables is checked against its BARs before anybody maps them.

import type { bool, u8, u16, u32, u53 } from '../base/machine.ts';
import { configRead16, configRead32 } from '../hal/config.ts';
import { isMemoryBar, sizeBars } from './bar.ts';
import { findCapability } from './capability.ts';
import { FAULT_CAPABILITY_CUT, FAULT_MSIX_OVERLAP, FAULT_MSIX_PENDING, FAULT_MSIX_TABLE, failWith } from './fault.ts';
import type { Bar, PciFunction } from './function.ts';
import { BAR_COUNT_DEVICE, CAPABILITY_MSI, CAPABILITY_MSIX, CONFIG_SPACE_SIZE } from './registers.ts';

//    MSI capability                           offset   width  access   §6.8.1
export const MSI_CONTROL: u32 = 2; //                   16     RW

//    MSI-X capability                         offset   width  access   §6.8.2
export const MSIX_CONTROL: u32 = 2; //                  16     RW
export const MSIX_TABLE: u32 = 4; //                    32     R       bits 2:0 the BAR, the rest the offset in it
export const MSIX_PENDING: u32 = 8; //                  32     R
const MSIX_LENGTH: u32 = 12;

// Message control of MSI.
const MSI_ENABLE: u16 = 1 << 0;
const MSI_64_BIT: u16 = 1 << 7;
const MSI_MASKING: u16 = 1 << 8;
const MSI_LENGTH_MIN: u32 = 10;

// Message control of MSI-X.
const MSIX_COUNT_MASK: u16 = 0x7ff;
export const MSIX_MASK_ALL: u16 = 1 << 14;
export const MSIX_ENABLE: u16 = 1 << 15;
const MSIX_BAR_MASK: u32 = 7;

/** One entry of the table: address 64, data 32, control 32. §6.8.2.6 */
export const MSIX_ENTRY_SIZE: u32 = 16;
/** Pending bits come in words of 64. §6.8.2.9 */
const PENDING_WORD_BITS: u32 = 64;
const PENDING_WORD_SIZE: u32 = 8;

/** What a function says of its MSI. */
export class Msi {
  /** Where the capability starts; 0: there is none. */
  offset: u16 = 0;
  /** How many vectors it can send, 1 to 32, and to how many it is set. */
  vectorCount: u8 = 0;
  enabledCount: u8 = 0;
  isEnabled: bool = false;
  is64Bit: bool = false;
  hasMasking: bool = false;
}

/** What a function says of its MSI-X. */
export class Msix {
  /** Where the capability starts; 0: there is none. */
  offset: u16 = 0;
  /** 1 to 2048. */
  vectorCount: u16 = 0;
  isEnabled: bool = false;
  isMasked: bool = false;
  /** The table of vectors: an index of a BAR, an offset in it, and bytes. */
  tableBar: u8 = 0;
  tableOffset: u32 = 0;
  tableLength: u32 = 0;
  /** The pending bits. */
  pendingBar: u8 = 0;
  pendingOffset: u32 = 0;
  pendingLength: u32 = 0;
}

/** Reads the MSI capability. False when there is none (offset 0), or `fault` says what is wrong with it. */
export const readMsi = (pciFunction: PciFunction, msi: Msi): bool => {
  msi.offset = findCapability(pciFunction, CAPABILITY_MSI) & 0xffff;
  if (msi.offset === 0) return false;
  if (msi.offset + MSI_LENGTH_MIN > CONFIG_SPACE_SIZE) {
    return failWith(pciFunction, FAULT_CAPABILITY_CUT, msi.offset, CAPABILITY_MSI, MSI_LENGTH_MIN);
  }
  const control: u32 = configRead16(pciFunction.address, msi.offset + MSI_CONTROL);
  msi.isEnabled = (control & MSI_ENABLE) !== 0;
  msi.vectorCount = powerOf(Math.min((control >>> 1) & 7, MSI_POWER_MAX));
  msi.enabledCount = powerOf(Math.min((control >>> 4) & 7, MSI_POWER_MAX));
  msi.is64Bit = (control & MSI_64_BIT) !== 0;
  msi.hasMasking = (control & MSI_MASKING) !== 0;
  return true;
};

/** 2^5 = 32 vectors; the two larger values are reserved. */
const MSI_POWER_MAX: u32 = 5;

const powerOf = (power: u32): u8 => (1 << power) & 0xff;

/** Reads the MSI-X capability and checks it against the BARs. False when there is none (offset 0), or `fault` says what is wrong with it. */
export const readMsix = (pciFunction: PciFunction, msix: Msix): bool => {
  msix.offset = findCapability(pciFunction, CAPABILITY_MSIX) & 0xffff;
  if (msix.offset === 0) return false;
  if (msix.offset + MSIX_LENGTH > CONFIG_SPACE_SIZE) {
    return failWith(pciFunction, FAULT_CAPABILITY_CUT, msix.offset, CAPABILITY_MSIX, MSIX_LENGTH);
  }
  const control: u32 = configRead16(pciFunction.address, msix.offset + MSIX_CONTROL);
  const table: u32 = configRead32(pciFunction.address, msix.offset + MSIX_TABLE);
  const pending: u32 = configRead32(pciFunction.address, msix.offset + MSIX_PENDING);
  msix.vectorCount = (control & MSIX_COUNT_MASK) + 1;
  msix.isMasked = (control & MSIX_MASK_ALL) !== 0;
  msix.isEnabled = (control & MSIX_ENABLE) !== 0;
  msix.tableBar = table & MSIX_BAR_MASK;
  msix.tableOffset = (table & ~MSIX_BAR_MASK) >>> 0;
  msix.tableLength = msix.vectorCount * MSIX_ENTRY_SIZE;
  msix.pendingBar = pending & MSIX_BAR_MASK;
  msix.pendingOffset = (pending & ~MSIX_BAR_MASK) >>> 0;
  msix.pendingLength = Math.ceil(msix.vectorCount / PENDING_WORD_BITS) * PENDING_WORD_SIZE;
  return checkTables(pciFunction, msix);
};

/** Returns whether both tables lie in memory BARs of the function, and not over one another. */
const checkTables = (pciFunction: PciFunction, msix: Msix): bool => {
  if (!sizeBars(pciFunction)) return false;
  if (!liesInBar(pciFunction, msix.tableBar, msix.tableOffset, msix.tableLength)) {
    return failWith(pciFunction, FAULT_MSIX_TABLE, msix.tableBar, msix.tableOffset, msix.tableLength);
  }
  if (!liesInBar(pciFunction, msix.pendingBar, msix.pendingOffset, msix.pendingLength)) {
    return failWith(pciFunction, FAULT_MSIX_PENDING, msix.pendingBar, msix.pendingOffset, msix.pendingLength);
  }
  const areApart: bool =
    msix.tableBar !== msix.pendingBar ||
    msix.tableOffset + msix.tableLength <= msix.pendingOffset ||
    msix.pendingOffset + msix.pendingLength <= msix.tableOffset;
  return areApart || failWith(pciFunction, FAULT_MSIX_OVERLAP, msix.tableBar, msix.tableOffset, msix.pendingOffset);
};

/** Returns whether `length` bytes from `offset` lie in memory BAR `index`. Offset and length are below 2^32: their sum is exact. */
const liesInBar = (pciFunction: PciFunction, index: u32, offset: u53, length: u32): bool => {
  if (index >= BAR_COUNT_DEVICE) return false;
  const bar: Bar = pciFunction.bars[index];
  return isMemoryBar(bar) && offset + length <= bar.size;
};

'use machine';
// The PCI Express capability: what kind of function it is, its link, and its slot. PCI Express Base 5.0 §7.5.3.

import type { bool, u8, u16, u32 } from '../base/machine.ts';
import { configRead16, configRead32 } from '../hal/config.ts';
import { findCapability } from './capability.ts';
import { FAULT_CAPABILITY_CUT, failWith } from './fault.ts';
import type { PciFunction } from './function.ts';
import { CAPABILITY_HOT_PLUG, CAPABILITY_PCI_EXPRESS, CONFIG_SPACE_SIZE } from './registers.ts';

//    PCI Express capability                   offset   width  access   §7.5.3
export const EXPRESS_CAPABILITIES: u32 = 0x02; //       16     R
export const DEVICE_CAPABILITIES: u32 = 0x04; //        32     R
export const DEVICE_CONTROL: u32 = 0x08; //             16     RW
export const DEVICE_STATUS: u32 = 0x0a; //              16     R, error bits are cleared by writing 1
export const LINK_CAPABILITIES: u32 = 0x0c; //          32     R
export const LINK_STATUS: u32 = 0x12; //                16     R
export const SLOT_CAPABILITIES: u32 = 0x14; //          32     R
export const SLOT_STATUS: u32 = 0x1a; //                16     R, event bits are cleared by writing 1

/** Through the device registers, which all kinds have; through the link's; and through the slot's. */
const LENGTH_DEVICE: u32 = 0x0c;
const LENGTH_LINK: u32 = 0x14;
const LENGTH_SLOT: u32 = 0x1c;

// Device/port types. §7.5.3.2
export const EXPRESS_ENDPOINT: u8 = 0;
export const EXPRESS_LEGACY_ENDPOINT: u8 = 1;
export const EXPRESS_ROOT_PORT: u8 = 4;
export const EXPRESS_UPSTREAM_PORT: u8 = 5;
export const EXPRESS_DOWNSTREAM_PORT: u8 = 6;
export const EXPRESS_TO_PCI_BRIDGE: u8 = 7;
export const EXPRESS_FROM_PCI_BRIDGE: u8 = 8;
export const EXPRESS_INTEGRATED_ENDPOINT: u8 = 9;
export const EXPRESS_EVENT_COLLECTOR: u8 = 10;

const SLOT_IMPLEMENTED: u16 = 1 << 8;
const FUNCTION_RESET: u32 = 1 << 28;
const SLOT_SURPRISE: u32 = 1 << 5;
const SLOT_HOT_PLUG: u32 = 1 << 6;
const SLOT_PRESENT: u16 = 1 << 6;

/** What a function says of itself as one of PCI Express. */
export class Express {
  /** Where the capability starts; 0: there is none. */
  offset: u16 = 0;
  version: u8 = 0;
  /** EXPRESS_… */
  portType: u8 = 0;
  /** Whether it can be reset alone. */
  hasFunctionReset: bool = false;
  /** Of the link: 1 for 2.5 GT/s, 2 for 5, 3 for 8 …, and lanes. The most that it can, and what it has; 0 where there is no link. */
  linkSpeedMax: u8 = 0;
  linkWidthMax: u8 = 0;
  linkSpeed: u8 = 0;
  linkWidth: u8 = 0;
  /** Of a port that leads to a slot. */
  hasSlot: bool = false;
  slotNumber: u16 = 0;
  isHotPlugCapable: bool = false;
  /** Whether what is in the slot may go without a word. */
  isSurpriseCapable: bool = false;
  /** Whether something is in the slot. */
  isPresent: bool = false;
}

/** Reads the PCI Express capability. False when there is none (offset 0), or `fault` says what is wrong with it. */
export const readExpress = (pciFunction: PciFunction, express: Express): bool => {
  express.offset = findCapability(pciFunction, CAPABILITY_PCI_EXPRESS) & 0xffff;
  if (express.offset === 0) return false;
  const room: u32 = CONFIG_SPACE_SIZE - express.offset;
  if (room < LENGTH_DEVICE) return isCut(pciFunction, express, LENGTH_DEVICE);
  const flags: u32 = configRead16(pciFunction.address, express.offset + EXPRESS_CAPABILITIES);
  express.version = flags & 0xf;
  express.portType = (flags >>> 4) & 0xf;
  express.hasSlot = (flags & SLOT_IMPLEMENTED) !== 0;
  const device: u32 = configRead32(pciFunction.address, express.offset + DEVICE_CAPABILITIES);
  express.hasFunctionReset = (device & FUNCTION_RESET) !== 0;

  const hasLink: bool =
    express.portType !== EXPRESS_INTEGRATED_ENDPOINT && express.portType !== EXPRESS_EVENT_COLLECTOR;
  if (hasLink && room < LENGTH_LINK) return isCut(pciFunction, express, LENGTH_LINK);
  readLink(pciFunction, express, hasLink);
  if (express.hasSlot && room < LENGTH_SLOT) return isCut(pciFunction, express, LENGTH_SLOT);
  readSlot(pciFunction, express);
  return true;
};

/** Returns whether a bridge leads to a slot into which devices may be put, and from which they may be taken, while the machine runs. */
export const hasHotPlugSlot = (pciFunction: PciFunction): bool => {
  if (readExpress(pciFunction, looked) && looked.hasSlot && looked.isHotPlugCapable) return true;
  return findCapability(pciFunction, CAPABILITY_HOT_PLUG) !== 0; // A bridge to conventional PCI.
};

const looked = new Express();

const isCut = (pciFunction: PciFunction, express: Express, length: u32): bool =>
  failWith(pciFunction, FAULT_CAPABILITY_CUT, express.offset, CAPABILITY_PCI_EXPRESS, length);

const readLink = (pciFunction: PciFunction, express: Express, hasLink: bool): void => {
  const most: u32 = hasLink ? configRead32(pciFunction.address, express.offset + LINK_CAPABILITIES) : 0;
  const now: u32 = hasLink ? configRead16(pciFunction.address, express.offset + LINK_STATUS) : 0;
  express.linkSpeedMax = most & 0xf;
  express.linkWidthMax = (most >>> 4) & 0x3f;
  express.linkSpeed = now & 0xf;
  express.linkWidth = (now >>> 4) & 0x3f;
};

const readSlot = (pciFunction: PciFunction, express: Express): void => {
  const slot: u32 = express.hasSlot ? configRead32(pciFunction.address, express.offset + SLOT_CAPABILITIES) : 0;
  const status: u32 = express.hasSlot ? configRead16(pciFunction.address, express.offset + SLOT_STATUS) : 0;
  express.slotNumber = slot >>> 19;
  express.isHotPlugCapable = (slot & SLOT_HOT_PLUG) !== 0;
  express.isSurpriseCapable = (slot & SLOT_SURPRISE) !== 0;
  express.isPresent = (status & SLOT_PRESENT) !== 0;
};

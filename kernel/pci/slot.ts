'use machine';
// A slot of PCI Express, into which devices are put and from which they are taken while the machine runs: what its port shows and is told.
// PCI Express Base 5.0 §6.7.1, §7.5.3.9 to §7.5.3.11.
//
//   status    bits that stay until they are cleared by writing 1: an event has been since       bits of the state: something is in the slot
//   control   which events interrupt, the indicators, power
//
// What the port says is an allegation: every wait here has a limit, and a port that is not there any more reads as all ones, which is no event.

import type { bool, u8, u16, u32, u53 } from '../base/machine.ts';
import { clockNow } from '../hal/clock.ts';
import { configRead16, configRead32, configWrite16 } from '../hal/config.ts';
import { pause } from '../hal/cpu.ts';
import { EXPRESS_CAPABILITIES, Express, readExpress, SLOT_CAPABILITIES, SLOT_STATUS } from './express.ts';
import type { PciFunction } from './function.ts';

//    PCI Express capability                   offset   width  access   §7.5.3
const SLOT_CONTROL: u32 = 0x18; //                      16     RW

// Slot capabilities. §7.5.3.9
const HAS_ATTENTION_BUTTON: u32 = 1 << 0;
const HAS_POWER_CONTROLLER: u32 = 1 << 1;
const HAS_POWER_INDICATOR: u32 = 1 << 4;
const NO_COMMAND_COMPLETED: u32 = 1 << 18;

// Slot control. §7.5.3.10
const ATTENTION_BUTTON_ENABLE: u16 = 1 << 0;
const PRESENCE_ENABLE: u16 = 1 << 3;
const HOT_PLUG_INTERRUPT_ENABLE: u16 = 1 << 5;
const POWER_INDICATOR_MASK: u16 = 3 << 8;
const POWER_OFF: u16 = 1 << 10;
const LINK_STATE_ENABLE: u16 = 1 << 12;
const INTERRUPTS: u16 = ATTENTION_BUTTON_ENABLE | PRESENCE_ENABLE | LINK_STATE_ENABLE | HOT_PLUG_INTERRUPT_ENABLE;

// The power indicator.
export const INDICATOR_ON: u16 = 1 << 8;
export const INDICATOR_BLINKS: u16 = 2 << 8;
export const INDICATOR_OFF: u16 = 3 << 8;

// Slot status. §7.5.3.11
/** Somebody pressed the attention button: what is in the slot is to be taken out, or what was put in is to be used. */
export const EVENT_BUTTON: u16 = 1 << 0;
const EVENT_POWER_FAULT: u16 = 1 << 1;
const EVENT_LATCH: u16 = 1 << 2;
/** Something was put in or taken out. */
export const EVENT_PRESENCE: u16 = 1 << 3;
const EVENT_COMMAND_COMPLETED: u16 = 1 << 4;
const STATE_PRESENT: u16 = 1 << 6;
/** The link to what is in the slot came up or went down. */
export const EVENT_LINK: u16 = 1 << 8;
const EVENTS: u16 =
  EVENT_BUTTON | EVENT_POWER_FAULT | EVENT_LATCH | EVENT_PRESENCE | EVENT_COMMAND_COMPLETED | EVENT_LINK;

/** What a function that is not there reads as. */
const ABSENT: u16 = 0xffff;

/** A command takes a second at most. §7.5.3.9 */
const COMMAND_TIMEOUT_NS: u53 = 1000000000;

/** New events while those before are cleared; a port that goes on and on is looked at again at its next interrupt. */
const EVENT_ROUND_COUNT_MAX: u32 = 8;

/** One slot. */
export class Slot {
  /** Of the port that leads to it: bus << 8 | device << 3 | function. */
  address: u32 = 0;
  /** Where the port's capability of PCI Express starts. */
  capability: u16 = 0;
  /** The number on the chassis. */
  number: u16 = 0;
  hasButton: bool = false;
  hasPowerController: bool = false;
  hasPowerIndicator: bool = false;
  /** Which vector of its MSI-X the port sends. §7.5.3.2 */
  messageNumber: u8 = 0;
  hasCommandCompleted: bool = false;
}

const looked = new Express();

/** Fills `slot`. False when the function leads to no slot for hot-plug. */
export const openSlot = (pciFunction: PciFunction, slot: Slot): bool => {
  if (!readExpress(pciFunction, looked) || !looked.hasSlot || !looked.isHotPlugCapable) return false;
  const capabilities: u32 = configRead32(pciFunction.address, looked.offset + SLOT_CAPABILITIES);
  const flags: u32 = configRead16(pciFunction.address, looked.offset + EXPRESS_CAPABILITIES);
  slot.address = pciFunction.address;
  slot.capability = looked.offset;
  slot.number = looked.slotNumber;
  slot.hasButton = (capabilities & HAS_ATTENTION_BUTTON) !== 0;
  slot.hasPowerController = (capabilities & HAS_POWER_CONTROLLER) !== 0;
  slot.hasPowerIndicator = (capabilities & HAS_POWER_INDICATOR) !== 0;
  slot.hasCommandCompleted = (capabilities & NO_COMMAND_COMPLETED) === 0;
  slot.messageNumber = (flags >>> 9) & 31;
  return true;
};

/** Takes the events (EVENT_…) that have been since the last call, which takes the port's interrupt back. */
export const takeSlotEvents = (slot: Slot): u16 => {
  let events: u16 = 0;
  // Again until there is none: a message is sent when the first one comes, not for those behind it. §6.7.3.4
  for (let round: u32 = 0; round < EVENT_ROUND_COUNT_MAX; round++) {
    const status: u16 = readStatus(slot);
    const fresh: u16 = status & EVENTS;
    if (status === ABSENT || fresh === 0) break;
    configWrite16(slot.address, slot.capability + SLOT_STATUS, fresh);
    events = events | fresh;
  }
  return events;
};

/** Returns whether something is in the slot. Nothing is in the slot of a port that is gone. */
export const isSlotOccupied = (slot: Slot): bool => {
  const status: u16 = readStatus(slot);
  return status !== ABSENT && (status & STATE_PRESENT) !== 0;
};

/** Returns whether the port gives power to the slot; one without a controller always does. */
export const isSlotPowered = (slot: Slot): bool => !slot.hasPowerController || (readControl(slot) & POWER_OFF) === 0;

/** Lets the port interrupt when something is put in or taken out, when the button is pressed, and when the link changes; or forbids it. */
export const setSlotInterrupts = (slot: Slot, isOn: bool): void => command(slot, INTERRUPTS, isOn ? INTERRUPTS : 0);

/** Turns power on, or off, and the indicator to one of INDICATOR_…, in one command: for QEMU, who sees both off, the device leaves at this. */
export const setSlotPower = (slot: Slot, isOn: bool, indicator: u16): void => {
  const power: u16 = slot.hasPowerController && !isOn ? POWER_OFF : 0;
  command(slot, POWER_OFF | POWER_INDICATOR_MASK, power | (slot.hasPowerIndicator ? indicator : 0));
};

/** Turns the indicator to one of INDICATOR_… */
export const setSlotIndicator = (slot: Slot, indicator: u16): void => {
  if (slot.hasPowerIndicator) command(slot, POWER_INDICATOR_MASK, indicator);
};

/** Changes the bits of `mask` in the control register, and waits until the port has done it. §6.7.3.2 */
const command = (slot: Slot, mask: u16, bits: u16): void => {
  const before: u16 = readControl(slot);
  const wanted: u16 = (before & ~mask) | bits;
  if (before === ABSENT || before === wanted) return;
  configWrite16(slot.address, slot.capability + SLOT_CONTROL, wanted);
  if (!slot.hasCommandCompleted) return;
  const deadline: u53 = clockNow() + COMMAND_TIMEOUT_NS;
  while ((readStatus(slot) & EVENT_COMMAND_COMPLETED) === 0 && clockNow() < deadline) pause();
  configWrite16(slot.address, slot.capability + SLOT_STATUS, EVENT_COMMAND_COMPLETED);
};

const readControl = (slot: Slot): u16 => configRead16(slot.address, slot.capability + SLOT_CONTROL);
const readStatus = (slot: Slot): u16 => configRead16(slot.address, slot.capability + SLOT_STATUS);

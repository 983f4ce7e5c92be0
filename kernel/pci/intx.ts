'use machine';
// The interrupt pin of a function: which line of the interrupt controllers it leads to. PCI-to-PCI Bridge 1.2 §9.1, PCI Express Base 5.0 §2.2.8.1.
//
//   pin of a function ──► pin of the bridge above: (pin + device) mod 4 ──► … ──► pin of a device of the first bus ──► line, as ACPI says
//
// Such a line is a level: the pin is asserted until the device is asked why. Devices share lines.

import type { bool, i32, u8, u32 } from '../base/machine.ts';
import { acpiInterruptOfPin, acpiPinIsActiveLow, NO_INTERRUPT } from '../hal/interrupts.ts';
import { setPinDisabled } from './command.ts';
import type { PciFunction, PciTree } from './function.ts';

/** INTA to INTD. */
const PIN_COUNT: u32 = 4;

/** An interrupt line of the machine. */
export class InterruptLine {
  /** Its number among all (GSI); NO_INTERRUPT: none. */
  gsi: u32 = NO_INTERRUPT;
  isActiveLow: bool = false;
}

/**
 * Turns off the pins of all functions, once a tree: one that nobody listens to, of a device without a driver or with one that polls, would hold the
 * line that it shares for ever. Who listens turns its own on again (setPinDisabled).
 */
export const silencePins = (tree: PciTree): void => {
  if (tree.hasSilentPins) return;
  tree.hasSilentPins = true;
  for (let index: u32 = 0; index < tree.count; index++) setPinDisabled(tree.functions[index].address, true);
};

/** Fills `line` with the one to which the pin of a function of `tree` leads. False when the function has no pin, or nothing tells where it leads. */
export const findLineOfPin = (tree: PciTree, pciFunction: PciFunction, line: InterruptLine): bool => {
  line.gsi = NO_INTERRUPT;
  let pin: u32 = pciFunction.interruptPin;
  if (pin === 0 || pin > PIN_COUNT) return false;
  let device: u32 = deviceOf(pciFunction);
  let parent: i32 = pciFunction.parent;
  while (parent >= 0) {
    pin = ((pin - 1 + device) % PIN_COUNT) + 1;
    device = deviceOf(tree.functions[parent]);
    parent = tree.functions[parent].parent;
  }
  line.gsi = acpiInterruptOfPin(device as u8, pin as u8);
  line.isActiveLow = acpiPinIsActiveLow(device as u8, pin as u8);
  return line.gsi !== NO_INTERRUPT;
};

const deviceOf = (pciFunction: PciFunction): u32 => (pciFunction.address >>> 3) & 31;

'use machine';
// The command register: what a function answers to, and whether it may reach memory. PCI Local Bus 3.0 §6.2.2.
// It is written 16 bits wide: beside it is the status register, whose error bits are cleared by ones. §6.2.3

import type { bool, i32, u16, u32 } from '../base/machine.ts';
import { configRead16, configWrite16 } from '../hal/config.ts';
import { type PciFunction, type PciTree, WINDOW_IO, WINDOW_MEMORY, WINDOW_PREFETCHABLE } from './function.ts';
import { COMMAND, COMMAND_BUS_MASTER, COMMAND_INTERRUPT_DISABLE, COMMAND_IO, COMMAND_MEMORY } from './registers.ts';
import { readWindows } from './window.ts';

/** Sets the COMMAND_ bits `bits` and leaves the others. */
export const enableCommand = (pciFunction: PciFunction, bits: u16): void => {
  const command: u16 = configRead16(pciFunction.address, COMMAND);
  if ((command & bits) !== bits) configWrite16(pciFunction.address, COMMAND, command | bits);
};

/** Clears the COMMAND_ bits `bits` and leaves the others. */
export const disableCommand = (pciFunction: PciFunction, bits: u16): void => {
  const command: u16 = configRead16(pciFunction.address, COMMAND);
  if ((command & bits) !== 0) configWrite16(pciFunction.address, COMMAND, command & ~bits);
};

/** Keeps the function at `address` from interrupting by its pin, or lets it. */
export const setPinDisabled = (address: u32, isDisabled: bool): void => {
  const command: u16 = configRead16(address, COMMAND);
  const wanted: u16 = isDisabled ? command | COMMAND_INTERRUPT_DISABLE : command & ~COMMAND_INTERRUPT_DISABLE;
  if (wanted !== command) configWrite16(address, COMMAND, wanted);
};

/**
 * Makes every bridge above a function pass on what is meant for it and what it means for memory. PCI-to-PCI Bridge 1.2 §3.2.4.3. Called before a
 * driver starts, and for no function without one: an emulator lays out all memory anew each time.
 */
export const enablePath = (tree: PciTree, pciFunction: PciFunction): void => {
  let index: i32 = pciFunction.parent;
  while (index >= 0) {
    const bridge: PciFunction = tree.functions[index];
    if (!tree.isPlacedByKernel) readWindows(bridge);
    enableCommand(bridge, commandOf(bridge));
    index = bridge.parent;
  }
};

/** Returns the bits of a bridge that passes on what its windows, which have been read or opened, are open for. */
const commandOf = (bridge: PciFunction): u16 => {
  let bits: u16 = COMMAND_BUS_MASTER;
  if (bridge.windows[WINDOW_IO].address !== 0) bits |= COMMAND_IO;
  if (bridge.windows[WINDOW_MEMORY].address !== 0 || bridge.windows[WINDOW_PREFETCHABLE].address !== 0) {
    bits |= COMMAND_MEMORY;
  }
  return bits;
};

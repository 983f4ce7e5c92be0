'use machine';
// Functions that come and go while the machine runs. PCI Express Base 5.0 §6.7, PCI-to-PCI Bridge 1.2 §3.2.5.
//
//   openRoom        once a slot: the bridge gets a window for what may come, where firmware left it none
//   addArrivals     what answers on the bus behind a bridge and is not in the tree: it is added, sized, and placed in the windows of the bridge
//   removeFunction  one that is gone: its element of the tree is used again
//
// Nothing that is there already moves, and no bus gets a number: what lies behind a bridge that is plugged in stays out of reach.

import type { bool, i32, u32, u53 } from '../base/machine.ts';
import { configRead16, configRead32 } from '../hal/config.ts';
import { sizeBars } from './bar.ts';
import { setPinDisabled } from './command.ts';
import { FAULT_NO_BUS_NUMBER, FAULT_NONE, failWith } from './fault.ts';
import {
  BAR_KIND_MEMORY32,
  BAR_KIND_NONE,
  Bar,
  FUNCTION_TABLE_SIZE,
  type PciFunction,
  type PciTree,
  WINDOW_COUNT,
  WINDOW_MEMORY,
} from './function.ts';
import { fillGapsOf, findGap } from './gaps.ts';
import { closeUnused } from './place.ts';
import { BAR_COUNT_DEVICE, HEADER_BRIDGE, VENDOR_ABSENT, VENDOR_ID } from './registers.ts';
import { addFunction, closeBridge } from './scan.ts';
import { openWindow, readHostWindows, readWindows } from './window.ts';

const VENDOR_MASK: u32 = 0xffff;

/** Addresses of one bus, and of one device. */
const BUS_SIZE: u32 = 256;
const DEVICE_SIZE: u32 = 8;

/** No element of the tree. */
export const NO_FUNCTION: i32 = -1;

/** What a bridge gets for devices that may come: most have some ten KiB of registers. Firmware for PCs leaves as much. */
const ROOM_SIZE: u53 = 0x200000;

const room = new Bar();

/** Returns the element of the function at `address`, NO_FUNCTION when it is not in the tree. */
export const findFunction = (tree: PciTree, address: u32): i32 => {
  for (let index: i32 = 0; index < tree.count; index++) {
    const pciFunction: PciFunction = tree.functions[index];
    if (pciFunction.address === address && pciFunction.vendorId !== VENDOR_ABSENT) return index;
  }
  return NO_FUNCTION;
};

/** Returns the next function behind the bridge at `parent`, from element `from` on; NO_FUNCTION when there is none. */
export const nextBehind = (tree: PciTree, parent: i32, from: u32): i32 => {
  for (let index: i32 = from as i32; index < tree.count; index++) {
    const pciFunction: PciFunction = tree.functions[index];
    if (pciFunction.parent === parent && pciFunction.vendorId !== VENDOR_ABSENT) return index;
  }
  return NO_FUNCTION;
};

/** Returns whether a function still answers as the one that it was. */
export const isThere = (pciFunction: PciFunction): bool =>
  configRead16(pciFunction.address, VENDOR_ID) === pciFunction.vendorId;

/** Returns whether anything answers as the first device on the bus behind a bridge, which is where the device in a slot is. */
export const answersBehind = (bridge: PciFunction): bool =>
  bridge.secondaryBus !== 0 && configRead16(bridge.secondaryBus * BUS_SIZE, VENDOR_ID) !== VENDOR_ABSENT;

/** Makes sure that the bridge at `index` passes memory on. False, and the bridge's fault says so, when there is no room for a window. */
export const openRoom = (tree: PciTree, index: i32): bool => {
  const bridge: PciFunction = tree.functions[index];
  if (!tree.isPlacedByKernel) readWindows(bridge);
  if (bridge.windows[WINDOW_MEMORY].address !== 0) return true;
  readAll(tree);
  room.kind = BAR_KIND_MEMORY32;
  room.size = ROOM_SIZE;
  const address: u53 = findGap(tree, bridge.parent, room);
  if (address === 0 || !openWindow(bridge, WINDOW_MEMORY, address, ROOM_SIZE)) {
    bridge.windows[WINDOW_MEMORY].address = 0;
    return false;
  }
  closeUnused(bridge);
  return true;
};

/** Adds what has come on the bus behind the bridge at `parent`, and gives it addresses. Returns how many functions there are more. */
export const addArrivals = (tree: PciTree, parent: i32): u32 => {
  const bus: u32 = tree.functions[parent].secondaryBus;
  let count: u32 = 0;
  if (bus === 0) return count;
  for (let address: u32 = bus * BUS_SIZE; address < (bus + 1) * BUS_SIZE; address += DEVICE_SIZE) {
    count += addDevice(tree, parent, address);
  }
  return count;
};

/** Forgets a function that is gone. Its element is used again, so nobody may use it any more. */
export const removeFunction = (tree: PciTree, index: i32): void => {
  const pciFunction: PciFunction = tree.functions[index];
  for (let before: i32 = 0; before < tree.count; before++) {
    if (tree.functions[before].next === index) tree.functions[before].next = pciFunction.next;
  }
  pciFunction.vendorId = VENDOR_ABSENT;
  pciFunction.deviceId = 0;
  pciFunction.next = NO_FUNCTION;
  forgetAll(pciFunction);
  tree.goneCount++;
};

/** Adds the functions of one device that are not in the tree. As in scan.ts, the others are asked for only where function 0 says that there are more. */
const addDevice = (tree: PciTree, parent: i32, first: u32): u32 => {
  let count: u32 = 0;
  let end: u32 = first + 1;
  for (let address: u32 = first; address < end; address++) {
    let index: i32 = findFunction(tree, address);
    if (index === NO_FUNCTION && (configRead32(address, VENDOR_ID) & VENDOR_MASK) !== VENDOR_ABSENT) {
      index = addOne(tree, parent, address);
      if (index !== NO_FUNCTION) count++;
    }
    if (address === first && index !== NO_FUNCTION && tree.functions[index].isMultiFunction) end = first + DEVICE_SIZE;
  }
  return count;
};

/** Adds the function at `address`. NO_FUNCTION when the table is full, or when it is gone again. */
const addOne = (tree: PciTree, parent: i32, address: u32): i32 => {
  if (tree.count === FUNCTION_TABLE_SIZE && tree.goneCount === 0) {
    tree.isFull = true;
    return NO_FUNCTION;
  }
  const index: i32 = addFunction(tree, address, parent, parent);
  const pciFunction: PciFunction = tree.functions[index];
  forgetAll(pciFunction);
  if (pciFunction.vendorId === VENDOR_ABSENT) {
    removeFunction(tree, index);
    return NO_FUNCTION;
  }
  if (pciFunction.headerLayout === HEADER_BRIDGE) {
    closeBridge(pciFunction);
    failWith(pciFunction, FAULT_NO_BUS_NUMBER, tree.functions[parent].subordinateBus, 0, 0);
  }
  sizeBars(pciFunction);
  // Nobody here has placed them, so wherever they are is nowhere.
  for (let i: u32 = 0; i < BAR_COUNT_DEVICE; i++) pciFunction.bars[i].address = 0;
  fillGapsOf(tree, pciFunction);
  if (tree.hasSilentPins) setPinDisabled(address, true);
  return index;
};

/** Forgets all that was read of whoever had the element before. */
const forgetAll = (pciFunction: PciFunction): void => {
  pciFunction.hasBars = false;
  for (let i: u32 = 0; i < BAR_COUNT_DEVICE; i++) {
    pciFunction.bars[i].kind = BAR_KIND_NONE;
    pciFunction.bars[i].address = 0;
    pciFunction.bars[i].size = 0;
  }
  pciFunction.rom.kind = BAR_KIND_NONE;
  for (let i: u32 = 0; i < WINDOW_COUNT; i++) pciFunction.windows[i].address = 0;
  pciFunction.hasCapabilities = false;
  pciFunction.capabilityCount = 0;
  pciFunction.fault.code = FAULT_NONE;
};

/** Finds out what all that is there takes of the addresses: where it does, no room may be opened. */
const readAll = (tree: PciTree): void => {
  readHostWindows(tree);
  for (let index: u32 = 0; index < tree.count; index++) {
    const pciFunction: PciFunction = tree.functions[index];
    if (pciFunction.vendorId === VENDOR_ABSENT) continue;
    sizeBars(pciFunction);
    if (!tree.isPlacedByKernel && pciFunction.headerLayout === HEADER_BRIDGE) readWindows(pciFunction);
  }
};

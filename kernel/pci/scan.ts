'use machine';
// Enumeration: every function on every bus behind every bridge. PCI Local Bus 3.0 §3.2.2.3.4, PCI-to-PCI Bridge 1.2 §3.2.5.
// Every boot runs it once, over hundreds of places of which nearly all are empty.
//
//   bus 0 ─┬─ 00.0  host bridge
//          ├─ 02.0  bridge ── bus 1 ─┬─ 00.0
//          │                         └─ 01.0  bridge ── bus 2 ─ …
//          └─ 03.0
//
// A bridge passes on what is meant for the buses from its secondary to its subordinate one. Firmware numbers them. Where it did not
// (secondary = 0), or where its numbers do not nest, all are numbered here: numbers handed out from two sides would collide.
// The numbers behind a bridge are above its own bus, so both walks end however many bridges a device pretends to have.

import type { bool, i32, u8, u32 } from '../base/machine.ts';
import {
  CONFIG_NONE,
  configFirstBus,
  configLastBus,
  configMechanism,
  configRead32,
  configWrite8,
} from '../hal/config.ts';
import { FAULT_NO_BUS_NUMBER, failWith } from './fault.ts';
import { FUNCTION_TABLE_SIZE, type PciFunction, type PciTree } from './function.ts';
import {
  HEADER_BRIDGE,
  HEADER_DEVICE,
  HEADER_LAYOUT_MASK,
  HEADER_MULTI_FUNCTION,
  INTERRUPT_LINE,
  PRIMARY_BUS,
  REVISION_ID,
  SECONDARY_BUS,
  SUBORDINATE_BUS,
  SUBSYSTEM_VENDOR_ID,
  VENDOR_ABSENT,
  VENDOR_ID,
} from './registers.ts';

/** The 32-bit word that has the header type in bits 23:16. Everything here is read by words: one function to translate instead of three. */
const HEADER_WORD: u32 = 0x0c;
const VENDOR_MASK: u32 = 0xffff;

/** Addresses of one bus, and of one device. */
const BUS_SIZE: u32 = 256;
const DEVICE_SIZE: u32 = 8;
const FUNCTION_MASK: u32 = 7;

/** Fills the tree with all functions there are; none where there is no PCI. Numbers the buses where firmware did not. */
export const enumerate = (tree: PciTree): void => {
  tree.count = 0;
  if (configMechanism() === CONFIG_NONE) return;
  const first: u8 = configFirstBus();
  tree.busLast = configLastBus();
  tree.isNumberedByKernel = false;
  for (let bus: u32 = first; bus <= tree.busLast; bus++) tree.claims[bus] = first;
  if (walkBus(tree, first, -1)) return;

  tree.count = 0;
  tree.busTaken = first;
  tree.isNumberedByKernel = true;
  walkBus(tree, first, -1);
};

/** Reads who the function at `address` is. `parent` is the index of its bridge in the tree, -1 on the first bus. */
export const readFunction = (pciFunction: PciFunction, address: u32, parent: i32): void => {
  const ids: u32 = configRead32(address, VENDOR_ID);
  const classes: u32 = configRead32(address, REVISION_ID);
  const header: u32 = configRead32(address, HEADER_WORD) >>> 16;
  const interrupt: u32 = configRead32(address, INTERRUPT_LINE);
  pciFunction.address = address;
  pciFunction.parent = parent;
  pciFunction.vendorId = ids & 0xffff;
  pciFunction.deviceId = ids >>> 16;
  pciFunction.revisionId = classes & 0xff;
  pciFunction.programmingInterface = (classes >>> 8) & 0xff;
  pciFunction.subclass = (classes >>> 16) & 0xff;
  pciFunction.classCode = classes >>> 24;
  pciFunction.headerLayout = header & HEADER_LAYOUT_MASK;
  pciFunction.isMultiFunction = (header & HEADER_MULTI_FUNCTION) !== 0;
  pciFunction.interruptLine = interrupt & 0xff;
  pciFunction.interruptPin = (interrupt >>> 8) & 0xff;
  const subsystem: u32 = pciFunction.headerLayout === HEADER_DEVICE ? configRead32(address, SUBSYSTEM_VENDOR_ID) : 0;
  pciFunction.subsystemVendorId = subsystem & 0xffff;
  pciFunction.subsystemId = subsystem >>> 16;
  const buses: u32 = pciFunction.headerLayout === HEADER_BRIDGE ? configRead32(address, PRIMARY_BUS) : 0;
  pciFunction.primaryBus = buses & 0xff;
  pciFunction.secondaryBus = (buses >>> 8) & 0xff;
  pciFunction.subordinateBus = (buses >>> 16) & 0xff;
};

/** Adds what is on `bus`, and then what is behind it. False when the numbers that firmware gave do not nest. */
const walkBus = (tree: PciTree, bus: u32, parent: i32): bool => {
  const first: u32 = tree.count;
  readBus(tree, bus, parent);
  const end: u32 = tree.count;
  // Before any bus behind is read: two bridges that claim the same one would both answer.
  for (let index: u32 = first; index < end; index++) {
    if (tree.functions[index].headerLayout !== HEADER_BRIDGE) continue;
    if (tree.isNumberedByKernel) closeBridge(tree.functions[index]);
    else if (!claimBuses(tree, tree.functions[index])) return false;
  }
  for (let index: i32 = first as i32; index < end; index++) {
    if (tree.functions[index].headerLayout === HEADER_BRIDGE && !walkBehind(tree, index)) return false;
  }
  return true;
};

/**
 * Adds the functions that answer on `bus`. A device has a function 0. One whose function 0 does not say that there are more may answer for its
 * other seven with copies of itself, so they must not be asked. The other functions need not say it.
 */
const readBus = (tree: PciTree, bus: u32, parent: i32): void => {
  const end: u32 = (bus + 1) * BUS_SIZE;
  let address: u32 = bus * BUS_SIZE;
  let previous: i32 = parent;
  while (address < end) {
    let hasMore: bool = (address & FUNCTION_MASK) !== 0;
    if ((configRead32(address, VENDOR_ID) & VENDOR_MASK) !== VENDOR_ABSENT) {
      if (tree.count === FUNCTION_TABLE_SIZE) {
        tree.isFull = true;
        return;
      }
      previous = addFunction(tree, address, parent, previous);
      hasMore = hasMore || tree.functions[previous].isMultiFunction;
    }
    address += hasMore ? 1 : DEVICE_SIZE;
  }
};

/** Adds one function, in the order of the tree behind `previous`. Returns its index. */
export const addFunction = (tree: PciTree, address: u32, parent: i32, previous: i32): i32 => {
  const index: i32 = tree.goneCount === 0 ? (tree.count as i32) : goneIndex(tree);
  const pciFunction: PciFunction = tree.functions[index];
  if (index === tree.count) tree.count++;
  else tree.goneCount--;
  readFunction(pciFunction, address, parent);
  pciFunction.depth = parent < 0 ? 0 : tree.functions[parent].depth + 1;
  pciFunction.next = previous < 0 ? -1 : tree.functions[previous].next;
  if (previous >= 0) tree.functions[previous].next = index;
  return index;
};

/** Returns the element of a function that was taken out: there is one. */
const goneIndex = (tree: PciTree): i32 => {
  let index: i32 = 0;
  while (tree.functions[index].vendorId !== VENDOR_ABSENT) index++;
  return index;
};

/** Adds what lies behind the bridge at `parent`, whose bus gets its number first where the kernel numbers. */
const walkBehind = (tree: PciTree, parent: i32): bool => {
  const bridge: PciFunction = tree.functions[parent];
  if (!tree.isNumberedByKernel) return walkBus(tree, bridge.secondaryBus, parent);
  if (tree.busTaken === tree.busLast) {
    failWith(bridge, FAULT_NO_BUS_NUMBER, tree.busLast, 0, 0);
    return true;
  }
  tree.busTaken++;
  bridge.secondaryBus = tree.busTaken;
  configWrite8(bridge.address, PRIMARY_BUS, bridge.address >>> 8);
  configWrite8(bridge.address, SECONDARY_BUS, bridge.secondaryBus);
  // Open to all, until it is known how far the numbers behind it go.
  configWrite8(bridge.address, SUBORDINATE_BUS, tree.busLast);
  walkBus(tree, bridge.secondaryBus, parent);
  bridge.subordinateBus = tree.busTaken;
  configWrite8(bridge.address, SUBORDINATE_BUS, bridge.subordinateBus);
  return true;
};

/** Notes whose buses those behind a bridge are. False when they are not above its own bus, or are another's. */
const claimBuses = (tree: PciTree, bridge: PciFunction): bool => {
  const bus: u32 = bridge.address >>> 8;
  const secondary: u8 = bridge.secondaryBus;
  const subordinate: u32 = bridge.subordinateBus;
  if (bridge.primaryBus !== bus || secondary <= bus || subordinate < secondary || subordinate > tree.busLast) {
    return false;
  }
  for (let behind: u32 = secondary; behind <= subordinate; behind++) {
    if (tree.claims[behind] !== bus) return false;
    tree.claims[behind] = secondary;
  }
  return true;
};

/** Makes a bridge pass on nothing: an old number must not claim a new bus. */
export const closeBridge = (bridge: PciFunction): void => {
  configWrite8(bridge.address, SUBORDINATE_BUS, 0);
  configWrite8(bridge.address, SECONDARY_BUS, 0);
  bridge.secondaryBus = 0;
  bridge.subordinateBus = 0;
};

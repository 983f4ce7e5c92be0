// Enumeration: every function on every bus behind every bridge. PCI Local Bus 3.0 §3.2.2.3.4, PCI-to-PCI Bridge 1.2 §3.2.5.
//
//   bus 0 ─┬─ 00.0  host bridge
//          ├─ 02.0  bridge ── bus 1 ─┬─ 00.0
//          │                         └─ 01.0  bridge ── bus 2 ─ …
//          └─ 03.0
//
// A bridge passes on what is meant for the buses from its secondary to its subordinate one. Firmware numbers them. Where it did not
// (secondary = 0), or where its numbers do not nest, all are numbered here: numbers handed out from two sides would collide.
// The numbers behind a bridge are above its own bus, so both walks end however many bridges a device pretends to have.

import { log } from '../base/log.ts';
import { CONFIG_NONE, configFirstBus, configLastBus, configMechanism } from '../hal/config.ts';
import { pciAddress } from './address.ts';
import { PciFunction } from './function.ts';
import { PRIMARY_BUS, SECONDARY_BUS, SUBORDINATE_BUS } from './registers.ts';
import { findFunction, NO_FUNCTION } from './scan.ts';

/** A function and, where it is a bridge, what lies behind it. */
export interface PciNode {
  readonly pciFunction: PciFunction;
  readonly children: readonly PciNode[];
}

/** The buses that a bridge passes on, both inclusive. */
interface BusRange {
  readonly secondary: number;
  readonly subordinate: number;
}

/** Returns the functions of the machine's first bus with everything behind them; none where there is no PCI. */
export const enumerate = (): readonly PciNode[] => {
  if (configMechanism() === CONFIG_NONE) return [];
  const first: number = configFirstBus();
  const last: number = configLastBus();
  return readTree(first, last) ?? numberTree(first, last).nodes;
};

/** Returns the functions of the tree as one list, each bridge before what is behind it. */
export const flatten = (nodes: readonly PciNode[]): PciFunction[] => {
  const functions: PciFunction[] = [];
  for (const node of nodes) {
    functions.push(node.pciFunction);
    for (const behind of flatten(node.children)) functions.push(behind);
  }
  return functions;
};

/** Returns the functions that answer on `bus`, in order. */
const functionsOfBus = (bus: number): PciFunction[] => {
  const functions: PciFunction[] = [];
  const end = pciAddress(bus + 1, 0, 0);
  let address: number = findFunction(pciAddress(bus, 0, 0), end);
  while (address !== NO_FUNCTION) {
    functions.push(new PciFunction(address));
    address = findFunction(address + 1, end);
  }
  return functions;
};

/** Returns the tree of `bus` as it is numbered, or undefined where the numbers do not nest within `bus`+1 … `last`. */
const readTree = (bus: number, last: number): PciNode[] | undefined => {
  const functions = functionsOfBus(bus);
  // Before any bus behind is read: two bridges that claim the same one would both answer.
  if (!numbersNest(functions, bus, last)) return undefined;

  const nodes: PciNode[] = [];
  for (const pciFunction of functions) {
    const children = pciFunction.isBridge ? readBehind(pciFunction) : [];
    if (children === undefined) return undefined;
    nodes.push({ pciFunction, children });
  }
  return nodes;
};

const readBehind = (bridge: PciFunction): PciNode[] | undefined => {
  const { secondary, subordinate } = busRange(bridge);
  return readTree(secondary, subordinate);
};

/** Returns whether each bridge on `bus` has buses within `bus`+1 … `last`, apart from those of the others. */
const numbersNest = (functions: readonly PciFunction[], bus: number, last: number): boolean => {
  const taken: BusRange[] = [];
  for (const pciFunction of functions) {
    if (!pciFunction.isBridge) continue;
    const range = busRange(pciFunction);
    if (pciFunction.read8(PRIMARY_BUS) !== bus) return false;
    if (range.secondary <= bus || range.subordinate < range.secondary || range.subordinate > last) return false;
    for (const other of taken) {
      if (range.secondary <= other.subordinate && other.secondary <= range.subordinate) return false;
    }
    taken.push(range);
  }
  return true;
};

const busRange = (bridge: PciFunction): BusRange => ({
  secondary: bridge.read8(SECONDARY_BUS),
  subordinate: bridge.read8(SUBORDINATE_BUS),
});

/** Numbers every bridge on `bus` and behind it, depth first, and returns the tree and the highest number given. */
const numberTree = (bus: number, last: number): { nodes: PciNode[]; taken: number } => {
  const functions = functionsOfBus(bus);
  for (const pciFunction of functions) {
    if (pciFunction.isBridge) closeBridge(pciFunction); // Before any is numbered: an old number must not claim a new bus.
  }
  const nodes: PciNode[] = [];
  let taken = bus;
  for (const pciFunction of functions) {
    let children: readonly PciNode[] = [];
    if (pciFunction.isBridge && taken === last) {
      log(
        'error',
        pciFunction.name,
        `bridge: no bus number above ${last} is left, what is behind it stays out of reach`,
      );
    } else if (pciFunction.isBridge) {
      pciFunction.write8(PRIMARY_BUS, bus);
      pciFunction.write8(SECONDARY_BUS, taken + 1);
      pciFunction.write8(SUBORDINATE_BUS, last); // Open to all, until it is known how far the numbers behind it go.
      const behind = numberTree(taken + 1, last);
      taken = behind.taken;
      pciFunction.write8(SUBORDINATE_BUS, taken);
      children = behind.nodes;
    }
    nodes.push({ pciFunction, children });
  }
  return { nodes, taken };
};

/** Makes a bridge pass on nothing. */
const closeBridge = (bridge: PciFunction): void => {
  bridge.write8(SUBORDINATE_BUS, 0);
  bridge.write8(SECONDARY_BUS, 0);
};

'use machine';
// Gives every BAR an address, and every bridge the windows that what is behind it needs, where no firmware did it (microvm, q35 with qboot).
// PCI-to-PCI Bridge 1.2 §3.2.5.6.
//
//   measure, bottom up:   a window holds the BARs of its bus, the largest first, and behind them the windows of the bridges there
//   place, top down:      each gets an address inside what its bus was given
//
// There are three spaces, numbered as the windows are, and each is done for itself: ports, memory, and memory that may lie above 4 GiB. A BAR
// of 64 bits is of the last when it is on the first bus, or when it is prefetchable and all bridges above it have wide windows; it comes to lie
// above 4 GiB when there is no room below. Everything else in memory goes through the plain window, where a prefetchable BAR may be too.
// Below 1 MiB nothing is placed.

import { alignUp } from '../base/bits.ts';
import type { bool, i32, u32, u53 } from '../base/machine.ts';
import { placeBar } from './bar.ts';
import {
  BAR_KIND_IO,
  BAR_KIND_MEMORY1M,
  BAR_KIND_MEMORY64,
  BAR_KIND_NONE,
  type Bar,
  type PciFunction,
  type PciTree,
  WINDOW_COUNT,
  WINDOW_HIGH,
  WINDOW_IO,
  WINDOW_MEMORY,
  WINDOW_PREFETCHABLE,
  type Window,
} from './function.ts';
import { BAR_COUNT_DEVICE, HEADER_BRIDGE, IO_WINDOW_UNIT, MEMORY_WINDOW_UNIT } from './registers.ts';
import { closeWindow, openWindow, readHostWindows, readWindows } from './window.ts';

/** The space of what cannot be placed. */
const SPACE_NONE: u32 = WINDOW_COUNT;

/** More than the size of any BAR: 2^53 - 1. */
const SIZE_LIMIT: u53 = 0x1fffffffffffff;

/** Places every BAR in the tree, wherever it was. All have been sized. What finds no room keeps, or gets, address 0. */
export const placeAll = (tree: PciTree): void => {
  readHostWindows(tree);
  for (let index: u32 = 0; index < tree.count; index++) {
    const pciFunction: PciFunction = tree.functions[index];
    for (let i: u32 = 0; i < BAR_COUNT_DEVICE; i++) pciFunction.bars[i].address = 0;
    if (pciFunction.headerLayout === HEADER_BRIDGE) prepareWindows(tree, pciFunction);
  }
  for (let space: u32 = 0; space < WINDOW_COUNT; space++) {
    visitBars(tree, space, false);
    // A bridge comes before what is behind it: backwards is bottom up, forwards top down.
    for (let index: i32 = tree.count - 1; index >= 0; index--) {
      if (tree.functions[index].headerLayout === HEADER_BRIDGE) measureWindow(tree, tree.functions[index], space);
    }
    for (let index: u32 = 0; index < tree.count; index++) {
      if (tree.functions[index].headerLayout === HEADER_BRIDGE) placeWindow(tree, tree.functions[index], space);
    }
    visitBars(tree, space, true);
  }
  for (let index: u32 = 0; index < tree.count; index++) {
    if (tree.functions[index].headerLayout === HEADER_BRIDGE) closeUnused(tree.functions[index]);
  }
};

/** Empties the windows of a bridge, and finds out which of them may lie above 4 GiB. */
const prepareWindows = (tree: PciTree, bridge: PciFunction): void => {
  readWindows(bridge);
  for (let space: u32 = 0; space < WINDOW_COUNT; space++) {
    bridge.windows[space].address = 0;
    bridge.windows[space].next = 0;
    bridge.windows[space].alignment = space === WINDOW_IO ? IO_WINDOW_UNIT : MEMORY_WINDOW_UNIT;
  }
  if (!isWideBelow(tree, bridge.parent)) bridge.windows[WINDOW_PREFETCHABLE].isWide = false;
};

/** Returns whether addresses above 4 GiB get to the bus behind the bridge at `parent`. */
const isWideBelow = (tree: PciTree, parent: i32): bool =>
  parent < 0 || tree.functions[parent].windows[WINDOW_PREFETCHABLE].isWide;

/** Goes through the BARs of one space, the largest first; adds up those behind bridges, or places all. */
const visitBars = (tree: PciTree, space: u32, isPlacing: bool): void => {
  let size: u53 = SIZE_LIMIT;
  while (size !== 0) {
    let next: u53 = 0; // The largest of those that are smaller.
    for (let index: u32 = 0; index < tree.count; index++) {
      const pciFunction: PciFunction = tree.functions[index];
      for (let i: u32 = 0; i < BAR_COUNT_DEVICE; i++) {
        const bar: Bar = pciFunction.bars[i];
        if (bar.size > size || bar.size < next || spaceOf(tree, pciFunction, bar) !== space) continue;
        if (bar.size < size) next = bar.size;
        else if (isPlacing) placeOne(tree, pciFunction, i, space);
        else if (pciFunction.parent >= 0) reserve(tree.functions[pciFunction.parent].windows[space], size, size);
      }
    }
    size = next;
  }
};

/** Returns the space that a BAR is placed in. */
const spaceOf = (tree: PciTree, pciFunction: PciFunction, bar: Bar): u32 => {
  if (bar.kind === BAR_KIND_NONE || bar.kind === BAR_KIND_MEMORY1M) return SPACE_NONE;
  if (bar.kind === BAR_KIND_IO) return WINDOW_IO;
  const mayBeHigh: bool = bar.isPrefetchable || pciFunction.parent < 0;
  const isHigh: bool = bar.kind === BAR_KIND_MEMORY64 && mayBeHigh && isWideBelow(tree, pciFunction.parent);
  return isHigh ? WINDOW_PREFETCHABLE : WINDOW_MEMORY;
};

/** Takes `size` bytes out of a window, and returns where. */
const reserve = (window: Window, size: u53, alignment: u53): u53 => {
  const start: u53 = alignUp(window.next, alignment);
  window.next = start + size;
  window.alignment = Math.max(window.alignment, alignment);
  return start;
};

/** Takes `size` bytes out of a window of the host bridge, and returns where; 0 when there is no room. */
const reserveHost = (tree: PciTree, space: u32, size: u53, alignment: u53): u53 => {
  let window: u32 = space === WINDOW_PREFETCHABLE ? WINDOW_MEMORY : space;
  for (;;) {
    const start: u53 = alignUp(tree.windows[window].next, alignment);
    if (start !== 0 && start + size <= tree.windows[window].address + tree.windows[window].size) {
      return reserve(tree.windows[window], size, alignment);
    }
    if (space !== WINDOW_PREFETCHABLE || window === WINDOW_HIGH) return 0;
    window = WINDOW_HIGH;
  }
};

/** Closes off what a window of a bridge must hold, and takes as much out of that of the bridge above. */
const measureWindow = (tree: PciTree, bridge: PciFunction, space: u32): void => {
  const window: Window = bridge.windows[space];
  window.size = alignUp(window.next, space === WINDOW_IO ? IO_WINDOW_UNIT : MEMORY_WINDOW_UNIT);
  if (window.size === 0 || bridge.parent < 0) return;
  window.offset = reserve(tree.functions[bridge.parent].windows[space], window.size, window.alignment);
};

/** Opens a window of a bridge inside that of its bus. Where there is none, or no room, what is behind it stays without. */
const placeWindow = (tree: PciTree, bridge: PciFunction, space: u32): void => {
  const window: Window = bridge.windows[space];
  let address: u53 = 0;
  if (window.size !== 0) {
    if (bridge.parent < 0) address = reserveHost(tree, space, window.size, window.alignment);
    else if (tree.functions[bridge.parent].windows[space].address !== 0) {
      address = tree.functions[bridge.parent].windows[space].address + window.offset;
    }
  }
  if (address === 0 || !openWindow(bridge, space, address, window.size)) {
    window.address = 0;
    window.size = 0;
  }
};

/**
 * Closes the memory window that a bridge does not use beside one that it does: both are turned on by one bit. A bridge that passes nothing on is
 * not turned on at all (enablePath), nor are ports where it has none.
 */
export const closeUnused = (bridge: PciFunction): void => {
  const memory: u53 = bridge.windows[WINDOW_MEMORY].address;
  const prefetchable: u53 = bridge.windows[WINDOW_PREFETCHABLE].address;
  if (memory === 0 && (prefetchable !== 0 || bridge.windows[WINDOW_IO].address !== 0))
    closeWindow(bridge, WINDOW_MEMORY);
  if (prefetchable === 0 && (memory !== 0 || bridge.windows[WINDOW_IO].address !== 0))
    closeWindow(bridge, WINDOW_PREFETCHABLE);
};

/** Places BAR `index` of a function. */
const placeOne = (tree: PciTree, pciFunction: PciFunction, index: u32, space: u32): void => {
  const size: u53 = pciFunction.bars[index].size;
  const parent: i32 = pciFunction.parent;
  if (parent >= 0 && tree.functions[parent].windows[space].address === 0) return;
  const address: u53 =
    parent < 0 ? reserveHost(tree, space, size, size) : reserve(tree.functions[parent].windows[space], size, size);
  if (address !== 0) placeBar(pciFunction, index, address);
};

'use machine';
// Places the BARs that firmware left out where it placed others: what it did stays, and gaps are looked for in the windows that it opened.

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
import { BAR_COUNT_DEVICE, HEADER_BRIDGE } from './registers.ts';
import { readHostWindows, readWindows } from './window.ts';

/** Gives an address to every BAR that has none and for which there is a gap. All have been sized. */
export const fillGaps = (tree: PciTree): void => {
  readHostWindows(tree);
  for (let index: u32 = 0; index < tree.count; index++) {
    if (tree.functions[index].headerLayout === HEADER_BRIDGE) readWindows(tree.functions[index]);
  }
  for (let index: u32 = 0; index < tree.count; index++) fillGapsOf(tree, tree.functions[index]);
};

/** The same for one function: it and all others on its bus have been sized, and the windows to that bus read. */
export const fillGapsOf = (tree: PciTree, pciFunction: PciFunction): void => {
  for (let i: u32 = 0; i < BAR_COUNT_DEVICE; i++) fillGap(tree, pciFunction, i);
};

const fillGap = (tree: PciTree, pciFunction: PciFunction, index: u32): void => {
  const bar: Bar = pciFunction.bars[index];
  if (bar.kind === BAR_KIND_NONE || bar.kind === BAR_KIND_MEMORY1M || bar.address !== 0) return;
  const address: u53 = findGap(tree, pciFunction.parent, bar);
  if (address !== 0) placeBar(pciFunction, index, address);
};

/** Returns a free address for a BAR on the bus behind `parent`, 0 when there is none. */
export const findGap = (tree: PciTree, parent: i32, bar: Bar): u53 => {
  if (bar.kind === BAR_KIND_IO) return gapIn(tree, parent, windowOf(tree, parent, WINDOW_IO), bar);
  const low: u53 = gapIn(tree, parent, windowOf(tree, parent, WINDOW_MEMORY), bar);
  if (low !== 0 || bar.kind !== BAR_KIND_MEMORY64) return low;
  if (parent < 0) return gapIn(tree, parent, tree.windows[WINDOW_HIGH], bar);
  return bar.isPrefetchable ? gapIn(tree, parent, windowOf(tree, parent, WINDOW_PREFETCHABLE), bar) : 0;
};

/** Returns what may be used on the bus behind the bridge at `parent`, or on the first bus. */
const windowOf = (tree: PciTree, parent: i32, index: u32): Window =>
  parent < 0 ? tree.windows[index] : tree.functions[parent].windows[index];

/** Returns the first free address in a window, 0 when there is none. */
const gapIn = (tree: PciTree, parent: i32, window: Window, bar: Bar): u53 => {
  if (window.address === 0) return 0;
  let start: u53 = alignUp(window.address, bar.size);
  while (start + bar.size <= window.address + window.size) {
    const taken: u53 = endOfTaken(tree, parent, start, bar);
    if (taken === 0) return start;
    start = alignUp(taken, bar.size); // Further up each time: it ends.
  }
  return 0;
};

/** Returns where something on the bus behind `parent` ends that a BAR at `start` would lie over; 0 when nothing does. */
const endOfTaken = (tree: PciTree, parent: i32, start: u53, bar: Bar): u53 => {
  const isIo: bool = bar.kind === BAR_KIND_IO;
  for (let index: u32 = 0; index < tree.count; index++) {
    const other: PciFunction = tree.functions[index];
    if (other.parent !== parent) continue;
    for (let i: u32 = 0; i < BAR_COUNT_DEVICE; i++) {
      const taken: Bar = other.bars[i];
      const isSameSpace: bool = taken.kind !== BAR_KIND_NONE && (taken.kind === BAR_KIND_IO) === isIo;
      const end: u53 = taken.address + taken.size;
      if (isSameSpace && taken.address !== 0 && taken.address < start + bar.size && start < end) return end;
    }
    for (let i: u32 = 0; i < WINDOW_COUNT; i++) {
      const passed: Window = other.windows[i];
      const end: u53 = passed.address + passed.size;
      const isSameSpace: bool = passed.address !== 0 && (i === WINDOW_IO) === isIo;
      if (isSameSpace && passed.address < start + bar.size && start < end) return end;
    }
  }
  return 0;
};

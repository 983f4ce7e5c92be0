'use machine';
// Brings the PCI buses up: numbers, reads, sizes and places everything. Every boot runs it.

import type { bool, u32 } from '../base/machine.ts';
import { TRACE_PCI, TRACE_PCI_END, trace } from '../hal/trace.ts';
import { isConfigured, isMemoryBar, sizeBars } from './bar.ts';
import { FAULT_NONE } from './fault.ts';
import { BAR_KIND_IO, BAR_KIND_NONE, type Bar, type PciFunction, type PciTree, WINDOW_IO } from './function.ts';
import { fillGaps } from './gaps.ts';
import { placeAll } from './place.ts';
import { BAR_COUNT_DEVICE } from './registers.ts';
import { enumerate } from './scan.ts';

/** Fills the tree, and leaves everything in it that there is room for with an address. False when something is left, or wrong: `tree` says what. */
export const bringUp = (tree: PciTree): bool => {
  trace(TRACE_PCI, 0, 0, 0);
  enumerate(tree);
  sizeAll(tree, false);
  tree.isPlacedByKernel = false;
  if (tree.unplacedCount !== 0) {
    sizeAll(tree, true); // To place something takes the sizes of all.
    tree.isPlacedByKernel = tree.placedCount === 0;
    if (tree.isPlacedByKernel) placeAll(tree);
    else fillGaps(tree);
    countUnplaced(tree);
  }
  tree.faultCount = 0;
  for (let index: u32 = 0; index < tree.count; index++) {
    if (tree.functions[index].fault.code !== FAULT_NONE) tree.faultCount++;
  }
  trace(TRACE_PCI_END, tree.count, 0, 0);
  return tree.faultCount === 0 && tree.unplacedCount === 0 && !tree.isFull;
};

/** Sizes the BARs of all functions, or of those that firmware is not done with. Counts memory BARs with, and all BARs without an address. */
const sizeAll = (tree: PciTree, everything: bool): void => {
  tree.placedCount = 0;
  tree.unplacedCount = 0;
  for (let index: u32 = 0; index < tree.count; index++) {
    const pciFunction: PciFunction = tree.functions[index];
    if (!everything && isConfigured(pciFunction)) continue;
    sizeBars(pciFunction);
    for (let i: u32 = 0; i < BAR_COUNT_DEVICE; i++) {
      const bar: Bar = pciFunction.bars[i];
      if (bar.kind === BAR_KIND_NONE) continue;
      if (bar.address === 0) tree.unplacedCount++;
      else if (isMemoryBar(bar)) tree.placedCount++;
    }
  }
};

/** Counts the BARs that are left without an address. Those of ports do not count on a machine that has none for PCI. */
const countUnplaced = (tree: PciTree): void => {
  tree.unplacedCount = 0;
  for (let index: u32 = 0; index < tree.count; index++) {
    for (let i: u32 = 0; i < BAR_COUNT_DEVICE; i++) {
      if (isLeftOut(tree, tree.functions[index].bars[i])) tree.unplacedCount++;
    }
  }
};

/** Returns whether a BAR should have an address and has none. */
export const isLeftOut = (tree: PciTree, bar: Bar): bool => {
  if (bar.kind === BAR_KIND_NONE || bar.address !== 0) return false;
  return bar.kind !== BAR_KIND_IO || tree.windows[WINDOW_IO].address !== 0;
};

// Brings the PCI buses up: after it, everything that can be reached has its address, and bridges pass on what is asked of them.

import { assignBars } from './assign.ts';
import { hasPlacedBar } from './bar.ts';
import { enumerate, flatten, type PciNode } from './bus.ts';
import type { PciFunction } from './function.ts';
import { COMMAND_BUS_MASTER, COMMAND_MEMORY } from './registers.ts';
import { hostWindow } from './window.ts';

/** The buses of the machine. */
export interface PciBuses {
  /** The functions of the first bus, each bridge with what lies behind it. */
  readonly nodes: readonly PciNode[];
  /** Who placed the BARs: the firmware before us, or we. */
  readonly placedBy: 'firmware' | 'kernel';
}

/** Numbers, reads and places everything on PCI. Called once, before any driver starts: it may move BARs. */
export const startPci = (): PciBuses => {
  const nodes = enumerate();
  const functions = flatten(nodes);
  // All or nothing: an address of ours might collide with one of the firmware's, so where it has placed anything, it has the last word.
  const placedBy = anyPlaced(functions) ? 'firmware' : 'kernel';
  if (placedBy === 'kernel') assignBars(nodes, hostWindow());
  for (const pciFunction of functions) {
    // Memory: downstream accesses reach the registers. Bus master: upstream ones of the devices reach RAM. PCI-to-PCI Bridge 1.2 §3.2.4.3
    if (pciFunction.isBridge) pciFunction.enable(COMMAND_MEMORY | COMMAND_BUS_MASTER);
  }
  return { nodes, placedBy };
};

const anyPlaced = (functions: readonly PciFunction[]): boolean => {
  for (const pciFunction of functions) {
    if (hasPlacedBar(pciFunction)) return true;
  }
  return false;
};

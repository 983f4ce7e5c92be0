// Places memory BARs where no firmware did it (microvm, q35 with qboot). PCI-to-PCI Bridge 1.2 §3.2.5.6.
//
//   measure, bottom up:   a bus needs the sum of its BARs and of the windows of its bridges
//   place, top down:      each gets an address inside what its bus was given
//
// Things are placed in falling alignment, so that sizes that are powers of two leave no gaps. Everything goes into the 32-bit
// non-prefetchable windows: a prefetchable BAR may lie there, a 64-bit one may hold a small address. I/O BARs stay unplaced.

import { alignUp, larger } from '../base/bits.ts';
import { hex } from '../base/hex.ts';
import { log } from '../base/log.ts';
import { type Bar, isMemoryBar, placeBar, readBars } from './bar.ts';
import type { PciNode } from './bus.ts';
import type { PciFunction } from './function.ts';
import { COMMAND_MEMORY, MEMORY_BASE, MEMORY_LIMIT, PREFETCHABLE_BASE, PREFETCHABLE_LIMIT } from './registers.ts';
import type { AddressRange } from './window.ts';

/** A bridge decides by bits 31:20 of an address. §3.2.5.6 */
const BRIDGE_WINDOW_UNIT = 0x100000;

/** What needs addresses: a BAR, or the window of a bridge with all that lies behind it. */
interface Need {
  readonly size: number;
  readonly alignment: number;
  readonly pciFunction: PciFunction;
  /** The BAR, undefined for a bridge's window. */
  readonly bar: Bar | undefined;
  /** What lies in a bridge's window. */
  readonly inside: readonly Need[];
}

/** How many BARs got an address, and how many are left without because the window is full. */
export interface Assignment {
  readonly placed: number;
  readonly unplaced: number;
}

/** Gives every memory BAR of the tree an address inside `range`, and every bridge its window. What does not fit is left and logged. */
export const assignBars = (nodes: readonly PciNode[], range: AddressRange): Assignment => {
  const count = { placed: 0, unplaced: 0 };
  place(measure(nodes), range, count);
  return count;
};

/** Returns the BARs of one function; of one whose registers are wrong, none, with the reason in the log. */
const barsOf = (pciFunction: PciFunction): readonly Bar[] => {
  const bars = readBars(pciFunction);
  if (bars.ok) return bars.value;
  log('error', pciFunction.name, bars.error.message);
  return [];
};

/** Returns what the functions of one bus need, in falling alignment. */
const measure = (nodes: readonly PciNode[]): Need[] => {
  const needs: Need[] = [];
  for (const node of nodes) {
    const pciFunction = node.pciFunction;
    for (const bar of barsOf(pciFunction)) {
      if (isMemoryBar(bar)) insert(needs, { size: bar.size, alignment: bar.size, pciFunction, bar, inside: [] });
    }
    if (!pciFunction.isBridge) continue;
    const inside = measure(node.children);
    if (inside.length > 0) insert(needs, bridgeNeed(pciFunction, inside));
    else closeWindows(pciFunction);
  }
  return needs;
};

/** Returns the window that a bridge needs for `inside`, which is sorted. */
const bridgeNeed = (pciFunction: PciFunction, inside: readonly Need[]): Need => {
  const alignment: number = larger(BRIDGE_WINDOW_UNIT, inside[0].alignment);
  let size = 0;
  for (const need of inside) size = alignUp(size, need.alignment) + need.size;
  return { size: alignUp(size, BRIDGE_WINDOW_UNIT), alignment, pciFunction, bar: undefined, inside };
};

/** Inserts `need` behind all that are aligned as much or more. */
const insert = (needs: Need[], need: Need): void => {
  let index = needs.length;
  needs.push(need);
  while (index > 0 && needs[index - 1].alignment < need.alignment) {
    needs[index] = needs[index - 1];
    index--;
  }
  needs[index] = need;
};

const place = (needs: readonly Need[], range: AddressRange, count: { placed: number; unplaced: number }): void => {
  let next = range.start;
  for (const need of needs) {
    const address: number = alignUp(next, need.alignment);
    if (address + need.size > range.end) {
      reportUnplaced(need, count);
    } else if (need.bar !== undefined) {
      placeBar(need.pciFunction, need.bar, address);
      count.placed++;
      next = address + need.size;
    } else {
      openWindow(need.pciFunction, address, need.size);
      place(need.inside, { start: address, end: address + need.size }, count);
      next = address + need.size;
    }
  }
};

/** Logs what does not fit, BAR by BAR, also of what lies behind a bridge. */
const reportUnplaced = (need: Need, count: { placed: number; unplaced: number }): void => {
  if (need.bar !== undefined) {
    count.unplaced++;
    log(
      'error',
      need.pciFunction.name,
      `bar${need.bar.index} of 0x${hex(need.size, 1)} bytes does not fit in the window`,
    );
    return;
  }
  closeWindows(need.pciFunction);
  for (const inside of need.inside) reportUnplaced(inside, count);
};

/** Makes a bridge pass on memory accesses to `size` bytes from `address`, and those alone. */
const openWindow = (bridge: PciFunction, address: number, size: number): void => {
  closeWindows(bridge);
  bridge.write16(MEMORY_BASE, windowField(address));
  bridge.write16(MEMORY_LIMIT, windowField(address + size - 1));
  bridge.enable(COMMAND_MEMORY);
};

/** Makes a bridge pass on no memory access: a base above its limit. §3.2.5.6 */
const closeWindows = (bridge: PciFunction): void => {
  bridge.write16(MEMORY_BASE, 0xfff0);
  bridge.write16(MEMORY_LIMIT, 0x0000);
  bridge.write16(PREFETCHABLE_BASE, 0xfff0);
  bridge.write16(PREFETCHABLE_LIMIT, 0x0000);
};

/** Returns bits 31:20 of an address in bits 15:4, where both window registers have them. */
const windowField = (address: number): number => Math.floor(address / BRIDGE_WINDOW_UNIT) * 16;

'use machine';
// The windows of a bridge: which addresses it passes on to the bus behind it. PCI-to-PCI Bridge 1.2 §3.2.5.6, §3.2.5.8, §3.2.5.9.
//
//   registers         address bits   unit
//   I/O               15:12          4 KiB     31:16 in two registers more where the type is wide
//   memory            31:20          1 MiB
//   prefetchable      31:20          1 MiB     63:32 in two registers more where the type is wide
//
// A base above its limit passes nothing on. Base and limit lie side by side and are written together, so no state between is passed on either.

import { HIGH_WORD_LIMIT, highWord, joinWords, lowWord } from '../base/bits.ts';
import type { bool, u8, u32, u53 } from '../base/machine.ts';
import { configRead16, configRead32, configWrite16, configWrite32 } from '../hal/config.ts';
import {
  HOST_WINDOW_IO,
  HOST_WINDOW_MEMORY32,
  HOST_WINDOW_MEMORY64,
  hostWindowEnd,
  hostWindowStart,
} from '../hal/host-bridge.ts';
import { FAULT_WINDOW, failWith } from './fault.ts';
import {
  type PciFunction,
  type PciTree,
  WINDOW_COUNT,
  WINDOW_HIGH,
  WINDOW_IO,
  WINDOW_MEMORY,
  WINDOW_PREFETCHABLE,
  type Window,
} from './function.ts';
import {
  IO_BASE,
  IO_BASE_HIGH,
  IO_WINDOW_UNIT,
  MEMORY_BASE,
  MEMORY_WINDOW_UNIT,
  PREFETCHABLE_BASE,
  PREFETCHABLE_BASE_HIGH,
  PREFETCHABLE_LIMIT_HIGH,
  WINDOW_TYPE_MASK,
  WINDOW_TYPE_WIDE,
} from './registers.ts';

/** Base 0xfff, limit 0, in the two fields of a window. */
const CLOSED: u32 = 0x0000fff0;

/** Finds out what the host bridge passes on: what there is for the first bus, and for all behind it. */
export const readHostWindows = (tree: PciTree): void => {
  readHostWindow(tree.windows[WINDOW_IO], HOST_WINDOW_IO);
  readHostWindow(tree.windows[WINDOW_MEMORY], HOST_WINDOW_MEMORY32);
  readHostWindow(tree.windows[WINDOW_HIGH], HOST_WINDOW_MEMORY64);
};

const readHostWindow = (window: Window, index: u8): void => {
  window.address = hostWindowStart(index);
  window.size = hostWindowEnd(index) - window.address;
  window.next = window.address;
};

/** Reads what a bridge passes on now. A window at address 0 counts as closed: that is what the registers hold before anybody wrote to them. */
export const readWindows = (bridge: PciFunction): void => {
  for (let index: u32 = 0; index < WINDOW_COUNT; index++) readWindow(bridge, index);
};

/** Reads window `index`. */
const readWindow = (bridge: PciFunction, index: u32): void => {
  const window: Window = bridge.windows[index];
  if (index === WINDOW_IO) {
    const ports: u32 = configRead16(bridge.address, IO_BASE);
    window.isWide = (ports & WINDOW_TYPE_MASK) === WINDOW_TYPE_WIDE;
    const high: u32 = window.isWide ? configRead32(bridge.address, IO_BASE_HIGH) : 0;
    const base: u32 = (ports & 0xf0) * 0x100 + (high & 0xffff) * 0x10000;
    noteWindow(window, base, ((ports & 0xf000) | (high & 0xffff0000)) >>> 0, IO_WINDOW_UNIT);
    return;
  }
  const fields: u32 = configRead32(bridge.address, index === WINDOW_MEMORY ? MEMORY_BASE : PREFETCHABLE_BASE);
  window.isWide = index === WINDOW_PREFETCHABLE && (fields & WINDOW_TYPE_MASK) === WINDOW_TYPE_WIDE;
  const baseHigh: u32 = window.isWide ? configRead32(bridge.address, PREFETCHABLE_BASE_HIGH) : 0;
  const limitHigh: u32 = window.isWide ? configRead32(bridge.address, PREFETCHABLE_LIMIT_HIGH) : 0;
  const base: u53 = baseHigh < HIGH_WORD_LIMIT ? joinWords((fields & 0xfff0) * 0x10000, baseHigh) : 0;
  const limit: u53 = limitHigh < HIGH_WORD_LIMIT ? joinWords((fields & 0xfff00000) >>> 0, limitHigh) : 0;
  noteWindow(window, base, limit, MEMORY_WINDOW_UNIT);
};

/** Makes a bridge pass on `size` bytes from `address` in window `index` (WINDOW_…). False when its registers did not take that. */
export const openWindow = (bridge: PciFunction, index: u32, address: u53, size: u53): bool => {
  const last: u53 = address + size - 1;
  if (index === WINDOW_IO) {
    configWrite16(bridge.address, IO_BASE, ((address >>> 8) & 0xf0) | (last & 0xf000));
    if (bridge.windows[index].isWide) configWrite32(bridge.address, IO_BASE_HIGH, 0);
  } else {
    const fields: u32 = ((lowWord(address) >>> 16) + (lowWord(last) & 0xfff00000)) >>> 0;
    configWrite32(bridge.address, index === WINDOW_MEMORY ? MEMORY_BASE : PREFETCHABLE_BASE, fields);
  }
  if (index === WINDOW_PREFETCHABLE) writeHighHalves(bridge, highWord(address), highWord(last));
  readWindow(bridge, index);
  const window: Window = bridge.windows[index];
  if (window.address === address && window.size === size) return true;
  return failWith(bridge, FAULT_WINDOW, index, address, size);
};

/** Makes a bridge pass nothing on in its memory window `index`. */
export const closeWindow = (bridge: PciFunction, index: u32): void => {
  configWrite32(bridge.address, index === WINDOW_MEMORY ? MEMORY_BASE : PREFETCHABLE_BASE, CLOSED);
  if (index === WINDOW_PREFETCHABLE) writeHighHalves(bridge, 0, 0);
};

/** Writes bits 63:32 of the prefetchable window where the bridge has them and they are others. */
const writeHighHalves = (bridge: PciFunction, base: u32, limit: u32): void => {
  if (!bridge.windows[WINDOW_PREFETCHABLE].isWide) return;
  if (configRead32(bridge.address, PREFETCHABLE_BASE_HIGH) !== base) {
    configWrite32(bridge.address, PREFETCHABLE_BASE_HIGH, base);
  }
  if (configRead32(bridge.address, PREFETCHABLE_LIMIT_HIGH) !== limit) {
    configWrite32(bridge.address, PREFETCHABLE_LIMIT_HIGH, limit);
  }
};

/** Notes a window from the first byte of its first unit to the first byte of its last. */
const noteWindow = (window: Window, base: u53, limit: u53, unit: u32): void => {
  const isOpen: bool = base !== 0 && base <= limit;
  window.address = isOpen ? base : 0;
  window.size = isOpen ? limit - base + unit : 0;
  window.alignment = unit;
  window.next = window.address;
};

// The host bridge's memory window: the physical addresses below 4 GiB that no RAM, no firmware and no configuration space has, and that
// the host bridge therefore hands to PCI. Where firmware ran it has placed everything inside; where none did, assign.ts does.
//
//   0 ── RAM ──┤    3 GiB ├ ······ gap ······ ├─ ECAM ─┤ ·· gap ·· ├─ 0xfec00000 interrupt controllers, firmware ──┤ 4 GiB
//
// Not all that is free below 3 GiB reaches PCI (microvm hands over 0xc0000000 to 0xdfffffff and no more); what is free above it does.

import { CONFIG_BUS_SIZE, CONFIG_ECAM, configBase, configLastBus, configMechanism } from '../hal/config.ts';
import { memoryRegionCount, memoryRegionLength, memoryRegionStart } from '../hal/memory.ts';

/** Addresses from `start` up to and without `end`, in bytes. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** From here on, what is free reaches the host bridge on every board we know. */
export const WINDOW_START_MIN = 0xc0000000;

/** I/O APIC, HPET, local APIC and the flash of the firmware begin here on every PC. */
export const WINDOW_END_MAX = 0xfec00000;

/** A bridge's window is a multiple of this, so the host's is one too. */
const WINDOW_UNIT = 0x100000;

/** Returns the largest gap between WINDOW_START_MIN and WINDOW_END_MAX, rounded inwards to 1 MiB; start = end when there is none. */
export const hostWindow = (): AddressRange => {
  const taken = takenRanges();
  let best: AddressRange = { start: 0, end: 0 };
  for (const range of taken) {
    const gap = gapBehind(range.end, taken);
    if (gap.end - gap.start > best.end - best.start) best = gap;
  }
  return best;
};

/** Returns the free range that starts at `start` rounded up; empty when something lies there. */
const gapBehind = (start: number, taken: readonly AddressRange[]): AddressRange => {
  let end = WINDOW_END_MAX;
  for (const range of taken) {
    if (range.start <= start && start < range.end) return { start, end: start };
    if (range.start >= start && range.start < end) end = range.start;
  }
  const first = Math.ceil(start / WINDOW_UNIT) * WINDOW_UNIT;
  const last = Math.floor(end / WINDOW_UNIT) * WINDOW_UNIT;
  return first < last ? { start: first, end: last } : { start, end: start };
};

/** Returns what is not free, in no order: all below WINDOW_START_MIN, what the memory map lists, and configuration space. */
const takenRanges = (): AddressRange[] => {
  const taken: AddressRange[] = [{ start: 0, end: WINDOW_START_MIN }];
  for (let i = 0; i < memoryRegionCount(); i++) {
    const start: number = memoryRegionStart(i);
    taken.push({ start, end: start + memoryRegionLength(i) });
  }
  if (configMechanism() === CONFIG_ECAM) {
    const base: number = configBase();
    taken.push({ start: base, end: base + (configLastBus() + 1) * CONFIG_BUS_SIZE });
  }
  return taken;
};

'use machine';
// Events that came and were not delivered yet, in the order of the device. VIRTIO 1.2 §5.8.6. Hot for every event.
//
//   head ├ whole reports ┤ end ├ the report that is coming ┤ tail        positions count on for ever, modulo 2^32
//
// What is always true:
//  - Reports are delivered whole. The last event of one is EV_SYN SYN_REPORT.
//  - Nothing is overwritten: who puts events in asks for room before.
//  - Where reports may have been lost, a report of SYN_DROPPED alone stands between those before and those after.

import { type bool, type FixedArray, fixedArray, type i32, type u16, type u32 } from '../../kernel/base/machine.ts';
import { EV_SYN, SYN_DROPPED, SYN_REPORT } from '../../kernel/device/event-codes.ts';

/** Events that are kept. A power of two. */
export const RING_LENGTH: u32 = 2048;
const RING_MASK: u32 = 2047;

/** Events of the longest report that a device can mean: ten fingers with ten values each are a fifth of it. */
export const REPORT_LENGTH_MAX: u32 = 512;

/** Events that tell of a loss. */
const LOSS_LENGTH: u32 = 2;

/** The ring. */
export class Ring {
  types: FixedArray<u16, 2048> = fixedArray(2048, 0);
  codes: FixedArray<u16, 2048> = fixedArray(2048, 0);
  values: FixedArray<i32, 2048> = fixedArray(2048, 0);
  head: u32 = 0;
  end: u32 = 0;
  tail: u32 = 0;
  /** Events of the longest report so far. */
  longestReport: u32 = 2;
  /** A loss is to be told before the next report. */
  isLossDue: bool = false;
  // The event that `nextEvent` returned last.
  type: u16 = 0;
  code: u16 = 0;
  value: i32 = 0;
}

/** Returns whether `count` events more have room, and the losses before and behind them. */
export const hasRoomFor = (ring: Ring, count: u32): bool => heldCount(ring) + count + 2 * LOSS_LENGTH <= RING_LENGTH;

/** Returns how many events are held, those of a report that is not whole included. */
export const heldCount = (ring: Ring): u32 => (ring.tail - ring.head) >>> 0;

/** Adds an event. False when its report has more than REPORT_LENGTH_MAX. */
export const putEvent = (ring: Ring, type: u16, code: u16, value: i32): bool => {
  if (ring.isLossDue && ring.tail === ring.end) putLoss(ring);
  put(ring, type, code, value);
  const length: u32 = (ring.tail - ring.end) >>> 0;
  if (type === EV_SYN && code === SYN_REPORT) {
    ring.end = ring.tail;
    ring.longestReport = Math.max(ring.longestReport, length);
  }
  return length <= REPORT_LENGTH_MAX;
};

/** Notes that the device may have dropped reports behind what it has sent so far: at once, or when the report is whole that is coming. */
export const noteLoss = (ring: Ring): void => {
  ring.isLossDue = true;
  if (ring.tail === ring.end) putLoss(ring);
};

/** Forgets the report that is not whole: the device was reset, and may have lost others, too. */
export const cutReport = (ring: Ring): void => {
  ring.tail = ring.end;
  noteLoss(ring);
};

/** Returns whether a whole report is there. */
export const hasReport = (ring: Ring): bool => ring.head !== ring.end;

/** Takes the next event of a whole report: `type`, `code` and `value`. False at the end of the report, which is taken, too. Called when a report is there. */
export const nextEvent = (ring: Ring): bool => {
  const at: u32 = ring.head & RING_MASK;
  ring.type = ring.types[at];
  ring.code = ring.codes[at];
  ring.value = ring.values[at];
  ring.head = (ring.head + 1) >>> 0;
  return ring.type !== EV_SYN || ring.code !== SYN_REPORT;
};

const putLoss = (ring: Ring): void => {
  ring.isLossDue = false;
  put(ring, EV_SYN, SYN_DROPPED, 0);
  put(ring, EV_SYN, SYN_REPORT, 0);
  ring.end = ring.tail;
};

const put = (ring: Ring, type: u16, code: u16, value: i32): void => {
  const at: u32 = ring.tail & RING_MASK;
  ring.types[at] = type;
  ring.codes[at] = code;
  ring.values[at] = value;
  ring.tail = (ring.tail + 1) >>> 0;
};

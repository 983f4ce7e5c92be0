'use machine';
// The pages of a balloon, on their way out and back. VIRTIO 1.2 §5.5.6.
//
//   free ── inflate ──▶ told ── answered ──▶ in the balloon ── deflate ──▶ told ── answered ──▶ free
//                                                  └── lent by an allocation (boot/balloon.zig) ──▶ in use, told afterwards
//
// One transfer is under way each way at most. Pages come back only with the answer, also where the device need not be told first: it costs nothing, as
// nobody waits for them.

import { assert } from '../../kernel/base/assert.ts';
import type { bool, DmaOffset, i32, u8, u32, u53 } from '../../kernel/base/machine.ts';
import { dmaWrite32 } from '../../kernel/hal/dma.ts';
import { memoryFree } from '../../kernel/hal/memory.ts';
import {
  HELD_BALLOON,
  HELD_HINTED,
  HELD_LENT,
  heldPageCount,
  heldPrepare,
  heldPut,
  heldSetLending,
  heldTake,
  NO_RUN,
  PAGE_SIZE,
  pageRunGive,
  pageRunTake,
  runPageCount,
  runPageNumber,
} from '../../kernel/hal/page-runs.ts';
import {
  addBuffer,
  type Buffers,
  freeBuffer,
  kickBuffers,
  NO_BUFFER,
  readablePart,
  takeFree,
  takeLost,
} from '../virtio/buffers.ts';
import { writeConfig32 } from '../virtio/config.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { CONFIG_ACTUAL, PAGE_NUMBER_END, PAGE_NUMBER_SIZE } from './registers.ts';
import { type Balloon, TRANSFER_PAGES_MAX, TRANSFER_RUNS_MAX, type Transfer } from './state.ts';

// What `stepBalloon` returns.
/** The balloon is as large as it is to be. */
export const STEP_DONE: u8 = 0;
/** The device has to answer first. */
export const STEP_BUSY: u8 = 1;
/** It would be larger if there were more free memory. */
export const STEP_SHORT: u8 = 2;

/**
 * Does the next step to a balloon of `goalPages`, as long as `keepFreePages` stay free. Where the device agreed, it becomes smaller when only half of these are left. Returns a STEP_
 * code.
 */
export const stepBalloon = (balloon: Balloon, goalPages: u32, keepFreePages: u32): u8 => {
  if (balloon.inflating.runCount !== 0 || balloon.deflating.runCount !== 0) return STEP_BUSY;
  if (heldPageCount(HELD_LENT) !== 0) return deflate(balloon, HELD_LENT, TRANSFER_PAGES_MAX);
  const size: u53 = heldPageCount(HELD_BALLOON);
  const free: u53 = Math.floor(memoryFree() / PAGE_SIZE);
  if (size > goalPages) return deflate(balloon, HELD_BALLOON, size - goalPages);
  const isShort: bool = free < Math.floor(keepFreePages / 2);
  if (isShort && balloon.deflatesOnShortage && size > 0) {
    return deflate(balloon, HELD_BALLOON, Math.min(size, keepFreePages - free));
  }
  if (size === goalPages) return STEP_DONE;
  if (free <= keepFreePages) return STEP_SHORT;
  return inflate(balloon, Math.min(goalPages - size, free - keepFreePages));
};

const inflate = (balloon: Balloon, pageCount: u53): u8 => {
  const transfer: Transfer = balloon.inflating;
  if (!heldPrepare(HELD_BALLOON, TRANSFER_RUNS_MAX)) return STEP_SHORT;
  const most: u32 = Math.min(pageCount, TRANSFER_PAGES_MAX) as u32;
  while (transfer.pageCount < most && transfer.runCount < TRANSFER_RUNS_MAX) {
    const run: u53 = pageRunTake(most - transfer.pageCount, true);
    if (run === NO_RUN) break;
    if (runPageNumber(run) + runPageCount(run) > PAGE_NUMBER_END) {
      pageRunGive(run); // The device has no number for it.
      break;
    }
    note(transfer, run);
  }
  return send(balloon.inflation, transfer) ? STEP_BUSY : STEP_SHORT;
};

/** Takes pages out of a list, and tells the device. */
const deflate = (balloon: Balloon, list: u8, pageCount: u53): u8 => {
  const transfer: Transfer = balloon.deflating;
  const most: u32 = Math.min(pageCount, Math.min(heldPageCount(list), TRANSFER_PAGES_MAX)) as u32;
  while (transfer.pageCount < most && transfer.runCount < TRANSFER_RUNS_MAX) {
    note(transfer, heldTake(list, most - transfer.pageCount));
  }
  transfer.isLent = list === HELD_LENT;
  if (transfer.isLent) balloon.lentPages += transfer.pageCount;
  return send(balloon.deflation, transfer) ? STEP_BUSY : STEP_SHORT;
};

/** The pages of a transfer are the driver's. */
export const note = (transfer: Transfer, run: u53): void => {
  assert(run !== NO_RUN, 'a transfer is made of runs');
  transfer.runs[transfer.runCount] = run;
  transfer.runCount++;
  transfer.pageCount += runPageCount(run);
};

const send = (buffers: Buffers, transfer: Transfer): bool => {
  if (transfer.runCount === 0) return false;
  const index: i32 = takeFree(buffers);
  assert(index !== NO_BUFFER, 'one transfer is under way at a time');
  let at: DmaOffset = readablePart(buffers, index);
  for (let i: u32 = 0; i < transfer.runCount; i++) {
    const first: u53 = runPageNumber(transfer.runs[i]);
    const count: u32 = runPageCount(transfer.runs[i]);
    for (let page: u32 = 0; page < count; page++) {
      dmaWrite32(at, (first + page) as u32);
      at = at + PAGE_NUMBER_SIZE;
    }
  }
  if (!addBuffer(buffers, index, transfer.pageCount * PAGE_NUMBER_SIZE, 0)) freeBuffer(buffers, index); // The next look finds the queue broken.
  kickBuffers(buffers);
  return true;
};

/** The device has answered for the pages that went out: they are in the balloon. */
export const finishInflation = (transport: Transport, balloon: Balloon): void => {
  const transfer: Transfer = balloon.inflating;
  for (let i: u32 = 0; i < transfer.runCount; i++) {
    const isIn: bool = heldPut(HELD_BALLOON, transfer.runs[i]);
    assert(isIn, 'there was room for a whole transfer');
  }
  clear(transfer);
  showSize(transport, balloon);
};

/** The same for those that come back: they are free. */
export const finishDeflation = (transport: Transport, balloon: Balloon): void => {
  const transfer: Transfer = balloon.deflating;
  if (transfer.isLent) clear(transfer);
  else giveBack(transfer);
  showSize(transport, balloon);
};

/** Frees the pages of a transfer. */
export const giveBack = (transfer: Transfer): void => {
  for (let i: u32 = 0; i < transfer.runCount; i++) pageRunGive(transfer.runs[i]);
  clear(transfer);
};

const clear = (transfer: Transfer): void => {
  transfer.runCount = 0;
  transfer.pageCount = 0;
  transfer.isLent = false;
};

/** The driver MUST update `actual` after changing the number of pages in the balloon. §5.5.6.1 */
const showSize = (transport: Transport, balloon: Balloon): void => {
  const size: u32 = heldPageCount(HELD_BALLOON) as u32;
  if (size === balloon.shownPages) return;
  writeConfig32(transport, CONFIG_ACTUAL, size);
  balloon.shownPages = size;
};

/**
 * Frees all pages that are with the device: it was reset, or has ended. What allocations took out of the balloon needs no telling any more. With `isLive` its queues
 * have their buffers again, all free.
 */
export const emptyBalloon = (balloon: Balloon, isLive: bool): void => {
  heldSetLending(isLive && balloon.deflatesOnShortage && !balloon.tellsFirst);
  freeLost(balloon.inflation);
  freeLost(balloon.deflation);
  freeLost(balloon.statistics);
  freeLost(balloon.hints);
  freeLost(balloon.reports);
  giveBack(balloon.inflating);
  if (balloon.deflating.isLent) clear(balloon.deflating);
  else giveBack(balloon.deflating);
  giveBack(balloon.reporting);
  empty(HELD_BALLOON);
  empty(HELD_HINTED);
  balloon.lentPages += heldPageCount(HELD_LENT);
  let forgotten: u53 = heldTake(HELD_LENT, PAGE_SIZE);
  while (forgotten !== NO_RUN) forgotten = heldTake(HELD_LENT, PAGE_SIZE);
  balloon.shownPages = 0;
  balloon.command = 0;
  balloon.isHinting = false;
};

const freeLost = (buffers: Buffers): void => {
  for (let index: i32 = takeLost(buffers); index !== NO_BUFFER; index = takeLost(buffers)) freeBuffer(buffers, index);
};

/** Frees all pages of a list. */
export const empty = (list: u8): void => {
  for (let run: u53 = heldTake(list, PAGE_SIZE); run !== NO_RUN; run = heldTake(list, PAGE_SIZE)) pageRunGive(run);
};

'use machine';
// What the driver of one balloon knows. Hot for nothing, but the pages of a machine are many.

import { type bool, type FixedArray, fixedArray, type u16, type u32, type u53 } from '../../kernel/base/machine.ts';
import { Buffers } from '../virtio/buffers.ts';
import { Features } from '../virtio/features.ts';

/** Pages that go over at a time, and runs of them: 16 MiB, and what one call of heldPrepare makes room for. */
export const TRANSFER_PAGES_MAX: u32 = 4096;
export const TRANSFER_RUNS_MAX: u32 = 256;

/** Pages that the device was told of and has not answered for. They are nobody's. */
export class Transfer {
  runs: FixedArray<u53, 256> = fixedArray(256, 0);
  runCount: u32 = 0;
  pageCount: u32 = 0;
  /** They were taken out of the balloon before the device knew: what it answers changes nothing. */
  isLent: bool = false;
}

/** One balloon. */
export class Balloon {
  wanted = new Features();
  // What was agreed on.
  tellsFirst: bool = false;
  deflatesOnShortage: bool = false;
  hasStatistics: bool = false;
  hasHints: bool = false;
  hasReports: bool = false;
  reportQueue: u16 = 0;

  inflation = new Buffers();
  deflation = new Buffers();
  statistics = new Buffers();
  hints = new Buffers();
  reports = new Buffers();

  inflating = new Transfer();
  deflating = new Transfer();
  reporting = new Transfer();

  /** num_pages: how large the host wants the balloon. */
  wishPages: u32 = 0;
  /** actual, as it was written last. */
  shownPages: u32 = 0;
  /** Pages that allocations took out of it, and pages that were reported, ever since. */
  lentPages: u53 = 0;
  reportedPages: u53 = 0;
  /** free_page_hint_cmd_id, and whether pages are still hinted under it. */
  command: u32 = 0;
  isHinting: bool = false;
  hintedPages: u53 = 0;
}

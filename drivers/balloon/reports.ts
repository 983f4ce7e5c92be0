'use machine';
// Free pages that the host may take back as long as they are free. VIRTIO 1.2 §5.5.6.7.
//
//   free ── sendReport ──▶ the driver's ── answered ──▶ free, and the host keeps no memory for them

import { assert } from '../../kernel/base/assert.ts';
import type { i32, u16, u32, u53 } from '../../kernel/base/machine.ts';
import { memoryFree, memoryTouched } from '../../kernel/hal/memory.ts';
import { NO_RUN, PAGE_SIZE, pageRunTake, RUN_PAGES_MAX, runAddress, runPageCount } from '../../kernel/hal/page-runs.ts';
import {
  type Buffers,
  beginBuffer,
  endBuffer,
  freeBuffer,
  kickBuffers,
  NO_BUFFER,
  takeFree,
} from '../virtio/buffers.ts';
import { fillPages } from '../virtio/queue/queue.ts';
import { DEVICE_WRITES } from '../virtio/queue/record.ts';
import { REPORT_RUNS_MAX } from './bring-up.ts';
import { giveBack, note } from './pages.ts';
import type { Balloon, Transfer } from './state.ts';

/** Fewer bytes than this are not worth a report. */
const WORTH_BYTES: u53 = 1048576;

/** Sends a report, if one is worth it and none is under way: its pages are nobody's until the device has answered. `keepFreePages` stay free meanwhile. */
export const sendReport = (balloon: Balloon, keepFreePages: u32): void => {
  const transfer: Transfer = balloon.reporting;
  if (transfer.runCount !== 0 || memoryTouched() < WORTH_BYTES) return;
  while (transfer.runCount < REPORT_RUNS_MAX) {
    const free: u53 = Math.floor(memoryFree() / PAGE_SIZE);
    if (free <= keepFreePages) break;
    const run: u53 = pageRunTake(Math.min(free - keepFreePages, RUN_PAGES_MAX) as u32, false);
    if (run === NO_RUN) break;
    note(transfer, run);
  }
  if (transfer.runCount === 0) return;
  const buffers: Buffers = balloon.reports;
  const index: i32 = takeFree(buffers);
  assert(index !== NO_BUFFER, 'one report is under way at a time');
  if (!beginBuffer(buffers, index, transfer.runCount as u16)) {
    freeBuffer(buffers, index); // The next look finds the queue broken.
    return;
  }
  for (let i: u32 = 0; i < transfer.runCount; i++) {
    const run: u53 = transfer.runs[i] + 0;
    fillPages(buffers.queue, runAddress(run), runPageCount(run) * PAGE_SIZE, DEVICE_WRITES);
  }
  endBuffer(buffers, index);
  kickBuffers(buffers);
};

/** The device has answered: the pages are free. */
export const finishReport = (balloon: Balloon): void => {
  balloon.reportedPages += balloon.reporting.pageCount;
  giveBack(balloon.reporting);
};

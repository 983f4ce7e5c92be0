'use machine';
// Free pages that a host need not copy while it moves the machine. VIRTIO 1.2 §5.5.6.5.
//
//   cmd_id n ──▶ n ─▶ run ─▶ run ─▶ … ─▶ STOP          the pages are kept until cmd_id is DONE, or memory is short
//
// A hint is overridden by the first write to its page, so what allocations take of them needs no telling.

import type { bool, i32, u32, u53 } from '../../kernel/base/machine.ts';
import { dmaWrite32 } from '../../kernel/hal/dma.ts';
import { memoryFree } from '../../kernel/hal/memory.ts';
import {
  HELD_HINTED,
  heldPrepare,
  heldPut,
  NO_RUN,
  PAGE_SIZE,
  pageRunGive,
  pageRunTake,
  RUN_PAGES_MAX,
  runAddress,
  runPageCount,
} from '../../kernel/hal/page-runs.ts';
import {
  addBuffer,
  type Buffers,
  beginBuffer,
  endBuffer,
  freeBuffer,
  kickBuffers,
  NO_BUFFER,
  readablePart,
  takeFree,
} from '../virtio/buffers.ts';
import { readConfig32 } from '../virtio/config.ts';
import { fillPages } from '../virtio/queue/queue.ts';
import { DEVICE_WRITES } from '../virtio/queue/record.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { empty } from './pages.ts';
import { COMMAND_DONE, COMMAND_SIZE, COMMAND_STOP, CONFIG_FREE_PAGE_HINT_CMD_ID } from './registers.ts';
import type { Balloon } from './state.ts';

/** Buffers that are kept for commands: a STOP, and a new one. */
const COMMAND_COUNT: u32 = 2;

/** Looks at what the host wants: hints under a new command, no more hints, or the hinted pages freed. */
export const readCommand = (transport: Transport, balloon: Balloon): void => {
  const command: u32 = readConfig32(transport, CONFIG_FREE_PAGE_HINT_CMD_ID);
  if (command === balloon.command) return;
  if (balloon.isHinting) sendCommand(balloon.hints, COMMAND_STOP);
  balloon.command = command;
  balloon.isHinting = command > COMMAND_DONE && sendCommand(balloon.hints, command);
  if (command === COMMAND_DONE) empty(HELD_HINTED);
};

/** Sends as many hints as there are buffers; behind the last one, when no more than `keepFreePages` are left, that there are no more. */
export const sendHints = (balloon: Balloon, keepFreePages: u32): void => {
  const buffers: Buffers = balloon.hints;
  while (balloon.isHinting && buffers.freeCount > COMMAND_COUNT) {
    const run: u53 = takeSpare(keepFreePages);
    if (run === NO_RUN) {
      sendCommand(buffers, COMMAND_STOP);
      balloon.isHinting = false;
      return;
    }
    const index: i32 = takeFree(buffers);
    if (!beginBuffer(buffers, index, 1)) {
      freeBuffer(buffers, index); // The next look finds the queue broken.
      return;
    }
    fillPages(buffers.queue, runAddress(run), runPageCount(run) * PAGE_SIZE, DEVICE_WRITES);
    endBuffer(buffers, index);
    balloon.hintedPages += runPageCount(run);
  }
  kickBuffers(buffers);
};

/** Returns a run that is noted as hinted, NO_RUN when memory is too short for it. */
const takeSpare = (keepFreePages: u32): u53 => {
  const free: u53 = Math.floor(memoryFree() / PAGE_SIZE);
  if (free <= keepFreePages || !heldPrepare(HELD_HINTED, 1)) return NO_RUN;
  const run: u53 = pageRunTake(Math.min(free - keepFreePages, RUN_PAGES_MAX) as u32, true);
  if (run === NO_RUN || heldPut(HELD_HINTED, run)) return run;
  pageRunGive(run);
  return NO_RUN;
};

/** Sends a command. False: there is no buffer for it, or the queue is broken. */
const sendCommand = (buffers: Buffers, command: u32): bool => {
  const index: i32 = takeFree(buffers);
  if (index === NO_BUFFER) return false;
  dmaWrite32(readablePart(buffers, index), command);
  const isSent: bool = addBuffer(buffers, index, COMMAND_SIZE, 0);
  if (!isSent) freeBuffer(buffers, index);
  kickBuffers(buffers);
  return isSent;
};

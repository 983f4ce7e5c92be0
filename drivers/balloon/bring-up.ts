'use machine';
// How a balloon comes up: features, configuration, queues. VIRTIO 1.2 §5.5.3 to §5.5.5.

import type { bool, u16, u32 } from '../../kernel/base/machine.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { heldSetLending } from '../../kernel/hal/page-runs.ts';
import { type Buffers, createBuffers, describeBuffers, restoreBuffers } from '../virtio/buffers.ts';
import { readConfig32, requireConfig, writeConfig32 } from '../virtio/config.ts';
import { addFeature, FEATURE_ACCESS_PLATFORM, FEATURE_COUNT, hasFeature, removeFeature } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { queueSizeMax } from '../virtio/transport/transport.ts';
import {
  COMMAND_SIZE,
  CONFIG_LENGTH,
  CONFIG_LENGTH_HINT,
  CONFIG_LENGTH_POISON,
  CONFIG_NUM_PAGES,
  CONFIG_POISON_VAL,
  DEFLATE_QUEUE,
  FEATURE_DEFLATE_ON_OOM,
  FEATURE_FREE_PAGE_HINT,
  FEATURE_MUST_TELL_HOST,
  FEATURE_PAGE_POISON,
  FEATURE_PAGE_REPORTING,
  FEATURE_STATS_VQ,
  HINT_QUEUE,
  INFLATE_QUEUE,
  PAGE_NUMBER_SIZE,
  REPORT_QUEUE,
  REPORT_QUEUE_WITHOUT_HINTS,
  STATISTICS_QUEUE,
} from './registers.ts';
import { type Balloon, TRANSFER_PAGES_MAX } from './state.ts';
import { STATISTICS_LENGTH } from './statistics.ts';

/** Runs that one report names: QEMU's queue of 32 holds so many without a table, whatever its layout. */
export const REPORT_RUNS_MAX: u32 = 14;

/** Hints under way. */
const HINT_COUNT: u32 = 64;

/** A buffer of nothing but foreign pages has a part of its own that is never in a chain. */
const NO_PART_LENGTH: u32 = 4;

/**
 * Steps 1 to 6 of initialize.ts. With `reports` free pages are reported. PAGE_POISON is for those only who do not: who agrees on both must fill each free page before it
 * is reported (§5.5.6.7.1), and pages here are zeroed when they are allocated.
 */
export const beginBalloon = (transport: Transport, balloon: Balloon, reports: bool): bool => {
  for (let bit: u32 = 0; bit < FEATURE_COUNT; bit++) removeFeature(balloon.wanted, bit);
  addFeature(balloon.wanted, FEATURE_MUST_TELL_HOST);
  addFeature(balloon.wanted, FEATURE_STATS_VQ);
  addFeature(balloon.wanted, FEATURE_DEFLATE_ON_OOM);
  const reachesPages: bool = transport.addressShift === 0; // Behind an IOMMU it reaches the DMA memory alone.
  if (reachesPages) addFeature(balloon.wanted, FEATURE_FREE_PAGE_HINT);
  addFeature(balloon.wanted, reachesPages && reports ? FEATURE_PAGE_REPORTING : FEATURE_PAGE_POISON);
  addQueueFeatures(balloon.wanted);
  if (!begin(transport, balloon.wanted)) return false;
  balloon.tellsFirst = hasFeature(transport.accepted, FEATURE_MUST_TELL_HOST);
  balloon.deflatesOnShortage = hasFeature(transport.accepted, FEATURE_DEFLATE_ON_OOM);
  balloon.hasStatistics = hasFeature(transport.accepted, FEATURE_STATS_VQ);
  const isTranslated: bool = hasFeature(transport.accepted, FEATURE_ACCESS_PLATFORM); // An IOMMU lets it reach the DMA window, and no free page.
  balloon.hasHints = hasFeature(transport.accepted, FEATURE_FREE_PAGE_HINT) && !isTranslated;
  balloon.hasReports = hasFeature(transport.accepted, FEATURE_PAGE_REPORTING) && !isTranslated;
  return true;
};

/** Step 7. False: see the fault. */
export const setUpBalloon = (transport: Transport, pool: DmaPool, balloon: Balloon, deadlineMs: u32): bool => {
  if (!setUpConfiguration(transport, balloon)) return false;
  const length: u32 = TRANSFER_PAGES_MAX * PAGE_NUMBER_SIZE;
  return (
    make(transport, pool, INFLATE_QUEUE, balloon.inflation, length, 0, deadlineMs) &&
    make(transport, pool, DEFLATE_QUEUE, balloon.deflation, length, 0, deadlineMs) &&
    (!balloon.hasStatistics || make(transport, pool, STATISTICS_QUEUE, balloon.statistics, STATISTICS_LENGTH, 0, 0)) &&
    (!balloon.hasHints || makeHints(transport, pool, balloon.hints)) &&
    (!balloon.hasReports || makeReports(transport, pool, balloon, deadlineMs))
  );
};

/** The same for a balloon that was live: its queues have the memory that they had. */
export const setUpBalloonAgain = (transport: Transport, balloon: Balloon): bool =>
  setUpConfiguration(transport, balloon) &&
  restoreBuffers(transport, balloon.inflation) &&
  restoreBuffers(transport, balloon.deflation) &&
  (!balloon.hasStatistics || restoreBuffers(transport, balloon.statistics)) &&
  (!balloon.hasHints || restoreBuffers(transport, balloon.hints)) &&
  (!balloon.hasReports || restoreBuffers(transport, balloon.reports));

/** Returns how many queues there are up to the last that is used. */
export const balloonQueueCount = (transport: Transport, balloon: Balloon): u16 => {
  if (balloon.hasReports) return findReportQueue(transport) + 1;
  if (balloon.hasHints) return HINT_QUEUE + 1;
  return balloon.hasStatistics ? STATISTICS_QUEUE + 1 : DEFLATE_QUEUE + 1;
};

/** Reads how large the host wants the balloon. */
export const readWish = (transport: Transport, balloon: Balloon): void => {
  balloon.wishPages = readConfig32(transport, CONFIG_NUM_PAGES);
};

/** Reads the host's wish, and says what pages are filled with. Nothing may be lent where the host must hear of it first. */
const setUpConfiguration = (transport: Transport, balloon: Balloon): bool => {
  if (!requireConfig(transport, CONFIG_LENGTH)) return false;
  if (balloon.hasHints && !requireConfig(transport, CONFIG_LENGTH_HINT)) return false;
  if (hasFeature(transport.accepted, FEATURE_PAGE_POISON)) {
    if (!requireConfig(transport, CONFIG_LENGTH_POISON)) return false;
    writeConfig32(transport, CONFIG_POISON_VAL, 0);
  }
  readWish(transport, balloon);
  balloon.shownPages = 0;
  heldSetLending(balloon.deflatesOnShortage && !balloon.tellsFirst);
  return true;
};

const make = (
  transport: Transport,
  pool: DmaPool,
  index: u16,
  buffers: Buffers,
  readableLength: u32,
  pieceCount: u32,
  deadlineMs: u32,
): bool => {
  describeBuffers(buffers, 1, readableLength, 0, pieceCount, deadlineMs);
  return createBuffers(transport, pool, index, buffers);
};

/** The host takes hints while it copies the machine, and need not take them at all: there is no deadline. */
const makeHints = (transport: Transport, pool: DmaPool, hints: Buffers): bool => {
  describeBuffers(hints, HINT_COUNT, COMMAND_SIZE, 0, 0, 0);
  return createBuffers(transport, pool, HINT_QUEUE, hints);
};

const makeReports = (transport: Transport, pool: DmaPool, balloon: Balloon, deadlineMs: u32): bool => {
  balloon.reportQueue = findReportQueue(transport);
  describeBuffers(balloon.reports, 1, 0, NO_PART_LENGTH, REPORT_RUNS_MAX, deadlineMs);
  return createBuffers(transport, pool, balloon.reportQueue, balloon.reports);
};

/** Queue 4, as §5.5.2 has it; QEMU gives it the number 3 where it has no queue for hints. */
const findReportQueue = (transport: Transport): u16 =>
  queueSizeMax(transport, REPORT_QUEUE) === 0 ? REPORT_QUEUE_WITHOUT_HINTS : REPORT_QUEUE;

// Driver of virtio memory balloons. VIRTIO 1.2 §5.5.
//
// QEMU: -device virtio-balloon-pci,deflate-on-oom=on,free-page-reporting=on      QMP: balloon, query-balloon; qom-get guest-stats
//       the same with virtio-balloon-device on a machine with virtio-mmio
//
// Pages come from the machine's allocator of single pages (boot/pages.zig), which all address space that fills on demand lives on: the heaps, the stacks. The DMA window is a
// piece of RAM of its own and never in a balloon.

import { renew } from '../../kernel/base/machine.ts';
import type { BalloonDevice, BalloonStatistics } from '../../kernel/device/balloon.ts';
import { type DeviceError, DeviceFailure } from '../../kernel/device/failure.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { memoryFree, memoryTotal, memoryTouched } from '../../kernel/hal/memory.ts';
import { HELD_BALLOON, heldPageCount, PAGE_SIZE } from '../../kernel/hal/page-runs.ts';
import { describeFault } from '../virtio/describe.ts';
import {
  closeFollowing,
  endFollowing,
  type Following,
  follow,
  followerCount,
  listenTo,
  newFollowing,
  settle,
  settled,
  tellChange,
} from '../virtio/following.ts';
import {
  armLive,
  causesOf,
  type Driver,
  type Live,
  lookAtBroken,
  lookAtConfiguration,
  lookAtLate,
  startLive,
  wakeAtOf,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import { balloonQueueCount, beginBalloon, readWish, setUpBalloon, setUpBalloonAgain } from './bring-up.ts';
import { readCommand, sendHints } from './hints.ts';
import { emptyBalloon, STEP_BUSY, STEP_DONE, stepBalloon } from './pages.ts';
import {
  armBalloon,
  buffersOf,
  lookAfterQueue,
  nextBalloonCare,
  QUEUE_COUNT,
  spinBalloon,
  takeAnswers,
  troubledQueue,
} from './queues.ts';
import { sendReport } from './reports.ts';
import { Balloon } from './state.ts';
import { ownMemory, sendStatistics } from './statistics.ts';

/** How a balloon is driven. */
export interface BalloonOptions {
  /** Makes it as large as the host wants it, from the start. Default: true. */
  readonly follows?: boolean;
  /** Reports free pages, where the device takes reports. Default: true. */
  readonly reports?: boolean;
  /** Bytes of free memory that the balloon leaves alone. Default: a sixteenth of RAM, 2 MiB at least. */
  readonly keepFreeBytes?: number;
}

/** So often free memory is looked at: for pages to report, and for a balloon that is smaller than the host wants it, or may have to be. */
const LOOK_INTERVAL_NS = 1_000_000_000;

const KEEP_FREE_SHARE = 16;
const KEEP_FREE_MIN_BYTES = 2 * 1024 * 1024;

/** A balloon that is open. */
interface State extends Following<BalloonStatistics> {
  readonly balloon: Balloon;
  readonly keepFreePages: number;
  /** What became of it last: a STEP_ code. */
  step: number;
  /** When free memory is to be looked at again, by clockNow. */
  lookAt: number;
}

/** The balloon whose pages are in the lists of boot/balloon.zig: there is one of each list. */
let current: Live | undefined;

const BALLOONS = recordsOf(
  () => new Balloon(),
  (balloon) => renew(balloon),
);

/** Brings a balloon up, and shows it to the event loop. Throws a DeviceFailure; `unsupported` while another one is open. */
export const startBalloon = (live: Live, options: BalloonOptions = {}): BalloonDevice => {
  const { follows = true, reports = true } = options;
  const { keepFreeBytes = Math.max(Math.floor(memoryTotal() / KEEP_FREE_SHARE), KEEP_FREE_MIN_BYTES) } = options;
  if (!(keepFreeBytes >= 0) || keepFreeBytes > Number.MAX_SAFE_INTEGER) {
    throw new DeviceFailure('invalid-argument', `keepFreeBytes ${keepFreeBytes}, expected a number of bytes`);
  }
  if (current?.state === 'live')
    throw new DeviceFailure('unsupported', `${current.name} is open, and one at a time is`);
  const state: State = {
    ...newFollowing<BalloonStatistics>(live, follows),
    balloon: recordFor(live, BALLOONS),
    keepFreePages: Math.min(Math.ceil(keepFreeBytes / PAGE_SIZE), 2 ** 32 - 1),
    step: STEP_BUSY,
    lookAt: 0,
  };
  startLive(live, driverOf(state, reports));
  current = live;
  return deviceOf(state);
};

const driverOf = (state: State, reports: boolean): Driver => {
  const { live, balloon } = state;
  const { transport } = live;
  return {
    get queueCount() {
      return balloonQueueCount(transport, balloon);
    },
    begin: () => beginBalloon(transport, balloon, reports),
    setUp: () => setUpBalloon(transport, live.pool, balloon, live.deadlineMs),
    setUpAgain: () => setUpBalloonAgain(transport, balloon),
    started() {
      if (balloon.hasStatistics) sendStatistics(balloon);
      configurationChanged(state);
      state.isDue = true;
    },
    describeFault: () => describeFault(transport),
    configurationChanged: () => configurationChanged(state),
    lost: () => emptyBalloon(balloon, true), // It is filled anew: the device has forgotten its pages.
    ended: (error) => end(state, error),
    poll: () => poll(state),
    spin: (deadline) => state.isDue || spinBalloon(balloon, deadline),
    arm: () => armLive(live, !state.isDue && armBalloon(balloon), state.step === STEP_BUSY),
    get pendingCount() {
      return followerCount(state);
    },
    get wakeAt() {
      return Math.min(state.lookAt, wakeAtOf(nextBalloonCare(balloon)));
    },
  };
};

const deviceOf = (state: State): BalloonDevice => {
  const { live } = state;
  return {
    name: live.name,
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    statistics: () => state.last ?? statisticsOf(state.balloon),
    get isFollowing() {
      return state.isFollowing;
    },
    follow: (isFollowing) => follow(state, isFollowing),
    settled: () => settled(state),
    onChange: (listener) => listenTo(state, listener),
    close: () => closeFollowing(state),
  };
};

const statisticsOf = (balloon: Balloon): BalloonStatistics => ({
  totalBytes: ownMemory(),
  freeBytes: memoryFree(),
  touchedBytes: memoryTouched(),
  sizeBytes: heldPageCount(HELD_BALLOON) * PAGE_SIZE,
  wishBytes: balloon.wishPages * PAGE_SIZE,
  lentBytes: balloon.lentPages * PAGE_SIZE,
  reportedBytes: balloon.reportedPages * PAGE_SIZE,
  hintedBytes: balloon.hintedPages * PAGE_SIZE,
});

// The loop's side.

const poll = (state: State): boolean => {
  const { live, balloon } = state;
  const causes = causesOf(live);
  state.isDue = false;
  const taken: number = takeAnswers(live.transport, balloon);
  lookAfterQueues(state);
  lookAtConfiguration(live, causes);
  if (live.state === 'live') advance(state);
  if (live.state === 'live') tellListeners(state);
  return taken > 0;
};

const lookAfterQueues = ({ live, balloon }: State): void => {
  const troubled: number = troubledQueue(balloon);
  if (troubled < QUEUE_COUNT) {
    lookAtBroken(live, buffersOf(balloon, troubled).queue);
    return;
  }
  for (let place = 0; place < QUEUE_COUNT && live.state === 'live'; place++) {
    lookAtLate(live, lookAfterQueue(balloon, place), buffersOf(balloon, place).queue);
  }
};

/** Does what is next: the balloon's size, free pages to report or to hint. */
const advance = (state: State): void => {
  const { live, balloon, keepFreePages } = state;
  const goal = state.isClosing ? 0 : balloon.wishPages;
  if (state.isFollowing || state.isClosing)
    state.step = stepBalloon(balloon, goal, state.isClosing ? 0 : keepFreePages);
  else state.step = STEP_DONE;
  if (state.step !== STEP_BUSY) settle(state);
  if (live.state !== 'live') return;
  if (balloon.hasReports) sendReport(balloon, keepFreePages);
  if (balloon.isHinting) sendHints(balloon, keepFreePages);
  state.lookAt = needsLook(state) ? clockNow() + LOOK_INTERVAL_NS : Infinity;
};

/** Whether free memory is looked at without an event of the device's. */
const needsLook = ({ balloon, step, isFollowing }: State): boolean =>
  balloon.hasReports || step > STEP_BUSY || (isFollowing && balloon.deflatesOnShortage && balloon.wishPages > 0);

const configurationChanged = ({ live, balloon }: State): void => {
  readWish(live.transport, balloon);
  if (balloon.hasHints) readCommand(live.transport, balloon);
};

const tellListeners = (state: State): void => {
  const { balloon } = state;
  tellChange(state, heldPageCount(HELD_BALLOON), balloon.wishPages, () => statisticsOf(balloon));
};

/** The device has ended: all pages are the program's again. */
const end = (state: State, error: DeviceError): void => {
  emptyBalloon(state.balloon, false);
  endFollowing(state, error, statisticsOf(state.balloon));
};

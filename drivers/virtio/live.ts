// The life of a device that is awaited: what every driver does alike. VIRTIO 1.2 §2.1.2, §3.1.1
//
//   startLive ──▶ live ── silent, or needs a reset ──▶ reset and brought up again: what it had is lost ──▶ live
//                  │                                                  │
//                  ├── a wrong answer ────────────────────────────────┴──▶ failed      what it had rejects, and everything after it
//                  ├── closeLive ──▶ closed
//                  └── removeLive ──▶ removed
//
// A device that has ended is reset, its interrupts are off and its memory is back in the pool, unless it ignores its reset: then nobody gets that memory again.
//
// Functions over an object, as a method of a class costs a search by its name at each call.

import { log } from '../../kernel/base/log.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { onShutdown } from '../../kernel/event/shutdown.ts';
import { addSource, type EventSource, removeSource, wake } from '../../kernel/event/source.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { CARE_EXPIRED, CARE_NONE } from './buffers.ts';
import { describeFault, formatInitializeError, type InitializeError, transportName } from './describe.ts';
import { logInterrupts } from './describe-interrupts.ts';
import { clearFeatures } from './features.ts';
import { finish, needsReset } from './initialize.ts';
import { beginInterrupts, endInterrupts, INTERRUPT_NONE, type Interrupts, interruptCause } from './interrupts.ts';
import { giveMemoryBack } from './memory.ts';
import { describeQueueFault } from './queue/fault.ts';
import type { Queue } from './queue/record.ts';
import { giveUp, isGone, RESET_TIMEOUT_MS } from './reset.ts';
import { beginAgain } from './restart.ts';
import { settleAddresses, type Transport } from './transport/record.ts';
import { INTERRUPT_CONFIG, readStatus } from './transport/transport.ts';

/**
 * What a driver does in the life of its device. It is the event source that the loop polls, too. `poll` begins with causesOf(live) and ends with
 * lookAtConfiguration where that says so.
 */
export interface Driver extends EventSource {
  /** Queues that may have vectors: 0 to queueCount - 1. Asked behind `begin`. */
  readonly queueCount: number;
  /** Steps 1 to 6: `begin` of initialize.ts with the features that the driver can use. False: the fault says why. */
  begin(): boolean;
  /** Step 7: configuration, queues, memory, which are takeMemory, takeQueue and createBuffers. False: the fault says why. */
  setUp(): boolean;
  /** Step 7 after a reset: configuration, and the queues in the memory that they had (restoreQueue, restoreBuffers). */
  setUpAgain(): boolean;
  /** The device is live, for the first time or again: what it must have at once is added and kicked. */
  started(): void;
  /** Returns why one of these said false: describeFault, or in the driver's own words. */
  describeFault(): InitializeError;
  /** The device's configuration has changed. */
  configurationChanged(): void;
  /** The device was reset, and works again: rejects what it had with `error`, or gives the device up. Called before `started`. */
  lost(error: DeviceError): void;
  /**
   * The device has ended, is reset and uses no memory any more: rejects what it had with `error`, and what it did not get yet with `refusal`, which whoever calls
   * later gets, too. The driver touches none of its queues and buffers after that.
   */
  ended(error: DeviceError, refusal: DeviceError): void;
  /** Is fulfilled when what the device holds is on its medium: called before the machine ends. */
  flush?(): Promise<void>;
}

/** Where a device stands. */
export type LiveState = 'starting' | 'live' | 'failed' | 'closed' | 'removed';

/** One device. */
export interface Live {
  /** Where it is and what it is: `0000:00:02.0 virtio-rng`. */
  readonly name: string;
  readonly transport: Transport;
  readonly interrupts: Interrupts;
  readonly pool: DmaPool;
  /** How long it may keep a request, in milliseconds. */
  readonly deadlineMs: number;
  state: LiveState;
  /** Set by startLive. */
  driver: Driver | undefined;
  /** The number by which the loop knows it; set by startLive, and after each reset. */
  source: number;
  /** The loop polls it in each turn. */
  isAwake: boolean;
  endFlushing: (() => void) | undefined;
  /** Called when the device has ended: its records are anybody's then (records.ts). */
  givenBack: (() => void)[];
}

/** Returns a device that is not started, at an open transport. `pool` gives the memory that it shares with its driver. */
export const newLive = (transport: Transport, interrupts: Interrupts, pool: DmaPool, deadlineMs: number): Live => ({
  name: transportName(transport),
  transport,
  interrupts,
  pool,
  deadlineMs,
  state: 'starting',
  driver: undefined,
  source: 0,
  isAwake: true,
  endFlushing: undefined,
  givenBack: [],
});

/**
 * Brings the device up and shows it to the event loop. Throws a DeviceFailure, `device-failed`, and the device was given up; or `removed` when it was taken out
 * meanwhile.
 */
export const startLive = (live: Live, driver: Driver): void => {
  live.driver = driver;
  clearFeatures(live.transport.required); // Of the last time that it was opened.
  if (!bringUp(live, driver)) {
    const why = formatInitializeError(driver.describeFault());
    const isRemoved = isTaken(live);
    letGo(live);
    live.state = isRemoved ? 'removed' : 'failed';
    throw new DeviceFailure(isRemoved ? 'removed' : 'device-failed', `${live.name}: failed at ${why}`);
  }
  live.state = 'live';
  live.source = addSource(driver, vectorsOf(live.interrupts, driver.queueCount));
  if (driver.flush !== undefined) live.endFlushing = onShutdown(live.name, () => driver.flush!());
  driver.started();
};

const bringUp = (live: Live, driver: Driver): boolean => {
  if (!driver.begin()) return false;
  settleAddresses(live.transport);
  beginInterrupts(live.transport, live.interrupts, driver.queueCount);
  logInterrupts(live.transport, live.interrupts);
  return driver.setUp() && finish(live.transport);
};

/** Has the loop poll the device: there is something to send. */
export const wakeLive = (live: Live): void => {
  if (live.isAwake || live.driver === undefined) return;
  live.isAwake = true;
  wake(live.driver);
};

/** Says that the device is polled, and returns why it has interrupted: INTERRUPT_QUEUE, INTERRUPT_CONFIG, both or 0. With it `poll` begins. */
export const causesOf = (live: Live): number => {
  live.isAwake = true;
  return interruptCause(live.transport, live.interrupts);
};

/** Looks at the configuration where `causes`, of causesOf, say that it has changed. A device that needs a reset says so by that, too. §2.1.2 */
export const lookAtConfiguration = (live: Live, causes: number): void => {
  if ((causes & INTERRUPT_CONFIG) === 0 || live.state !== 'live') return;
  if (needsReset(live.transport)) restartLive(live, resetError(live));
  else live.driver!.configurationChanged();
};

/** Acts on a CARE_ code: `care` is what lookAfter of a queue's buffers returned. */
export const lookAtLate = (live: Live, care: number, queue: Queue): void => {
  if (care === CARE_NONE) return;
  if (needsReset(live.transport)) restartLive(live, resetError(live));
  else if (care === CARE_EXPIRED) {
    restartLive(live, { kind: 'timeout', message: `no answer in ${live.deadlineMs} ms` });
  } else if (queue.rekickCount === 1) log('warn', live.name, 'no answer for 10 ms, notified again');
};

/** Gives a device up whose queue is broken. */
export const lookAtBroken = (live: Live, queue: Queue): void =>
  giveUpLive(live, { kind: 'wrong-answer', message: describeQueueFault(queue) });

const resetError = (live: Live): DeviceError => ({
  kind: 'device-reset',
  message: describeFault(live.transport).message,
});

/**
 * Lets a source sleep whose queues were armed: returns `mayInterrupt`, whether they may, unless the device is polled and has something (`isBusy`). With it
 * `arm` ends.
 */
export const armLive = (live: Live, mayInterrupt: boolean, isBusy: boolean): boolean => {
  live.isAwake = !mayInterrupt || (isBusy && live.interrupts.kind === INTERRUPT_NONE);
  return !live.isAwake;
};

/** Returns a time of nextCare as EventSource has it. */
export const wakeAtOf = (at: number): number => (at === NO_DEADLINE ? Infinity : at);

/**
 * Resets the device and brings it up again, with the features and the memory that it had; what it had rejects with `error`. One that does not answer because it was
 * taken out of the machine has ended.
 */
export const restartLive = (live: Live, error: DeviceError): void => {
  if (live.state !== 'live') return;
  if (isTaken(live)) {
    removeLive(live);
    return;
  }
  const driver = live.driver!;
  log('error', live.name, `${error.message}; it is reset`);
  if (!bringUpAgain(live, driver)) {
    log('error', live.name, `it does not come up again: ${driver.describeFault().message}`);
    end(live, 'failed', error);
    return;
  }
  removeSource(driver);
  live.source = addSource(driver, vectorsOf(live.interrupts, driver.queueCount)); // They may be others.
  live.isAwake = true;
  driver.lost(error);
  if (live.state !== 'live') return; // The driver has given it up.
  log('warn', live.name, 'it was reset and works again');
  driver.started();
};

const bringUpAgain = (live: Live, driver: Driver): boolean => {
  endInterrupts(live.transport, live.interrupts);
  if (!beginAgain(live.transport)) return false;
  beginInterrupts(live.transport, live.interrupts, driver.queueCount);
  return driver.setUpAgain() && finish(live.transport);
};

/** Gives the device up because of `error`: a wrong answer, after which nothing that it says can be believed. */
export const giveUpLive = (live: Live, error: DeviceError): void => {
  if (live.state !== 'live') return;
  if (isTaken(live)) {
    removeLive(live); // All ones look like wrong answers, too.
    return;
  }
  log('error', live.name, error.message);
  end(live, 'failed', error);
};

/** Closes the device: what it still has rejects, and its memory goes back. It may be opened again. */
export const closeLive = (live: Live): void => {
  if (live.state === 'live') end(live, 'closed', { kind: 'closed', message: 'the device was closed' });
};

/** The same for a device that was taken out of the machine. */
export const removeLive = (live: Live): void => {
  if (live.state === 'live') end(live, 'removed', { kind: 'removed', message: 'the device was removed' });
};

/** Returns whether the device was taken out of the machine without a word. */
const isTaken = ({ transport }: Live): boolean => isGone(transport, readStatus(transport));

/** Returns why a device takes nothing more, undefined while it is live. */
export const whyEnded = (live: Live): DeviceError | undefined => {
  switch (live.state) {
    case 'live':
      return undefined;
    case 'closed':
      return { kind: 'closed', message: 'the device was closed' };
    case 'removed':
      return { kind: 'removed', message: 'the device was removed' };
    default:
      return { kind: 'device-failed', message: 'the device was given up' };
  }
};

/** Throws that as a DeviceFailure; does nothing while the device is live. */
export const refuseEnded = (live: Live): void => {
  const ended = whyEnded(live);
  if (ended !== undefined) throw failureOf(ended);
};

const end = (live: Live, state: LiveState, error: DeviceError): void => {
  live.state = state;
  const driver = live.driver!;
  removeSource(driver);
  live.endFlushing?.();
  const isGone = resetForGood(live);
  driver.ended(error, whyEnded(live)!);
  if (isGone) returnMemory(live);
  giveBack(live);
};

const giveBack = (live: Live): void => {
  for (const back of live.givenBack) back();
  live.givenBack = [];
};

/** The same for a device that did not come up. */
const letGo = (live: Live): void => {
  if (resetForGood(live)) returnMemory(live);
  giveBack(live);
};

/** Resets the device and ends its interrupts. False: it ignores that, and may still reach its memory. */
const resetForGood = (live: Live): boolean => {
  endInterrupts(live.transport, live.interrupts);
  if (giveUp(live.transport)) return true;
  log('error', live.name, `device_status is not 0 ${RESET_TIMEOUT_MS} ms after a reset; its memory is not used again`);
  return false;
};

const returnMemory = (live: Live): void => {
  if (!giveMemoryBack(live.transport, live.pool))
    log('error', live.name, 'the pool cannot take all of its memory back');
};

/** Returns the vectors of the configuration and of the queues, each once; none when the device is polled. */
const vectorsOf = (interrupts: Interrupts, queueCount: number): number[] => {
  if (interrupts.kind === INTERRUPT_NONE) return [];
  const vectors = [interrupts.configVector as number];
  for (let queue = 0; queue < queueCount; queue++) {
    const vector: number = interrupts.queueVectors[queue];
    if (!vectors.includes(vector)) vectors.push(vector);
  }
  return vectors;
};

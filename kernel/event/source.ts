// Sources of events: what a driver shows the loop of its device.
//
//            an interrupt, wake(), wakeAt
//   asleep ───────────────────────────────▶ awake      polled in every turn; the device's interrupts are off
//      ▲                                      │
//      └──── arm(): interrupts on, and ───────┘        when a while of spinning brought nothing
//            nothing has happened meanwhile

import { clockNow } from '../hal/clock.ts';
import { fenceDevices, interruptIsNoted } from '../hal/interrupts.ts';
import { offInterrupt, onInterrupt } from './interrupts.ts';
import { endSpin, isSpinEnded, noteOverdue, spinDeadline, takeOverdue } from './waiting.ts';

/** One device, or a part of it that has interrupts of its own. */
export interface EventSource {
  /**
   * Handles all that has happened and returns whether there was anything. Called when one of the vectors was noted, and in each turn while the
   * source is awake. Takes an interrupt line's request back: the loop opens the line again afterwards.
   */
  poll(): boolean;
  /**
   * Spins. Returns true as soon as there is something to poll; false when `clockNow()` reaches `deadline`, or an interrupt of anybody is noted.
   * Looks once at least, also when `deadline` is past.
   */
  spin(deadline: number): boolean;
  /**
   * Asks the device for an interrupt at its next event, and then looks again. Returns false, and the source stays awake, when something has
   * happened meanwhile, or when the device cannot interrupt and has work under way.
   */
  arm(): boolean;
  /** How many requests are under way. They keep the program alive. */
  readonly pendingCount: number;
  /** When to poll at the latest, in nanoseconds of `clockNow()`: the deadline of the oldest request. Infinity without one. */
  readonly wakeAt: number;
}

interface Registration {
  readonly source: EventSource;
  readonly vectors: readonly number[];
  readonly listener: () => void;
}

let registrations: Registration[] = [];

/** Those of `registrations`. */
let sources: EventSource[] = [];

let missedCount = 0;

/** The sources that are awake. */
const awake: EventSource[] = [];

/** Adds a source that the loop looks after from now on, awake at first. `vectors` are those that its device sends; none when it cannot. */
export const addSource = (source: EventSource, vectors: readonly number[]): void => {
  const listener = (): void => wake(source);
  registrations.push({ source, vectors, listener });
  sources.push(source);
  for (const vector of vectors) onInterrupt(vector, listener);
  wake(source);
};

/** Forgets a source: its device was given up, or starts again with other vectors. What it has under way is nobody's any more. */
export const removeSource = (source: EventSource): void => {
  for (const { vectors, listener, source: each } of registrations)
    if (each === source) for (const vector of vectors) offInterrupt(vector, listener);
  registrations = registrations.filter((each) => each.source !== source);
  sources = sources.filter((each) => each !== source);
  const index = awake.indexOf(source);
  if (index >= 0) awake.splice(index, 1);
};

/** Tells the loop that a source has work: a request was submitted. Nothing happens when it is awake already. */
export const wake = (source: EventSource): void => {
  for (const each of awake) if (each === source) return;
  awake.push(source);
};

/** Returns whether a request of any source is under way. For the loop. */
export const isAnythingPending = (): boolean => {
  for (const { pendingCount } of sources) if (pendingCount > 0) return true;
  return false;
};

/** Polls the sources that are awake, and those that want to be by now. For the loop. */
export const pollSources = (): void => {
  if (takeOverdue()) wakeOverdue(clockNow());
  for (const source of awake) if (source.poll()) endSpin();
};

const wakeOverdue = (now: number): void => {
  for (const source of sources) {
    const at = source.wakeAt;
    if (at <= now) wakeLate(source);
    else if (at !== Infinity) noteOverdue(at);
  }
};

const wakeLate = (source: EventSource): void => {
  const isAsleep = awake.indexOf(source) < 0;
  if (isAsleep && source.spin(0)) {
    fenceDevices(); // The device has told something before; behind this it has interrupted, too.
    if (!interruptIsNoted()) missedCount += 1;
  }
  wake(source);
};

/**
 * Returns how often a source that slept had something when its time came, and no interrupt had said so. It is a lost wake-up, where a device interrupts
 * in the same breath as it answers; another one's may be on its way.
 */
export const missedWakeUps = (): number => missedCount;

/** Spins the awake sources that have requests under way. Returns true as soon as there is something to poll. For the loop. */
export const spinSources = (): boolean => {
  let busy: EventSource | undefined;
  let busyCount = 0;
  for (const source of awake) {
    if (source.pendingCount === 0) continue;
    busy = source;
    busyCount += 1;
  }
  if (busy === undefined) return false;
  return busyCount === 1 ? busy.spin(spinDeadline()) : spinInTurn();
};

/** One source spins by itself; several are looked at in turn. */
const spinInTurn = (): boolean => {
  const deadline = spinDeadline();
  do {
    for (const source of awake) if (source.pendingCount > 0 && source.spin(0)) return true;
  } while (!isSpinEnded(deadline));
  return false;
};

/** Puts the awake sources to sleep. Returns false when one of them must stay awake. For the loop. */
export const armSources = (): boolean => {
  endSpin();
  for (let index = awake.length - 1; index >= 0; index--) {
    const source = awake[index]!;
    if (!source.arm()) continue;
    const last = awake.pop()!;
    if (last !== source) awake[index] = last;
    const at = source.wakeAt;
    if (at !== Infinity) noteOverdue(at);
  }
  return awake.length === 0;
};

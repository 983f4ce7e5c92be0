// Sources of events: what a driver shows the loop of its device.
//
//            an interrupt, wake(), wakeAt
//   asleep ───────────────────────────────▶ awake      polled in every turn; the device's interrupts are off
//      ▲                                      │
//      └──── arm(): interrupts on, and ───────┘        when a while of spinning brought nothing
//            nothing has happened meanwhile

import { clockNow } from '../hal/clock.ts';
import { fenceDevices, interruptIsNoted } from '../hal/interrupts.ts';
import { listenFor, offInterrupt } from './interrupts.ts';
import {
  addNumber,
  endSpin,
  isSpinEnded,
  NO_SOURCE,
  nextAwake,
  noteOverdue,
  removeNumber,
  sleepSource,
  spinDeadline,
  takeOverdue,
  takeUnsent,
  wakeSource,
} from './waiting.ts';

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
  /**
   * Tells the device what jobs have asked for. Called behind them when `noteUnsent` of waiting.ts was called with the number of the source; whoever does not
   * call that has none.
   */
  send?(): void;
  /** How many requests are under way. They keep the program alive. */
  readonly pendingCount: number;
  /** When to poll at the latest, in nanoseconds of `clockNow()`: the deadline of the oldest request. Infinity without one. */
  readonly wakeAt: number;
}

/** What takes the interrupts of a source. */
interface Registration {
  readonly vectors: readonly number[];
  readonly listener: () => void;
}

// By number of a source; undefined where a number is free.
const sources: (EventSource | undefined)[] = [];
const registrations: (Registration | undefined)[] = [];

let missedCount = 0;

/**
 * Adds a source that the loop looks after from now on, awake at first. `vectors` are those that its device sends; none when it cannot. Returns its number,
 * by which a machine module wakes it (`wakeSource` of waiting.ts).
 */
export const addSource = (source: EventSource, vectors: readonly number[]): number => {
  const number: number = addNumber();
  const listener = (): void => wakeSource(number);
  sources[number] = source;
  registrations[number] = { vectors, listener };
  for (const vector of vectors) listenFor(vector, listener, number);
  return number;
};

/** Forgets a source: its device was given up, or starts again with other vectors. What it has under way is nobody's any more. */
export const removeSource = (source: EventSource): void => {
  const number = numberOf(source);
  if (number < 0) return;
  const { vectors, listener } = registrations[number]!;
  for (const vector of vectors) offInterrupt(vector, listener);
  sources[number] = undefined;
  registrations[number] = undefined;
  removeNumber(number);
};

/** Tells the loop that a source has work: a request was submitted. Nothing happens when it is awake already. */
export const wake = (source: EventSource): void => {
  const number = numberOf(source);
  if (number >= 0) wakeSource(number);
};

const numberOf = (source: EventSource): number => {
  for (let number = 0; number < sources.length; number++) if (sources[number] === source) return number;
  return NO_SOURCE;
};

/** Returns whether a request of any source is under way. For the loop. */
export const isAnythingPending = (): boolean => {
  for (const source of sources) if (source !== undefined && source.pendingCount > 0) return true;
  return false;
};

/** Polls the sources that are awake, and those that want to be by now. For the loop. */
export const pollSources = (): void => {
  if (takeOverdue()) wakeOverdue(clockNow());
  for (let number: number = nextAwake(0); number >= 0; number = nextAwake(number + 1)) {
    if (sources[number]!.poll()) endSpin();
  }
};

/** Has the sources send what jobs have asked for. For the loop. */
export const sendUnsent = (): void => {
  for (let number: number = takeUnsent(); number >= 0; number = takeUnsent()) sources[number]!.send?.();
};

const wakeOverdue = (now: number): void => {
  for (const source of sources) {
    if (source === undefined) continue;
    const at = source.wakeAt;
    if (at <= now) wakeLate(source);
    else if (at !== Infinity) noteOverdue(at);
  }
};

const wakeLate = (source: EventSource): void => {
  const number = numberOf(source);
  const isAsleep = nextAwake(number) !== number;
  if (isAsleep && source.spin(0)) {
    fenceDevices(); // The device has told something before; behind this it has interrupted, too.
    if (!interruptIsNoted()) missedCount += 1;
  }
  wakeSource(number);
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
  for (let number: number = nextAwake(0); number >= 0; number = nextAwake(number + 1)) {
    const source = sources[number]!;
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
    for (let number: number = nextAwake(0); number >= 0; number = nextAwake(number + 1)) {
      const source = sources[number]!;
      if (source.pendingCount > 0 && source.spin(0)) return true;
    }
  } while (!isSpinEnded(deadline));
  return false;
};

/** Puts the awake sources to sleep. Returns false when one of them must stay awake. For the loop. */
export const armSources = (): boolean => {
  endSpin();
  for (let number: number = nextAwake(0); number >= 0; number = nextAwake(number + 1)) {
    const source = sources[number]!;
    if (!source.arm()) continue;
    sleepSource(number);
    const at = source.wakeAt;
    if (at !== Infinity) noteOverdue(at);
  }
  return nextAwake(0) < 0;
};

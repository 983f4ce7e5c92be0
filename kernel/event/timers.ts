// Timers: setTimeout, setInterval and what clears them, with the names, the arguments and the order that Node has.
//
// Time is in whole milliseconds. A timer's starts when it is set; an interval's next when its callback is called. Due timers run list by
// list (timer-queue.ts), each list as far as it was due when the turn began.

import { clockNow } from '../hal/clock.ts';
import { checkCallback } from '../runtime/callback.ts';
import { runJobs } from '../runtime/jobs.ts';
import { beginTimer, endTask } from './task.ts';
import {
  enqueue,
  firstList,
  listOf,
  NS_PER_MS,
  postpone,
  type QueuedTimer,
  removeList,
  type TimerList,
  unlink,
} from './timer-queue.ts';

type Callback = (...values: unknown[]) => unknown;

/** The longest duration. A longer one, or none, becomes 1 ms. */
const DURATION_MAX_MS = 0x7fffffff;

/** How many timers keep the program alive. */
let refCount = 0;

/** The timers whose number was asked for. */
const timersById = new Map<number, TimerObject>();
let lastId = 0;

/** What setTimeout and setInterval return: Timeout. */
export class TimerObject implements QueuedTimer {
  startMs = 0;
  list: TimerList | undefined = undefined;
  next: QueuedTimer | undefined = undefined;
  previous: QueuedTimer | undefined = undefined;
  /** Undefined when it was cleared. */
  callback: Callback | undefined;
  readonly values: readonly unknown[];
  /** As it was given, with a fraction. */
  readonly durationMs: number;
  readonly isInterval: boolean;
  isRef = true;
  /** False when it has run or was cleared. */
  isActive = true;
  /** Cleared before it ran: that is for ever. */
  isCleared = false;
  id = 0;

  constructor(callback: Callback, delay: unknown, values: readonly unknown[], isInterval: boolean) {
    const durationMs = Number(delay);
    this.callback = callback;
    this.values = values;
    this.durationMs = durationMs >= 1 && durationMs <= DURATION_MAX_MS ? durationMs : 1;
    this.isInterval = isInterval;
    refCount += 1;
    start(this, nowMs());
  }

  /** Lets the timer keep the program alive, as every timer does at first. */
  ref(): this {
    if (!this.isRef && this.isActive) refCount += 1;
    this.isRef = true;
    return this;
  }

  /** Lets the program end while the timer waits. */
  unref(): this {
    if (this.isRef && this.isActive) refCount -= 1;
    this.isRef = false;
    return this;
  }

  /** Returns whether the timer keeps the program alive. */
  hasRef(): boolean {
    return this.isRef;
  }

  /** Lets the timer's time begin anew, also when it has run already. A cleared one stays cleared. */
  refresh(): this {
    if (this.isCleared) return this;
    start(this, nowMs());
    if (!this.isActive && this.isRef) refCount += 1;
    this.isActive = true;
    return this;
  }

  /** Clears the timer. */
  close(): this {
    clearTimer(this);
    return this;
  }

  /** Returns a number that clears the timer too: what Node has as [Symbol.toPrimitive] (scripts/lower/values/built-ins.ts). */
  valueOf(): number {
    if (this.id === 0) {
      lastId += 1;
      this.id = lastId;
    }
    if (this.isActive) timersById.set(this.id, this);
    return this.id;
  }
}

/** setTimeout. */
export const startTimeout = (callback: unknown, delay?: unknown, ...values: unknown[]): TimerObject => {
  checkCallback(callback);
  return new TimerObject(callback, delay, values, false);
};

/** setInterval. */
export const startInterval = (callback: unknown, delay?: unknown, ...values: unknown[]): TimerObject => {
  checkCallback(callback);
  return new TimerObject(callback, delay, values, true);
};

/** clearTimeout and clearInterval: takes a timer, or its number, also as text. Anything else has no effect. */
export const clearTimer = (timer?: unknown): void => {
  const found = timer instanceof TimerObject ? timer : timerWithId(timer);
  if (found?.callback === undefined) return;
  found.callback = undefined;
  if (!found.isActive) return;
  found.isCleared = true;
  unlink(found);
  finish(found);
  // An empty list is of no use. One whose last timer kept nothing alive stays all the same: it keeps the place that it has on Node.
  const list = listOf(Math.trunc(found.durationMs));
  if (found.isRef && list !== undefined && list.first === undefined) removeList(list);
};

/** Returns whether a timer keeps the program alive. For the loop. */
export const hasRefTimer = (): boolean => refCount > 0;

/** Calls what is due now, and runs jobs behind each callback. What becomes due meanwhile waits for the next turn. For the loop. */
export const runDueTimers = (): void => {
  const now = nowMs();
  for (let list = firstList(); list !== undefined && list.dueMs <= now; list = firstList()) {
    runList(list, now);
    runJobs();
  }
};

/** Calls the timers of a list that are due. Jobs run before each but the first. */
const runList = (list: TimerList, now: number): void => {
  let isFirst = true;
  for (let timer = list.first; timer !== undefined; timer = list.first) {
    if (now - timer.startMs < list.durationMs) {
      postpone(list, timer.startMs + list.durationMs);
      return;
    }
    if (!isFirst) runJobs();
    isFirst = false;
    unlink(timer); // Even if a job has just refreshed it.
    run(timer as TimerObject);
  }
  removeList(list);
};

const run = (timer: TimerObject): void => {
  const startMs = timer.isInterval ? nowMs() : 0;
  // Undefined when a job has just cleared it, or when it was cleared after it had run and then refreshed.
  if (timer.callback !== undefined) {
    beginTimer(timer.callback);
    timer.callback(...timer.values);
    endTask();
  }
  if (!timer.isActive) return;
  if (timer.isInterval) start(timer, startMs);
  else if (timer.list === undefined) finish(timer);
};

const start = (timer: TimerObject, startMs: number): void => {
  enqueue(timer, Math.trunc(timer.durationMs), startMs);
};

const finish = (timer: TimerObject): void => {
  timer.isActive = false;
  if (timer.isRef) refCount -= 1;
  if (timer.id > 0) timersById.delete(timer.id);
};

const timerWithId = (id: unknown): TimerObject | undefined => {
  if (typeof id === 'number') return timersById.get(id);
  return typeof id === 'string' ? timersById.get(Number(id)) : undefined;
};

const nowMs = (): number => Math.floor(clockNow() / NS_PER_MS);

// Timers in the order in which they are due.
//
//   heap of lists, the earliest first       each list: one duration, in the order in which its timers were started
//
//     due at 120 ms ── 20 ms: ● ─ ● ─ ●
//     due at 150 ms ── 50 ms: ●
//
// Of one duration, who started first is due first: starting and stopping a timer touches an end of its list. Only a new duration, or a list
// whose first timer has gone, costs a way through the heap. Among lists that are due at the same millisecond, the one that took its place
// first comes first.

import { setFirstTimer } from './waiting.ts';

/** Nanoseconds, the clock's unit, in a millisecond, that of timers. */
export const NS_PER_MS = 1_000_000;

/** What the queue keeps in a timer. */
export interface QueuedTimer {
  startMs: number;
  /** The list that the timer is in. */
  list: TimerList | undefined;
  next: QueuedTimer | undefined;
  previous: QueuedTimer | undefined;
}

/** The timers of one duration. */
export class TimerList {
  /** A whole number of milliseconds. */
  readonly durationMs: number;
  /** Not later than the first timer's. */
  dueMs: number;
  /** Counts the places taken in the heap. */
  turn: number;
  /** Index in the heap. */
  index = 0;
  first: QueuedTimer | undefined = undefined;
  last: QueuedTimer | undefined = undefined;

  constructor(durationMs: number, dueMs: number, turn: number) {
    this.durationMs = durationMs;
    this.dueMs = dueMs;
    this.turn = turn;
  }
}

const heap: TimerList[] = [];
const lists = new Map<number, TimerList>();
let turns = 0;

/** Returns the list that is due first, undefined when there is none. */
export const firstList = (): TimerList | undefined => heap[0];

/** Returns the list of a duration, undefined when there is none. */
export const listOf = (durationMs: number): TimerList | undefined => lists.get(durationMs);

/** Puts a timer behind those of the same duration, out of the list it was in. */
export const enqueue = (timer: QueuedTimer, durationMs: number, startMs: number): void => {
  unlink(timer);
  let list = lists.get(durationMs);
  if (list === undefined) {
    turns += 1;
    list = new TimerList(durationMs, startMs + durationMs, turns);
    lists.set(durationMs, list);
    heap.push(list);
    rise(list, heap.length - 1);
  }
  timer.startMs = startMs;
  timer.list = list;
  timer.previous = list.last;
  if (list.last === undefined) list.first = timer;
  else list.last.next = timer;
  list.last = timer;
};

/** Takes a timer out of its list, which stays even when it is empty now. Nothing happens when it is in none. */
export const unlink = (timer: QueuedTimer): void => {
  const { list, next, previous } = timer;
  if (list === undefined) return;
  if (previous === undefined) list.first = next;
  else previous.next = next;
  if (next === undefined) list.last = previous;
  else next.previous = previous;
  timer.list = undefined;
  timer.next = undefined;
  timer.previous = undefined;
};

/** Lets a list wait until `dueMs`, behind others that are due then. */
export const postpone = (list: TimerList, dueMs: number): void => {
  turns += 1;
  list.dueMs = dueMs;
  list.turn = turns;
  sink(list, list.index);
};

/** Removes a list without timers. Nothing happens when another has taken its place. */
export const removeList = (list: TimerList): void => {
  if (lists.get(list.durationMs) !== list) return;
  lists.delete(list.durationMs);
  const last = heap.pop()!;
  if (heap.length === 0) setFirstTimer(0);
  if (last === list) return;
  rise(last, list.index);
  sink(last, last.index);
};

const isBefore = (a: TimerList, b: TimerList): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.turn < b.turn);

/** Puts `list` at `index`, or nearer to the top where it belongs. */
const rise = (list: TimerList, index: number): void => {
  let at = index;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(list, heap[parent]!)) break;
    place(heap[parent]!, at);
    at = parent;
  }
  place(list, at);
};

/** Puts `list` at `index`, or further from the top where it belongs. */
const sink = (list: TimerList, index: number): void => {
  let at = index;
  for (let child = at * 2 + 1; child < heap.length; child = at * 2 + 1) {
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, list)) break;
    place(heap[child]!, at);
    at = child;
  }
  place(list, at);
};

const place = (list: TimerList, index: number): void => {
  heap[index] = list;
  list.index = index;
  if (index === 0) setFirstTimer(list.dueMs * NS_PER_MS);
};

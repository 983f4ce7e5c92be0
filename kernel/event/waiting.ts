'use machine';
// What the loop knows of time, of vectors and of who is awake: how long it may spin, how long it may halt, which sources to poll, and which lines to
// open again. Here because every turn of the loop asks for it.

import { assert } from '../base/assert.ts';
import {
  type bool,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../base/machine.ts';
import { clockNow } from '../hal/clock.ts';
import {
  idleUntil,
  interruptIsNoted,
  interruptNext,
  interruptRearm,
  NO_DEADLINE,
  VECTOR_NONE,
} from '../hal/interrupts.ts';
import { panicWrite, panicWriteNumber } from '../hal/panic.ts';

/** How long a source is spun after it last had something: longer than a disk takes that answers from memory, shorter than anybody notices. */
const SPIN_NS: u53 = 100_000;

const VECTOR_COUNT: u32 = 256;

const NS_PER_US: u32 = 1000;

/** Sources that there can be at a time. */
export const SOURCE_COUNT_MAX: u32 = 1024;

/** No source. */
export const NO_SOURCE: i32 = -1;

class Waiting {
  /** By number of a source: it is one, and it is polled in each turn. */
  isSource: FixedArray<bool, 1024> = fixedArray(1024, false);
  isAwake: FixedArray<bool, 1024> = fixedArray(1024, false);
  /** It was asked for something that its device does not know of. */
  isUnsent: FixedArray<bool, 1024> = fixedArray(1024, false);
  hasUnsent: bool = false;
  /** Numbers are below it. */
  sourceEnd: u32 = 0;
  /** By vector: 1 more than the number of the source whose it is; 0 when it is somebody else's, or of several. */
  owners: FixedArray<u16, 256> = fixedArray(256, 0);
  /** When the first timer is due; 0 when there is none. */
  timerAt: u53 = 0;
  /** When a source that is asleep wants to be polled at the latest; 0 for never. */
  overdueAt: u53 = 0;
  /** When the present spinning ends; 0 when something has happened since it began. */
  spinEnd: u53 = 0;
  /** The vectors of this turn, whose lines stay closed until their devices were asked. */
  taken: FixedArray<u8, 256> = fixedArray(256, 0);
  takenCount: u32 = 0;
}

const waiting = new Waiting();

/** Returns a number for a source, which is awake at first. */
export const addNumber = (): u32 => {
  let source: u32 = 0;
  while (source < waiting.sourceEnd && waiting.isSource[source]) source++;
  assert(source < SOURCE_COUNT_MAX, 'there are no more than SOURCE_COUNT_MAX sources of events');
  if (source === waiting.sourceEnd) waiting.sourceEnd++;
  waiting.isSource[source] = true;
  waiting.isAwake[source] = true;
  return source;
};

/** Gives the number of a source back. */
export const removeNumber = (source: u32): void => {
  waiting.isSource[source] = false;
  waiting.isAwake[source] = false;
};

/** Has the source of this number polled in each turn. Nothing happens when it is. */
export const wakeSource = (source: u32): void => {
  waiting.isAwake[source] = true;
};

/** Has it polled in each turn, and send what it has behind the jobs of this one. */
export const noteUnsent = (source: u32): void => {
  waiting.isAwake[source] = true;
  waiting.isUnsent[source] = true;
  waiting.hasUnsent = true;
};

/** Takes one that is to send something; NO_SOURCE when there is none. */
export const takeUnsent = (): i32 => {
  if (!waiting.hasUnsent) return NO_SOURCE;
  for (let source: u32 = 0; source < waiting.sourceEnd; source++) {
    if (!waiting.isUnsent[source]) continue;
    waiting.isUnsent[source] = false;
    if (waiting.isSource[source]) return source | 0;
  }
  waiting.hasUnsent = false;
  return NO_SOURCE;
};

/** Has it polled no more. */
export const sleepSource = (source: u32): void => {
  waiting.isAwake[source] = false;
};

/** Returns the first source that is awake, from this number on; NO_SOURCE when there is none. */
export const nextAwake = (from: u32): i32 => {
  for (let source: u32 = from; source < waiting.sourceEnd; source++) if (waiting.isAwake[source]) return source | 0;
  return NO_SOURCE;
};

/** Says whose a vector is: a source is woken by it without being asked for. NO_SOURCE when others listen, too, or nobody. */
export const setOwner = (vector: u8, source: i32): void => {
  waiting.owners[vector] = source + 1;
};

/** Takes the noted vectors. Those that are a source's wake it; returns the next one that is not, VECTOR_NONE when there is none. */
export const takeVector = (): u8 => {
  while (waiting.takenCount !== VECTOR_COUNT) {
    const vector: u8 = interruptNext();
    if (vector === VECTOR_NONE) break;
    waiting.taken[waiting.takenCount] = vector;
    waiting.takenCount++;
    const owner: u16 = waiting.owners[vector];
    if (owner === 0) return vector;
    waiting.isAwake[owner - 1] = true;
  }
  return VECTOR_NONE;
};

/** Opens the level lines that were taken, now that their devices have been asked. */
export const rearmTaken = (): void => {
  for (let index: u32 = 0; index < waiting.takenCount; index++) interruptRearm(waiting.taken[index]);
  waiting.takenCount = 0;
};

/** Says when the first timer is due, in nanoseconds of `clockNow()`; 0 when there is none. */
export const setFirstTimer = (at: u53): void => {
  waiting.timerAt = at;
};

/** Returns whether a timer may be due. */
export const isTimerDue = (): bool => waiting.timerAt !== 0 && clockNow() >= waiting.timerAt;

/** Says that a source wants to be polled at `at` at the latest. */
export const noteOverdue = (at: u53): void => {
  if (waiting.overdueAt === 0 || at < waiting.overdueAt) waiting.overdueAt = at;
};

/** Returns whether the time of `noteOverdue` has come. If so it is forgotten. */
export const takeOverdue = (): bool => {
  if (waiting.overdueAt === 0 || clockNow() < waiting.overdueAt) return false;
  waiting.overdueAt = 0;
  return true;
};

/** When something has to be done that no interrupt announces. */
const nextAt = (): u53 => {
  const timerAt: u53 = waiting.timerAt === 0 ? NO_DEADLINE : waiting.timerAt;
  return waiting.overdueAt !== 0 && waiting.overdueAt < timerAt ? waiting.overdueAt : timerAt;
};

/** Returns until when to spin. */
export const spinDeadline = (): u53 => {
  if (waiting.spinEnd === 0) waiting.spinEnd = clockNow() + SPIN_NS;
  const at: u53 = nextAt();
  return waiting.spinEnd < at ? waiting.spinEnd : at;
};

/** Has the next spinning begin anew: something has happened. */
export const endSpin = (): void => {
  waiting.spinEnd = 0;
};

/** Returns whether a vector is noted, or the time is `deadline`. */
export const isSpinEnded = (deadline: u53): bool => interruptIsNoted() || clockNow() >= deadline;

/** Returns whether something is there to be done now: a vector is noted, or what no interrupt announces is due. */
export const isAnythingDue = (): bool => interruptIsNoted() || clockNow() >= nextAt();

/** Halts until then. */
export const halt = (): void => idleUntil(nextAt());

/** Says what the loop was waiting for when the machine stopped. */
export const atPanic = (): void => {
  let count: u32 = 0;
  let awakeCount: u32 = 0;
  for (let source: u32 = 0; source < waiting.sourceEnd; source++) {
    if (!waiting.isSource[source]) continue;
    count++;
    if (waiting.isAwake[source]) awakeCount++;
  }
  panicWrite('loop: ');
  panicWriteNumber(count);
  panicWrite(' sources of events, ');
  panicWriteNumber(awakeCount);
  panicWrite(' awake');
  const now: u53 = clockNow();
  if (waiting.timerAt > now) {
    panicWrite('; the next timer in ');
    panicWriteNumber(Math.floor((waiting.timerAt - now) / NS_PER_US));
    panicWrite(' us');
  } else if (waiting.timerAt === 0) panicWrite('; no timer');
  else panicWrite('; a timer is due');
  if (interruptIsNoted()) panicWrite('; an interrupt is not taken yet');
};

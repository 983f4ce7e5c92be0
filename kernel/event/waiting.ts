'use machine';
// What the loop knows of time and of vectors: how long it may spin, how long it may halt, and which lines to open again. Here because every turn
// of the loop asks for it.

import { type bool, type FixedArray, fixedArray, type u8, type u32, type u53 } from '../base/machine.ts';
import { clockNow } from '../hal/clock.ts';
import {
  idleUntil,
  interruptIsNoted,
  interruptNext,
  interruptRearm,
  NO_DEADLINE,
  VECTOR_NONE,
} from '../hal/interrupts.ts';

/** How long a source is spun after it last had something: longer than a disk takes that answers from memory, shorter than anybody notices. */
const SPIN_NS: u53 = 100_000;

const VECTOR_COUNT: u32 = 256;

class Waiting {
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

/** Takes the next noted vector; VECTOR_NONE when there is none. */
export const takeVector = (): u8 => {
  if (waiting.takenCount === VECTOR_COUNT) return VECTOR_NONE;
  const vector: u8 = interruptNext();
  if (vector === VECTOR_NONE) return VECTOR_NONE;
  waiting.taken[waiting.takenCount] = vector;
  waiting.takenCount++;
  return vector;
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

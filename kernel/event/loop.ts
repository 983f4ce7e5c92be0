// The event loop. One turn:
//
//   jobs ─▶ due timers ─▶ halt while there is nothing to do ─▶ device events ─▶ immediates ─▶ …
//
// Jobs (microtasks) run behind every callback. The program ends when nothing is alive any more: no timer, no immediate, no request under way.

import { runJobs } from '../runtime/jobs.ts';
import { hasRefImmediate, runImmediates } from './immediates.ts';
import { logStrayInterrupts, takeInterrupts } from './interrupts.ts';
import { armSources, isAnythingPending, pollSources, sendUnsent, spinSources } from './source.ts';
import { endModules } from './task.ts';
import { hasRefTimer, runDueTimers } from './timers.ts';
import { halt, isAnythingDue, isTimerDue, rearmTaken } from './waiting.ts';

/** Runs turns until nothing is alive. The end of a program that uses the loop calls it. */
export const runLoop = (): void => {
  endModules();
  runJobs();
  while (isAlive()) turn(true);
};

/** Returns whether the program goes on. */
export const isAlive = (): boolean => hasRefTimer() || hasRefImmediate() || isAnythingPending();

/** Runs one turn: does what has happened, and waits where nothing has and the program goes on. */
export const runTurn = (): void => turn(isAlive());

const turn = (goesOn: boolean): void => {
  let mayWait = goesOn;
  if (isTimerDue()) {
    runDueTimers();
    mayWait = isAlive();
  }
  if (mayWait && !hasRefImmediate()) waitForEvent();
  takeInterrupts();
  pollSources();
  runJobs();
  sendUnsent();
  rearmTaken();
  runImmediates();
};

/** Returns when something may have happened: spins while devices are quick to answer, then halts. */
const waitForEvent = (): void => {
  if (spinSources() || isAnythingDue()) return;
  logStrayInterrupts();
  // The devices are asked for interrupts, and then looked at again: what comes later ends the halt.
  if (armSources()) halt();
};

// The event loop. One turn:
//
//   jobs ─▶ due timers ─▶ halt while there is nothing to do ─▶ device events ─▶ immediates ─▶ …
//
// Jobs (microtasks) run behind every callback. The program ends when nothing is alive any more: no timer, no immediate, no request under way.

import { clockNow } from '../hal/clock.ts';
import { idleUntil, interruptIsNoted, NO_DEADLINE } from '../hal/interrupts.ts';
import { runJobs } from '../runtime/jobs.ts';
import { hasRefImmediate, runImmediates } from './immediates.ts';
import { logStrayInterrupts, rearmInterrupts, takeInterrupts } from './interrupts.ts';
import { awake, isAnythingPending, wakeOverdue } from './source.ts';
import { firstTimerAt, hasRefTimer, runDueTimers } from './timers.ts';

/** How long awake sources are spun after they last had something. Longer than a device usually takes, shorter than anybody notices. */
const SPIN_NS = 100_000;

/** When the present spinning ends; undefined when there was something since. */
let spinEnd: number | undefined;

/** When a source that is asleep wants to be polled. */
let overdueAt = Infinity;

/** Runs turns until nothing is alive. The end of a program that uses the loop calls it. */
export const runLoop = (): void => {
  runJobs();
  while (isAlive()) runTurn();
};

/** Runs one turn: does what has happened, and waits where nothing has. */
export const runTurn = (): void => {
  runDueTimers();
  if (!hasRefImmediate() && isAlive()) waitForEvent();
  pollDevices();
  runImmediates();
};

/** Returns whether the program goes on. */
export const isAlive = (): boolean => hasRefTimer() || hasRefImmediate() || isAnythingPending();

const pollDevices = (): void => {
  takeInterrupts();
  if (overdueAt !== Infinity && overdueAt <= clockNow()) overdueAt = wakeOverdue(clockNow());
  for (let index = 0; index < awake.length; index++) if (awake[index]!.poll()) spinEnd = undefined;
  rearmInterrupts();
  runJobs();
};

/** Returns when a device may have something to tell, or at the next deadline. Halts where that can be. */
const waitForEvent = (): void => {
  const until = Math.min(firstTimerAt(), overdueAt);
  if (spinAwake(until)) return;
  logStrayInterrupts();
  armAwake();
  if (awake.length === 0) idleUntil(Math.min(until, overdueAt, NO_DEADLINE));
};

/** Spins the sources that have requests under way. Returns true when there is something to do, false when they should sleep. */
const spinAwake = (until: number): boolean => {
  const busy = awake.filter(({ pendingCount }) => pendingCount > 0);
  if (busy.length === 0) return interruptIsNoted();
  spinEnd ??= clockNow() + SPIN_NS;
  const deadline = Math.min(spinEnd, until);
  // One source spins by itself; several are looked at in turn.
  do {
    for (const source of busy) if (source.spin(busy.length === 1 ? deadline : 0)) return true;
  } while (!interruptIsNoted() && clockNow() < deadline);
  return interruptIsNoted() || deadline === until;
};

const armAwake = (): void => {
  spinEnd = undefined;
  for (let index = awake.length - 1; index >= 0; index--) {
    const source = awake[index]!;
    if (!source.arm()) continue;
    awake.splice(index, 1);
    overdueAt = Math.min(overdueAt, source.wakeAt);
  }
};

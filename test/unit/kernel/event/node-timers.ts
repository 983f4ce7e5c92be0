// Node's own timers under a simulated clock: run with --expose-internals, prints what so many programs did, as JSON.

import { createRequire } from 'node:module';
import { type AnyTimer, exercises, type TimerApi } from './timer-exercise.ts';

interface Binding {
  getLibuvNow(): number;
  scheduleTimer(): void;
  toggleTimerRef(): void;
  toggleImmediateRef(): void;
  readonly immediateInfo: Uint32Array;
  readonly timeoutInfo: Int32Array;
}

interface Internals {
  getTimerCallbacks(runJobs: () => void): { processTimers(now: number): void; processImmediate(): void };
}

const require = createRequire(import.meta.url);
const binding: Binding = require('internal/test/binding').internalBinding('timers');
const internals: Internals = require('internal/timers');

const runJobs = (): void => (process as unknown as { _tickCallback(): void })._tickCallback();
const { processTimers, processImmediate } = internals.getTimerCallbacks(runJobs);
const REF_COUNT = 1; // Of immediateInfo.

let now = 0;
Object.assign(binding, {
  getLibuvNow: () => now,
  scheduleTimer: () => {},
  toggleTimerRef: () => {},
  toggleImmediateRef: () => {},
});

const numbered = (timer: NodeJS.Timeout): AnyTimer => Object.assign(timer, { number: timer[Symbol.toPrimitive]() });

const api: TimerApi = {
  setTimeout: (callback, delay, ...values) => numbered(setTimeout(callback, delay as number, ...values)),
  setInterval: (callback, delay, ...values) => numbered(setInterval(callback, delay as number, ...values)),
  setImmediate: (callback, ...values) => setImmediate(callback, ...values),
  clearTimeout: (timer) => clearTimeout(timer as number),
  clearImmediate: (immediate) => clearImmediate(immediate as NodeJS.Immediate),
  now: () => now,
  pass: (milliseconds) => {
    now += milliseconds;
  },
  runTimers: () => processTimers(now),
  runImmediates: processImmediate,
  runJobs,
  areRef: () => [binding.timeoutInfo[0]! > 0, binding.immediateInfo[REF_COUNT]! > 0],
};

process.emitWarning = (): void => {}; // A duration that is too long.
setImmediate(() => {
  const text = JSON.stringify(exercises(api, Number(process.argv[2])));
  process.stdout.write(text, () => process.exit(0));
});

// The job queue. ECMA-262 §9.5.

import { checkCallback } from './callback.ts';

declare const Porffor: { readonly promise: { runJobs(): void } };

/** Runs every job that is waiting, and those that they queue. Ends the program on a rejection that nobody handles. */
export const runJobs = (): void => {
  Porffor.promise.runJobs();
};

// Called once, while nothing waits, so that it is compiled: the end of main() is its caller in a program that never names it (scripts/patch/jobs.ts).
runJobs();

/** Runs `callback` as a job of its own; what it throws ends the program. */
export const queueJob = (callback: () => void): void => {
  checkCallback(callback);
  Promise.resolve().then(callback);
};

/** Promise.prototype.finally. ECMA-262 §27.2.5.3. */
export const settleFinally = (promise: Promise<unknown>, callback?: (() => unknown) | null): Promise<unknown> => {
  if (typeof callback !== 'function') return promise.then(callback, callback);
  return promise.then(
    (value) => Promise.resolve(callback()).then(() => value),
    (error) =>
      Promise.resolve(callback()).then(() => {
        throw error;
      }),
  );
};

/** `x.finally(callback)` where x is not known to be a promise. */
export const callFinally = (object: unknown, callback?: (() => unknown) | null): unknown =>
  object instanceof Promise ? settleFinally(object, callback) : (object as Promise<unknown>).finally(callback);

// Time for programs: how long the machine has been up, and waiting.

import { clockNow } from '../hal/clock.ts';
import { fulfil, pendingPromise, reject } from './pending.ts';
import { clearTimer, startTimeout } from './timers.ts';

const NS_PER_SECOND = 1_000_000_000;

/** Returns the seconds since kernel entry, with a fraction. */
export const uptime = (): number => clockNow() / NS_PER_SECOND;

/** Returns a promise that is fulfilled after `milliseconds`, as setTimeout counts them. Rejects with the reason of `signal` when that is aborted first. */
export const sleep = (milliseconds: number, options?: { readonly signal?: AbortSignal }): Promise<void> => {
  const promise = pendingPromise<void>();
  const signal = options?.signal;
  if (signal === undefined) {
    startTimeout(() => fulfil(promise, undefined), milliseconds);
    return promise;
  }
  if (signal.aborted) {
    reject(promise, signal.reason);
    return promise;
  }
  const giveUp = (): void => {
    clearTimer(timer);
    reject(promise, signal.reason);
  };
  const timer = startTimeout(() => {
    signal.removeEventListener('abort', giveUp);
    fulfil(promise, undefined);
  }, milliseconds);
  signal.addEventListener('abort', giveUp);
  return promise;
};

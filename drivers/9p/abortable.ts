// Work that somebody may stop waiting for.

import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';

/**
 * Returns a promise of what `work` returns, which rejects with the signal's reason as soon as that is aborted. The work goes on to its end, which its requests
 * hasten, as they have the same signal; nobody hears of it any more.
 */
export const abortable = <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
  if (signal === undefined) return work();
  if (signal.aborted) return Promise.reject(signal.reason);
  const promise = pendingPromise<T>();
  const listener = (): void => reject(promise, signal.reason);
  signal.addEventListener('abort', listener);
  const end = (): void => signal.removeEventListener('abort', listener);
  work().then(
    (value) => {
      end();
      fulfil(promise, value);
    },
    (error) => {
      end();
      reject(promise, error);
    },
  );
  return promise;
};

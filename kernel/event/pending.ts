// Promises that somebody else settles: a driver at a device's answer, a timer when its time has come.
//
// The bodies are Node's. On metal the run time's own functions take their place (scripts/patch/pending.ts), and nothing is allocated but
// the promise itself.

interface Settlers {
  readonly fulfil: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Pending = Promise<unknown> & { readonly settlers: Settlers };

/** Returns a promise that waits for `fulfil` or `reject`. */
export const pendingPromise = <T>(): Promise<T> => {
  const settlers: Settlers[] = [];
  const promise = new Promise<unknown>((fulfil, reject) => {
    settlers.push({ fulfil, reject });
  });
  return Object.assign(promise, { settlers: settlers[0] }) as Promise<unknown> as Promise<T>;
};

/**
 * Fulfils a promise of `pendingPromise` with `value`, or resolves it with one that is a promise itself. What waits for it becomes a job: it
 * runs later. A promise that has settled already stays as it is.
 */
export const fulfil = <T>(promise: Promise<T>, value: T): void => {
  (promise as Pending).settlers.fulfil(value);
};

/** Promises by the number of what they wait for: a request's slot, a buffer's index. */
export type PendingList = (Promise<unknown> | undefined)[];

/** Returns a promise that waits for `fulfilAt`, and keeps it at `index`: of one that was used before, or the next. */
export const pendingAt = <T>(list: PendingList, index: number): Promise<T> => {
  const promise = pendingPromise<T>();
  list[index] = promise;
  return promise;
};

/** Takes the promise at `index` out of the list, and fulfils it as `fulfil` does. Nothing happens when there is none. */
export const fulfilAt = (list: PendingList, index: number, value: unknown): void => {
  const promise = list[index];
  if (promise === undefined) return;
  list[index] = undefined;
  fulfil(promise, value);
};

/** Rejects a promise of `pendingPromise`, in the same way. A rejection that nobody handles ends the program, as any other does. */
export const reject = (promise: Promise<unknown>, error: unknown): void => {
  (promise as Pending).settlers.reject(error);
};

// Immediates: callbacks for the end of the present turn, behind the devices' events. What they set in turn waits for the next.

import { checkCallback } from '../runtime/callback.ts';
import { runJobs } from '../runtime/jobs.ts';
import { beginImmediate, endTask } from './task.ts';

type Callback = (...values: unknown[]) => unknown;

/** How many immediates keep the program alive. */
let refCount = 0;

let queue: ImmediateObject[] = [];

/** What setImmediate returns: Immediate. */
export class ImmediateObject {
  /** Undefined when it has run or was cleared. */
  callback: Callback | undefined;
  readonly values: readonly unknown[];
  isRef = true;

  constructor(callback: Callback, values: readonly unknown[]) {
    this.callback = callback;
    this.values = values;
    refCount += 1;
    queue.push(this);
  }

  /** Lets the immediate keep the program alive, as every immediate does at first. */
  ref(): this {
    if (!this.isRef && this.callback !== undefined) {
      this.isRef = true;
      refCount += 1;
    }
    return this;
  }

  /** Lets the program end before the immediate runs. */
  unref(): this {
    if (this.isRef) {
      this.isRef = false;
      refCount -= 1;
    }
    return this;
  }

  /** Returns whether the immediate keeps the program alive. One that has run does not. */
  hasRef(): boolean {
    return this.isRef;
  }
}

/** setImmediate. */
export const startImmediate = (callback: unknown, ...values: unknown[]): ImmediateObject => {
  checkCallback(callback);
  return new ImmediateObject(callback, values);
};

/** clearImmediate. Anything but an immediate that waits has no effect. */
export const clearImmediateObject = (immediate?: unknown): void => {
  if (immediate instanceof ImmediateObject) finish(immediate);
};

/** Returns whether an immediate keeps the program alive, and from halting. For the loop. */
export const hasRefImmediate = (): boolean => refCount > 0;

/** Calls the immediates that wait, and runs jobs behind each. For the loop. */
export const runImmediates = (): void => {
  if (queue.length === 0) return;
  const due = queue;
  queue = [];
  for (const immediate of due) {
    const { callback, values } = immediate;
    if (callback === undefined) continue; // Cleared.
    finish(immediate);
    beginImmediate(callback);
    callback.apply(immediate, values as unknown[]);
    endTask();
    runJobs();
  }
};

const finish = (immediate: ImmediateObject): void => {
  immediate.unref();
  immediate.callback = undefined;
};

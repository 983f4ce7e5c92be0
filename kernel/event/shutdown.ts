// The orderly end: whoever holds what is not on its medium yet flushes it, then the machine is switched off, reset or left.
//
//   poweroff() ─▶ every hook at once, at most so long ─▶ poweroffNow()
//
// Always true: the machine ends. A hook that fails or takes too long is named on the console, and what it held may be lost.

import { consoleWrite } from '../hal/console.ts';
import { EXIT_SUCCESS, exit, poweroffNow, rebootNow } from '../hal/power.ts';

/** How long the hooks have, unless a caller says otherwise: as long as a driver waits for one request. */
const DEADLINE_MS = 10_000;

/** What an end can be given along. */
export interface ShutdownOptions {
  /** How long the hooks have together. Default 10,000 ms. */
  readonly deadlineMs?: number;
}

interface Hook {
  readonly name: string;
  readonly flush: () => Promise<void>;
}

let hooks: Hook[] = [];
let isEnding = false;

/**
 * Has `flush` called before the machine ends; its promise is fulfilled when all that it stands for is on its medium. `name` is what the console calls it.
 * All hooks are called at once, so none may rely on another. Returns the function that takes it back.
 */
export const onShutdown = (name: string, flush: () => Promise<void>): (() => void) => {
  const hook = { name, flush };
  hooks.push(hook);
  return () => {
    hooks = hooks.filter((each) => each !== hook);
  };
};

/** Flushes, then switches the machine off (`poweroffNow`). The promise never settles. */
export const poweroff = (options?: ShutdownOptions): Promise<never> => end(poweroffNow, options);

/** Flushes, then resets the machine (`rebootNow`). The promise never settles. */
export const reboot = (options?: ShutdownOptions): Promise<never> => end(rebootNow, options);

/** Flushes, then leaves with `status` (`exit`). The promise never settles. */
export const shutdown = (status: number = EXIT_SUCCESS, options?: ShutdownOptions): Promise<never> =>
  end(() => exit(status), options);

/** The first call decides how the machine ends. */
const end = async (leave: () => never, options: ShutdownOptions = {}): Promise<never> => {
  if (isEnding) return new Promise<never>(() => {});
  isEnding = true;
  if (hooks.length > 0) await flushAll(hooks, options.deadlineMs ?? DEADLINE_MS);
  return leave();
};

/** Is fulfilled when every hook is done, or has had its time. */
const flushAll = (called: readonly Hook[], deadlineMs: number): Promise<void> =>
  new Promise((resolve) => {
    const waiting = new Set(called);
    const timer = setTimeout(() => {
      for (const { name } of waiting) complain(name, ` within ${deadlineMs} ms`);
      resolve();
    }, deadlineMs);
    for (const hook of called) {
      void flushed(hook).then(() => {
        waiting.delete(hook);
        if (waiting.size > 0) return;
        clearTimeout(timer);
        resolve();
      });
    }
  });

const flushed = async ({ name, flush }: Hook): Promise<void> => {
  try {
    await flush();
  } catch (error) {
    complain(name, `: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Straight to the console: a log may be off, and there is no later. */
const complain = (name: string, why: string): void =>
  consoleWrite(`shutdown: ${name} is not flushed${why}; what it held may be lost\n`);

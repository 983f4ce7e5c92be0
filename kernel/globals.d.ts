// The global names that exist on bare metal beside ECMAScript's own. A name that is not here is a type error before it is anything else.

/** Writes to the console, formatted as Node formats it. `error` and `warn` go the same way: there is one serial line. */
declare const console: {
  log(...values: readonly unknown[]): void;
  info(...values: readonly unknown[]): void;
  debug(...values: readonly unknown[]): void;
  warn(...values: readonly unknown[]): void;
  error(...values: readonly unknown[]): void;
};

/** Runs `callback` when the present task has ended, before anything else. */
declare function queueMicrotask(callback: () => void): void;

// The globals that this machine has besides ECMAScript's own library. Declarations only: the build knows what each becomes.

declare global {
  /** Lines for the person at the machine. All levels go to the one console; Node sends `warn` and `error` to its second stream. */
  interface Console {
    log(...values: unknown[]): void;
    info(...values: unknown[]): void;
    debug(...values: unknown[]): void;
    warn(...values: unknown[]): void;
    error(...values: unknown[]): void;
  }
  var console: Console;
}

export {};

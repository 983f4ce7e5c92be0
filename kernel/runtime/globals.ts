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

  /** Runs `callback` as a job, behind those that wait already. */
  function queueMicrotask(callback: () => void): void;

  /** UTF-8 of strings. */
  interface TextEncoder {
    readonly encoding: string;
    encode(text?: string): Uint8Array<ArrayBuffer>;
  }
  var TextEncoder: { new (): TextEncoder };

  /** Strings of UTF-8, the one encoding there is. */
  interface TextDecoder {
    readonly encoding: string;
    decode(bytes?: Uint8Array): string;
  }
  var TextDecoder: { new (label?: 'utf-8' | 'utf8'): TextDecoder };
}

export {};

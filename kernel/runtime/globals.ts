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

  interface Performance {
    /** The date of kernel entry, in milliseconds since 1970. */
    readonly timeOrigin: number;
    /** Returns the milliseconds since kernel entry, with a fraction. */
    now(): number;
  }
  var performance: Performance;

  /** Random values for keys and names. https://w3c.github.io/webcrypto/#Crypto-interface */
  interface Crypto {
    /**
     * Fills `array`, of 65,536 bytes at most, and returns it. Throws an OperationError where there is no entropy yet: on a processor without RDRAND, before
     * seedRandom() of drivers/open/entropy.ts was awaited.
     */
    getRandomValues<
      T extends Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array,
    >(array: T): T;
    /** Returns a random name, such as `36b8f84d-df4e-4d49-b662-bcde71a8764f`. Throws as getRandomValues does. */
    randomUUID(): string;
  }
  var crypto: Crypto;

  /** What an operation that was aborted, or took too long, throws. */
  interface DOMException extends Error {
    /** A number that some names once had: 20 for AbortError, 23 for TimeoutError, 0 for most. */
    readonly code: number;
  }
  var DOMException: {
    readonly prototype: DOMException;
    new (message?: string, name?: string | { readonly name?: string; readonly cause?: unknown }): DOMException;
  };

  /** The event that a signal's listeners are given. */
  interface AbortEvent {
    readonly type: 'abort';
    readonly target: AbortSignal;
    readonly currentTarget: AbortSignal | null;
  }
  type AbortListener =
    | ((this: AbortSignal, event: AbortEvent) => unknown)
    | { handleEvent(event: AbortEvent): unknown };
  interface AbortListenerOptions {
    readonly once?: boolean;
    readonly capture?: boolean;
    readonly signal?: AbortSignal;
  }

  /** Tells operations that nobody waits for them any more. */
  interface AbortSignal {
    readonly aborted: boolean;
    readonly reason: unknown;
    onabort: ((this: AbortSignal, event: AbortEvent) => unknown) | null;
    throwIfAborted(): void;
    addEventListener(type: 'abort', listener: AbortListener, options?: boolean | AbortListenerOptions): void;
    removeEventListener(type: 'abort', listener: AbortListener, options?: boolean | AbortListenerOptions): void;
  }
  interface AbortSignalConstructor {
    readonly prototype: AbortSignal;
    /** Always throws: signals come from a controller. */
    new (): AbortSignal;
    /** Returns a signal that is aborted already. */
    abort(reason?: unknown): AbortSignal;
    /** Returns a signal that is aborted when the first of `signals` is. */
    any(signals: Iterable<AbortSignal>): AbortSignal;
    /** Returns a signal that is aborted after `milliseconds`, with a DOMException of the name TimeoutError. It keeps no program alive. */
    timeout(milliseconds: number): AbortSignal;
  }
  var AbortSignal: AbortSignalConstructor;

  /** The owner of a signal. */
  interface AbortController {
    readonly signal: AbortSignal;
    /** Aborts the signal, once. Without a reason it is a DOMException of the name AbortError. */
    abort(reason?: unknown): void;
  }
  var AbortController: { readonly prototype: AbortController; new (): AbortController };

  namespace NodeJS {
    /** A timer of setTimeout or setInterval. */
    interface Timeout {
      /** Lets the timer keep the program alive, as every timer does at first. */
      ref(): this;
      /** Lets the program end while the timer waits. */
      unref(): this;
      hasRef(): boolean;
      /** Lets the timer's time begin anew, also when it has run already. */
      refresh(): this;
      /** Clears the timer. */
      close(): this;
      /** Returns a number that clears the timer too. */
      [Symbol.toPrimitive](): number;
    }

    /** An immediate of setImmediate. */
    interface Immediate {
      ref(): this;
      /** Lets the program end before the immediate runs. */
      unref(): this;
      hasRef(): boolean;
    }
  }

  /** Calls `callback` with `values` once, `delay` milliseconds from now: 1 when that is less, more than 2^31 - 1, or no number. */
  function setTimeout<V extends unknown[]>(
    callback: (...values: V) => void,
    delay?: number,
    ...values: V
  ): NodeJS.Timeout;
  /** The same for a function that takes nothing, or anything: `resolve` of a promise. */
  // biome-ignore lint/suspicious/noConfusingVoidType: only a function that can be called with nothing takes void.
  function setTimeout(callback: (value: void) => void, delay?: number): NodeJS.Timeout;
  /** Calls `callback` with `values` every `delay` milliseconds. */
  function setInterval<V extends unknown[]>(
    callback: (...values: V) => void,
    delay?: number,
    ...values: V
  ): NodeJS.Timeout;
  /** Calls `callback` with `values` at the end of this turn of the event loop, behind the events of devices. */
  function setImmediate<V extends unknown[]>(callback: (...values: V) => void, ...values: V): NodeJS.Immediate;

  /** Clears a timer, or the one that has this number. Anything else has no effect. */
  function clearTimeout(timer?: NodeJS.Timeout | string | number | null): void;
  function clearInterval(timer?: NodeJS.Timeout | string | number | null): void;
  function clearImmediate(immediate?: NodeJS.Immediate | null): void;

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

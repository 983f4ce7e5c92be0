// What a real-time clock device is to those who use one: clocks of the host. Types only: a driver implements it.

/** What a call that waits can be given along. */
export interface RtcOptions {
  /** Aborted, it rejects the promise with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * What a clock counts: UTC with leap seconds as steps, TAI, the time since some moment of the past, UTC that is slowed down or sped up around leap seconds, or one of the two as it
 * likes. `other`: what no specification says. VIRTIO 1.4 §5.22.6.1
 */
export type RtcClockType = 'utc' | 'tai' | 'monotonic' | 'utc-smeared' | 'utc-maybe-smeared' | 'other';

/** A time: since 1970-01-01T00:00:00 of the clock's standard, or since the moment of a monotonic clock. */
export interface RtcTime {
  readonly seconds: number;
  /** From 0 to 999,999,999. */
  readonly nanoseconds: number;
}

/** A time, and when it was read. */
export interface RtcReading extends RtcTime {
  /** The time of the kernel's own clock, `clockNow()`, in nanoseconds. */
  readonly at: number;
  /** By how much `at` may be wrong, in nanoseconds either way. */
  readonly uncertaintyNs: number;
}

/** The alarm of a clock. */
export interface RtcAlarm extends RtcTime {
  readonly isEnabled: boolean;
}

/** One clock. */
export interface RtcClock {
  /** Its number with the device. */
  readonly id: number;
  readonly type: RtcClockType;
  /** How a smeared clock goes around leap seconds, by the names of the specification: `UNSPECIFIED`, `NOON_LINEAR`, `UTC_SLS`. */
  readonly smearing: string;
  /** The device reads it together with the processor's time-stamp counter, which makes readings exact. */
  readonly isCrossRead: boolean;
  readonly hasAlarm: boolean;

  /** Returns the clock's time. */
  read(options?: RtcOptions): Promise<RtcReading>;

  /** Returns its alarm. Rejects with `unsupported` where it has none. */
  alarm(options?: RtcOptions): Promise<RtcAlarm>;
  /** Has the device say when it is that time, at once when it has passed; undefined takes the alarm back. It is set again when the device was reset. */
  setAlarm(time: RtcTime | undefined, options?: RtcOptions): Promise<void>;
  /** Calls `listener` when the device says that the alarm's time has come. It keeps the program alive. Returns the function that ends it. */
  onAlarm(listener: () => void): () => void;
}

/** A real-time clock device. Promises reject with a DeviceFailure (failure.ts). */
export interface RtcDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-rtc`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  readonly clocks: readonly RtcClock[];

  /**
   * Sets the date of this machine, which `Date` shows, by the first clock that counts UTC. Returns the reading. Rejects with `unsupported` when there is no such clock. `performance.now()` and timers
   * go on as before.
   */
  setDate(options?: RtcOptions): Promise<RtcReading>;

  /** Gives the device back: it is reset, all promises reject with `closed`, and its memory is free again. */
  close(): Promise<void>;
}

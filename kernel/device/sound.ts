// What a sound device is to those who use one: streams of samples out of the program and into it, and what the device has besides. Types only: a driver implements
// it.
//
//   playback   write ─▶ periods of the stream's buffer ─▶ device        capture   device ─▶ periods of the stream's buffer ─▶ read
//
//   prepared ── start ──▶ running ── stop ──▶ stopped ── release ──▶ released ── prepare ──▶ prepared
//       │                    ▲                   │                      ▲
//       │                    └────── start ──────┘                      │
//       └──────────────────────────── release ──────────────────────────┘
//
// A call in another state rejects with `invalid-argument`, and the device hears nothing of it.

/** Where samples go: out of the program, or into it. */
export type SoundDirection = 'output' | 'input';

/** How a sample is stored, little endian, as in VIRTIO: the width, and behind a dash the bytes that it takes where it does not fill them. */
export type SampleFormat =
  | 'mu-law'
  | 'a-law'
  | 's8'
  | 'u8'
  | 's16'
  | 'u16'
  | 's18-3'
  | 'u18-3'
  | 's20-3'
  | 'u20-3'
  | 's24-3'
  | 'u24-3'
  | 's20'
  | 'u20'
  | 's24'
  | 'u24'
  | 's32'
  | 'u32'
  | 'float'
  | 'float64'
  | 'dsd-u8'
  | 'dsd-u16'
  | 'dsd-u32'
  | 'iec958-subframe';

/** What a stream of the device can. */
export interface SoundStreamInfo {
  /** Its number with the device. */
  readonly index: number;
  readonly direction: SoundDirection;
  /** The function group: jacks, streams and channel maps of one belong together. */
  readonly group: number;
  readonly formats: readonly SampleFormat[];
  /** Frames a second. */
  readonly rates: readonly number[];
  readonly channelsMin: number;
  readonly channelsMax: number;
  /** Whether the device itself says that it had no samples, or no room for them. */
  readonly reportsXruns: boolean;
}

/** Which samples, and how many of them at a time. */
export interface SoundStreamOptions {
  /** Frames a second, one of the stream's. */
  readonly rate: number;
  /** Samples a frame; they stand one behind the other. */
  readonly channels: number;
  readonly format: SampleFormat;
  /** Number of the stream. Default: the first of the direction that is not in use and can do this. */
  readonly stream?: number;
  /** Frames of a period: the device says when it is done with one. Default: 20 ms of them. */
  readonly periodFrames?: number;
  /** Periods of the buffer, at least 2. Default: 8. */
  readonly periodCount?: number;
}

/** Samples as bytes; or as numbers, for the formats `s16` and `float`. */
export type Samples = Uint8Array | Int16Array | Float32Array;

/** What a call that waits can be given along. */
export interface SoundOptions {
  /** Aborted, it rejects the promise with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Where a stream stands; `closed` is the end of it, also when its device has failed. */
export type SoundStreamState = 'prepared' | 'running' | 'stopped' | 'released' | 'closed';

/** A stream in use. Calls that change its state take effect in their order. Promises reject with a DeviceFailure (failure.ts). */
export interface SoundStream {
  readonly info: SoundStreamInfo;
  readonly rate: number;
  readonly channels: number;
  readonly format: SampleFormat;
  /** Bytes of a frame: a sample of each channel. */
  readonly frameBytes: number;
  readonly periodFrames: number;
  readonly periodCount: number;
  readonly state: SoundStreamState;
  /** Frames that the device has taken, or recorded. */
  readonly frameCount: number;
  /** How often the device ran out of samples, or of room for them. */
  readonly xrunCount: number;
  /** How far the device is behind, as it says: bytes. */
  readonly latencyBytes: number;

  /** Has the device go on. */
  start(): Promise<void>;

  /** Has it pause: what it has stays with it. */
  stop(): Promise<void>;

  /** Takes everything back from the device; what was not played or read is gone. */
  release(): Promise<void>;

  /** Makes a released stream ready again, with the parameters that it had. */
  prepare(): Promise<void>;

  /** Calls `listener` whenever `xrunCount` has grown. Returns the function that ends it. */
  onXrun(listener: () => void): () => void;

  /** Calls `listener` whenever the device is done with a period. Returns the function that ends it. */
  onPeriod(listener: () => void): () => void;

  /** Stops and releases the stream, whatever its state: others may have it then. What waits rejects with `closed`. */
  close(): Promise<void>;
}

/** A stream that is played. */
export interface PlaybackStream extends SoundStream {
  /**
   * Is fulfilled when the stream's buffer has taken all samples, whole frames of them, which must not change until then. Writes are taken in the order of the
   * calls. The stream starts by itself when its buffer is full for the first time. Aborted, what was taken is played, and nothing more.
   */
  write(samples: Samples, options?: SoundOptions): Promise<void>;

  /** Is fulfilled when the device has taken all that was written, and has stopped. Starts a stream that waits. Nothing can be written meanwhile. */
  drain(): Promise<void>;
}

/** A stream that is recorded. */
export interface CaptureStream extends SoundStream {
  /**
   * Returns the next samples, a period of them, in bytes of their own. Starts a stream that is prepared. One that was stopped gives what it has, and then none: an
   * empty array.
   */
  read(options?: SoundOptions): Promise<Uint8Array>;
}

/** A socket that something may be plugged into. */
export interface SoundJack {
  readonly index: number;
  readonly group: number;
  readonly isConnected: boolean;
  readonly canRemap: boolean;
  /** The registers Pin Default Configuration and Pin Capabilities of the High Definition Audio specification. */
  readonly pinConfiguration: number;
  readonly pinCapabilities: number;

  /** Changes its association and sequence, 0 to 15 each. Rejects with `unsupported` where it cannot. */
  remap(association: number, sequence: number): Promise<void>;
}

/** Which channel is which, for all streams of a direction in a function group. */
export interface SoundChannelMap {
  readonly group: number;
  readonly direction: SoundDirection;
  /** By channel: `FL`, `FR`, `LFE` and so on, as in the specification. */
  readonly positions: readonly string[];
}

/** What the values of a control are. */
export type SoundControlType = 'boolean' | 'integer' | 'integer64' | 'enumerated' | 'bytes' | 'iec958';

/** What of a control has changed. */
export interface SoundControlChange {
  readonly value: boolean;
  readonly info: boolean;
  readonly metadata: boolean;
}

/** More about a control, such as the decibels that its values stand for, in the way of ALSA. */
export interface SoundMetadata {
  readonly type: number;
  /** A multiple of 4 bytes. */
  readonly value: Uint8Array;
}

/** A knob or a switch. What it does not allow rejects with `unsupported`, and the device hears nothing of it. */
export interface SoundControl {
  readonly index: number;
  readonly group: number;
  readonly name: string;
  /** Tells controls of the same name apart. */
  readonly nameIndex: number;
  readonly role: 'undefined' | 'volume' | 'mute' | 'gain';
  /** Undefined where the role is. */
  readonly direction: SoundDirection | undefined;
  readonly type: SoundControlType;
  /** Numbers of a value: 1 to 512; of `iec958` it is 176 bytes. */
  readonly count: number;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** The value changes without being told. */
  readonly isVolatile: boolean;
  /** It has no effect. */
  readonly isInactive: boolean;
  readonly canReadMetadata: boolean;
  readonly canWriteMetadata: boolean;
  readonly canCommandMetadata: boolean;
  /** The least and the greatest number of a value; the step is 0 where it varies. */
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  /** Of `enumerated`: what the numbers mean. */
  readonly items: readonly string[];

  /** Returns the value: `count` numbers. Those of `integer64` are exact up to 2^53. */
  read(): Promise<number[]>;

  /** Sets the value. Rejects with `invalid-argument` for another count, `out-of-range` for numbers that it cannot have. */
  write(value: readonly number[]): Promise<void>;

  /** Returns up to 4 KiB of its metadata. */
  readMetadata(): Promise<SoundMetadata>;

  /** Sets its metadata, up to 4 KiB. */
  writeMetadata(metadata: SoundMetadata): Promise<void>;

  /** Has the device do what the metadata say. */
  commandMetadata(metadata: SoundMetadata): Promise<void>;
}

/** A sound card. */
export interface SoundDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-sound`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  readonly streams: readonly SoundStreamInfo[];
  readonly jacks: readonly SoundJack[];
  readonly channelMaps: readonly SoundChannelMap[];
  readonly controls: readonly SoundControl[];

  /**
   * Makes a stream ready to play. Rejects with `unsupported` where no stream can do what the options say, `invalid-argument` when those that can are in use,
   * `no-memory` when there is none for the buffer.
   */
  playback(options: SoundStreamOptions): Promise<PlaybackStream>;

  /** The same to record. */
  capture(options: SoundStreamOptions): Promise<CaptureStream>;

  /** Calls `listener` whenever something was plugged in or out. Returns the function that ends it; until then the program goes on. */
  onJackChange(listener: (jack: SoundJack) => void): () => void;

  /** Calls `listener` whenever a control has changed. Returns the function that ends it; until then the program goes on. */
  onControlChange(listener: (control: SoundControl, change: SoundControlChange) => void): () => void;

  /** Closes its streams and gives the device back: it is reset, what waits rejects with `closed`, and its memory is free again. */
  close(): Promise<void>;
}

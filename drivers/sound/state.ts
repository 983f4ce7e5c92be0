// What the driver of a sound device keeps of it in the control plane. The samples on their way are in records: periods.ts.
//
// Functions over objects, as a method of a class costs a search by its name at each call.

import { log } from '../../kernel/base/log.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import type {
  SoundControl,
  SoundControlChange,
  SoundDevice,
  SoundJack,
  SoundStream,
  SoundStreamInfo,
} from '../../kernel/device/sound.ts';
import type { Exchange } from '../virtio/exchange.ts';
import type { Live } from '../virtio/live.ts';
import type { SoundRecord } from './bring-up.ts';
import type { Periods } from './periods.ts';

/** The same object, to those who may change it. */
export type Changing<T> = { -readonly [Name in keyof T]: T[Name] };

/** One device. */
export interface Sound {
  readonly live: Live;
  readonly record: SoundRecord;
  readonly exchange: Exchange;
  /** What the program sees of it. */
  readonly device: Changing<SoundDevice>;
  /** What the program sees of jacks and controls. */
  jacks: Changing<SoundJack>[];
  controls: Changing<SoundControl>[];
  /** Those in use. Replaced, never changed. */
  streams: readonly StreamState[];
  jackListeners: readonly ((jack: SoundJack) => void)[];
  controlListeners: readonly ((control: SoundControl, change: SoundControlChange) => void)[];
  /** When a device that cannot interrupt is looked at again. */
  lookAt: number;
  /** Lines that may still be said about what the device says. */
  complaintsLeft: number;
}

/** A part of the samples that are under way: where in the stream's memory, and how many bytes. */
export interface Period {
  readonly slot: number;
  readonly length: number;
}

/** One stream in use. */
export interface StreamState {
  readonly sound: Sound;
  readonly info: SoundStreamInfo;
  /** What the program sees of it. */
  readonly stream: Changing<SoundStream>;
  readonly periods: Periods;
  /** The request that sets its parameters. */
  readonly parameters: Uint8Array;
  readonly periodBytes: number;
  /** How long the device has for all of its buffer, in nanoseconds: what it takes to play it, and deadlineMs. */
  readonly patienceNs: number;
  /** The places of its periods. */
  readonly memory: DmaOffset;
  readonly placeBytes: number;
  /** Places that hold nothing. */
  free: number[];
  /** Periods for the device that its queue has no room for yet. */
  ready: Period[];
  /** Periods that the device has. */
  underWayCount: number;
  /** When the device last did something for it. */
  heardAt: number;
  /** Behind the last change of its state. */
  turn: Promise<void>;
  /** Fulfilled when the device has none of its periods. */
  emptied: Promise<void> | undefined;
  /** Why nobody can use it any more. */
  failure: DeviceError | undefined;
  /** What the device said of samples that it did not take or give, until somebody was told. */
  trouble: DeviceError | undefined;
  byteCount: number;
  xrunListeners: readonly (() => void)[];
  periodListeners: readonly (() => void)[];
  /** What its direction does with a period that is back: `length` bytes of samples. */
  onReturn(slot: number, length: number): void;
  /** What its direction does when it can go on: places are free, or all is back. */
  onRoom(): void;
  /** Rejects who waits. */
  onEnd(error: DeviceError): void;
  /** Promises that wait. */
  waitingCount(): number;
  /** The end of its samples was said: what follows is no xrun. */
  isEnding: boolean;
}

/** Lines in the log about what a device says that cannot be. */
export const COMPLAINT_COUNT_MAX = 8;

/** Says in the log what the device said that cannot be, the first times. */
export const complain = (sound: Sound, message: string): void => {
  if (sound.complaintsLeft === 0) return;
  sound.complaintsLeft -= 1;
  log('warn', sound.live.name, sound.complaintsLeft === 0 ? `${message}; no more of this is said` : message);
};

/** Returns the list without `each`. */
export const without = <T>(list: readonly T[], each: T): readonly T[] => list.filter((other) => other !== each);

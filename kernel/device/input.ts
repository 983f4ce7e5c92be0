// What an input device is to those who use one: a keyboard, a mouse, a tablet, a touch screen. Types only: drivers implement it, applications call it.
//
// Types and codes of events are those of event-codes.ts; event-names.ts gives their names, keyboard-layout.ts the text that keys stand for.

import type { DeviceFailure } from './failure.ts';

/** One thing that has happened: a key, a button, a movement. */
export interface InputEvent {
  /** EV_… */
  readonly type: number;
  /** KEY_…, BTN_…, REL_…, ABS_…, by the type. */
  readonly code: number;
  /** Of EV_KEY: KEY_PRESSED, KEY_RELEASED or KEY_REPEATED; of EV_REL how far, of EV_ABS where. */
  readonly value: number;
}

/**
 * Events that happened together, such as both coordinates of a movement: all up to a SYN_REPORT, which is not among them. A report of a single SYN_DROPPED says
 * that others may have been lost before the next one.
 */
export type InputReport = readonly InputEvent[];

/** What a device is, by what it can report. A touch screen has slots for fingers, a tablet reports a place, a mouse a movement. */
export type InputKind = 'keyboard' | 'mouse' | 'tablet' | 'touch' | 'other';

/** What a device says of itself. Zeros when it says nothing. */
export interface InputIds {
  /** BUS_… of evdev: 6 is virtual. */
  readonly bus: number;
  readonly vendor: number;
  readonly product: number;
  readonly version: number;
}

/** The values of an absolute axis. */
export interface InputAxis {
  readonly minimum: number;
  readonly maximum: number;
  /** Changes up to this may be noise. */
  readonly fuzz: number;
  /** Values up to this from the centre mean the centre. */
  readonly flat: number;
  /** Units a millimetre, 0 when it is not known. */
  readonly resolution: number;
}

/** What a change of a LED can be given along. */
export interface LedOptions {
  /** Aborted, it rejects the promise with the signal's reason. What the device has is let run. */
  readonly signal?: AbortSignal;
}

/**
 * An input device. A report goes to all who listen or wait when it comes. While nobody does, reports are kept, some 1,700 events; beyond that the device
 * keeps them, as far as it has buffers, and then drops whole reports, which SYN_DROPPED tells.
 */
export interface InputDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-input`. */
  readonly name: string;
  /** What its maker calls it: `QEMU Virtio Keyboard`. Empty when it has no name. */
  readonly productName: string;
  /** Empty when it has none. */
  readonly serialNumber: string;
  readonly ids: InputIds;
  readonly kind: InputKind;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];

  /** Returns whether it can report (or, of EV_LED, show) events of this type and code. */
  supports(type: number, code: number): boolean;

  /** Returns whether it has a property, INPUT_PROP_… */
  hasProperty(property: number): boolean;

  /** Returns the values of axis ABS_…, undefined when it has no such axis. */
  axis(code: number): InputAxis | undefined;

  /**
   * Calls `listener` with each report, and `onFailure` when there will be no more because the device failed or was removed. Returns the function that ends it; until
   * then the program goes on.
   */
  onReport(listener: (report: InputReport) => void, onFailure?: (failure: DeviceFailure) => void): () => void;

  /** Returns the reports one by one, as they come: `for await (const report of device.reports())`. Ends with `close`; throws a DeviceFailure when the device fails. */
  reports(): AsyncGenerator<InputReport, void, undefined>;

  /** Turns LED_… on or off. Rejects with `unsupported` when the device does not have it. */
  setLed(led: number, on: boolean, options?: LedOptions): Promise<void>;

  /** Ends it: the device is reset, its memory given back, and what waits rejects with `closed`. */
  close(): Promise<void>;
}

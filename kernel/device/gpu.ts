// What a graphics device is to those who use one. Types only: a driver implements it.
//
//   canvas ── drawn on by kernel/draw ── flush ──▶ surface on the host ── show ──▶ scanout: a screen or window of the host

import type { Canvas } from './canvas.ts';

/** A rectangle of pixels, from its upper left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a monitor says of itself (EDID), where it does. All of it is hearsay: nothing here depends on it. */
export interface Monitor {
  /** Three letters, such as `RHT`. */
  readonly manufacturer: string;
  readonly productCode: number;
  /** Empty when it has no name. */
  readonly name: string;
  /** Empty when it has none. */
  readonly serialNumber: string;
  /** Of the picture; 0 when it is not known. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** The resolution that it is made for, undefined when it says none. */
  readonly preferred: { readonly width: number; readonly height: number } | undefined;
}

/** A screen of the host. `x` and `y` are where it stands among the others, `width` and `height` the resolution that the host would like. */
export interface Scanout extends Rectangle {
  /** Whether anybody looks at it: the rest says nothing where nobody does. */
  readonly isEnabled: boolean;
  readonly monitor: Monitor | undefined;
}

/** A picture in the guest, and its copy on the host. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** What kernel/draw draws on. It has no pixels any more once the surface was released or the device has ended. */
  readonly canvas: Canvas;

  /** Is fulfilled when the host has what the canvas shows in `area` (default: all of it), and its screens show it. What is drawn meanwhile may be among it. */
  flush(area?: Rectangle): Promise<void>;

  /** Is fulfilled when host and guest have its memory back. A scanout that shows it shows nothing from then on. */
  release(): Promise<void>;
}

/** How a surface is to be. */
export interface SurfaceOptions {
  /** The upper 8 bits of a pixel say how opaque it is: for cursors. Default: they say nothing. */
  readonly hasAlpha?: boolean;
}

/** A hardware cursor. */
export interface CursorOptions {
  /** Where it points to on the scanout. */
  readonly x: number;
  readonly y: number;
  /** The pixel of its picture that points. Default: the upper left one. */
  readonly hotX?: number;
  readonly hotY?: number;
}

/**
 * A graphics device. What a promise rejects with is a DeviceFailure (failure.ts): `invalid-argument` and `out-of-range` before anything reaches the device, `no-memory` where
 * this machine has no more for a canvas, `io-error` where the host refuses. After a reset of the device (`device-reset`, `timeout`) its surfaces, scanouts and
 * cursors are as they were.
 */
export interface GpuDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-gpu`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  /** The screens, as the host said last. */
  readonly scanouts: readonly Scanout[];

  /** Makes a surface, black and transparent. */
  createSurface(width: number, height: number, options?: SurfaceOptions): Promise<Surface>;

  /** Has a scanout show a surface, or a part of it: that is its resolution from then on. Several may show the same one. Undefined: nothing. */
  show(scanout: number, surface: Surface | undefined, area?: Rectangle): Promise<void>;

  /** Gives a scanout a cursor: a surface of 64 × 64 pixels, which is flushed for that. Undefined: none. */
  setCursor(scanout: number, surface: Surface | undefined, options: CursorOptions): Promise<void>;

  /** Moves the cursor of a scanout. */
  moveCursor(scanout: number, x: number, y: number): Promise<void>;

  /** Calls `listener` when the host has changed its screens, or would like another resolution. Returns the function that ends it. */
  onDisplayChange(listener: (scanouts: readonly Scanout[]) => void): () => void;

  /** Ends it: the device is reset, its memory given back, and what waits rejects with `closed`. */
  close(): Promise<void>;
}

// A GPU as the parts of its driver know it.

import type { Canvas } from '../../kernel/device/canvas.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { Rectangle, Scanout, Surface } from '../../kernel/device/gpu.ts';
import type { Exchange } from '../virtio/exchange.ts';
import type { Live } from '../virtio/live.ts';
import type { GpuFlow } from './bring-up.ts';

/** What the device calls a surface. */
export interface Resource {
  readonly id: number;
  /** FORMAT_… */
  readonly format: number;
  readonly width: number;
  readonly height: number;
  readonly canvas: Canvas;
  /** Undefined while it is made. */
  surface: Surface | undefined;
  /** Is fulfilled when the device has let go of it, from when that was asked for on. */
  released: Promise<void> | undefined;
}

/** What a scanout shows. */
export interface Shown {
  readonly resource: Resource;
  readonly area: Rectangle;
}

/** The cursor of a scanout. */
export interface Pointer {
  readonly resource: Resource;
  readonly x: number;
  readonly y: number;
  readonly hotX: number;
  readonly hotY: number;
}

/** One device. */
export interface Gpu {
  readonly live: Live;
  readonly flow: GpuFlow;
  readonly control: Exchange;
  readonly cursor: Exchange;
  /** All that have memory. */
  resources: Resource[];
  /** By scanout. */
  readonly shown: (Shown | undefined)[];
  readonly pointers: (Pointer | undefined)[];
  scanouts: readonly Scanout[];
  listeners: readonly ((scanouts: readonly Scanout[]) => void)[];
  /** The screens are being read; they have changed since that began. */
  isReading: boolean;
  isChangeDue: boolean;
  resetCount: number;
  lastId: number;
  lastFence: number;
}

/** Returns the resource of a surface that can be used. Throws a DeviceFailure, `invalid-argument`. */
export const resourceOf = (gpu: Gpu, surface: Surface): Resource => {
  const found = gpu.resources.find((each) => each.surface === surface && each.released === undefined);
  if (found !== undefined) return found;
  throw new DeviceFailure('invalid-argument', 'the surface is none of this device, or was released');
};

/** Throws a DeviceFailure, `out-of-range`, for a scanout that the device does not have. */
export const checkScanout = (gpu: Gpu, scanout: number): void => {
  const count: number = gpu.flow.scanoutCount;
  if (isWithin(scanout, 0, count - 1)) return;
  throw new DeviceFailure('out-of-range', `scanout ${scanout}, expected 0 to ${count - 1}`);
};

/** Returns `area`, which is all of the resource where it is undefined. Throws a DeviceFailure, `out-of-range`, for one that is not within it. */
export const areaOf = ({ width, height }: Resource, area: Rectangle | undefined): Rectangle => {
  if (area === undefined) return { x: 0, y: 0, width, height };
  const isHorizontal = isWithin(area.x, 0, width - 1) && isWithin(area.width, 1, width - area.x);
  if (isHorizontal && isWithin(area.y, 0, height - 1) && isWithin(area.height, 1, height - area.y)) return area;
  const message = `${area.width} × ${area.height} pixels from (${area.x}, ${area.y}) of a surface of ${width} × ${height}`;
  throw new DeviceFailure('out-of-range', message);
};

/** Returns whether `value` is a whole number from `least` to `most`. */
export const isWithin = (value: number, least: number, most: number): boolean =>
  Math.floor(value) === value && value >= least && value <= most;

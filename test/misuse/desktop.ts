// Wrong calls of keyboards and screens.

import type { GpuDevice, Rectangle, Surface } from '../../kernel/device/gpu.ts';
import type { InputDevice } from '../../kernel/device/input.ts';
import { ends, listens, noNumber, outOfRange, returned, right, type Table, type WrongCall, wrong } from './table.ts';

export interface InputBag {
  readonly input: InputDevice;
}

/** A keyboard. */
export const INPUT: Table<InputBag> = {
  name: 'an input device',
  close: ({ input }) => input.close(),
  calls: [
    returned('input.supports', ({ input }) => input.supports(1, 30)),
    returned('input.hasProperty', ({ input }) => input.hasProperty(0)),
    returned('input.axis', ({ input }) => input.axis(0)),
    listens('input.onReport', ({ input }) => input.onReport(() => {})()),
    ends('input.reports', ({ input }) => input.reports().next()),
    right('input.setLed', ({ input }) => input.setLed(0, true)),
    ends('input.close', ({ input }) => input.close()),
  ],
  wrong: [
    ...noNumber('input.setLed', 'unsupported', ({ input }: InputBag, led) => input.setLed(led, true), 'unsupported'),
    ...noNumber('input.supports', 'returned', ({ input }: InputBag, code) => input.supports(code, code), 'returned'),
    ...noNumber('input.axis', 'returned', ({ input }: InputBag, code) => input.axis(code), 'returned'),
    ...noNumber('input.hasProperty', 'returned', ({ input }: InputBag, code) => input.hasProperty(code), 'returned'),
  ],
};

export interface GpuBag {
  readonly gpu: GpuDevice;
  /** 64 × 64 pixels. */
  readonly surface: Surface;
  /** One that was released. */
  readonly released: Surface;
}

/** The same for each side of a rectangle. */
const wrongArea = (what: string, call: (bag: GpuBag, area: Rectangle) => unknown): WrongCall<GpuBag>[] => [
  ...outOfRange(`${what} from x`, (bag: GpuBag, x) => call(bag, { x, y: 0, width: 1, height: 1 })),
  ...outOfRange(`${what} from y`, (bag: GpuBag, y) => call(bag, { x: 0, y, width: 1, height: 1 })),
  ...outOfRange(`${what} of width`, (bag: GpuBag, width) => call(bag, { x: 0, y: 0, width, height: 1 })),
  ...outOfRange(`${what} of height`, (bag: GpuBag, height) => call(bag, { x: 0, y: 0, width: 1, height })),
  wrong(`${what} of nothing`, 'out-of-range', (bag) => call(bag, { x: 0, y: 0, width: 0, height: 1 })),
  wrong(`${what} beyond the edge`, 'out-of-range', (bag) => call(bag, { x: 60, y: 60, width: 5, height: 1 })),
];

/** Makes a surface and keeps none. */
const make = async (gpu: GpuDevice, width: number, height: number): Promise<void> => {
  await gpu.createSurface(width, height);
};

/** A graphics device with one screen. */
export const GPU: Table<GpuBag> = {
  name: 'a graphics device',
  close: ({ gpu }) => gpu.close(),
  calls: [
    right('gpu.createSurface', ({ gpu }) => make(gpu, 8, 8)),
    right('gpu.show', ({ gpu, surface }) => gpu.show(0, surface)),
    right('gpu.setCursor', ({ gpu, surface }) => gpu.setCursor(0, surface, { x: 0, y: 0 })),
    right('gpu.moveCursor', ({ gpu }) => gpu.moveCursor(0, 5, 5)),
    listens('gpu.onDisplayChange', ({ gpu }) => gpu.onDisplayChange(() => {})()),
    right('surface.flush', ({ surface }) => surface.flush()),
    ends('surface.release', ({ surface }) => surface.release()),
    ends('gpu.close', ({ gpu }) => gpu.close()),
  ],
  wrong: [
    ...noNumber('gpu.createSurface of width', 'invalid-argument', ({ gpu }: GpuBag, width) => make(gpu, width, 8)),
    ...noNumber('gpu.createSurface of height', 'invalid-argument', ({ gpu }: GpuBag, height) => make(gpu, 8, height)),
    wrong('gpu.createSurface of no width', 'invalid-argument', ({ gpu }) => make(gpu, 0, 8)),
    wrong('gpu.createSurface of no height', 'invalid-argument', ({ gpu }) => make(gpu, 8, 0)),
    wrong('gpu.createSurface of 16385', 'invalid-argument', ({ gpu }) => make(gpu, 8, 16_385)),
    ...outOfRange('gpu.show on', ({ gpu, surface }: GpuBag, scanout) => gpu.show(scanout, surface)),
    wrong('gpu.show on a screen that there is not', 'out-of-range', ({ gpu, surface }) => gpu.show(1, surface)),
    wrong('gpu.show what was released', 'invalid-argument', ({ gpu, released }) => gpu.show(0, released)),
    ...wrongArea('gpu.show a part', ({ gpu, surface }, area) => gpu.show(0, surface, area)),
    ...wrongArea('surface.flush', ({ surface }, area) => surface.flush(area)),
    wrong('surface.flush when it was released', 'invalid-argument', ({ released }) => released.flush()),
    wrong('surface.release twice', 'fulfilled', ({ released }) => released.release()),
    ...outOfRange('gpu.setCursor on', ({ gpu, surface }: GpuBag, scanout) =>
      gpu.setCursor(scanout, surface, { x: 0, y: 0 }),
    ),
    ...outOfRange('gpu.setCursor at', ({ gpu, surface }: GpuBag, x) => gpu.setCursor(0, surface, { x, y: 0 })),
    ...outOfRange('gpu.setCursor with', ({ gpu, surface }: GpuBag, hotX) =>
      gpu.setCursor(0, surface, { x: 0, y: 0, hotX }),
    ),
    wrong('gpu.setCursor that points beside itself', 'out-of-range', ({ gpu, surface }) =>
      gpu.setCursor(0, surface, { x: 0, y: 0, hotY: 64 }),
    ),
    ...outOfRange('gpu.moveCursor on', ({ gpu }: GpuBag, scanout) => gpu.moveCursor(scanout, 0, 0)),
    ...outOfRange('gpu.moveCursor to', ({ gpu }: GpuBag, x) => gpu.moveCursor(0, x, 0)),
    ...outOfRange('gpu.moveCursor to 0 and', ({ gpu }: GpuBag, y) => gpu.moveCursor(0, 0, y)),
  ],
};

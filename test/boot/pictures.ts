// Pictures of QEMU's screens, against what was drawn.

import type { Canvas } from '../../kernel/device/canvas.ts';
import { pixelAt } from '../../kernel/draw/rectangles.ts';
import type { Picture } from '../../scripts/test/picture.ts';

/** Returns what is on a canvas, as a screen shows it. */
export const pictureOf = (canvas: Canvas): Picture => {
  const { width, height } = canvas;
  const colourOf = (_: unknown, i: number): number => pixelAt(canvas, i % width, Math.floor(i / width));
  return { width, height, pixels: Uint32Array.from({ length: width * height }, colourOf) };
};

/** Returns the first pixel in which two pictures differ, in words; undefined when they are the same. */
export const difference = (found: Picture, expected: Picture): string | undefined => {
  if (found.width !== expected.width || found.height !== expected.height) {
    return `${found.width} x ${found.height} pixels, expected ${expected.width} x ${expected.height}`;
  }
  const at = found.pixels.findIndex((pixel, i) => pixel !== expected.pixels[i]);
  if (at < 0) return undefined;
  const place = `(${at % found.width}, ${Math.floor(at / found.width)})`;
  return `${place} is ${found.pixels[at]!.toString(16)}, expected ${expected.pixels[at]!.toString(16)}`;
};

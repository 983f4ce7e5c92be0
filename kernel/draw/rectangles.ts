'use machine';
// Rectangles of pixels on a canvas: filled, outlined, copied. Hot for every pixel that is drawn.
//
// Coordinates count from the upper left corner. What lies outside of a canvas is cut off, so nothing here fails. A colour is 0xAARRGGBB, and stored as it is.

import { assert } from '../base/assert.ts';
import type { DmaOffset, i32, u32 } from '../base/machine.ts';
import { type Canvas, hasPixel, PIXEL_SIZE, rowOf } from '../device/canvas.ts';
import { dmaRead32, dmaWrite32 } from '../hal/dma.ts';

/** Fills a rectangle. */
export const fillRectangle = (canvas: Canvas, x: i32, y: i32, width: u32, height: u32, colour: u32): void => {
  const left: i32 = Math.max(x, 0);
  const right: i32 = Math.min(x + width, canvas.width);
  const bottom: i32 = Math.min(y + height, canvas.height);
  if (left >= right) return;
  for (let row: i32 = Math.max(y, 0); row < bottom; row++) {
    const start: DmaOffset = rowOf(canvas, row as u32);
    const end: DmaOffset = start + right * PIXEL_SIZE;
    for (let at: DmaOffset = start + left * PIXEL_SIZE; at < end; at += PIXEL_SIZE) dmaWrite32(at, colour);
  }
};

/** Draws the outline of a rectangle, one pixel wide, inside of it. */
export const outlineRectangle = (canvas: Canvas, x: i32, y: i32, width: u32, height: u32, colour: u32): void => {
  if (width === 0 || height === 0) return;
  fillRectangle(canvas, x, y, width, 1, colour);
  fillRectangle(canvas, x, y, 1, height, colour);
  if (x + width <= canvas.width) fillRectangle(canvas, x + width - 1, y, 1, height, colour);
  if (y + height <= canvas.height) fillRectangle(canvas, x, y + height - 1, width, 1, colour);
};

/**
 * Copies a rectangle of `source` to (x, y) of `target`, which may be the same canvas: then the pixels are those of before. What lies outside of either is left as it
 * is.
 */
export const copyRectangle = (
  target: Canvas,
  x: i32,
  y: i32,
  source: Canvas,
  sourceX: i32,
  sourceY: i32,
  width: u32,
  height: u32,
): void => {
  const left: i32 = cutStart(x, sourceX);
  const top: i32 = cutStart(y, sourceY);
  const right: i32 = Math.min(cutEnd(x, target.width), Math.min(cutEnd(sourceX, source.width), width));
  const bottom: i32 = Math.min(cutEnd(y, target.height), Math.min(cutEnd(sourceY, source.height), height));
  if (left >= right) return;
  const goesDown: i32 = y > sourceY ? -1 : 1; // The rows that are overwritten were copied before.
  for (let i: i32 = 0; i < bottom - top; i++) {
    const row: i32 = goesDown < 0 ? bottom - 1 - i : top + i;
    const to: DmaOffset = rowOf(target, y + row) + (x + left) * PIXEL_SIZE;
    const from: DmaOffset = rowOf(source, sourceY + row) + (sourceX + left) * PIXEL_SIZE;
    copyRow(to, from, (right - left) * PIXEL_SIZE);
  }
};

/** Returns how many pixels at the start of a rectangle lie before both canvases. */
const cutStart = (at: i32, sourceAt: i32): i32 => Math.min(Math.max(0, Math.max(-at, -sourceAt)), 0x7fffffff);

/** Returns how many pixels of a rectangle at `at` there are before the canvas ends. */
const cutEnd = (at: i32, side: u32): i32 => Math.min(side - at, 0x7fffffff);

/** Copies `length` bytes of a row; the two may overlap. */
const copyRow = (to: DmaOffset, from: DmaOffset, length: u32): void => {
  if (to <= from) {
    for (let at: u32 = 0; at < length; at += PIXEL_SIZE) dmaWrite32(to + at, dmaRead32(from + at));
    return;
  }
  for (let at: u32 = length; at > 0; at -= PIXEL_SIZE)
    dmaWrite32(to + at - PIXEL_SIZE, dmaRead32(from + at - PIXEL_SIZE));
};

/** Returns the colour of a pixel, which is on the canvas. */
export const pixelAt = (canvas: Canvas, x: i32, y: i32): u32 => {
  assert(hasPixel(canvas, x, y), 'the pixel is on the canvas');
  return dmaRead32(rowOf(canvas, y as u32) + x * PIXEL_SIZE);
};

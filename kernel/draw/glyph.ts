'use machine';
// One glyph on a canvas. Hot for every character that is drawn.

import type { DmaOffset, i32, u8, u32 } from '../base/machine.ts';
import { type Canvas, PIXEL_SIZE, rowOf } from '../device/canvas.ts';
import { dmaWrite32 } from '../hal/dma.ts';
import { type Font, GLYPH_HEIGHT, GLYPH_WIDTH, glyphRow } from './font.ts';

/** Draws a glyph whose cell begins at (x, y): ink in `colour`, the rest of the cell in `background`. What lies outside of the canvas is cut off. */
export const drawGlyph = (
  canvas: Canvas,
  font: Font,
  x: i32,
  y: i32,
  glyph: u8,
  colour: u32,
  background: u32,
): void => {
  const left: i32 = Math.min(Math.max(0, -x), GLYPH_WIDTH);
  const right: i32 = Math.min(GLYPH_WIDTH, canvas.width - x);
  const bottom: i32 = Math.min(GLYPH_HEIGHT, canvas.height - y);
  if (left >= right) return;
  for (let row: i32 = Math.min(Math.max(0, -y), GLYPH_HEIGHT); row < bottom; row++) {
    const bits: u8 = glyphRow(font, glyph, row as u32);
    let at: DmaOffset = rowOf(canvas, y + row) + (x + left) * PIXEL_SIZE;
    for (let column: i32 = left; column < right; column++) {
      dmaWrite32(at, (bits & (0x80 >> column)) !== 0 ? colour : background);
      at += PIXEL_SIZE;
    }
  }
};

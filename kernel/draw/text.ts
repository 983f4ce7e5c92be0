// Text on a canvas, with the kernel's font: a cell of 8 × 16 pixels a character.

import type { Canvas } from '../device/canvas.ts';
import { GLYPH_WIDTH, glyphOf } from './font.ts';
import { drawGlyph } from './glyph.ts';
import { theFont } from './glyphs.ts';

/** Draws `text` from (x, y), the upper left corner of its first cell, in `colour` on `background`. A character without a glyph is a hollow box. */
export const drawText = (
  canvas: Canvas,
  x: number,
  y: number,
  text: string,
  colour: number,
  background: number,
): void => {
  const font = theFont();
  for (let i = 0; i < text.length; i++) {
    drawGlyph(canvas, font, x + i * GLYPH_WIDTH, y, glyphOf(text.charCodeAt(i)), colour, background);
  }
};

'use machine';
// A grid of characters, and what of it is on a canvas already. Hot for every character that a text console shows.
//
//   cells   what is to be seen: a glyph, its colour, its background        changed by terminal.ts
//   drawn   what was drawn last                                            paintCells draws what differs, and says where that is
//
// So many changes between two paintings cost one drawing of what has changed, however the text got there.

import { assert } from '../base/assert.ts';
import { type bool, type FixedArray, fixedArray, type u8, type u16, type u32 } from '../base/machine.ts';
import type { Canvas } from '../device/canvas.ts';
import { type Font, GLYPH_HEIGHT, GLYPH_WIDTH } from './font.ts';
import { drawGlyph } from './glyph.ts';

/** Cells of the largest grid: a screen of 3840 × 2160 pixels has 480 × 135. */
export const CELL_COUNT_MAX: u32 = 65536;

// A cell: glyph in the lower 8 bits, colour in the next 4, background in the upper 4.
const COLOUR_SHIFT: u32 = 8;
const BACKGROUND_SHIFT: u32 = 12;

/** Of a place that has to be drawn, whatever is to be there. No text has it: glyph 0xff is blank. */
const STALE: u16 = 0xffff;

const BLANK: u8 = 0x20;

/** The colours of the palette. §ECMA-48 8.3.117 names the first eight; those from 8 on are the bright ones. */
const LEVEL: u32 = 0xaa;
const BRIGHT_LEVEL: u32 = 0x55;

/** The grid. */
export class Cells {
  columns: u32 = 0;
  rows: u32 = 0;
  cells: FixedArray<u16, 65536> = fixedArray(65536, 0);
  drawn: FixedArray<u16, 65536> = fixedArray(65536, 0);
  /** Where the cursor is to be seen: a cell, or CELL_COUNT_MAX for none. */
  cursorAt: u32 = 65536;
  // What paintCells has drawn, in pixels.
  paintedX: u32 = 0;
  paintedY: u32 = 0;
  paintedWidth: u32 = 0;
  paintedHeight: u32 = 0;
}

/** Returns a cell with a character. */
export const cellOf = (glyph: u8, colour: u8, background: u8): u16 =>
  glyph | (colour << COLOUR_SHIFT) | (background << BACKGROUND_SHIFT);

/**
 * Makes the grid as large as a canvas of `width` × `height` pixels can show, at least one cell and at most CELL_COUNT_MAX. What it shows stays, from row `keptFrom` on; the
 * rest is `blank`. All of it is to be drawn.
 */
export const resizeCells = (grid: Cells, width: u32, height: u32, keptFrom: u32, blank: u16): void => {
  const columns: u32 = Math.min(Math.max(1, Math.floor(width / GLYPH_WIDTH)), CELL_COUNT_MAX);
  const rows: u32 = Math.min(Math.max(1, Math.floor(height / GLYPH_HEIGHT)), Math.floor(CELL_COUNT_MAX / columns));
  for (let at: u32 = 0; at < grid.columns * grid.rows; at++) grid.drawn[at] = grid.cells[at];
  for (let row: u32 = 0; row < rows; row++) {
    const isKept: bool = keptFrom + row < grid.rows;
    for (let column: u32 = 0; column < columns; column++) {
      const from: u32 = (keptFrom + row) * grid.columns + column;
      grid.cells[row * columns + column] = isKept && column < grid.columns ? grid.drawn[from] : blank;
    }
  }
  grid.columns = columns;
  grid.rows = rows;
  for (let at: u32 = 0; at < columns * rows; at++) grid.drawn[at] = STALE;
};

/** Puts `cell` into the cells from `start` to `end`, that one not among them. */
export const fillCells = (grid: Cells, start: u32, end: u32, cell: u16): void => {
  for (let at: u32 = start; at < end; at++) grid.cells[at] = cell;
};

/** Moves all rows up by one. The lowest is `blank`. */
export const scrollCells = (grid: Cells, blank: u16): void => {
  const count: u32 = grid.columns * grid.rows;
  for (let at: u32 = grid.columns; at < count; at++) grid.cells[at - grid.columns] = grid.cells[at];
  fillCells(grid, count - grid.columns, count, blank);
};

/** Draws all that has changed since the last time. Returns whether anything has; `painted…` says where. */
export const paintCells = (grid: Cells, canvas: Canvas, font: Font): bool => {
  let left: u32 = grid.columns;
  let right: u32 = 0;
  let top: u32 = grid.rows;
  let bottom: u32 = 0;
  for (let row: u32 = 0; row < grid.rows; row++) {
    for (let column: u32 = 0; column < grid.columns; column++) {
      const at: u32 = row * grid.columns + column;
      const cell: u16 = at === grid.cursorAt ? inverted(grid.cells[at]) : grid.cells[at];
      if (cell === grid.drawn[at]) continue;
      grid.drawn[at] = cell;
      drawCell(canvas, font, column * GLYPH_WIDTH, row * GLYPH_HEIGHT, cell);
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
      top = Math.min(top, row);
      bottom = row + 1;
    }
  }
  if (left >= right) return false;
  grid.paintedX = left * GLYPH_WIDTH;
  grid.paintedY = top * GLYPH_HEIGHT;
  grid.paintedWidth = lengthTo(grid.paintedX, right * GLYPH_WIDTH, canvas.width);
  grid.paintedHeight = lengthTo(grid.paintedY, bottom * GLYPH_HEIGHT, canvas.height);
  return true;
};

/** Returns how many pixels there are from `start` to `end` on a canvas of `side` pixels, which may be less than a cell. */
const lengthTo = (start: u32, end: u32, side: u32): u32 => Math.max(Math.min(end, side), start) - start;

const drawCell = (canvas: Canvas, font: Font, x: u32, y: u32, cell: u16): void => {
  const glyph: u8 = cell & 0xff;
  const colour: u32 = paletteColour((cell >> COLOUR_SHIFT) & 15);
  drawGlyph(canvas, font, x as number, y as number, glyph, colour, paletteColour((cell >> BACKGROUND_SHIFT) & 15));
};

/** Returns a cell with its colours exchanged. One that says nothing by that shows a full one. */
const inverted = (cell: u16): u16 => cellOf(cell & 0xff, (cell >> BACKGROUND_SHIFT) & 15, (cell >> COLOUR_SHIFT) & 15);

/** Returns colour 0 to 15 of the palette as a pixel: bit 0 is red, bit 1 green, bit 2 blue, bit 3 bright. */
export const paletteColour = (index: u8): u32 => {
  assert(index < 16, 'the palette has 16 colours');
  const base: u32 = index >= 8 ? BRIGHT_LEVEL : 0;
  const red: u32 = base + ((index & 1) !== 0 ? LEVEL : 0);
  const green: u32 = base + ((index & 2) !== 0 ? LEVEL : 0);
  const blue: u32 = base + ((index & 4) !== 0 ? LEVEL : 0);
  return red * 65536 + green * 256 + blue;
};

/** Returns the blank cell of two colours. */
export const blankOf = (colour: u8, background: u8): u16 => cellOf(BLANK, colour, background);

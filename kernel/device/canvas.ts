'use machine';
// A picture in memory that a device reads: rows of pixels from the top, 32 bits a pixel, 0xAARRGGBB. Hot for everything that is drawn.
//
//   piece 0   rows 0 to pieceRows - 1
//   piece 1   the next pieceRows rows         … the last piece has what is left
//
// Where DMA memory is in pieces, so is the picture; but a row is never cut. Whoever draws asks for a row (rowOf) and goes along it.

import { type bool, type DmaOffset, type FixedArray, fixedArray, type i32, type u32 } from '../base/machine.ts';

/** Bytes of a pixel. */
export const PIXEL_SIZE: u32 = 4;

/** Pixels of a side at most: what no screen has, and 1 GiB of memory. */
export const SIDE_MAX: u32 = 16384;

/** Pieces of one picture at most. */
export const CANVAS_PIECE_COUNT_MAX: u32 = 64;

/** A picture. Without memory it has no pixels, and what is drawn on it is lost. */
export class Canvas {
  width: u32 = 0;
  height: u32 = 0;
  /** Rows of each piece but the last. */
  pieceRows: u32 = 0;
  pieceCount: u32 = 0;
  offsets: FixedArray<u32, 64> = fixedArray(64, 0);
}

/** Returns where row `y` begins, which is below `height`. */
export const rowOf = (canvas: Canvas, y: u32): DmaOffset => {
  const rows: u32 = canvas.pieceRows;
  if (y < rows) return canvas.offsets[0] + y * canvas.width * PIXEL_SIZE;
  return canvas.offsets[Math.floor(y / rows)] + (y % rows) * canvas.width * PIXEL_SIZE;
};

/** Returns the bytes of piece `index`. */
export const pieceLength = (canvas: Canvas, index: u32): u32 => {
  const left: u32 = canvas.height - index * canvas.pieceRows;
  return Math.min(canvas.pieceRows, left) * canvas.width * PIXEL_SIZE;
};

/** Returns whether pixel (x, y) is on the canvas. */
export const hasPixel = (canvas: Canvas, x: i32, y: i32): bool =>
  x >= 0 && y >= 0 && x < canvas.width && y < canvas.height;

/** Takes the canvas its pixels away: its memory is somebody else's from now on. */
export const closeCanvas = (canvas: Canvas): void => {
  canvas.width = 0;
  canvas.height = 0;
  canvas.pieceRows = 0;
  canvas.pieceCount = 0;
};

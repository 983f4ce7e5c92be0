'use machine';
// A bitmap font: 256 glyphs of 8 × 16 pixels. Made of the drawings in glyphs.ts when it is first asked for; hot for every character that is drawn.
//
//   0x20 to 0x7e   ASCII                0x80 to 0x8a   ─ │ ┌ ┐ └ ┘ ├ ┤ ┬ ┴ ┼       0x98   █ ▀ ▄ ▌ ▐ ░ ▒ ▓
//   0x7f           what has no glyph    0x8b to 0x95   the same, doubled: ═ ║ …     others are blank

import { type FixedArray, fixedArray, type i32, type u8, type u32 } from '../base/machine.ts';

export const GLYPH_WIDTH: u32 = 8;
export const GLYPH_HEIGHT: u32 = 16;

/** The glyph of a character that the font does not have. */
export const GLYPH_UNKNOWN: u8 = 0x7f;

// Where in the font the glyphs stand that are no letters, and the Unicode characters they are for.
const GLYPH_LIGHT: u8 = 0x80;
const GLYPH_DOUBLE: u8 = 0x8b;
const GLYPH_BLOCKS: u8 = 0x98;
const BLOCK_COUNT: u32 = 8;

// A drawing of glyphs.ts has the rows DRAWN_TOP to DRAWN_TOP + DRAWN_HEIGHT - 1, the columns 1 to 6, and eight glyphs side by side.
const DRAWN_TOP: u32 = 2;
const DRAWN_WIDTH: u32 = 6;
const DRAWN_HEIGHT: u32 = 13;
const DRAWN_FIRST: u32 = 0x20;
const DRAWN_ABREAST: u32 = 8;
const LETTER_INK: u8 = 0x23; // '#'
const LETTER_BLANK: u8 = 0x2e; // '.'

// Lines go from the edges to the middle of a cell: those of one line to (3, 7), those of two to the columns 2 and 4, the rows 6 and 8.
const MIDDLE_X: u32 = 3;
const MIDDLE_Y: u32 = 7;

/** The glyphs. Bit 7 of a row is its leftmost pixel. */
export class Font {
  rows: FixedArray<u8, 4096> = fixedArray(4096, 0);
}

const font = new Font();

/** Returns the font of the kernel, which readDrawings has filled. */
export const kernelFont = (): Font => font;

/** Returns a row of a glyph. */
export const glyphRow = (from: Font, glyph: u8, row: u32): u8 => from.rows[glyph * GLYPH_HEIGHT + row];

/** Reads the drawings of 0x20 and on: each '#' is a pixel, each '.' is none, all else separates. Draws the lines and blocks, too. */
export const readDrawings = (into: Font, drawings: Uint8Array): void => {
  let pixel: u32 = 0;
  for (let i: u32 = 0; i < drawings.length; i++) {
    const letter: u8 = drawings[i] as u8;
    if (letter === LETTER_INK) setDrawn(into, pixel);
    if (letter === LETTER_INK || letter === LETTER_BLANK) pixel++;
  }
  for (let shape: u32 = 0; shape < 11; shape++) {
    drawLines(into, GLYPH_LIGHT + shape, armsOf(shape));
    drawDoubleLines(into, GLYPH_DOUBLE + shape, armsOf(shape));
  }
  drawBlocks(into);
};

const setDrawn = (into: Font, pixel: u32): void => {
  const lineLength: u32 = DRAWN_ABREAST * DRAWN_WIDTH;
  const line: u32 = Math.floor(pixel / lineLength);
  const column: u32 = pixel % lineLength;
  const glyph: u32 = DRAWN_FIRST + Math.floor(line / DRAWN_HEIGHT) * DRAWN_ABREAST + Math.floor(column / DRAWN_WIDTH);
  setPixel(into, glyph, 1 + (column % DRAWN_WIDTH), DRAWN_TOP + (line % DRAWN_HEIGHT));
};

const setPixel = (into: Font, glyph: u32, x: u32, y: u32): void => {
  const at: u32 = glyph * GLYPH_HEIGHT + y;
  into.rows[at] = into.rows[at] | (0x80 >> x);
};

const setRow = (into: Font, glyph: u32, y: u32, fromX: u32, toX: u32): void => {
  for (let x: u32 = fromX; x <= toX; x++) setPixel(into, glyph, x, y);
};

const setColumn = (into: Font, glyph: u32, x: u32, fromY: u32, toY: u32): void => {
  for (let y: u32 = fromY; y <= toY; y++) setPixel(into, glyph, x, y);
};

const UP: u32 = 1;
const RIGHT: u32 = 2;
const DOWN: u32 = 4;
const LEFT: u32 = 8;

/** Returns where the lines of shape 0 to 10 go: ─ │ ┌ ┐ └ ┘ ├ ┤ ┬ ┴ ┼. */
const armsOf = (shape: u32): u32 => {
  switch (shape) {
    case 0:
      return LEFT + RIGHT;
    case 1:
      return UP + DOWN;
    case 2:
      return RIGHT + DOWN;
    case 3:
      return LEFT + DOWN;
    case 4:
      return UP + RIGHT;
    case 5:
      return UP + LEFT;
    case 6:
      return UP + DOWN + RIGHT;
    case 7:
      return UP + DOWN + LEFT;
    case 8:
      return LEFT + RIGHT + DOWN;
    case 9:
      return LEFT + RIGHT + UP;
    default:
      return UP + RIGHT + DOWN + LEFT;
  }
};

const drawLines = (into: Font, glyph: u32, arms: u32): void => {
  if ((arms & LEFT) !== 0) setRow(into, glyph, MIDDLE_Y, 0, MIDDLE_X);
  if ((arms & RIGHT) !== 0) setRow(into, glyph, MIDDLE_Y, MIDDLE_X, GLYPH_WIDTH - 1);
  if ((arms & UP) !== 0) setColumn(into, glyph, MIDDLE_X, 0, MIDDLE_Y);
  if ((arms & DOWN) !== 0) setColumn(into, glyph, MIDDLE_X, MIDDLE_Y, GLYPH_HEIGHT - 1);
};

/** Of two lines side by side, the outer one goes round a corner, and the inner one turns before it. */
const drawDoubleLines = (into: Font, glyph: u32, arms: u32): void => {
  const left: u32 = MIDDLE_X - 1;
  const right: u32 = MIDDLE_X + 1;
  const upper: u32 = MIDDLE_Y - 1;
  const lower: u32 = MIDDLE_Y + 1;
  if ((arms & LEFT) !== 0) {
    setRow(into, glyph, upper, 0, (arms & UP) !== 0 ? left : right);
    setRow(into, glyph, lower, 0, (arms & DOWN) !== 0 ? left : right);
  }
  if ((arms & RIGHT) !== 0) {
    setRow(into, glyph, upper, (arms & UP) !== 0 ? right : left, GLYPH_WIDTH - 1);
    setRow(into, glyph, lower, (arms & DOWN) !== 0 ? right : left, GLYPH_WIDTH - 1);
  }
  if ((arms & UP) !== 0) {
    setColumn(into, glyph, left, 0, (arms & LEFT) !== 0 ? upper : lower);
    setColumn(into, glyph, right, 0, (arms & RIGHT) !== 0 ? upper : lower);
  }
  if ((arms & DOWN) !== 0) {
    setColumn(into, glyph, left, (arms & LEFT) !== 0 ? lower : upper, GLYPH_HEIGHT - 1);
    setColumn(into, glyph, right, (arms & RIGHT) !== 0 ? lower : upper, GLYPH_HEIGHT - 1);
  }
};

/** Draws █ ▀ ▄ ▌ ▐ and the shades ░ ▒ ▓. */
const drawBlocks = (into: Font): void => {
  const half: u32 = GLYPH_HEIGHT / 2;
  for (let y: u32 = 0; y < GLYPH_HEIGHT; y++) {
    const isEven: u32 = y % 2;
    setBlockRow(into, 0, y, 0xff);
    setBlockRow(into, 1, y, y < half ? 0xff : 0);
    setBlockRow(into, 2, y, y < half ? 0 : 0xff);
    setBlockRow(into, 3, y, 0xf0);
    setBlockRow(into, 4, y, 0x0f);
    setBlockRow(into, 5, y, isEven === 0 ? 0x88 : 0x22);
    setBlockRow(into, 6, y, isEven === 0 ? 0xaa : 0x55);
    setBlockRow(into, 7, y, isEven === 0 ? 0x77 : 0xdd);
  }
};

const setBlockRow = (into: Font, block: u32, y: u32, bits: u8): void => {
  into.rows[(GLYPH_BLOCKS + block) * GLYPH_HEIGHT + y] = bits;
};

/** Returns the glyph of a Unicode character. */
export const glyphOf = (character: u32): u8 => {
  if (character >= DRAWN_FIRST && character < GLYPH_UNKNOWN) return character as u8;
  if (character >= 0x2500 && character <= 0x259f) return lineGlyphOf(character);
  return GLYPH_UNKNOWN;
};

const lineGlyphOf = (character: u32): u8 => {
  const light: i32 = shapeOf(character, 0x2500, 0x2502, 0x250c, 4, 0x251c, 8);
  if (light >= 0) return GLYPH_LIGHT + light;
  const doubled: i32 = shapeOf(character, 0x2550, 0x2551, 0x2554, 3, 0x2560, 3);
  if (doubled >= 0) return GLYPH_DOUBLE + doubled;
  for (let block: u32 = 0; block < BLOCK_COUNT; block++) {
    if (blockCharacter(block) === character) return GLYPH_BLOCKS + block;
  }
  return GLYPH_UNKNOWN;
};

/** Returns the shape of a line character: in Unicode the four corners stand at equal steps, and so do the five that are forks. -1: it is none. */
const shapeOf = (
  character: u32,
  horizontal: u32,
  vertical: u32,
  firstCorner: u32,
  cornerStep: u32,
  firstFork: u32,
  forkStep: u32,
): i32 => {
  if (character === horizontal) return 0;
  if (character === vertical) return 1;
  for (let i: u32 = 0; i < 4; i++) if (character === firstCorner + i * cornerStep) return 2 + i;
  for (let i: u32 = 0; i < 5; i++) if (character === firstFork + i * forkStep) return 6 + i;
  return -1;
};

const blockCharacter = (block: u32): u32 => {
  switch (block) {
    case 0:
      return 0x2588; // █
    case 1:
      return 0x2580; // ▀
    case 2:
      return 0x2584; // ▄
    case 3:
      return 0x258c; // ▌
    case 4:
      return 0x2590; // ▐
    default:
      return 0x2591 + block - 5; // ░ ▒ ▓
  }
};

'use machine';
// What a stream of characters does to a grid: a small part of ECMA-48, as terminals understand it. Hot for every character that is written.
//
//   \n  next line, first column    \r  first column    \b  one to the left    \t  next multiple of 8
//   ESC [ n A B C D   up, down, right, left        ESC [ row ; column H   there, from 1 on      ESC [ column G
//   ESC [ 0 1 2 J     clears to the end, from the start, all                ESC [ 0 1 2 K        the same in the line
//   ESC [ … m         colours: 0 1 7 22 27 30–37 39 40–47 49 90–97 100–107  ESC [ ? 25 h l       the cursor is seen, or not
//
// Other sequences are read to their end, and do nothing. A line that is full goes on in the next one with its next character, not before.

import { type bool, type FixedArray, fixedArray, type u8, type u16, type u32 } from '../base/machine.ts';
import { blankOf, CELL_COUNT_MAX, Cells, cellOf, fillCells, resizeCells, scrollCells } from './cells.ts';
import { GLYPH_HEIGHT, glyphOf } from './font.ts';

const BACKSPACE: u32 = 8;
const TAB: u32 = 9;
const LINE_FEED: u32 = 10;
const CARRIAGE_RETURN: u32 = 13;
const ESCAPE: u32 = 27;
const DELETE: u32 = 127;
const TAB_WIDTH: u32 = 8;

// `state`: what the next character is part of.
const TEXT: u8 = 0;
const AFTER_ESCAPE: u8 = 1;
const IN_SEQUENCE: u8 = 2;

const PARAMETER_COUNT_MAX: u32 = 8;
const PARAMETER_MAX: u32 = 9999;

const COLOUR: u8 = 7;
const BACKGROUND: u8 = 0;
const BRIGHT: u8 = 8;

/** A grid, and where and how the next character goes into it. */
export class Terminal {
  grid = new Cells();
  column: u32 = 0;
  row: u32 = 0;
  /** The line is full: the next character begins a new one. */
  isWrapDue: bool = false;
  colour: u8 = 7;
  background: u8 = 0;
  isBright: bool = false;
  isInverse: bool = false;
  isCursorHidden: bool = false;
  state: u8 = 0;
  /** The sequence began with '?'. */
  isPrivate: bool = false;
  parameterCount: u32 = 0;
  parameters: FixedArray<u32, 8> = fixedArray(8, 0);
}

/** Makes it as large as a canvas of `width` × `height` pixels can show. The line of the cursor stays in it. */
export const resizeTerminal = (terminal: Terminal, width: u32, height: u32): void => {
  const grid: Cells = terminal.grid;
  const rowsBefore: u32 = terminal.row + 1;
  const rows: u32 = Math.max(1, Math.floor(height / GLYPH_HEIGHT));
  const keptFrom: u32 = rowsBefore > rows ? rowsBefore - rows : 0;
  resizeCells(grid, width, height, keptFrom, blankOf(COLOUR, BACKGROUND));
  terminal.row = Math.min(terminal.row - keptFrom, grid.rows - 1);
  terminal.column = Math.min(terminal.column, grid.columns - 1);
  terminal.isWrapDue = false;
  placeCursor(terminal);
};

/** Writes one character: a code unit of UTF-16. */
export const writeCharacter = (terminal: Terminal, character: u32): void => {
  if (terminal.state === AFTER_ESCAPE) beginSequence(terminal, character);
  else if (terminal.state === IN_SEQUENCE) continueSequence(terminal, character);
  else if (character < 0x20) control(terminal, character);
  else if (character !== DELETE) put(terminal, character);
  placeCursor(terminal);
};

/** Clears all of it, and begins in the first line. */
export const clearTerminal = (terminal: Terminal): void => {
  const grid: Cells = terminal.grid;
  fillCells(grid, 0, grid.columns * grid.rows, blank(terminal));
  moveTo(terminal, 0, 0);
  placeCursor(terminal);
};

const placeCursor = (terminal: Terminal): void => {
  const grid: Cells = terminal.grid;
  grid.cursorAt = terminal.isCursorHidden ? CELL_COUNT_MAX : terminal.row * grid.columns + terminal.column;
};

const put = (terminal: Terminal, character: u32): void => {
  const grid: Cells = terminal.grid;
  if (terminal.isWrapDue) nextLine(terminal);
  const colour: u8 = terminal.isBright ? terminal.colour | BRIGHT : terminal.colour;
  const background: u8 = terminal.background;
  const isInverse: bool = terminal.isInverse;
  grid.cells[terminal.row * grid.columns + terminal.column] = cellOf(
    glyphOf(character),
    isInverse ? background : colour,
    isInverse ? colour : background,
  );
  if (terminal.column + 1 < grid.columns) terminal.column++;
  else terminal.isWrapDue = true;
};

const control = (terminal: Terminal, character: u32): void => {
  switch (character) {
    case BACKSPACE:
      moveTo(terminal, terminal.row, terminal.column === 0 ? 0 : terminal.column - 1);
      break;
    case TAB:
      moveTo(terminal, terminal.row, (Math.floor(terminal.column / TAB_WIDTH) + 1) * TAB_WIDTH);
      break;
    case LINE_FEED:
      nextLine(terminal);
      break;
    case CARRIAGE_RETURN:
      moveTo(terminal, terminal.row, 0);
      break;
    case ESCAPE:
      terminal.state = AFTER_ESCAPE;
      break;
    default:
      break; // Others have no meaning here.
  }
};

const nextLine = (terminal: Terminal): void => {
  if (terminal.row + 1 === terminal.grid.rows) scrollCells(terminal.grid, blank(terminal));
  moveTo(terminal, terminal.row + 1, 0);
};

/** Moves the cursor, and keeps it in the grid. */
const moveTo = (terminal: Terminal, row: u32, column: u32): void => {
  terminal.row = Math.min(row, terminal.grid.rows - 1);
  terminal.column = Math.min(column, terminal.grid.columns - 1);
  terminal.isWrapDue = false;
};

const blank = (terminal: Terminal): u16 => blankOf(terminal.colour, terminal.background);

const beginSequence = (terminal: Terminal, character: u32): void => {
  terminal.state = TEXT;
  if (character !== 0x5b) return; // '[': no other sequence is known.
  terminal.state = IN_SEQUENCE;
  terminal.isPrivate = false;
  terminal.parameterCount = 1;
  terminal.parameters[0] = 0;
};

const continueSequence = (terminal: Terminal, character: u32): void => {
  const last: u32 = terminal.parameterCount - 1;
  if (character === ESCAPE) {
    terminal.state = AFTER_ESCAPE; // Another one begins: this was none.
  } else if (character >= 0x30 && character <= 0x39) {
    terminal.parameters[last] = Math.min(terminal.parameters[last] * 10 + character - 0x30, PARAMETER_MAX);
  } else if (character === 0x3b) {
    addParameter(terminal); // ';'
  } else if (character === 0x3f) {
    terminal.isPrivate = true; // '?'
  } else if (character >= 0x40) {
    terminal.state = TEXT;
    carryOut(terminal, character);
  }
};

/** What is beyond PARAMETER_COUNT_MAX goes into the last one. */
const addParameter = (terminal: Terminal): void => {
  if (terminal.parameterCount < PARAMETER_COUNT_MAX) terminal.parameterCount++;
  terminal.parameters[terminal.parameterCount - 1] = 0;
};

const carryOut = (terminal: Terminal, final: u32): void => {
  const first: u32 = terminal.parameters[0];
  const steps: u32 = Math.max(1, first);
  const row: u32 = terminal.row;
  const column: u32 = terminal.column;
  if (terminal.isPrivate) {
    if (first === 25 && final === 0x68) terminal.isCursorHidden = false; // 'h'
    if (first === 25 && final === 0x6c) terminal.isCursorHidden = true; // 'l'
    return;
  }
  switch (final) {
    case 0x41: // 'A'
      moveTo(terminal, row < steps ? 0 : row - steps, column);
      break;
    case 0x42: // 'B'
      moveTo(terminal, row + steps, column);
      break;
    case 0x43: // 'C'
      moveTo(terminal, row, column + steps);
      break;
    case 0x44: // 'D'
      moveTo(terminal, row, column < steps ? 0 : column - steps);
      break;
    case 0x47: // 'G'
      moveTo(terminal, row, steps - 1);
      break;
    case 0x48: // 'H'
      moveTo(terminal, steps - 1, terminal.parameterCount > 1 ? Math.max(1, terminal.parameters[1]) - 1 : 0);
      break;
    case 0x4a: // 'J'
      erase(terminal, first, 0, terminal.grid.columns * terminal.grid.rows);
      break;
    case 0x4b: // 'K'
      erase(terminal, first, row * terminal.grid.columns, (row + 1) * terminal.grid.columns);
      break;
    case 0x6d: // 'm'
      for (let i: u32 = 0; i < terminal.parameterCount; i++) chooseColour(terminal, terminal.parameters[i]);
      break;
    default:
      break;
  }
};

/** Clears what lies between `start` and `end`: 0 from the cursor on, 1 up to it, 2 all. */
const erase = (terminal: Terminal, which: u32, start: u32, end: u32): void => {
  const at: u32 = terminal.row * terminal.grid.columns + terminal.column;
  if (which > 2) return;
  fillCells(terminal.grid, which === 0 ? at : start, which === 1 ? at + 1 : end, blank(terminal));
};

const chooseColour = (terminal: Terminal, parameter: u32): void => {
  if (parameter === 0) {
    terminal.colour = COLOUR;
    terminal.background = BACKGROUND;
    terminal.isBright = false;
    terminal.isInverse = false;
  } else if (parameter === 1) terminal.isBright = true;
  else if (parameter === 22) terminal.isBright = false;
  else if (parameter === 7) terminal.isInverse = true;
  else if (parameter === 27) terminal.isInverse = false;
  else if (parameter === 39) terminal.colour = COLOUR;
  else if (parameter === 49) terminal.background = BACKGROUND;
  else if (parameter >= 30 && parameter <= 37) terminal.colour = (parameter - 30) as u8;
  else if (parameter >= 40 && parameter <= 47) terminal.background = (parameter - 40) as u8;
  else if (parameter >= 90 && parameter <= 97) terminal.colour = (parameter - 90 + BRIGHT) as u8;
  else if (parameter >= 100 && parameter <= 107) terminal.background = (parameter - 100 + BRIGHT) as u8;
};

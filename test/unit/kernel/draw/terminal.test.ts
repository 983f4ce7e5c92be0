import { beforeEach, describe, expect, it } from 'vitest';
import { Canvas } from '../../../../kernel/device/canvas.ts';
import { CELL_COUNT_MAX, paintCells, paletteColour } from '../../../../kernel/draw/cells.ts';
import { theFont } from '../../../../kernel/draw/glyphs.ts';
import { pixelAt } from '../../../../kernel/draw/rectangles.ts';
import { clearTerminal, resizeTerminal, Terminal, writeCharacter } from '../../../../kernel/draw/terminal.ts';
import { canvasOf, machineWithMemory } from './harness.ts';

const COLUMNS = 10;
const ROWS = 4;
const ESC = '\u001b';

let terminal: Terminal;

beforeEach(() => {
  machineWithMemory();
  terminal = new Terminal();
  resizeTerminal(terminal, COLUMNS * 8, ROWS * 16);
});

const write = (text: string): void => {
  for (let i = 0; i < text.length; i++) writeCharacter(terminal, text.charCodeAt(i));
};

/** Returns the rows as text, without blanks at their ends. */
const screen = (): string[] =>
  Array.from({ length: terminal.grid.rows }, (_, row) =>
    Array.from({ length: terminal.grid.columns }, (_, column) =>
      String.fromCharCode(terminal.grid.cells[row * terminal.grid.columns + column]! & 0xff),
    )
      .join('')
      .trimEnd(),
  );

/** Returns the colour and the background of the cell at a place. */
const colours = (row: number, column: number): [number, number] => {
  const cell = terminal.grid.cells[row * terminal.grid.columns + column]!;
  return [(cell >> 8) & 15, cell >> 12];
};

const place = (): [number, number] => [terminal.row, terminal.column];

describe('a terminal', () => {
  it('has lines, and goes on in the next one when one is full', () => {
    write('one\ntwo\n0123456789ab');
    expect(screen()).toEqual(['one', 'two', '0123456789', 'ab']);
  });

  it('begins a new line for a line that is full with the next character, not before', () => {
    write('0123456789\nab\n0123456789\r!');
    expect(screen()).toEqual(['0123456789', 'ab', '!123456789', '']);
  });

  it('scrolls where it ends', () => {
    write('1\n2\n3\n4\n5\n6');
    expect(screen()).toEqual(['3', '4', '5', '6']);
    write('\n');
    expect(screen()).toEqual(['4', '5', '6', '']);
  });

  it('has control characters', () => {
    write('abc\bX\rY\tZ\u0007\u007f');
    expect(screen()[0]).toBe('YbX     Z');
    write('\t\b\b\b\b\b\b\b\b\b\b\b\b!');
    expect(screen()[0]).toBe('!bX     Z');
  });

  it.each([
    ['A', [0, 5]],
    ['2A', [0, 5]],
    ['99A', [0, 5]],
    ['B', [2, 5]],
    ['99B', [3, 5]],
    ['C', [1, 6]],
    ['99C', [1, 9]],
    ['D', [1, 4]],
    ['3D', [1, 2]],
    ['99D', [1, 0]],
    ['H', [0, 0]],
    ['3H', [2, 0]],
    ['3;4H', [2, 3]],
    ['0;0H', [0, 0]],
    ['99;99H', [3, 9]],
    ['4G', [1, 3]],
    ['99999999999999999999999999C', [1, 9]],
    ['1;2;3;4;5;6;7;8;9;10;11H', [0, 1]],
    ['5z', [1, 5]],
    ['?25l', [1, 5]],
    ['?7H', [1, 5]],
  ])('goes by %j where it should', (sequence, expected) => {
    write(`\n12345${ESC}[${sequence}`);
    expect(place()).toEqual(expected);
  });

  it.each([
    ['J', ['one', 't', '', '']],
    ['0J', ['one', 't', '', '']],
    ['1J', ['', '  o', 'three', '']],
    ['2J', ['', '', '', '']],
    ['3J', ['one', 'two', 'three', '']],
    ['K', ['one', 't', 'three', '']],
    ['1K', ['one', '  o', 'three', '']],
    ['2K', ['one', '', 'three', '']],
  ])('clears by %j what it should', (sequence, expected) => {
    write(`one\ntwo\nthree${ESC}[2;2H${ESC}[${sequence}`);
    expect(screen()).toEqual(expected);
    expect(place()).toEqual([1, 1]);
  });

  it.each([
    ['31', [1, 0]],
    ['1;31', [9, 0]],
    ['31;1', [9, 0]],
    ['1;31;22', [1, 0]],
    ['97;44', [15, 4]],
    ['107', [7, 15]],
    ['32;41;7', [1, 2]],
    ['32;41;7;27', [2, 1]],
    ['32;41;39', [7, 1]],
    ['32;41;49', [2, 0]],
    ['32;41;1;7;0', [7, 0]],
    ['32;41;', [7, 0]],
    ['', [7, 0]],
    ['5;38;99', [7, 0]],
  ])('writes in the colours of %j', (sequence, expected) => {
    write(`${ESC}[35m${ESC}[0;${sequence}mX`);
    expect(colours(0, 0)).toEqual(expected);
  });

  it('reads a sequence that it does not know to its end, and one that is cut off by another', () => {
    write(`a${ESC}cb${ESC}[1;2~c${ESC}[3${ESC}[31md`);
    expect(screen()[0]).toBe('abcd');
    expect(colours(0, 3)).toEqual([1, 0]);
  });

  it('survives whatever is written', () => {
    let seed = 12_345;
    const next = (count: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * count);
    };
    const pieces = [
      ESC,
      `${ESC}[`,
      ';',
      '?',
      'A',
      'B',
      'C',
      'D',
      'G',
      'H',
      'J',
      'K',
      'm',
      'h',
      '\n',
      '\r',
      '\b',
      '\t',
      'x',
      '9',
      '1',
      '4',
      '0',
      '\u2500',
      '\uffff',
    ];
    for (let i = 0; i < 15_000; i++) {
      write(pieces[next(pieces.length)]!);
      if (next(500) === 0) resizeTerminal(terminal, 1 + next(300), 1 + next(200));
      expect(terminal.row < terminal.grid.rows && terminal.column < terminal.grid.columns).toBe(true);
    }
  });

  it('is cleared', () => {
    write('one\ntwo');
    clearTerminal(terminal);
    expect([screen(), place()]).toEqual([
      ['', '', '', ''],
      [0, 0],
    ]);
  });

  it('keeps its last lines when it becomes smaller, and all when larger', () => {
    write('1\n2\n3\nfour five');
    resizeTerminal(terminal, 4 * 8, 3 * 16 + 5);
    expect([screen(), place()]).toEqual([
      ['2', '3', 'four'],
      [2, 3],
    ]);
    resizeTerminal(terminal, 8 * 8, 5 * 16);
    expect([screen(), place()]).toEqual([
      ['2', '3', 'four', '', ''],
      [2, 3],
    ]);
  });

  it.each([
    [1, 1, 1, 1],
    [16_384, 16_384, 2048, 32],
    [3840, 2160, 480, 135],
  ])('on %d × %d pixels has %d columns and %d rows', (width, height, columns, rows) => {
    resizeTerminal(terminal, width, height);
    expect([terminal.grid.columns, terminal.grid.rows]).toEqual([columns, rows]);
    expect(columns * rows).toBeLessThanOrEqual(CELL_COUNT_MAX);
  });
});

describe('painting', () => {
  const paint = (canvas = canvasOf(COLUMNS * 8, ROWS * 16)) => {
    const isPainted = paintCells(terminal.grid, canvas, theFont());
    const { paintedX, paintedY, paintedWidth, paintedHeight } = terminal.grid;
    return { canvas, area: isPainted ? [paintedX, paintedY, paintedWidth, paintedHeight] : undefined };
  };

  it('draws all of it at first, and what has changed later', () => {
    const { canvas, area } = paint();
    expect(area).toEqual([0, 0, 80, 64]);
    expect(paint(canvas).area).toBeUndefined();
    write('ab');
    expect(paint(canvas).area).toEqual([0, 0, 24, 16]); // Two letters, and the cursor behind them.
    write(`${ESC}[?25l${ESC}[3;5Hx${ESC}[2;8Hy`);
    expect(paint(canvas).area).toEqual([16, 0, 48, 48]);
    write(`${ESC}[2;8Hy`);
    expect(paint(canvas).area).toBeUndefined();
  });

  it('draws in the colours of the cells, and the cursor in their opposite', () => {
    write(`${ESC}[31;44m█\b`);
    const { canvas } = paint();
    expect([pixelAt(canvas, 0, 0), pixelAt(canvas, 8, 0)]).toEqual([paletteColour(4), 0]);
    write('\n');
    paint(canvas);
    expect([pixelAt(canvas, 0, 0), pixelAt(canvas, 0, 16)]).toEqual([paletteColour(1), paletteColour(7)]);
  });

  it('stays on a canvas that is smaller than a cell, or was closed', () => {
    resizeTerminal(terminal, 5, 3);
    expect(paint(canvasOf(5, 3)).area).toEqual([0, 0, 5, 3]);
    resizeTerminal(terminal, 80, 64);
    expect(paint(new Canvas()).area).toEqual([0, 0, 0, 0]);
  });

  it('has a palette of 16 colours', () => {
    expect(Array.from({ length: 16 }, (_, i) => paletteColour(i).toString(16))).toEqual(
      '0 aa0000 aa00 aaaa00 aa aa00aa aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff'.split(' '),
    );
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphOf, glyphRow } from '../../../../kernel/draw/font.ts';
import { theFont } from '../../../../kernel/draw/glyphs.ts';
import { drawText } from '../../../../kernel/draw/text.ts';
import { canvasOf, lookOf, machineWithMemory } from './harness.ts';

beforeEach(() => {
  machineWithMemory();
});

const look = (text: string): string[] => {
  const canvas = canvasOf(GLYPH_WIDTH * text.length, GLYPH_HEIGHT);
  drawText(canvas, 0, 0, text, 1, 0);
  return lookOf(canvas);
};

describe('text', () => {
  it('is made of the glyphs of its characters', () => {
    expect(look('Hg').slice(2, 15)).toEqual([
      '.#....#.........',
      '.#....#.........',
      '.#....#.........',
      '.#....#...###.#.',
      '.######..#...##.',
      '.#....#..#....#.',
      '.#....#..#....#.',
      '.#....#..#....#.',
      '.#....#..#...##.',
      '.#....#...###.#.',
      '..............#.',
      '.........#....#.',
      '..........####..',
    ]);
  });

  it('has lines that meet', () => {
    expect(look('┌┴').slice(6, 9)).toEqual(['...........#....', '...#############', '...#............']);
    expect(look('╔╗').slice(5, 10)).toEqual([
      '................',
      '..###########...',
      '..#.........#...',
      '..#.#######.#...',
      '..#.#.....#.#...',
    ]);
  });

  it('covers what was there', () => {
    const canvas = canvasOf(8, 16);
    drawText(canvas, 0, 0, '█', 1, 0);
    drawText(canvas, 0, 0, 'l', 1, 2);
    expect(lookOf(canvas, { 1: '#', 2: '-' }).slice(1, 4)).toEqual(['--------', '--##----', '---#----']);
  });

  it('is cut off at every edge', () => {
    const whole = look('#');
    for (const [x, y] of [
      [-3, 0],
      [0, -5],
      [-7, -15],
      [4, 10],
      [-8, 0],
      [0, -16],
      [8, 0],
      [0, 16],
      [-(2 ** 31), -(2 ** 31)],
      [2 ** 31 - 1, 2 ** 31 - 1],
    ] as const) {
      machineWithMemory();
      const canvas = canvasOf(8, 16);
      drawText(canvas, x, y, '#', 1, 0);
      const expected = whole.map((_, row) =>
        Array.from({ length: 8 }, (_, column) => whole[row - y]?.[column - x] ?? '.').join(''),
      );
      expect(lookOf(canvas)).toEqual(expected);
    }
  });
});

describe('the font', () => {
  const rowsOf = (character: string): number[] => {
    const glyph = glyphOf(character.charCodeAt(0));
    return Array.from({ length: GLYPH_HEIGHT }, (_, row) => glyphRow(theFont(), glyph, row));
  };

  it('has another picture for each character', () => {
    const characters = [
      ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)),
      ...'─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬█▀▄▌▐░▒▓',
    ];
    expect(new Set(characters.map((each) => rowsOf(each).join())).size).toBe(characters.length);
  });

  it('leaves a column free between two letters', () => {
    for (let code = 0x21; code < 0x7f; code++) {
      for (const bits of rowsOf(String.fromCharCode(code))) expect(bits & 0x81).toBe(0);
    }
  });

  it.each(['ä', '\u{7f}', '\u{a0}', '\u{24ff}', '\u{2503}', '\u{25a0}', '\u{ffff}'])(
    'has a hollow box for %j',
    (character) => {
      expect(glyphOf(character.charCodeAt(0))).toBe(0x7f);
    },
  );
});

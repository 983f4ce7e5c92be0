import { beforeEach, describe, expect, it } from 'vitest';
import { closeCanvas } from '../../../../kernel/device/canvas.ts';
import { copyRectangle, fillRectangle, outlineRectangle, pixelAt } from '../../../../kernel/draw/rectangles.ts';
import type { SimMachine } from '../../../sim/machine.ts';
import { canvasOf, lookOf, machineWithMemory } from './harness.ts';

let machine: SimMachine;

beforeEach(() => {
  machine = machineWithMemory();
});

const FAR = 2 ** 31 - 1;

describe('a rectangle', () => {
  it('is filled where it lies', () => {
    const canvas = canvasOf(6, 4);
    fillRectangle(canvas, 1, 2, 3, 1, 1);
    expect(lookOf(canvas)).toEqual(['......', '......', '.###..', '......']);
  });

  it('has an outline', () => {
    const canvas = canvasOf(6, 5);
    outlineRectangle(canvas, 1, 0, 4, 4, 1);
    expect(lookOf(canvas)).toEqual(['.####.', '.#..#.', '.#..#.', '.####.', '......']);
  });

  it.each([
    [-2, -1, 4, 3, ['##..', '##..', '....']],
    [2, 1, FAR, FAR, ['....', '..##', '..##']],
    [-FAR, -FAR, FAR + 2, FAR + 1, ['##..', '....', '....']],
    [4, 0, 1, 1, ['....', '....', '....']],
    [0, 3, 1, 1, ['....', '....', '....']],
    [-5, 0, 5, 3, ['....', '....', '....']],
    [FAR, FAR, 2 ** 32 - 1, 2 ** 32 - 1, ['....', '....', '....']],
    [-(2 ** 31), 0, 1, 1, ['....', '....', '....']],
    [0, 0, 0, 3, ['....', '....', '....']],
  ])('from (%d, %d) of %d × %d is cut off at the edges', (x, y, width, height, look) => {
    const canvas = canvasOf(4, 3);
    const before = machine.dma.slice();
    fillRectangle(canvas, x, y, width, height, 1);
    expect(lookOf(canvas)).toEqual(look);
    fillRectangle(canvas, 0, 0, 4, 3, 0);
    expect(Buffer.compare(machine.dma, before)).toBe(0); // Nothing beside it was touched.
    outlineRectangle(canvas, x, y, width, height, 1);
    fillRectangle(canvas, 0, 0, 4, 3, 0);
    expect(Buffer.compare(machine.dma, before)).toBe(0);
  });

  it('has an outline that is cut off, too', () => {
    const canvas = canvasOf(4, 3);
    outlineRectangle(canvas, -1, -1, 4, 3, 1);
    expect(lookOf(canvas)).toEqual(['..#.', '###.', '....']);
  });

  it('goes over the pieces of a canvas', () => {
    const canvas = canvasOf(3, 7, 3);
    fillRectangle(canvas, 1, 1, 1, 5, 1);
    expect(canvas.pieceCount).toBe(3);
    expect(lookOf(canvas)).toEqual(['...', '.#.', '.#.', '.#.', '.#.', '.#.', '...']);
  });

  it('is lost on a canvas that was closed', () => {
    const canvas = canvasOf(3, 3);
    const before = machine.dma.slice();
    closeCanvas(canvas);
    fillRectangle(canvas, 0, 0, 3, 3, 1);
    copyRectangle(canvas, 0, 0, canvas, 1, 1, 2, 2);
    expect(Buffer.compare(machine.dma, before)).toBe(0);
  });
});

/** Numbers its pixels, so that each is known again. */
const numbered = (width: number, height: number, start = 64) => {
  const canvas = canvasOf(width, height, 2, start);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) fillRectangle(canvas, x, y, 1, 1, 1 + y * width + x);
  return canvas;
};

describe('a copy', () => {
  it.each([
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
    [2, 1],
    [-2, -1],
    [1, -2],
    [0, 0],
    [9, 9],
    [-FAR, 3],
  ])('within one canvas by (%d, %d) has the pixels of before', (byX, byY) => {
    const canvas = numbered(7, 6);
    copyRectangle(canvas, 1 + byX, 1 + byY, canvas, 1, 1, 5, 4);
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 7; x++) {
        const fromX = x - byX;
        const fromY = y - byY;
        const isCopied = fromX >= 1 && fromX < 6 && fromY >= 1 && fromY < 5;
        expect(pixelAt(canvas, x, y)).toBe(isCopied ? 1 + fromY * 7 + fromX : 1 + y * 7 + x);
      }
    }
  });

  it('from another canvas is cut off at the edges of both', () => {
    const source = numbered(3, 3);
    const target = canvasOf(4, 4, 1, 4096);
    copyRectangle(target, 2, -1, source, -1, 0, 10, 10);
    const letters = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [i + 1, `${i + 1}`]));
    expect(lookOf(target, letters)).toEqual(['...4', '...7', '....', '....']);
  });

  it('of what is nowhere does nothing', () => {
    const source = numbered(3, 3);
    const target = canvasOf(4, 4, 1, 4096);
    copyRectangle(target, 0, 0, source, 3, 0, 5, 5);
    copyRectangle(target, 4, 0, source, 0, 0, 5, 5);
    copyRectangle(target, 0, 0, source, -(2 ** 31), FAR, 2 ** 32 - 1, 2 ** 32 - 1);
    expect(lookOf(target)).toEqual(['....', '....', '....', '....']);
  });
});

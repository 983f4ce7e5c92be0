// A canvas on Node, and what is on it.

import { type Canvas, Canvas as NewCanvas, PIXEL_SIZE } from '../../../../kernel/device/canvas.ts';
import { pixelAt } from '../../../../kernel/draw/rectangles.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

/** Returns a black canvas whose rows lie in `pieceCount` pieces with gaps between them. Several may be asked for from one machine: `start` is where it begins. */
export const canvasOf = (width: number, height: number, pieceCount = 1, start = 64): Canvas => {
  const canvas = new NewCanvas();
  canvas.width = width;
  canvas.height = height;
  canvas.pieceRows = Math.ceil(height / pieceCount);
  canvas.pieceCount = Math.ceil(height / canvas.pieceRows);
  const stride = canvas.pieceRows * width * PIXEL_SIZE + 64;
  for (let i = 0; i < canvas.pieceCount; i++) canvas.offsets[i] = start + (canvas.pieceCount - 1 - i) * stride;
  return canvas;
};

/** Installs a machine with `mib` MiB of DMA memory. */
export const machineWithMemory = (mib = 4): SimMachine => installMachine(new SimMachine(mib * 1024 * 1024));

/** Returns the canvas as text: a letter a pixel, '.' for 0, and by `letters` for other colours. */
export const lookOf = (canvas: Canvas, letters: Readonly<Record<number, string>> = { 1: '#' }): string[] =>
  Array.from({ length: canvas.height }, (_, y) =>
    Array.from({ length: canvas.width }, (_, x) => {
      const colour = pixelAt(canvas, x, y);
      return colour === 0 ? '.' : (letters[colour] ?? '?');
    }).join(''),
  );

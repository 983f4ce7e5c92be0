// What gpu.ts draws in QEMU, and gpu.test.ts on Node: the same calls must make the same pixels.

import type { Canvas } from '../../../kernel/device/canvas.ts';
import { copyRectangle, fillRectangle, outlineRectangle } from '../../../kernel/draw/rectangles.ts';
import { drawText } from '../../../kernel/draw/text.ts';

const WHITE = 0xffffff;
const YELLOW = 0xffd000;
const NIGHT = 0x102040;

/** Draws rectangles, copies and text all over a canvas, and beyond its edges. */
export const drawPicture = (canvas: Canvas): void => {
  const width: number = canvas.width;
  const height: number = canvas.height;
  for (let y = 0; y < height; y++) fillRectangle(canvas, 0, y, width, 1, Math.floor((y * 255) / height) * 256 + 64);
  for (let i = 0; i < 24; i++) {
    fillRectangle(canvas, i * 29 - 20, 40 + i * 7, 60, 45, 0x200000 * (i % 8) + 0x001f00 * (i % 5) + i * 9);
    outlineRectangle(canvas, i * 29 - 20, 40 + i * 7, 60, 45, WHITE);
  }
  copyRectangle(canvas, 30, height - 150, canvas, 0, 40, 200, 120);
  copyRectangle(canvas, 60, height - 130, canvas, 30, height - 150, 200, 120);
  copyRectangle(canvas, width - 90, -20, canvas, 30, height - 150, 200, 120);
  for (let row = 0; row < 3; row++) {
    let text = '';
    for (let i = 0; i < 32; i++) text += String.fromCharCode(0x20 + row * 32 + i);
    drawText(canvas, 300, height - 150 + row * 18, text, row === 1 ? YELLOW : WHITE, NIGHT);
  }
  for (const [row, line] of [
    '╔═══╦══╗ ┌──┬─┐',
    '║ A ║ 1║ │▒▓│░│',
    '╠═══╬══╣ ├──┼─┤',
    '╚═══╩══╝ └──┴─┘',
    '█▀▄▌▐ ä',
  ].entries()) {
    drawText(canvas, 300, height - 90 + row * 16, line, WHITE, NIGHT);
  }
  drawText(canvas, -5, -6, 'over the corner', YELLOW, NIGHT);
  drawText(canvas, width - 50, height - 9, 'over the corner', YELLOW, NIGHT);
};

/** Paints all of a canvas over, in such a way that nearly no two pixels close to each other are the same. */
export const drawStripes = (canvas: Canvas): void => {
  const width: number = canvas.width;
  const height: number = canvas.height;
  for (let x = 0; x < width; x++) fillRectangle(canvas, x, 0, 1, height, 0x40_0000 + x);
  for (let y = 0; y < height; y += 2) fillRectangle(canvas, 0, y, width, 1, 0x80_0000 + y);
};

/** Draws a cursor: an arrow whose edge lets through what is below. */
export const drawArrow = (canvas: Canvas): void => {
  for (let y = 0; y < 40; y++) {
    fillRectangle(canvas, 0, y, 40 - y, 1, 0xff2060c0);
    fillRectangle(canvas, 40 - y, y, 3, 1, 0x80ffffff);
  }
};

/** What the text console is given, line by line. */
export const consoleText = (): string => {
  let text = '\u001b[?25l';
  for (let line = 1; line <= 60; line++) {
    text += `\u001b[${90 + (line % 8)}mline ${line} \u001b[0;${40 + (line % 7)}m${'.'.repeat(line % 31)}\u001b[0m│\n`;
  }
  return `${text}\u001b[1;7m Hedyn \u001b[0m \u001b[4;30H\u001b[32mhere\u001b[24;1H> `;
};

// Pictures of QEMU's screens: QMP's `screendump` writes a binary PPM, 8 bits a colour.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Canvas } from '../../kernel/device/canvas.ts';
import { pixelAt } from '../../kernel/draw/rectangles.ts';
import type { Qemu } from '../../scripts/qemu/start.ts';

/** A picture. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, row by row. */
  readonly pixels: Uint32Array;
}

/** Returns what a display shows: of a device by its id, and of its screens the one of that number. */
export const screenOf = async (qemu: Qemu, folder: string, device: string, head = 0): Promise<Picture> => {
  const filename = path.join(folder, `${device}-${head}.ppm`);
  await qemu.qmp.execute('screendump', { filename, device, head });
  return parsePpm(readFileSync(filename));
};

const parsePpm = (file: Buffer): Picture => {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 64));
  if (header === null) throw new Error('the screendump is no PPM of 8 bits a colour');
  const [width, height] = [Number(header[1]), Number(header[2])];
  const pixels = new Uint32Array(width * height);
  for (let i = 0, at = header[0].length; i < pixels.length; i++, at += 3) pixels[i] = file.readUIntBE(at, 3);
  return { width, height, pixels };
};

/** Returns what is on a canvas, as a screen shows it. */
export const pictureOf = (canvas: Canvas): Picture => {
  const { width, height } = canvas;
  const colourOf = (_: unknown, i: number): number => pixelAt(canvas, i % width, Math.floor(i / width));
  return { width, height, pixels: Uint32Array.from({ length: width * height }, colourOf) };
};

/** Returns the first pixel in which two pictures differ, in words; undefined when they are the same. */
export const difference = (found: Picture, expected: Picture): string | undefined => {
  if (found.width !== expected.width || found.height !== expected.height) {
    return `${found.width} x ${found.height} pixels, expected ${expected.width} x ${expected.height}`;
  }
  const at = found.pixels.findIndex((pixel, i) => pixel !== expected.pixels[i]);
  if (at < 0) return undefined;
  const place = `(${at % found.width}, ${Math.floor(at / found.width)})`;
  return `${place} is ${found.pixels[at]!.toString(16)}, expected ${expected.pixels[at]!.toString(16)}`;
};

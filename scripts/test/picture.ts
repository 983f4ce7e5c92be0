// Pictures of QEMU's screens: QMP's `screendump` writes a binary PPM, 8 bits a colour.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Qemu } from '../qemu/start.ts';

/** A picture. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, row by row. */
  readonly pixels: Uint32Array;
}

/** Returns what a display shows: of a device by its id, by default the first, and of its screens the one of that number. `folder` is for a file on the way. */
export const screenOf = async (qemu: Qemu, folder: string, device?: string, head?: number): Promise<Picture> => {
  const filename = path.join(folder, `${device ?? 'screen'}-${head ?? 0}.ppm`);
  const which = device === undefined ? {} : { device, head: head ?? 0 };
  await qemu.qmp.execute('screendump', { filename, ...which });
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

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Returns the picture as a PNG file. PNG (third edition) §5, §11.2. */
export const pngOf = ({ width, height, pixels }: Picture): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, colours, deflate, its one set of filters, not interlaced.
  const rows = Buffer.alloc(height * (1 + width * 3)); // Each row begins with its filter: 0, none.
  pixels.forEach((pixel, i) => {
    rows.writeUIntBE(pixel, Math.floor(i / width) * (1 + width * 3) + 1 + (i % width) * 3, 3);
  });
  return Buffer.concat([PNG_SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')]);
};

const chunk = (name: string, data: Buffer = Buffer.alloc(0)): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** The checksum of a chunk. PNG (third edition) §5.5. */
const crc32 = (bytes: Buffer): number => {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ ((rest & 1) === 0 ? 0 : 0xedb88320);
  }
  return ~rest >>> 0;
};

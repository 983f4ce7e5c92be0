// Reading a file of the host's.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Figure, Progress, Samples } from './figure.ts';
import { expectSuccess, memoryFolder, releaseOf, type Start } from './guest.ts';

const IMAGE = 'test/bench/images/9p.ts';
const LENGTH = 256 * 1024 * 1024;

/** 300 MB a second. */
const LIMIT_US = 3333;

/** Returns the time of a megabyte that is read one behind the other: into an array, and into DMA memory. */
export const shareFigures = (start: Start): Figure[] => [
  { name: '9p-read', unit: 'us/MB', limit: LIMIT_US, measure: (progress) => measure(start, 'read', progress) },
  { name: '9p-read-dma', unit: 'us/MB', measure: (progress) => measure(start, 'read-dma', progress) },
];

const measure = async (start: Start, what: string, progress: Progress): Promise<Samples> => {
  progress('building');
  const image = await releaseOf(IMAGE);
  const folder = mkdtempSync(path.join(memoryFolder(), 'hedyn-bench-'));
  try {
    writeFileSync(path.join(folder, 'file'), Buffer.alloc(LENGTH, 'hedyn'));
    progress('reading');
    const fsdev = ['-fsdev', `local,id=f0,path=${folder},security_model=none`];
    const device = ['-device', 'virtio-9p-pci,fsdev=f0,mount_tag=bench,disable-legacy=on'];
    const { text } = expectSuccess(await start(image, { extra: [...fsdev, ...device] }));
    const values = [...text.matchAll(/^([a-z-]+) (\d+)\r?$/gm)].flatMap(([, name, value]) =>
      name === what ? [Number(value) / 1000] : [],
    );
    return { values };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

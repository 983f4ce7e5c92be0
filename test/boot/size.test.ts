// `make size`: the parts of an image are all of it.

import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ImageSize, measureImage, PART_KINDS, sizeTable } from '../../scripts/size.ts';
import { imageOf } from './harness.ts';

const sizeOf = async (entry: string, release: boolean): Promise<ImageSize> => {
  const { elf, debugElf } = await imageOf(entry, release);
  return measureImage(readFileSync(debugElf), statSync(elf).size);
};

describe.each([
  ['development', false],
  ['release', true],
])('the size of the probe, %s build', (_, release) => {
  it('is the sum of its parts', async () => {
    const { parts, fileBytes } = await sizeOf('apps/probe/main.ts', release);
    expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(fileBytes);
  });

  it('names the modules of the program, of both planes and of boot/', async () => {
    const { parts } = await sizeOf('apps/probe/main.ts', release);
    for (const name of ['apps/probe/main.ts', 'drivers/virtio/queue/split.ts', 'drivers/table.ts', 'boot/paging.zig'])
      expect(parts.find((part) => part.name === name)?.bytes).toBeGreaterThan(100);
    expect(new Set(parts.map(({ kind }) => kind))).toEqual(new Set(PART_KINDS));
  });

  it('is printed with a sum for each kind', async () => {
    const table = sizeTable(await sizeOf('apps/probe/main.ts', release));
    for (const kind of PART_KINDS) expect(table).toMatch(new RegExp(`^ *[\\d,]+ +\\d+\\.\\d %  ${kind}$`, 'm'));
    expect(table).toContain('100.0 %  the file');
  });
});

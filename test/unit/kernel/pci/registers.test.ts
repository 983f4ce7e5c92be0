import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Reads the tables of a registers file: rows are `export const NAME: u32 = OFFSET; // WIDTH …` (u16 for a port; 3*32 for three of 32 bits), a table is what one comment heads. */
const tables = (file: string): { name: string; offset: number; width: number }[][] => {
  const found: { name: string; offset: number; width: number }[][] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (/^\/\/ {4}\S/.test(line)) found.push([]);
    const row = /^export const (\w+): u(?:16|32) = (\w+); \/\/ +(?:(\d)\*)?(8|16|32|64)\b/.exec(line);
    if (row === null) continue;
    const [, name, offset, count = 1, bits] = row;
    found.at(-1)?.push({ name: name!, offset: Number(offset), width: (Number(count) * Number(bits)) / 8 });
  }
  return found.filter((table) => table.length > 0);
};

describe.each([
  ['kernel/pci/registers.ts', 3],
  ['kernel/pci/express.ts', 1],
  ['kernel/pci/msi.ts', 2],
  ['kernel/pci/power.ts', 1],
  ['kernel/pci/reset.ts', 1],
  ['drivers/virtio/transport/pci-registers.ts', 5],
  ['drivers/virtio/transport/legacy-registers.ts', 1],
  ['drivers/blk/registers.ts', 3],
  ['drivers/console/registers.ts', 2],
  ['drivers/input/registers.ts', 4],
  ['drivers/net/registers.ts', 2],
  ['drivers/sound/registers.ts', 12],
])('the tables of %s', (file, count) => {
  it('have rows', () => expect(tables(file)).toHaveLength(count));

  it('no field lies over another, and each is aligned to its width', () => {
    for (const table of tables(file)) {
      const rows = [...table].sort((a, b) => a.offset - b.offset);
      rows.forEach((row, index) => {
        expect(row.offset % Math.min(row.width, 4), row.name).toBe(0);
        const next = rows[index + 1];
        if (next !== undefined)
          expect(row.offset + row.width, `${row.name} and ${next.name}`).toBeLessThanOrEqual(next.offset);
      });
    }
  });
});

it('the common configuration is 64 bytes without a gap', () => {
  const [common] = tables('drivers/virtio/transport/pci-registers.ts');
  expect(common!.reduce((sum, { width }) => sum + width, 0)).toBe(64);
});

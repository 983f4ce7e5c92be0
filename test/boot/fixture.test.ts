// The fixture of tests that look at a machine from outside, as docs/testing.md has it.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { boot, temporaryFolder } from 'hedyn/boot';
import { describe, expect, it } from 'vitest';

const TIMEOUT_MS = 300_000;

describe('boot()', { timeout: TIMEOUT_MS }, () => {
  it('is what docs/testing.md shows', () => {
    expect(readFileSync('docs/testing.md', 'utf8')).toContain(
      `\`\`\`ts\n${readFileSync('test/boot/hello.test.ts', 'utf8')}\`\`\``,
    );
  });

  it('types, asks QMP, and takes a picture', async () => {
    const file = path.join(temporaryFolder(), 'screen.png');
    const machine = boot({ app: 'test/boot/images/gpu.ts', devices: ['virtio-gpu-pci,id=gpu0,xres=640,yres=480'] });
    await machine.expectLine(/^picture in \d+ pieces/);
    const { width, height, pixels } = await machine.screenshot({ device: 'gpu0', file });
    expect([width, height]).toEqual([640, 480]);
    expect(new Set(pixels).size).toBeGreaterThan(1);
    expect(readFileSync(file).readUInt32BE(16)).toBe(640); // The width, in the header of a PNG.
    await machine.send('n');
    await machine.expectLine(/^part/);
    expect(await machine.qmp('query-status')).toMatchObject({ status: 'running' });
    await machine.stop();
    await expect(machine.expectLine(/^cursor/)).rejects.toThrow(/the guest ended without .*; it said:[\s\S]*part/);
  });

  it('tells what the build refuses', async () => {
    const machine = boot({ app: 'test/metal/cases/refused/bigint-literal.ts' });
    await expect(machine.exited()).rejects.toThrow(/error HED100/);
  });
});

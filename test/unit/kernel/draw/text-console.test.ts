import { describe, expect, it } from 'vitest';
import { paletteColour } from '../../../../kernel/draw/cells.ts';
import { pixelAt } from '../../../../kernel/draw/rectangles.ts';
import { drawText } from '../../../../kernel/draw/text.ts';
import { openTextConsole } from '../../../../kernel/draw/text-console.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { NEVER, open } from '../../drivers/gpu/harness.ts';
import { kindOf, run, runTurns } from '../../drivers/virtio/live-harness.ts';

const FLUSH = 0x104;
const CREATE = 0x101;

const opened = async (width = 160, height = 64) => {
  const all = await open({ displays: [{ width, height }] });
  const console = await run(openTextConsole(all.gpu));
  await run(console.shown());
  return { ...all, console };
};

describe('a text console', () => {
  it('shows what is written', async () => {
    const { console, gpu, host, machine } = await opened();
    expect([console.columns, console.rows]).toEqual([20, 4]);
    console.write('\u001b[?25l\u001b[93;44mHedyn');
    await run(console.shown());
    const expected = await run(gpu.createSurface(160, 64));
    drawText(expected.canvas, 0, 0, 'Hedyn', paletteColour(11), paletteColour(4));
    for (let y = 0; y < 64; y++) {
      expect(host.picture(0)![y]).toEqual(Array.from({ length: 160 }, (_, x) => pixelAt(expected.canvas, x, y)));
    }
    expect(machine.violations).toEqual([]);
  });

  it('flushes once what is written in one turn, and only that part', async () => {
    const { console, host } = await opened();
    host.flushed.length = 0;
    for (const letter of 'abc') console.write(letter);
    console.write('\n\nx');
    await run(console.shown());
    expect(host.flushed).toEqual([{ x: 0, y: 0, width: 24, height: 48 }]);
  });

  it('takes what is written during a flush into the next one', async () => {
    const { console, host } = await opened();
    host.lie = (type) => (type === FLUSH ? { delay: 1_000_000 } : undefined);
    host.flushed.length = 0;
    console.write('a');
    await runTurns(3);
    console.write('b');
    console.write('c');
    await run(console.shown());
    expect(host.flushed.map(({ x, width }) => [x, width])).toEqual([
      [0, 16],
      [8, 24],
    ]);
  });

  it('takes another resolution, and keeps its text', async () => {
    const { console, host, machine, pool } = await opened();
    const free = dmaFreeBytes(pool);
    const sizes: string[] = [];
    const end = console.onResize((columns, rows) => sizes.push(`${columns} × ${rows}`));
    console.write('\u001b[?25lone\ntwo');
    await run(console.shown());
    const before = host.picture(0)!;
    host.change([{ width: 240, height: 96 }]);
    await runTurns(20);
    await run(console.shown());
    expect([sizes, console.columns, console.rows]).toEqual([['30 × 6'], 30, 6]);
    const after = host.picture(0)!;
    expect([after.length, after[0]!.length]).toEqual([96, 240]);
    expect(after.slice(0, 64).map((row) => row.slice(0, 160))).toEqual(before);
    expect(free - dmaFreeBytes(pool)).toBe((240 * 96 - 160 * 64) * 4);
    end();
    host.change([{ width: 160, height: 64 }]);
    await runTurns(20);
    expect([sizes.length, console.columns, host.resources.size, machine.violations]).toEqual([1, 20, 1, []]);
  });

  it.each([
    ['the machine', { width: 16_384, height: 16_384 }, undefined],
    ['the host', { width: 240, height: 96 }, { type: 0x1201 }],
    ['a silent host', { width: 240, height: 96 }, { delay: NEVER }],
  ])('stays as it is where %s has no room for another resolution', async (_, display, lie) => {
    const { console, host } = await opened();
    host.lie = (type) => (type === CREATE ? lie : undefined);
    host.change([display]);
    await runTurns(15);
    host.lie = () => undefined;
    await runTurns(20);
    console.write('x');
    await run(console.shown());
    expect([console.columns, host.picture(0)![0]!.length]).toEqual([20, 160]);
  });

  it('goes on when the device was reset', async () => {
    const { console, host, machine } = await opened();
    host.lie = (type) => (type === FLUSH ? { delay: NEVER } : undefined);
    console.write('lost?');
    await runTurns(3);
    host.lie = () => undefined;
    await run(console.shown());
    await runTurns(10);
    const ink = host
      .picture(0)!
      .flat()
      .filter((colour) => colour === paletteColour(7)).length;
    expect(ink).toBeGreaterThan(80);
    console.write(' no');
    await run(console.shown());
    expect(machine.violations).toEqual([]);
  });

  it('says when the device has failed', async () => {
    const { console, gpu } = await opened();
    await run(gpu.close());
    console.write('x');
    expect(await kindOf(console.shown())).toBe('closed');
    console.write('y');
    expect(await kindOf(console.shown())).toBe('closed');
  });

  it('closes with all shown, and gives its memory back', async () => {
    const { gpu, host, machine, pool } = await open({ displays: [{ width: 160, height: 64 }] });
    const free = dmaFreeBytes(pool);
    const console = await run(openTextConsole(gpu));
    console.write('bye');
    await run(console.close());
    console.write('nobody reads this');
    await runTurns(5);
    expect([host.resources.size, host.shown[0], dmaFreeBytes(pool), machine.violations]).toEqual([
      0,
      undefined,
      free,
      [],
    ]);
  });

  it.each([1, -1])('is not opened on scanout %d, at which nobody looks', async (scanout) => {
    const { gpu } = await open({
      displays: [
        { width: 64, height: 64 },
        { width: 64, height: 64, enabled: false },
      ],
    });
    expect(await kindOf(openTextConsole(gpu, scanout))).toBe('unsupported');
  });
});

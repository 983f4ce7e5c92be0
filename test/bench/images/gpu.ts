// Flushes of a screen of 1024 × 768 pixels, awaited one by one. Each sample is the average of some.
//
//   flush     all of it; floor/gpu.zig does the same
//   pixel     one pixel: what of a flush is not the pixels
//   text      a text console whose every character changes: it is painted and flushed
//
//   NAME NANOSECONDS      of one; and `load NAME COUNT TICKS 0`, as the floor says it

import { openGpu } from '../../../drivers/open/gpu.ts';
import { fillRectangle } from '../../../kernel/draw/rectangles.ts';
import { openTextConsole } from '../../../kernel/draw/text-console.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { ticksOf } from './disk.ts';

const WIDTH = 1024;
const HEIGHT = 768;
const SAMPLE_COUNT = 11;
const FLUSHES_EACH = 20;

const sample = async (name: string, count: number, work: (index: number) => Promise<void>): Promise<void> => {
  await work(0);
  for (let i = 0; i < SAMPLE_COUNT; i++) {
    const start = clockNow();
    for (let index = 1; index <= count; index++) await work(index);
    const nanoseconds = clockNow() - start;
    consoleWrite(`${name} ${Math.round(nanoseconds / count)}\nload ${name} ${count} ${ticksOf(nanoseconds)} 0\n`);
  }
};

const gpu = await openGpu();
const surface = await gpu.createSurface(WIDTH, HEIGHT);
fillRectangle(surface.canvas, 0, 0, WIDTH, HEIGHT, 0x204060);
await gpu.show(0, surface);
await sample('flush', FLUSHES_EACH, () => surface.flush());
await sample('pixel', FLUSHES_EACH, () => surface.flush({ x: 500, y: 300, width: 1, height: 1 }));
await surface.release();

const text = await openTextConsole(gpu);
const screens = ['a', 'b'].map((letter) => `\u001b[H${letter.repeat(text.columns * text.rows - 1)}`);
await sample('text', 2, async (index) => {
  text.write(screens[index % 2]!);
  await text.shown();
});
await text.close();
await gpu.close();

// An image that draws, for gpu.test.ts. It says what it has shown, and goes on when a letter comes on the serial line:
//
//   picture in 4 pieces      gpu-picture.ts, on scanout 0, in memory that is in pieces
//   part                     all of it is painted over, and a rectangle of that is shown
//   cursor, moved            on scanout 0; scanout 1 shows a part of the picture
//   console 80 x 30          text on scanout 0; from here on it takes every resolution: `console 100 x 37`
//   closed, 0 bytes of memory are missing

import { openGpu } from '../../../drivers/open/gpu.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { startLog } from '../../../kernel/base/log.ts';
import type { Scanout } from '../../../kernel/device/gpu.ts';
import { openTextConsole } from '../../../kernel/draw/text-console.ts';
import { sleep } from '../../../kernel/event/time.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { DMA_ALLOCATE_FAILED, dmaAllocate, dmaFree, dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { takeSerialLetter } from './gpu-machine.ts';
import { consoleText, drawArrow, drawPicture, drawStripes } from './gpu-picture.ts';

const BLOCK_LENGTH = 4096;
const PIECE_LENGTH = 512 * 1024;
const LOOK_EVERY_MS = 2;

startLog(consoleWrite, 'info');
const pool = devicePool();
const freeBytes: number = dmaFreeBytes(pool);

/** Takes a little memory everywhere, so that no piece of what is free is longer than PIECE_LENGTH. Returns the function that gives it back. */
const breakUp = (): (() => void) => {
  const blocks: number[] = [];
  for (;;) {
    const block: number = dmaAllocate(pool, BLOCK_LENGTH, PIECE_LENGTH);
    if (block === DMA_ALLOCATE_FAILED) break;
    blocks.push(block);
  }
  return () => {
    for (const block of blocks) dmaFree(pool, block, BLOCK_LENGTH);
  };
};

const letter = async (): Promise<void> => {
  while (!takeSerialLetter()) await sleep(LOOK_EVERY_MS);
};

const formatScanout = ({ isEnabled, width, height, monitor }: Scanout): string => {
  if (!isEnabled) return 'nobody';
  if (monitor === undefined) return `${width} x ${height}`;
  const { manufacturer, name, preferred } = monitor;
  return `${width} x ${height} '${manufacturer}' '${name}' ${preferred?.width} x ${preferred?.height}`;
};

const gpu = await openGpu();
console.log(`${gpu.name} has ${gpu.featureNames.includes('EDID') ? 'EDID' : 'no EDID'}`);
for (const [i, scanout] of gpu.scanouts.entries()) console.log(`scanout ${i}: ${formatScanout(scanout)}`);

const mend = breakUp();
const { width, height } = gpu.scanouts[0]!;
const surface = await gpu.createSurface(width, height);
mend();
drawPicture(surface.canvas);
await surface.flush();
await gpu.show(0, surface);
console.log(`picture in ${surface.canvas.pieceCount} pieces`);
await letter();

drawStripes(surface.canvas);
await surface.flush({ x: 101, y: 203, width: 77, height: 55 });
console.log('part');
await letter();

if (gpu.scanouts.length > 1) await gpu.show(1, surface, { x: 96, y: 192, width: 64, height: 48 });
const arrow = await gpu.createSurface(64, 64, { hasAlpha: true });
drawArrow(arrow.canvas);
await gpu.setCursor(0, arrow, { x: 300, y: 200, hotX: 1, hotY: 2 });
console.log('cursor');
await letter();
await gpu.moveCursor(0, 17, 400);
console.log('moved');
await letter();

await gpu.setCursor(0, undefined, { x: 0, y: 0 });
await surface.release();
await arrow.release();
const text = await openTextConsole(gpu);
const tell = async (): Promise<void> => {
  await text.shown();
  console.log(`console ${text.columns} x ${text.rows}`);
};
text.onResize(() => void tell());
text.write(consoleText());
await tell();
await letter();
await text.close();
await gpu.close();
console.log(`closed, ${freeBytes - dmaFreeBytes(pool)} bytes of memory are missing`);

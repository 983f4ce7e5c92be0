// A GPU, looked at from outside: what QEMU's screens show is compared pixel for pixel with what Node draws with the same code.

import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { paintCells } from '../../kernel/draw/cells.ts';
import { theFont } from '../../kernel/draw/glyphs.ts';
import { copyRectangle, fillRectangle } from '../../kernel/draw/rectangles.ts';
import { resizeTerminal, Terminal } from '../../kernel/draw/terminal.ts';
import { writeText } from '../../kernel/draw/text-console.ts';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { type Picture, screenOf } from '../../scripts/test/picture.ts';
import { canvasOf, machineWithMemory } from '../unit/kernel/draw/harness.ts';
import { type BootOptions, boot, imageOf, temporaryFolder } from './harness.ts';
import { consoleText, drawArrow, drawPicture, drawStripes } from './images/gpu-picture.ts';
import { difference, pictureOf } from './pictures.ts';
import { onPlatform, PLATFORMS } from './platforms.ts';
import { openVnc, type Vnc } from './vnc.ts';

const IMAGE = 'test/boot/images/gpu.ts';
const WAIT_MS = 20_000;
const TIMEOUT_MS = 120_000;
const BUILD_TIMEOUT_MS = 300_000;

const ALPHA_CURSOR = -314;
const EXTENDED_DESKTOP_SIZE = -308;

/** Returns a part of a picture. */
const partOf = ({ width, pixels }: Picture, left: number, top: number, columns: number, rows: number): Picture => ({
  width: columns,
  height: rows,
  pixels: Uint32Array.from(
    { length: columns * rows },
    (_, i) => pixels[(top + Math.floor(i / columns)) * width + left + (i % columns)]!,
  ),
});

/** What the image draws, drawn here. */
const drawn = (width: number, height: number) => {
  machineWithMemory(16);
  const canvas = canvasOf(width, height);
  drawPicture(canvas);
  const picture = pictureOf(canvas);
  const stripes = canvasOf(width, height, 1, 4 * 1024 * 1024);
  drawStripes(stripes);
  copyRectangle(canvas, 101, 203, stripes, 101, 203, 77, 55);
  const part = pictureOf(canvas);
  const arrow = canvasOf(64, 64, 1, 8 * 1024 * 1024);
  drawArrow(arrow);
  return { picture, part, arrow: pictureOf(arrow), ...consoles(width, height) };
};

const consoles = (width: number, height: number) => {
  const terminal = new Terminal();
  const canvas = canvasOf(width, height);
  fillRectangle(canvas, 0, 0, width, height, 0);
  const shown = (): Picture => {
    paintCells(terminal.grid, canvas, theFont());
    return pictureOf(canvas);
  };
  resizeTerminal(terminal, width, height);
  writeText(terminal, consoleText());
  const before = shown();
  Object.assign(canvas, canvasOf(800, 600));
  fillRectangle(canvas, 0, 0, 800, 600, 0);
  resizeTerminal(terminal, 800, 600);
  return { console: before, resized: shown() };
};

let expected: ReturnType<typeof drawn>;

/** The pixels of the cursors that VNC was told of. */
interface Cursors {
  readonly vnc: Vnc;
  readonly seen: { hotX: number; hotY: number; pixels: Uint32Array }[];
}

const watchCursor = async (socket: string): Promise<Cursors> => {
  const seen: Cursors['seen'] = [];
  const vnc = await openVnc(
    socket,
    [ALPHA_CURSOR, EXTENDED_DESKTOP_SIZE],
    async ({ x, y, width, height, encoding }, read) => {
      if (encoding === EXTENDED_DESKTOP_SIZE) {
        const [count = 0] = await read(4);
        await read(16 * count);
      } else if (encoding === ALPHA_CURSOR) {
        await read(4);
        const bytes = await read(4 * width * height);
        const pixels = Uint32Array.from({ length: width * height }, (_, i) => bytes.readUInt32LE(4 * i));
        seen.push({ hotX: x, hotY: y, pixels });
      } else throw new Error(`the VNC server sent a rectangle of encoding ${encoding}`);
    },
    () => {},
  );
  onTestFinished(() => vnc.close());
  return { vnc, seen };
};

/** Returns what is said in the steps of the image, one by one. */
const step = async (qemu: Qemu, line: RegExp): Promise<void> => {
  qemu.send('n');
  await qemu.serial.waitFor(line, WAIT_MS);
};

const DEVICES: readonly (readonly [name: string, options: (more: string) => BootOptions])[] = [
  ...PLATFORMS.map((platform) => [platform.name, (more: string) => onPlatform(platform, [['gpu', more]])] as const),
  [
    'q35 as a VGA card, with packed queues',
    (more) => ({ machine: 'q35', extra: ['-device', `virtio-vga,packed=on,${more}`] }),
  ],
];

beforeAll(async () => {
  await imageOf(IMAGE);
  expected = drawn(640, 480);
}, BUILD_TIMEOUT_MS);

describe.each(DEVICES)('on %s', { timeout: TIMEOUT_MS }, (_, options) => {
  it('what is drawn is seen, and only where it was flushed; cursors, consoles and other resolutions, too', async () => {
    const folder = temporaryFolder();
    const socket = path.join(folder, 'vnc');
    const { extra = [], ...rest } = options('id=gpu0,max_outputs=2,xres=640,yres=480');
    const more = ['-vnc', `unix:${socket}`, '-trace', 'virtio_gpu_update_cursor'];
    const qemu = await boot(IMAGE, { ...rest, extra: [...extra, ...more] });
    const screen = (head = 0): Promise<Picture> => screenOf(qemu, folder, 'gpu0', head);

    await qemu.serial.waitFor(/^picture in (\d+) pieces/m, WAIT_MS);
    expect(qemu.serial.text()).toMatch(
      /^scanout 0: 640 x 480 'RHT' 'QEMU Monitor' 640 x 480\r?\nscanout 1: nobody\r?$/m,
    );
    expect(qemu.serial.text()).toMatch(/^picture in 4 pieces/m);
    expect(difference(await screen(), expected.picture)).toBeUndefined();

    await step(qemu, /^part/m);
    expect(difference(await screen(), expected.part)).toBeUndefined();

    const { vnc, seen } = await watchCursor(socket);
    await step(qemu, /^cursor/m);
    expect(difference(await screen(), expected.part)).toBeUndefined();
    expect(difference(await screen(1), partOf(expected.part, 96, 192, 64, 48))).toBeUndefined();
    await expect.poll(() => seen.at(-1)).toMatchObject({ hotX: 1, hotY: 2, pixels: expected.arrow.pixels });
    await step(qemu, /^moved/m);
    expect(qemu.complaints()).toMatch(/update_cursor scanout 0, x 300, y 200, update/);
    // QEMU's log and the guest's console come by different ways.
    await expect.poll(() => qemu.complaints()).toMatch(/update_cursor scanout 0, x 17, y 400, move/);

    await step(qemu, /^console 80 x 30/m);
    expect(difference(await screen(), expected.console)).toBeUndefined();
    vnc.setDesktopSize(800, 600);
    await qemu.serial.waitFor(/^console 100 x 37/m, WAIT_MS);
    expect(difference(await screen(), expected.resized)).toBeUndefined();

    await step(qemu, /^closed, 0 bytes of memory are missing/m);
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
  });
});

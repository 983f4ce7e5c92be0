// apps/tty, typed at from outside: through the socket of a virtio console, and on a keyboard, with its screen looked at.

import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { paintCells } from '../../kernel/draw/cells.ts';
import { theFont } from '../../kernel/draw/glyphs.ts';
import { fillRectangle } from '../../kernel/draw/rectangles.ts';
import { resizeTerminal, Terminal } from '../../kernel/draw/terminal.ts';
import { writeText } from '../../kernel/draw/text-console.ts';
import { createSerialLog } from '../../scripts/qemu/serial.ts';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { type Picture, screenOf } from '../../scripts/test/picture.ts';
import { canvasOf, machineWithMemory } from '../unit/kernel/draw/harness.ts';
import { boot, bootToEnd, temporaryDisk, temporaryFolder } from './harness.ts';
import { keyEvent } from './input-storm.ts';
import { difference, pictureOf } from './pictures.ts';

const APP = 'apps/tty/main.ts';
const TIMEOUT_MS = 300_000;
const WAIT_MS = 30_000;
const SECTOR_SIZE = 512;

/** When a file was written, in seconds since 1970: 2001-09-09 01:46:40. */
const NOTE_TIME = 1_000_000_000;

/** Of the screen: as many columns as a virtio console has that says nothing of its size. */
const WIDTH = 640;
const HEIGHT = 480;

/** What the shell shows when it waits for a line, as it goes into a RegExp. */
const PROMPT = '\r\x1b\\[92mhedyn> \x1b\\[0m\x1b\\[K';

/** The host's end of a virtio console: `ask` types a line, and returns the lines that its command answers. */
interface HostTerminal {
  readonly text: () => string;
  readonly type: (text: string) => void;
  readonly ask: (line: string) => Promise<string[]>;
  readonly waitFor: (pattern: RegExp) => Promise<unknown>;
}

/** Listens at a socket for QEMU, which connects as it starts: so nothing is missed. Returns QEMU's arguments, and the terminal. */
const listenFor = (folder: string): { extra: string[]; terminal: HostTerminal } => {
  const file = path.join(folder, 'tty');
  const log = createSerialLog();
  let socket: Socket | undefined;
  const server = createServer((connected) => {
    socket = connected;
    socket.setEncoding('utf8').on('data', (piece: string) => log.push(piece));
    socket.on('close', () => log.end()).on('error', () => {});
  }).listen(file);
  onTestFinished(() => void server.close());

  const type = (text: string): void => void socket?.write(text);
  const ask = async (line: string): Promise<string[]> => {
    const before = log.text().length;
    type(`${line}\r`);
    // What is typed is shown again, perhaps in pieces; the answer begins in the next line.
    const answer = new RegExp(`^[^]{${before}}[^\n]*\n([^]*?)${PROMPT}$`);
    const [, lines = ''] = await log.waitFor(answer, WAIT_MS);
    return lines.split('\r\n').slice(0, -1);
  };
  const extra = [
    ...['-device', 'virtio-serial-pci,addr=2', '-chardev', `socket,id=tty,path=${file}`],
    ...['-device', 'virtconsole,chardev=tty'],
  ];
  const waitFor = (pattern: RegExp): Promise<unknown> => log.waitFor(pattern, WAIT_MS);
  return { extra, terminal: { text: log.text, type, ask, waitFor } };
};

/** Returns what the shell shows of a sector. */
const dumpOf = (image: Buffer, sector: number): string[] =>
  Array.from({ length: SECTOR_SIZE / 16 }, (_, line) => {
    const at = sector * SECTOR_SIZE + line * 16;
    const bytes = [...image.subarray(at, at + 16)];
    const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    return `${at.toString(16).padStart(8, '0')}  ${digits}  ${letters}`;
  });

it('a virtio console has a shell', { timeout: TIMEOUT_MS }, async () => {
  const disk = await temporaryDisk();
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'note'), 'one\r\ntw\x1b[31mo ä€😀\nno end');
  utimesSync(path.join(folder, 'note'), NOTE_TIME, NOTE_TIME);
  mkdirSync(path.join(folder, 'Sub folder'));
  symlinkSync('note', path.join(folder, 'link\x07'));
  const { extra, terminal } = listenFor(temporaryFolder());
  const { ask, type, waitFor } = terminal;
  const qemu = await boot(APP, {
    extra: [
      ...extra,
      ...['-drive', `file=${disk},if=none,format=raw,id=image`, '-device', 'virtio-blk-pci,drive=image,addr=3'],
      ...['-fsdev', `local,id=share,path=${folder},security_model=none`],
      ...['-device', 'virtio-9p-pci,fsdev=share,mount_tag=share,addr=4'],
    ],
  });
  await waitFor(new RegExp(`Type help\\.\r\n${PROMPT}$`));

  expect((await ask('help')).map((line) => line.split(' ')[0])).toContain('lspci');
  expect(await ask('help read')).toEqual(['read DISK SECTOR [COUNT] sectors of a disk: read disk0 0 2']);

  expect(await ask('lspci')).toContainEqual(expect.stringMatching(/^0000:00:03\.0 1af4:1001 01\.00 virtio-blk, bar0/));
  const details = await ask('lspci -v');
  expect(details).toContainEqual(expect.stringMatching(/^ {4}\[\w+\] MSI-X \(11\), 2 vectors, on, /));
  expect(details.length).toBeGreaterThan(50);

  expect(await ask('lsvirtio')).toContain('0000:00:03.0 virtio-blk        not opened');
  const image = readFileSync(disk);
  expect(await ask('read disk0 0 2')).toEqual([...dumpOf(image, 0), ...dumpOf(image, 1)]);
  expect(await ask('lsvirtio')).toContain('0000:00:03.0 virtio-blk        live, MSI-X, 2 vectors');

  const [up, ...stats] = await ask('stats');
  expect(up).toMatch(/^up \d+\.\d s$/);
  expect(stats).toContainEqual(expect.stringMatching(/^ {2}0000:00:03\.0 virtio-blk: [1-9]\d* by MSI-X, 2 vectors$/));

  expect(await ask('read disk7 0')).toEqual(['\x1b[31mthe machine has 1 block device, there is no number 7\x1b[0m']);
  expect(await ask('read disk0 8191 2')).toEqual([...dumpOf(image, 8191), expect.stringContaining('8192')]);
  expect(await ask('read disk0')).toEqual(['\x1b[31musage: read DISK SECTOR [COUNT]\x1b[0m']);
  expect(await ask('\x1b[A\x1b[A 99999')).toHaveLength(1); // History: two lines back, with a word too many.
  expect((await ask('history')).at(-2)).toBe('  12  read disk0 8191 2 99999');

  expect(await ask('ls')).toEqual(['\x1b[94mmnt/\x1b[0m']);
  expect(await ask('ls /mnt')).toEqual(['\x1b[94mSub folder/\x1b[0m', 'link?', 'note']);
  expect((await ask('ls -l /mnt')).slice(1)).toEqual([
    expect.stringMatching(/^ {11}4 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}link\? -> note$/),
    '          30  2001-09-09 01:46  note',
  ]);
  expect(await ask('cat /mnt/note')).toEqual(['one', 'tw?[31mo ä€😀', 'no end']);
  expect(await ask('cat /mnt/nothing')).toEqual([expect.stringContaining('ENOENT: no such file or directory')]);
  expect(await ask('cat /etc/passwd')).toEqual(['\x1b[31mthere is nothing but /mnt here: /etc/passwd\x1b[0m']);

  // A command that takes long is ended, and the shell goes on.
  type('read disk0 0 8192\r');
  await waitFor(/\n00000a00 /);
  type('\x03');
  await waitFor(new RegExp(`\\^C\x1b\\[0m\r\n${PROMPT}$`));

  type('\x04');
  expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
});

/** Returns what a screen shows after text that a shell wrote, drawn on Node. */
const drawn = (text: string): Picture => {
  machineWithMemory(4);
  const canvas = canvasOf(WIDTH, HEIGHT);
  fillRectangle(canvas, 0, 0, WIDTH, HEIGHT, 0);
  const terminal = new Terminal();
  resizeTerminal(terminal, WIDTH, HEIGHT);
  writeText(terminal, text);
  paintCells(terminal.grid, canvas, theFont());
  return pictureOf(canvas);
};

/** Presses keys, and lets them go. */
const press = async (qemu: Qemu, keys: readonly string[]): Promise<void> => {
  for (const key of keys) {
    for (const down of [true, false]) await qemu.qmp.execute('input-send-event', { events: [keyEvent(key, down)] });
  }
};

it('keyboard and screen are a terminal: the same is seen as on a virtio console, to the pixel', {
  timeout: TIMEOUT_MS,
}, async () => {
  const folder = temporaryFolder();
  const { extra, terminal } = listenFor(folder);
  const devices = [`virtio-gpu-pci,id=gpu0,addr=3,xres=${WIDTH},yres=${HEIGHT}`, 'virtio-keyboard-pci,addr=4'];
  const qemu = await boot(APP, { extra: [...extra, ...devices.flatMap((device) => ['-device', device])] });
  const isSame = async (): Promise<string | undefined> => {
    const text = terminal
      .text()
      .replace('virtio-console port 0', 'virtio-gpu and a keyboard')
      .replace('00:02.0', '00:03.0');
    return difference(await screenOf(qemu, folder, 'gpu0'), drawn(text));
  };
  await terminal.waitFor(new RegExp(`Type help\\.\r\n${PROMPT}$`));
  await expect.poll(isSame, { timeout: WAIT_MS }).toBeUndefined();

  await press(qemu, ['h', 'l', 'p', 'left', 'left', 'e', 'ret']);
  await terminal.ask('hlp\x1b[D\x1b[De');
  await expect.poll(isSame, { timeout: WAIT_MS }).toBeUndefined();

  await press(qemu, ['up', 'ret', ...'lsvirtio', 'ret', ...'lspci', 'ret']); // More than a screen: it scrolls.
  for (const line of ['\x1b[A', 'lsvirtio', 'lspci']) await terminal.ask(line);
  await expect.poll(isSame, { timeout: WAIT_MS }).toBeUndefined();

  await press(qemu, [...'poweroff', 'ret']);
  expect(await qemu.exit).toEqual({ status: 0, reason: 'the guest switched the machine off' });
});

it('a machine without a terminal says what is missing', { timeout: TIMEOUT_MS }, async () => {
  const { exit, text } = await bootToEnd(APP);
  expect(exit.status).toBe(1);
  expect(text).toContain('there is no terminal: add a virtconsole');
});

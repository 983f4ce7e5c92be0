// apps/tty, typed at from outside: through the socket of a virtio console.

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createSerialLog } from '../../scripts/qemu/serial.ts';
import { boot, bootToEnd, temporaryDisk, temporaryFolder } from './harness.ts';

const APP = 'apps/tty/main.ts';
const TIMEOUT_MS = 300_000;
const WAIT_MS = 30_000;
const SECTOR_SIZE = 512;

/** What the shell shows when it waits for a line, as it goes into a RegExp. */
const PROMPT = '\r\x1b\\[92mhedyn> \x1b\\[0m\x1b\\[K';

/** Connects to the terminal at a socket. `ask` types a line, and returns the lines that its command answers. */
const openTerminal = async (file: string) => {
  const socket = connect(file);
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const log = createSerialLog();
  socket.setEncoding('utf8').on('data', (piece: string) => log.push(piece));
  socket.on('close', () => log.end()).on('error', () => {});

  const type = (text: string): void => void socket.write(text);
  type('\x15'); // Nobody may have been here for the first prompt. This erases an empty line.
  await log.waitFor(new RegExp(`${PROMPT}$`), WAIT_MS);

  const ask = async (line: string): Promise<string[]> => {
    const before = log.text().length;
    type(`${line}\r`);
    // What is typed is shown again, perhaps in pieces; the answer begins in the next line.
    const answer = new RegExp(`^[^]{${before}}[^\n]*\n([^]*?)${PROMPT}$`);
    const [, lines = ''] = await log.waitFor(answer, WAIT_MS);
    return lines.split('\r\n').slice(0, -1);
  };
  return { log, type, ask };
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
  const socket = path.join(temporaryFolder(), 'tty');
  const disk = await temporaryDisk();
  const qemu = await boot(APP, {
    extra: [
      ...['-device', 'virtio-serial-pci,addr=2', '-chardev', `socket,id=tty,path=${socket},server=on,wait=off`],
      ...['-device', 'virtconsole,chardev=tty'],
      ...['-drive', `file=${disk},if=none,format=raw,id=image`, '-device', 'virtio-blk-pci,drive=image,addr=3'],
    ],
  });
  await qemu.serial.waitFor(/virtio-console: interrupts/, WAIT_MS);
  const { ask, type, log } = await openTerminal(socket);

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

  expect(await ask('read disk7 0')).toEqual(['\x1b[31mthe machine has 1 block devices, there is no number 7\x1b[0m']);
  expect(await ask('read disk0 8191 2')).toEqual([...dumpOf(image, 8191), expect.stringContaining('8192')]);
  expect(await ask('read disk0')).toEqual(['\x1b[31musage: read DISK SECTOR [COUNT]\x1b[0m']);
  expect(await ask('\x1b[A\x1b[A 99999')).toHaveLength(1); // History: two lines back, with a word too many.
  expect((await ask('history')).at(-2)).toBe('  12  read disk0 8191 2 99999');

  // A command that takes long is ended, and the shell goes on.
  type('read disk0 0 8192\r');
  await log.waitFor(/\n00000a00 /, WAIT_MS);
  type('\x03');
  await log.waitFor(new RegExp(`\\^C\x1b\\[0m\r\n${PROMPT}$`), WAIT_MS);

  type('\x04');
  expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
});

it('a machine without a terminal says what is missing', { timeout: TIMEOUT_MS }, async () => {
  const { exit, text } = await bootToEnd(APP);
  expect(exit.status).toBe(1);
  expect(text).toContain('there is no terminal: add a virtconsole');
});

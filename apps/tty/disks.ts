// What stands on disks: read.

import { openBlockDevice } from '../../drivers/open/block.ts';
import { hex, hexBytes, printableText } from '../../kernel/base/hex.ts';
import { SECTOR_SIZE } from '../../kernel/device/block.ts';
import { type Command, wrongWords } from './command.ts';

const DISK = /^disk(\d+)$/;
const NUMBER = /^\d+$/;
const LINE_LENGTH = 16;
const OFFSET_DIGITS = 8;
/** The width of the bytes of a whole line. */
const BYTES_WIDTH = 3 * LINE_LENGTH - 1;

export const readDisk: Command = {
  name: 'read',
  usage: 'DISK SECTOR [COUNT]',
  summary: 'sectors of a disk: read disk0 0 2',
  run: async ({ words, signal, write }) => {
    const [disk = '', sector = '', count = '1', ...more] = words;
    const index = DISK.exec(disk)?.[1];
    if (index === undefined || !NUMBER.test(sector) || !NUMBER.test(count) || more.length > 0)
      throw wrongWords(readDisk);
    const device = await openBlockDevice({ index: Number(index) });
    // One after the other: whoever asks for a million of them sees the first, and may stop.
    for (let at = Number(sector); at < Number(sector) + Number(count); at++) {
      signal.throwIfAborted();
      await write(dump(at * SECTOR_SIZE, await device.read(at, 1, { signal })));
    }
  },
};

/** Returns lines with the offset, the bytes, and the letters among them. */
const dump = (offset: number, bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += LINE_LENGTH) {
    const line = bytes.subarray(at, at + LINE_LENGTH);
    text += `${hex(offset + at, OFFSET_DIGITS)}  ${hexBytes(line).padEnd(BYTES_WIDTH)}  ${printableText(line)}\n`;
  }
  return text;
};

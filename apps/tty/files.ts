// What is in the folder that the host shares, which is /mnt here: ls and cat.

import { openShare } from '../../drivers/open/share.ts';
import type { DirectoryEntry, FileStats, Share } from '../../kernel/device/share.ts';
import { type Command, wrongWords } from './command.ts';
import { newPieceDecoder } from './utf8.ts';

const MOUNT = '/mnt';
const PIECE_LENGTH = 65_536;
const SIZE_WIDTH = 12;
const BLUE = '\x1b[94m';
const PLAIN = '\x1b[0m';

export const listFolder: Command = {
  name: 'ls',
  usage: '[-l] [FOLDER]',
  summary: 'what is in a folder: ls /mnt; -l: how long, from when',
  run: async ({ words, write }) => {
    const isLong = words[0] === '-l';
    const [folder = '/', ...more] = isLong ? words.slice(1) : words;
    if (more.length > 0) throw wrongWords(listFolder);
    if (folder === '/') return write(`${coloured('mnt/')}\n`);
    const share = await openShare();
    const entries = await share.readdir(pathOf(folder), { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      await write(isLong ? await longLine(share, inFolder(pathOf(folder), entry), entry) : `${describe(entry)}\n`);
    }
  },
};

export const showFile: Command = {
  name: 'cat',
  usage: 'FILE',
  summary: 'the text of a file: cat /mnt/readme',
  run: async ({ words, signal, write }) => {
    const [file, ...more] = words;
    if (file === undefined || more.length > 0) throw wrongWords(showFile);
    const share = await openShare();
    const handle = await share.open(pathOf(file));
    try {
      const piece = new Uint8Array(PIECE_LENGTH);
      const decoder = newPieceDecoder();
      let last = '\n';
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await handle.read(piece);
        const text = printable(bytesRead === 0 ? decoder.end() : decoder.decode(piece.subarray(0, bytesRead)));
        last = text.at(-1) ?? last;
        await write(text);
        if (bytesRead === 0) break;
      }
      if (last !== '\n') await write('\n');
    } finally {
      await handle.close();
    }
  },
};

/** Returns where a file is in the share. Throws an Error for one that is nowhere. */
const pathOf = (path: string): string => {
  if (path !== MOUNT && !path.startsWith(`${MOUNT}/`)) throw new Error(`there is nothing but ${MOUNT} here: ${path}`);
  return path.slice(MOUNT.length) || '/';
};

/** Returns the path of an entry, in bytes: its name need not be UTF-8. */
const inFolder = (folder: string, { nameBytes }: DirectoryEntry): Uint8Array => {
  const start = new TextEncoder().encode(`${folder}/`);
  const path = new Uint8Array(start.length + nameBytes.length);
  path.set(start);
  path.set(nameBytes, start.length);
  return path;
};

const longLine = async (share: Share, path: Uint8Array, entry: DirectoryEntry): Promise<string> => {
  const stats: FileStats = await share.lstat(path);
  const target = entry.isSymbolicLink() ? ` -> ${printable(await share.readlink(path))}` : '';
  const time = stats.mtime.toISOString().slice(0, 16).replace('T', ' ');
  return `${`${stats.size}`.padStart(SIZE_WIDTH)}  ${time}  ${describe(entry)}${target}\n`;
};

const describe = (entry: DirectoryEntry): string => {
  const name = printable(entry.name).replaceAll('\n', '?').replaceAll('\t', '?');
  return entry.isDirectory() ? coloured(`${name}/`) : name;
};

const coloured = (text: string): string => `${BLUE}${text}${PLAIN}`;

/** Returns text without what a terminal would take for more than text. */
const printable = (text: string): string => {
  let clean = '';
  for (const character of text) {
    if (character === '\r') continue; // Of a line that ends as on DOS.
    const isControl = (character < ' ' && character !== '\n' && character !== '\t') || character === '\x7f';
    clean += isControl ? '?' : character;
  }
  return clean;
};

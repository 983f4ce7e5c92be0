// Wrong calls of shared folders.

import type { FileHandle, FileTime, Share, SharePath } from '../../kernel/device/share.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
import { ends, noCount, noNumber, right, type Table, type WrongCall, wrong } from './table.ts';

export interface ShareBag {
  readonly share: Share;
  /** 'file', open to read and write. */
  readonly file: FileHandle;
  /** One that was closed. */
  readonly closed: FileHandle;
  /** 4 KiB of DMA memory. */
  readonly memory: number;
}

const bytes = new Uint8Array(8);

type OnPath = readonly [name: string, call: (share: Share, path: SharePath) => unknown];

/** What has a path, and may be done to a file that is not there. */
const ON_PATH: readonly OnPath[] = [
  ['open', (share, path) => share.open(path)],
  ['readFile', (share, path) => share.readFile(path)],
  ['writeFile', (share, path) => share.writeFile(path, bytes)],
  ['appendFile', (share, path) => share.appendFile(path, bytes)],
  ['readdir', (share, path) => share.readdir(path)],
  ['mkdir', (share, path) => share.mkdir(path)],
  ['rmdir', (share, path) => share.rmdir(path)],
  ['unlink', (share, path) => share.unlink(path)],
  ['rm', (share, path) => share.rm(path)],
  ['rename', (share, path) => share.rename(path, 'other')],
  ['rename to', (share, path) => share.rename('file', path)],
  ['symlink at', (share, path) => share.symlink('file', path)],
  ['readlink', (share, path) => share.readlink(path)],
  ['link', (share, path) => share.link(path, 'other')],
  ['link at', (share, path) => share.link('file', path)],
  ['stat', (share, path) => share.stat(path)],
  ['lstat', (share, path) => share.lstat(path)],
  ['truncate', (share, path) => share.truncate(path, 1)],
  ['chmod', (share, path) => share.chmod(path, 0o600)],
  ['utimes', (share, path) => share.utimes(path, 1, 1)],
  ['statfs', (share, path) => share.statfs(path)],
];

const wrongPath = ([name, call]: OnPath): WrongCall<ShareBag>[] => [
  wrong(`share.${name} ''`, 'invalid-argument', ({ share }) => call(share, '')),
  wrong(`share.${name} no bytes`, 'invalid-argument', ({ share }) => call(share, new Uint8Array(0))),
  wrong(`share.${name} with a zero`, 'invalid-argument', ({ share }) => call(share, 'a\0b')),
  wrong(`share.${name} with a long name`, 'invalid-argument', ({ share }) => call(share, 'a'.repeat(256))),
  wrong(`share.${name} with a long path`, 'invalid-argument', ({ share }) => call(share, 'a/'.repeat(2049))),
];

const wrongFile = (
  name: string,
  call: (file: FileHandle, offset: number, length: number, position: number) => unknown,
): WrongCall<ShareBag>[] => [
  ...noCount(`file.${name} from`, ({ file }: ShareBag, offset) => call(file, offset, 1, 0)),
  ...noCount(`file.${name} of`, ({ file }: ShareBag, length) => call(file, 0, length, 0)),
  wrong(`file.${name} from 2^32`, 'out-of-range', ({ file }) => call(file, 2 ** 32, 1, 0)),
  ...noCount(`file.${name} at`, ({ file }: ShareBag, position) => call(file, 0, 1, position)),
  wrong(`file.${name} beyond its array`, 'out-of-range', ({ file }) => call(file, 4, 5, 0)),
  wrong(`file.${name} when it was closed`, 'invalid-argument', ({ closed }) => call(closed, 0, 1, 0)),
];

const wrongDma = (
  name: string,
  call: (file: FileHandle, offset: number, length: number, position: number) => unknown,
): WrongCall<ShareBag>[] => [
  ...noNumber(`file.${name} to`, 'invalid-argument', ({ file }: ShareBag, offset) => call(file, offset, 1, 0)),
  wrong(`file.${name} to the end of memory`, 'invalid-argument', ({ file }) => call(file, dmaLength() - 1, 2, 0)),
  ...noNumber(`file.${name} of`, 'invalid-argument', ({ file, memory }: ShareBag, length) =>
    call(file, memory, length, 0),
  ),
  ...noCount(`file.${name} at`, ({ file, memory }: ShareBag, position) => call(file, memory, 1, position)),
  wrong(`file.${name} when it was closed`, 'invalid-argument', ({ closed, memory }) => call(closed, memory, 1, 0)),
];

const wrongMode = (what: string, call: (bag: ShareBag, mode: number) => unknown): WrongCall<ShareBag>[] => [
  ...noNumber(what, 'invalid-argument', call),
  wrong(`${what} 0o10000`, 'invalid-argument', (bag) => call(bag, 0o10000)),
];

const wrongTime = (what: string, call: (bag: ShareBag, time: FileTime) => unknown): WrongCall<ShareBag>[] =>
  [Number.NaN, Number.POSITIVE_INFINITY, new Date(Number.NaN)].map((time) =>
    wrong(`${what} ${time instanceof Date ? 'no date' : time}`, 'invalid-argument', (bag: ShareBag) => call(bag, time)),
  );

/** A shared folder with a file. */
export const SHARE: Table<ShareBag> = {
  name: 'a shared folder',
  close: ({ share }) => share.close(),
  calls: [
    right('share.open', async ({ share }) => (await share.open('file')).close()),
    right('share.readFile', ({ share }) => share.readFile('file')),
    right('share.writeFile', ({ share }) => share.writeFile('file', bytes)),
    right('share.appendFile', ({ share }) => share.appendFile('file', bytes)),
    right('share.readdir', ({ share }) => share.readdir('/')),
    right('share.mkdir', ({ share }) => share.mkdir('made', { recursive: true })),
    right('share.rename', ({ share }) => share.rename('file', 'file')),
    right('share.symlink', ({ share }) => share.symlink('file', 'symbolic'), 'closed', 'io-error'),
    right('share.readlink', ({ share }) => share.readlink('file'), 'closed', 'io-error'),
    right('share.link', ({ share }) => share.link('file', 'file'), 'closed', 'io-error'),
    right('share.stat', ({ share }) => share.stat('file')),
    right('share.lstat', ({ share }) => share.lstat('file')),
    right('share.truncate', ({ share }) => share.truncate('file', 8)),
    right('share.chmod', ({ share }) => share.chmod('file', 0o600)),
    right('share.utimes', ({ share }) => share.utimes('file', 1, 1)),
    right('share.statfs', ({ share }) => share.statfs('/')),
    right('share.rmdir', ({ share }) => share.rmdir('none'), 'closed', 'io-error'),
    right('share.unlink', ({ share }) => share.unlink('none'), 'closed', 'io-error'),
    right('share.rm', ({ share }) => share.rm('none', { force: true })),
    right('file.read', ({ file }) => file.read(bytes, 0, 8, 0)),
    right('file.write', ({ file }) => file.write(bytes, 0, 8, 0)),
    right('file.readDma', ({ file, memory }) => file.readDma(memory, 8, 0)),
    right('file.writeDma', ({ file, memory }) => file.writeDma(memory, 8, 0)),
    right('file.readFile', ({ file }) => file.readFile()),
    right('file.stat', ({ file }) => file.stat()),
    right('file.truncate', ({ file }) => file.truncate(8)),
    right('file.chmod', ({ file }) => file.chmod(0o600)),
    right('file.utimes', ({ file }) => file.utimes(1, 1)),
    right('file.sync', ({ file }) => file.sync()),
    right('file.datasync', ({ file }) => file.datasync()),
    ends('file.close', ({ file }) => file.close()),
    ends('share.close', ({ share }) => share.close()),
  ],
  wrong: [
    ...ON_PATH.flatMap(wrongPath),
    wrong("share.symlink to ''", 'invalid-argument', ({ share }) => share.symlink('', 'new')),
    wrong('share.symlink to a zero', 'invalid-argument', ({ share }) => share.symlink('a\0b', 'new')),
    wrong('share.symlink to 4096 bytes', 'invalid-argument', ({ share }) => share.symlink('a'.repeat(4096), 'new')),
    ...wrongMode('share.open with mode', ({ share }, mode) => share.open('new', 'w', mode)),
    ...wrongMode('share.writeFile with mode', ({ share }, mode) => share.writeFile('new', bytes, { mode })),
    ...wrongMode('share.mkdir with mode', ({ share }, mode) => share.mkdir('new', { mode })),
    ...wrongMode('share.chmod to', ({ share }, mode) => share.chmod('file', mode)),
    ...wrongMode('file.chmod to', ({ file }, mode) => file.chmod(mode)),
    ...noCount('share.truncate to', ({ share }: ShareBag, length) => share.truncate('file', length)),
    ...noCount('file.truncate to', ({ file }: ShareBag, length) => file.truncate(length)),
    ...wrongTime('share.utimes to', ({ share }, time) => share.utimes('file', time, 1)),
    ...wrongTime('file.utimes to', ({ file }, time) => file.utimes(1, time)),
    ...wrongFile('read', (file, offset, length, position) => file.read(bytes, offset, length, position)),
    ...wrongFile('write', (file, offset, length, position) => file.write(bytes, offset, length, position)),
    ...wrongDma('readDma', (file, offset, length, position) => file.readDma(offset, length, position)),
    ...wrongDma('writeDma', (file, offset, length, position) => file.writeDma(offset, length, position)),
    wrong('file.close twice', 'invalid-argument', ({ closed }) => closed.close()),
  ],
};

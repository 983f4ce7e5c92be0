// An image that does with a share what the words of its command line say, and prints what came of it, for 9p.test.ts:
//
//   tag=T           the share to open; else the first
//   many=STEP       the names of many/, and the content of each STEPth of them
//   names           the names of names/, whatever bytes they are; each file is copied to back/, under the same name
//   big=PIECES      all of `big`, read into DMA memory, and written to `copy` from there
//   tour            makes, changes and removes
//   read_only       two changes of a share that takes none
//   refusals        what the host refuses, and what is refused here

import { devicePool } from '../../../drivers/open/places.ts';
import { openShare } from '../../../drivers/open/share.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { FileFailure } from '../../../kernel/device/file-failure.ts';
import type { Share } from '../../../kernel/device/share.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaAllocate, dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { fillContent, HASH_START, hashBytes, hashDma, sumOf } from './9p-machine.ts';

const PIECE = 524_288;
const DEPTH = 4;
const AT_A_TIME = 16;

startLog(consoleWrite, 'info');
const options = readOptions();

/** A sum over all names, and one over the content of each `step`th file: the order in which the host has them does not count. */
const many = async (share: Share, step: number): Promise<string> => {
  const all = await share.readdir('many', { encoding: 'buffer' });
  let [names, contents] = [0, 0];
  for (const name of all) names = sumOf(names, hashBytes(HASH_START, name));
  const read = async (first: number): Promise<void> => {
    for (let index = first * step; index < all.length; index += AT_A_TIME * step) {
      const name = all[index]!;
      const bytes = await share.readFile(joined('many', name));
      contents = sumOf(contents, hashBytes(hashBytes(HASH_START, name), bytes));
    }
  };
  const readers: Promise<void>[] = [];
  for (let i = 0; i < AT_A_TIME; i++) readers.push(read(i));
  await Promise.all(readers);
  return `${all.length} names, ${names}, ${contents}`;
};

const joined = (folder: string, name: Uint8Array): Uint8Array => {
  const start = new TextEncoder().encode(`${folder}/`);
  const path = new Uint8Array(start.length + name.length);
  path.set(start);
  path.set(name, start.length);
  return path;
};

const names = async (share: Share): Promise<string> => {
  const all = await share.readdir('names', { encoding: 'buffer' });
  await share.mkdir('back');
  for (const name of all) await share.writeFile(joined('back', name), await share.readFile(joined('names', name)));
  const entries = await share.readdir('back', { withFileTypes: true });
  return `${all.length} names, ${entries.filter((entry) => entry.isFile()).length} files`;
};

/** Reads a file piece by piece, several at a time, and writes it elsewhere. */
const big = async (share: Share, pieceCount: number): Promise<string> => {
  const memory = dmaAllocate(devicePool(), PIECE * DEPTH, 4096);
  const source = await share.open('big');
  const copy = await share.open('copy', 'w');
  const { size } = await source.stat();
  let hash: number = HASH_START;
  const read = (piece: number): Promise<number> =>
    source.readDma(memory + (piece % DEPTH) * PIECE, PIECE, piece * PIECE);
  const reads: Promise<number>[] = [];
  for (let piece = 0; piece < DEPTH; piece++) reads.push(read(piece));
  const start: number = clockNow();
  for (let piece = 0; ; piece++) {
    const length = await reads[piece % DEPTH]!;
    if (length === 0) break;
    const at = memory + (piece % DEPTH) * PIECE;
    hash = hashDma(hash, at, length);
    if (piece < pieceCount) await copy.writeDma(at, length, piece * PIECE);
    reads[piece % DEPTH] = read(piece + DEPTH);
  }
  await Promise.all(reads);
  const seconds = (clockNow() - start) / 1e9;
  await Promise.all([source.close(), copy.sync().then(() => copy.close())]);
  console.log(`big took ${seconds.toFixed(3)} s, ${Math.floor(size / 1e6 / seconds)} MB/s`);
  return `${size} bytes, ${hash}`;
};

const tour = async (share: Share): Promise<string> => {
  await share.mkdir('made/deep/er', { recursive: true, mode: 0o750 });
  await share.writeFile('made/new', 'old text');
  await share.writeFile('made/new', 'text');
  await share.appendFile('made/new', ' and more');
  await share.rename('made/new', 'made/deep/moved');
  await share.symlink('../deep/moved', 'made/deep/link');
  await share.link('made/deep/moved', 'made/hard');
  await share.chmod('made/deep/moved', 0o640);
  await share.utimes('made/deep/moved', 1_000_000_000.5, new Date(1_500_000_000_250));
  const file = await share.open('made/filled', 'wx');
  const bytes = new Uint8Array(3_000_000);
  fillContent(bytes, 0);
  await file.write(bytes);
  await file.truncate(2_500_000);
  await file.datasync();
  const { size } = await file.stat();
  await file.close();
  await share.mkdir('made/gone/inside', { recursive: true });
  await share.writeFile('made/gone/inside/file', '');
  await share.symlink('/made', 'made/gone/loop');
  await share.rm('made/gone', { recursive: true });
  const text = await share.readFile('made/deep/../deep/link', 'utf8');
  const stats = await share.stat('made/hard');
  const { bsize, blocks } = await share.statfs('/');
  return [text, size, stats.nlink, stats.mtime.toISOString(), bsize > 0 && blocks > 0].join(', ');
};

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'done';
  } catch (error) {
    if (error instanceof FileFailure) return error.code;
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
};

const refusals = async (share: Share): Promise<string> => {
  const codes = [
    await codeOf(share.readFile('nothing')),
    await codeOf(share.readFile('names/nothing/at/all')),
    await codeOf(share.readFile('../../../../etc/passwd')),
    await codeOf(share.readFile('outside')),
    await codeOf(share.writeFile('names', 'x')),
    await codeOf(share.mkdir('names')),
    await codeOf(share.rmdir('names')),
    await codeOf(share.readdir('big')),
    await codeOf(share.stat('big/x')),
    await codeOf(share.readFile('loop')),
    await codeOf(share.readFile('x'.repeat(256))),
    await codeOf(share.readFile('a\0b')),
    await codeOf(share.readFile('')),
    await codeOf(share.open('big', 'wx')),
    await codeOf(share.writeFile('x'.repeat(255), 'longest')),
    await codeOf(share.readFile('big', { signal: AbortSignal.timeout(0) })),
  ];
  return codes.join(' ');
};

const kindOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'done';
  } catch (error) {
    return error instanceof FileFailure ? `${error.code} ${error.kind}` : String(error);
  }
};

const free = dmaFreeBytes(devicePool());
const tag = findOption(options, 'tag');
const share = await openShare(tag === undefined ? {} : { tag });
console.log(`share: ${share.name} '${share.tag}' ${share.messageSizeBytes}`);
const step = findOption(options, 'many');
if (step !== undefined) console.log(`many: ${await many(share, Number(step))}`);
if (findOption(options, 'names') !== undefined) console.log(`names: ${await names(share)}`);
const pieceCount = findOption(options, 'big');
if (pieceCount !== undefined) console.log(`big: ${await big(share, Number(pieceCount))}`);
if (findOption(options, 'tour') !== undefined) console.log(`tour: ${await tour(share)}`);
if (findOption(options, 'refusals') !== undefined) console.log(`refusals: ${await refusals(share)}`);
if (findOption(options, 'read_only') !== undefined) {
  console.log(`read-only: ${await kindOf(share.writeFile('x', ''))}, ${await kindOf(share.mkdir('x'))}`);
}
await share.close();
console.log(
  `memory: ${free - dmaFreeBytes(devicePool()) === (pieceCount === undefined ? 0 : PIECE * DEPTH) ? 'all back' : 'not back'}`,
);

// An open file, as FileHandle of kernel/device/share.ts has it. It is closed when all that was asked of it before is done: its fid may be another file's afterwards.

import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { EBADF, EISDIR, refusedHere } from '../../kernel/device/file-failure.ts';
import type { FileHandle, FileTime, ReadFileOptions } from '../../kernel/device/share.ts';
import { fulfil, pendingPromise } from '../../kernel/event/pending.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
import { abortable } from './abortable.ts';
import { read64 } from './answers.ts';
import { checkLength, checkMode, timeMsOf } from './arguments.ts';
import type { Memory } from './calls.ts';
import { type Context, whyOver } from './context.ts';
import { clunk, fsync, getattr, setMode, setSize, setTimes } from './requests.ts';
import { statsOf } from './stats.ts';
import { type OpenFile, readBytes, writeBytes } from './transfer.ts';

/** Bytes by which the memory for a file grows whose length nobody knows. */
const GROWTH = 65_536;

/** Where the size of a file is in Rgetattr. */
const SIZE = 56;

/** One open file. */
interface Handle {
  readonly context: Context;
  readonly file: OpenFile;
  /** `'/name'` */
  readonly label: string;
  position: number;
  isOpen: boolean;
  /** What is under way, and the promise of who closes: that all of it is done. */
  useCount: number;
  idle: Promise<void> | undefined;
}

/** Returns a file that was opened in `context`, as its users see it. */
export const handleOf = (context: Context, file: OpenFile, label: string): FileHandle => {
  const handle: Handle = { context, file, label, position: 0, isOpen: true, useCount: 0, idle: undefined };
  return {
    read: async (target, offset, length, position) => ({
      bytesRead: await move(handle, 'read', target, offset, length, position),
      buffer: target,
    }),
    write: async (source, offset, length, position) => ({
      bytesWritten: await move(handle, 'write', source, offset, length, position),
      buffer: source,
    }),
    readDma: (offset, length, position) => moveDma(handle, 'read', offset, length, position),
    writeDma: (offset, length, position) => moveDma(handle, 'write', offset, length, position),
    readFile: (options: ReadFileOptions = {}) =>
      abortable(options.signal, () => use(handle, 'read', (each) => readWhole(each, file), options.signal)),
    stat: () => use(handle, 'fstat', async (each) => statsOf(await getattr(each, file.fid))),
    truncate: async (length = 0) => {
      checkLength(length);
      await use(handle, 'ftruncate', (each) => setSize(each, file.fid, length));
    },
    chmod: async (mode) => {
      checkMode(mode);
      await use(handle, 'fchmod', (each) => setMode(each, file.fid, mode));
    },
    utimes: async (accessed: FileTime, modified: FileTime) => {
      const [accessedMs, modifiedMs] = [timeMsOf(accessed), timeMsOf(modified)];
      await use(handle, 'futimes', (each) => setTimes(each, file.fid, accessedMs, modifiedMs));
    },
    sync: () => use(handle, 'fsync', (each) => fsync(each, file.fid, false)),
    datasync: () => use(handle, 'fdatasync', (each) => fsync(each, file.fid, true)),
    close: () => close(handle),
  };
};

/** Does something with an open file. Rejects when it was closed, or opened before a reset. */
const use = async <T>(
  handle: Handle,
  verb: string,
  work: (context: Context) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  const context = { ...handle.context, what: `${verb} ${handle.label}`, signal };
  if (!handle.isOpen) throw refusedHere(EBADF, context.what);
  const over = whyOver(context);
  if (over !== undefined) throw failureOf(over);
  handle.useCount += 1;
  try {
    return await work(context);
  } finally {
    handle.useCount -= 1;
    if (handle.useCount === 0 && handle.idle !== undefined) fulfil(handle.idle, undefined);
  }
};

const close = async (handle: Handle): Promise<void> => {
  if (!handle.isOpen) throw refusedHere(EBADF, `close ${handle.label}`);
  handle.isOpen = false;
  if (handle.useCount > 0) {
    handle.idle = pendingPromise();
    await handle.idle;
  }
  await clunk(handle.context, handle.file.fid);
};

/** Reads or writes bytes of the caller's. Where no position is given, it goes on where the last one ended. */
const move = async (
  handle: Handle,
  verb: 'read' | 'write',
  bytes: Uint8Array,
  offset = 0,
  length = bytes.length - offset,
  position: number | null = null,
): Promise<number> => {
  checkLength(offset);
  checkLength(length);
  if (position !== null) checkLength(position);
  if (offset + length > bytes.length) {
    throw new DeviceFailure('out-of-range', `${length} bytes from ${offset} on, of ${bytes.length}`);
  }
  const at = position ?? handle.position;
  const count = await transfer(handle, verb, { bytes, offset: 0 }, offset, length, at);
  if (position === null) handle.position = at + count;
  return count;
};

const moveDma = async (
  handle: Handle,
  verb: 'read' | 'write',
  offset: number,
  length: number,
  position: number,
): Promise<number> => {
  checkLength(offset);
  checkLength(length);
  checkLength(position);
  if (offset + length > dmaLength()) {
    const message = `${length} bytes at ${offset}, expected a place in the ${dmaLength()} bytes of DMA memory`;
    throw new DeviceFailure('invalid-argument', message);
  }
  return transfer(handle, verb, { bytes: undefined, offset }, 0, length, position);
};

const transfer = (
  handle: Handle,
  verb: 'read' | 'write',
  memory: Memory,
  start: number,
  length: number,
  position: number,
): Promise<number> => {
  const { file } = handle;
  const work = verb === 'read' ? readBytes : writeBytes;
  if (file.isDirectory) return Promise.reject(refusedHere(EISDIR, `${verb} ${handle.label}`));
  return use(handle, verb, (context) => work(context, file, position, memory, start, length));
};

/** Returns all of a file: as many bytes as it says that it has, or as many as there are where it says 0, as files do that are made when they are read. */
export const readWhole = async (context: Context, file: OpenFile): Promise<Uint8Array> => {
  if (file.isDirectory) throw refusedHere(EISDIR, context.what);
  const size: number = read64(await getattr(context, file.fid), SIZE);
  if (size > LENGTH_MAX)
    throw new DeviceFailure('out-of-range', `a file of ${size} bytes, at most ${LENGTH_MAX} can be read at once`);
  if (size === 0) return readToEnd(context, file);
  const bytes = new Uint8Array(size);
  const count = await readBytes(context, file, 0, { bytes, offset: 0 }, 0, size);
  return count === size ? bytes : bytes.slice(0, count);
};

/** Bytes that an array can have. */
const LENGTH_MAX = 2 ** 31 - 1;

const readToEnd = async (context: Context, file: OpenFile): Promise<Uint8Array> => {
  let bytes = new Uint8Array(0);
  for (;;) {
    const longer = new Uint8Array(bytes.length + GROWTH);
    const count = await readBytes(context, file, bytes.length, { bytes: longer, offset: 0 }, bytes.length, GROWTH);
    if (count === 0) return bytes;
    longer.set(bytes);
    bytes = longer.subarray(0, bytes.length + count);
    if (bytes.length > LENGTH_MAX - GROWTH) throw new DeviceFailure('out-of-range', 'a file without an end');
  }
};

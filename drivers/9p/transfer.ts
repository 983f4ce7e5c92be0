// Moving a file's bytes: what is longer than a message is several, some of which are under way at a time.

import type { Memory } from './calls.ts';
import type { Context } from './context.ts';
import { read, write } from './requests.ts';

/** Messages of one transfer under way at a time: enough that the server is at work while the last ones are copied. */
const DEPTH = 4;

/** An open file, as the server knows it. */
export interface OpenFile {
  readonly fid: number;
  readonly isDirectory: boolean;
  /** The longest data of a message for it. */
  readonly dataLengthMax: number;
  /** Each write goes to the end, wherever that is then. */
  readonly isAppending: boolean;
}

/** A transfer under way. */
interface Transfer {
  readonly context: Context;
  readonly file: OpenFile;
  readonly memory: Memory;
  readonly start: number;
  readonly position: number;
  /** Bytes that are to be moved: fewer once the end of the file was seen. */
  length: number;
  /** Bytes for which somebody has taken charge. */
  taken: number;
  error: unknown;
}

/** Reads up to `length` bytes at `position` into `memory` from `start` on. Returns how many, without a gap. */
export const readBytes = (
  context: Context,
  file: OpenFile,
  position: number,
  memory: Memory,
  start: number,
  length: number,
): Promise<number> => {
  if (length === 0) return Promise.resolve(0);
  if (length <= file.dataLengthMax) return read(context, file.fid, position, memory, start, length);
  return inPieces({ context, file, memory, start, position, length, taken: 0, error: undefined }, DEPTH, readPieces);
};

/** Writes `length` bytes of `memory` at `position`. Returns `length`. */
export const writeBytes = (
  context: Context,
  file: OpenFile,
  position: number,
  memory: Memory,
  start: number,
  length: number,
): Promise<number> => {
  if (length === 0) return Promise.resolve(0);
  const transfer = { context, file, memory, start, position, length, taken: 0, error: undefined };
  return inPieces(transfer, file.isAppending || length <= file.dataLengthMax ? 1 : DEPTH, writePieces);
};

/** Has `depth` workers move the pieces, and waits for all of them: the memory is theirs as long as one is at work. Returns how many bytes were moved. */
const inPieces = async (
  transfer: Transfer,
  depth: number,
  work: (transfer: Transfer) => Promise<void>,
): Promise<number> => {
  const workers: Promise<void>[] = [];
  for (let i = 0; i < depth; i++) workers.push(work(transfer).catch((error) => fail(transfer, error)));
  await Promise.all(workers);
  if (transfer.error !== undefined) throw transfer.error;
  return transfer.length;
};

/** Notes the first failure, behind which nothing more is taken. */
const fail = (transfer: Transfer, error: unknown): void => {
  transfer.error ??= error;
  transfer.length = 0;
};

const readPieces = async (transfer: Transfer): Promise<void> => {
  const { context, file, memory, start, position } = transfer;
  while (transfer.taken < transfer.length) {
    const at = transfer.taken;
    const length = Math.min(file.dataLengthMax, transfer.length - at);
    transfer.taken += length;
    const count = await read(context, file.fid, position + at, memory, start + at, length);
    if (count < length && at + count < transfer.length) transfer.length = at + count;
  }
};

const writePieces = async (transfer: Transfer): Promise<void> => {
  const { context, file, memory, start, position } = transfer;
  while (transfer.taken < transfer.length) {
    const at = transfer.taken;
    const length = Math.min(file.dataLengthMax, transfer.length - at);
    transfer.taken += length;
    for (let done = 0; done < length; )
      done += await write(context, file.fid, position + at + done, memory, start + at + done, length - done);
  }
};

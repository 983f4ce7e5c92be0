// The requests of 9P2000.L, each as a function that asks and understands the answer. What the answer says is checked.

import { readU16, readU32 } from '../../kernel/base/bytes.ts';
import { failureOf } from '../../kernel/device/failure.ts';
import { checkWalk, hasZero, qidType } from './answers.ts';
import { ask, type CallData, giveUpServer, type Memory } from './calls.ts';
import { type Context, giveFid, whyOver } from './context.ts';
import {
  appendName,
  setTime,
  writeAttach,
  writeClunk,
  writeFsync,
  writeGetattr,
  writeLcreate,
  writeLink,
  writeLopen,
  writeMkdir,
  writeRead,
  writeReaddir,
  writeReadlink,
  writeRenameat,
  writeSetattr,
  writeStatfs,
  writeSymlink,
  writeUnlinkat,
  writeVersion,
  writeWalk,
  writeWrite,
} from './messages.ts';
import {
  GETATTR_BASIC,
  HEADER_SIZE,
  PATH_LENGTH_MAX,
  R_GETATTR_SIZE,
  R_LOPEN_SIZE,
  R_QID_SIZE,
  R_STATFS_SIZE,
  R_WRITE_SIZE,
  SETATTR_ATIME,
  SETATTR_ATIME_SET,
  SETATTR_MODE,
  SETATTR_MTIME,
  SETATTR_MTIME_SET,
  SETATTR_SIZE,
  T_WRITE_SIZE,
} from './protocol.ts';

const WORD_VALUES = 4294967296;

const send = (context: Context, message: Uint8Array, answerLength: number, data?: CallData): Promise<Uint8Array> => {
  const over = whyOver(context);
  if (over !== undefined) return Promise.reject(failureOf(over));
  return ask(context.mount.calls, message, answerLength, { what: context.what, signal: context.signal, data });
};

const wrong = ({ mount }: Context, message: string): Error => giveUpServer(mount.calls, message);

// The session.

/** Tversion. Returns the msize and the version that the server answers with. */
export const version = async (
  context: Context,
  messageSize: number,
  wanted: Uint8Array,
): Promise<{ messageSize: number; version: string }> => {
  const message = new Uint8Array(13 + wanted.length);
  writeVersion(message, messageSize, wanted);
  const answer = await send(context, message, 0);
  if (answer.length < 13 || answer.length !== 13 + readU16(answer, 11)) throw wrong(context, 'Rversion is cut off');
  return { messageSize: readU32(answer, HEADER_SIZE), version: new TextDecoder().decode(answer.subarray(13)) };
};

/** Tattach: makes `fid` the root of the share. Returns its qid's type. */
export const attach = async (context: Context, fid: number): Promise<number> => {
  const message = new Uint8Array(23);
  writeAttach(message, fid);
  const answer = await send(context, message, R_QID_SIZE);
  return answer[HEADER_SIZE]!;
};

/** Tclunk: the server forgets a fid, whatever it answers. Settles after that, and never rejects: what could not be done is undone by a reset. */
export const clunk = async (context: Context, fid: number): Promise<void> => {
  const message = new Uint8Array(11);
  writeClunk(message, fid);
  try {
    await send({ ...context, signal: undefined }, message, HEADER_SIZE);
  } catch {
    // Refused, it is forgotten all the same; after a reset or the end of the device there is no session that knows it.
  }
  giveFid(context.session, fid);
};

// Paths.

/** Twalk: makes `newFid` what `names` lead to from `fid`, when all of them are there. Returns the types of the qids of those that are, at least one unless there are no names. */
export const walk = async (
  context: Context,
  fid: number,
  newFid: number,
  names: readonly Uint8Array[],
): Promise<number[]> => {
  let length = 17;
  for (const name of names) length += 2 + name.length;
  const message = new Uint8Array(length);
  writeWalk(message, fid, newFid, names.length);
  let at = 17;
  for (const name of names) at = appendName(message, at, name);
  const answer = await send(context, message, 0);
  const count: number = checkWalk(answer, names.length);
  if (count < 0 || (count === 0 && names.length > 0)) throw wrong(context, 'Rwalk has not the qids that it can have');
  const types: number[] = [];
  for (let i = 0; i < count; i++) types.push(qidType(answer, i));
  return types;
};

/** Treadlink. Returns where the symbolic link leads. */
export const readlink = async (context: Context, fid: number): Promise<Uint8Array> => {
  const message = new Uint8Array(11);
  writeReadlink(message, fid);
  const answer = await send(context, message, 0);
  if (answer.length < 9 || answer.length !== 9 + readU16(answer, HEADER_SIZE))
    throw wrong(context, 'Rreadlink is cut off');
  const target = answer.slice(9);
  if (target.length > PATH_LENGTH_MAX || hasZero(target)) throw wrong(context, 'Rreadlink has no path');
  return target;
};

/** Tmkdir. */
export const mkdir = async (context: Context, fid: number, name: Uint8Array, mode: number): Promise<void> => {
  const message = new Uint8Array(21 + name.length);
  writeMkdir(message, fid, name, mode);
  await send(context, message, R_QID_SIZE);
};

/** Tsymlink. */
export const symlink = async (context: Context, fid: number, name: Uint8Array, target: Uint8Array): Promise<void> => {
  const message = new Uint8Array(19 + name.length + target.length);
  writeSymlink(message, fid, name, target);
  await send(context, message, R_QID_SIZE);
};

/** Tlink: gives the file of `fid` another name in `directory`. */
export const link = async (context: Context, directory: number, fid: number, name: Uint8Array): Promise<void> => {
  const message = new Uint8Array(17 + name.length);
  writeLink(message, directory, fid, name);
  await send(context, message, HEADER_SIZE);
};

/** Trenameat. */
export const renameat = async (
  context: Context,
  oldDirectory: number,
  oldName: Uint8Array,
  newDirectory: number,
  newName: Uint8Array,
): Promise<void> => {
  const message = new Uint8Array(19 + oldName.length + newName.length);
  writeRenameat(message, oldDirectory, oldName, newDirectory, newName);
  await send(context, message, HEADER_SIZE);
};

/** Tunlinkat. */
export const unlinkat = async (context: Context, fid: number, name: Uint8Array, flags: number): Promise<void> => {
  const message = new Uint8Array(17 + name.length);
  writeUnlinkat(message, fid, name, flags);
  await send(context, message, HEADER_SIZE);
};

// Files.

/** What an open file is. */
export interface Opened {
  readonly qidType: number;
  /** Bytes that the server moves at a time at most; 0 where it does not say. */
  readonly unitLength: number;
}

/** Tlopen: opens the file of `fid`. */
export const lopen = async (context: Context, fid: number, flags: number): Promise<Opened> => {
  const message = new Uint8Array(15);
  writeLopen(message, fid, flags);
  return openedOf(await send(context, message, R_LOPEN_SIZE));
};

/** Tlcreate: makes a file in the directory of `fid`, which is the open file afterwards. */
export const lcreate = async (
  context: Context,
  fid: number,
  name: Uint8Array,
  flags: number,
  mode: number,
): Promise<Opened> => {
  const message = new Uint8Array(25 + name.length);
  writeLcreate(message, fid, name, flags, mode);
  return openedOf(await send(context, message, R_LOPEN_SIZE));
};

const openedOf = (answer: Uint8Array): Opened => ({ qidType: answer[HEADER_SIZE]!, unitLength: readU32(answer, 20) });

/** Tread of `length` bytes at `position`, into `memory` from `start` on. Returns how many there were. */
export const read = async (
  context: Context,
  fid: number,
  position: number,
  memory: Memory,
  start: number,
  length: number,
): Promise<number> => {
  const message = new Uint8Array(23);
  writeRead(message, fid, position, length);
  const answer = await send(context, message, 0, { memory, start, length, isWritten: true });
  return readU32(answer, HEADER_SIZE);
};

/** Twrite. Returns how many bytes were written, one at least. */
export const write = async (
  context: Context,
  fid: number,
  position: number,
  memory: Memory,
  start: number,
  length: number,
): Promise<number> => {
  const message = new Uint8Array(T_WRITE_SIZE);
  writeWrite(message, fid, position, length);
  const answer = await send(context, message, R_WRITE_SIZE, { memory, start, length, isWritten: false });
  const count: number = readU32(answer, HEADER_SIZE);
  if (count === 0 || count > length) throw wrong(context, `Rwrite of ${count} bytes, ${length} were to be written`);
  return count;
};

/** Treaddir. Returns the data: whole entries, none at the end. */
export const readdir = async (
  context: Context,
  fid: number,
  offsetLow: number,
  offsetHigh: number,
  target: Uint8Array,
): Promise<Uint8Array> => {
  const message = new Uint8Array(23);
  const { length } = target;
  writeReaddir(message, fid, offsetLow, offsetHigh, length);
  const memory = { bytes: target, offset: 0 };
  const answer = await send(context, message, 0, { memory, start: 0, length, isWritten: true });
  return target.subarray(0, readU32(answer, HEADER_SIZE));
};

/** Tgetattr. Returns the whole answer; stats.ts understands it. */
export const getattr = (context: Context, fid: number): Promise<Uint8Array> => {
  const message = new Uint8Array(19);
  writeGetattr(message, fid, GETATTR_BASIC);
  return send(context, message, R_GETATTR_SIZE);
};

/** Tstatfs. Returns the whole answer. */
export const statfs = (context: Context, fid: number): Promise<Uint8Array> => {
  const message = new Uint8Array(11);
  writeStatfs(message, fid);
  return send(context, message, R_STATFS_SIZE);
};

const setattr = (context: Context, fid: number, valid: number, mode: number, size: number): Promise<Uint8Array> => {
  const message = new Uint8Array(67);
  writeSetattr(message, fid, valid, mode, size);
  return send(context, message, HEADER_SIZE);
};

/** Tsetattr of the mode. */
export const setMode = async (context: Context, fid: number, mode: number): Promise<void> => {
  await setattr(context, fid, SETATTR_MODE, mode, 0);
};

/** Tsetattr of the size. */
export const setSize = async (context: Context, fid: number, size: number): Promise<void> => {
  await setattr(context, fid, SETATTR_SIZE, 0, size);
};

/** Tsetattr of both times, in milliseconds since 1970. */
export const setTimes = async (
  context: Context,
  fid: number,
  accessedMs: number,
  modifiedMs: number,
): Promise<void> => {
  const message = new Uint8Array(67);
  writeSetattr(message, fid, SETATTR_ATIME | SETATTR_ATIME_SET | SETATTR_MTIME | SETATTR_MTIME_SET, 0, 0);
  putTime(message, 35, accessedMs);
  putTime(message, 51, modifiedMs);
  await send(context, message, HEADER_SIZE);
};

const putTime = (message: Uint8Array, at: number, timeMs: number): void => {
  const seconds = Math.floor(timeMs / 1000);
  const high = Math.floor(seconds / WORD_VALUES);
  const nanoseconds = Math.floor((timeMs - seconds * 1000) * 1e6);
  setTime(message, at, seconds - high * WORD_VALUES, high < 0 ? high + WORD_VALUES : high, nanoseconds);
};

/** Tfsync. */
export const fsync = async (context: Context, fid: number, isDataOnly: boolean): Promise<void> => {
  const message = new Uint8Array(15);
  writeFsync(message, fid, isDataOnly ? 1 : 0);
  await send(context, message, HEADER_SIZE);
};

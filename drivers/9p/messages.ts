'use machine';
// The requests, as bytes: one function a message. `message` has exactly the message's length but for the data of Twrite; its tag is filled in when it is sent.

import { highWord, lowWord } from '../../kernel/base/bits.ts';
import type { u8, u16, u32, u53 } from '../../kernel/base/machine.ts';
import {
  HEADER_SIZE,
  NO_FID,
  T_ATTACH,
  T_CLUNK,
  T_FLUSH,
  T_FSYNC,
  T_GETATTR,
  T_LCREATE,
  T_LINK,
  T_LOPEN,
  T_MKDIR,
  T_READ,
  T_READDIR,
  T_READLINK,
  T_RENAMEAT,
  T_SETATTR,
  T_STATFS,
  T_SYMLINK,
  T_UNLINKAT,
  T_VERSION,
  T_WALK,
  T_WRITE,
} from './protocol.ts';

const put16 = (message: Uint8Array, at: u32, value: u32): void => {
  message[at] = value & 0xff;
  message[at + 1] = (value >>> 8) & 0xff;
};

const put32 = (message: Uint8Array, at: u32, value: u32): void => {
  put16(message, at, value & 0xffff);
  put16(message, at + 2, value >>> 16);
};

const put64 = (message: Uint8Array, at: u32, value: u53): void => {
  put32(message, at, lowWord(value));
  put32(message, at + 4, highWord(value));
};

/** Puts a string, and returns where it ends. */
const putString = (message: Uint8Array, at: u32, text: Uint8Array): u32 => {
  put16(message, at, text.length);
  for (let i: u32 = 0; i < text.length; i++) message[at + 2 + i] = text[i];
  return at + 2 + text.length;
};

/** size[4] type[1] tag[2], and the fid behind it, which most have. */
const begin = (message: Uint8Array, type: u8, length: u32, fid: u32): void => {
  put32(message, 0, length);
  message[4] = type;
  put32(message, HEADER_SIZE, fid);
};

/** Fills the tag in: what the answer is known by. */
export const setTag = (message: Uint8Array, tag: u16): void => put16(message, 5, tag);

/** Tversion: msize[4] version[s] */
export const writeVersion = (message: Uint8Array, messageSize: u32, version: Uint8Array): void => {
  begin(message, T_VERSION, message.length, messageSize);
  putString(message, 11, version);
};

/** Tattach: fid[4] afid[4] uname[s] aname[s] n_uname[4], of the user 0 and the whole share. */
export const writeAttach = (message: Uint8Array, fid: u32): void => {
  begin(message, T_ATTACH, message.length, fid);
  put32(message, 11, NO_FID);
  put16(message, 15, 0);
  put16(message, 17, 0);
  put32(message, 19, 0);
};

/** Tflush: oldtag[2] */
export const writeFlush = (message: Uint8Array, tag: u16): void => {
  put32(message, 0, message.length);
  message[4] = T_FLUSH;
  put16(message, HEADER_SIZE, tag);
};

/** Twalk: fid[4] newfid[4] nwname[2], before `count` names; each comes by appendName. */
export const writeWalk = (message: Uint8Array, fid: u32, newFid: u32, count: u16): void => {
  begin(message, T_WALK, message.length, fid);
  put32(message, 11, newFid);
  put16(message, 15, count);
};

/** Puts a name of Twalk at `at`, and returns where it ends. */
export const appendName = (message: Uint8Array, at: u32, name: Uint8Array): u32 => putString(message, at, name);

/** Tclunk, Treadlink, Tstatfs: fid[4] */
const writeFid = (message: Uint8Array, type: u8, fid: u32): void => begin(message, type, message.length, fid);

/** Treadlink. */
export const writeReadlink = (message: Uint8Array, fid: u32): void => writeFid(message, T_READLINK, fid);

/** Tstatfs. */
export const writeStatfs = (message: Uint8Array, fid: u32): void => writeFid(message, T_STATFS, fid);

/** Tclunk. */
export const writeClunk = (message: Uint8Array, fid: u32): void => writeFid(message, T_CLUNK, fid);

/** Tlopen: fid[4] flags[4] */
export const writeLopen = (message: Uint8Array, fid: u32, flags: u32): void => {
  begin(message, T_LOPEN, message.length, fid);
  put32(message, 11, flags);
};

/** Tlcreate: fid[4] name[s] flags[4] mode[4] gid[4] */
export const writeLcreate = (message: Uint8Array, fid: u32, name: Uint8Array, flags: u32, mode: u32): void => {
  begin(message, T_LCREATE, message.length, fid);
  const at: u32 = putString(message, 11, name);
  put32(message, at, flags);
  put32(message, at + 4, mode);
  put32(message, at + 8, 0);
};

/** Tread: fid[4] offset[8] count[4] */
export const writeRead = (message: Uint8Array, fid: u32, position: u53, count: u32): void => {
  begin(message, T_READ, message.length, fid);
  put64(message, 11, position);
  put32(message, 19, count);
};

/** Twrite: fid[4] offset[8] count[4], before the data. */
export const writeWrite = (message: Uint8Array, fid: u32, position: u53, count: u32): void => {
  begin(message, T_WRITE, message.length + count, fid);
  put64(message, 11, position);
  put32(message, 19, count);
};

/** Treaddir: fid[4] offset[8] count[4]. The offset is the server's own: the halves of what its last entry said. */
export const writeReaddir = (message: Uint8Array, fid: u32, offsetLow: u32, offsetHigh: u32, count: u32): void => {
  begin(message, T_READDIR, message.length, fid);
  put32(message, 11, offsetLow);
  put32(message, 15, offsetHigh);
  put32(message, 19, count);
};

/** Tgetattr: fid[4] request_mask[8] */
export const writeGetattr = (message: Uint8Array, fid: u32, mask: u32): void => {
  begin(message, T_GETATTR, message.length, fid);
  put64(message, 11, mask);
};

/** Tsetattr: fid[4] valid[4] mode[4] uid[4] gid[4] size[8], and no times: setTimes. The other bytes are 0. */
export const writeSetattr = (message: Uint8Array, fid: u32, valid: u32, mode: u32, size: u53): void => {
  begin(message, T_SETATTR, message.length, fid);
  put32(message, 11, valid);
  put32(message, 15, mode);
  put64(message, 27, size);
};

/** Puts a time of Tsetattr at `at`: its seconds and nanoseconds. Seconds before 1970 are negative, as their high half says. */
export const setTime = (message: Uint8Array, at: u32, secondsLow: u32, secondsHigh: u32, nanoseconds: u32): void => {
  put32(message, at, secondsLow);
  put32(message, at + 4, secondsHigh);
  put64(message, at + 8, nanoseconds);
};

/** Tfsync: fid[4] datasync[4] */
export const writeFsync = (message: Uint8Array, fid: u32, isDataOnly: u32): void => {
  begin(message, T_FSYNC, message.length, fid);
  put32(message, 11, isDataOnly);
};

/** Tmkdir: dfid[4] name[s] mode[4] gid[4] */
export const writeMkdir = (message: Uint8Array, fid: u32, name: Uint8Array, mode: u32): void => {
  begin(message, T_MKDIR, message.length, fid);
  const at: u32 = putString(message, 11, name);
  put32(message, at, mode);
  put32(message, at + 4, 0);
};

/** Tsymlink: dfid[4] name[s] symtgt[s] gid[4] */
export const writeSymlink = (message: Uint8Array, fid: u32, name: Uint8Array, target: Uint8Array): void => {
  begin(message, T_SYMLINK, message.length, fid);
  put32(message, putString(message, putString(message, 11, name), target), 0);
};

/** Tlink: dfid[4] fid[4] name[s] */
export const writeLink = (message: Uint8Array, directory: u32, fid: u32, name: Uint8Array): void => {
  begin(message, T_LINK, message.length, directory);
  put32(message, 11, fid);
  putString(message, 15, name);
};

/** Trenameat: olddirfid[4] oldname[s] newdirfid[4] newname[s] */
export const writeRenameat = (
  message: Uint8Array,
  oldDirectory: u32,
  oldName: Uint8Array,
  newDirectory: u32,
  newName: Uint8Array,
): void => {
  begin(message, T_RENAMEAT, message.length, oldDirectory);
  const at: u32 = putString(message, 11, oldName);
  put32(message, at, newDirectory);
  putString(message, at + 4, newName);
};

/** Tunlinkat: dirfd[4] name[s] flags[4] */
export const writeUnlinkat = (message: Uint8Array, fid: u32, name: Uint8Array, flags: u32): void => {
  begin(message, T_UNLINKAT, message.length, fid);
  put32(message, putString(message, 11, name), flags);
};

'use machine';
// What the server answers, checked: an answer is a copy, which nobody else can change any more.

import { readU16, readU32 } from '../../kernel/base/bytes.ts';
import type { bool, f64, i32, u8, u16, u32 } from '../../kernel/base/machine.ts';
import { HEADER_SIZE, NAME_LENGTH_MAX, QID_SIZE, R_LERROR, R_LERROR_SIZE, R_READ_SIZE } from './protocol.ts';

const WORD_VALUES: f64 = 4294967296;

// What `checkAnswer` returns: 0, the errno of an Rlerror, or what is wrong.
export const ANSWER_RIGHT: i32 = 0;
/** It is shorter than a header, or its size is not the number of bytes that were written. */
export const ANSWER_SIZE: i32 = -1;
/** Its type is neither that of the answer nor Rlerror. */
export const ANSWER_TYPE: i32 = -2;
/** Its tag is another one. */
export const ANSWER_TAG: i32 = -3;
/** Its type has another length. */
export const ANSWER_LENGTH: i32 = -4;
/** An Rlerror without an error. */
export const ANSWER_ERRNO: i32 = -5;

/** An errno that Linux can have. */
const ERRNO_MAX: u32 = 4095;

/**
 * Checks an answer of `written` bytes, the first of which are in `answer`. `type` is that of the request, `length` what its answer has, 0 where that varies. With
 * `dataLength`, the most bytes of data that were asked for, the answer is a count, and as much data behind it.
 */
export const checkAnswer = (
  answer: Uint8Array,
  written: u32,
  type: u8,
  tag: u16,
  length: u32,
  dataLength: u32,
): i32 => {
  if (answer.length < HEADER_SIZE || readU32(answer, 0) !== written) return ANSWER_SIZE;
  if (readU16(answer, 5) !== tag) return ANSWER_TAG;
  if (answer[4] === R_LERROR) return checkRefusal(answer, written);
  if (answer[4] !== type + 1) return ANSWER_TYPE;
  if (dataLength !== 0) return checkData(answer, written, dataLength);
  return length === 0 || length === written ? ANSWER_RIGHT : ANSWER_LENGTH;
};

const checkRefusal = (answer: Uint8Array, written: u32): i32 => {
  if (written !== R_LERROR_SIZE || answer.length < R_LERROR_SIZE) return ANSWER_LENGTH;
  const errno: u32 = readU32(answer, HEADER_SIZE);
  return errno === 0 || errno > ERRNO_MAX ? ANSWER_ERRNO : (errno as i32);
};

const checkData = (answer: Uint8Array, written: u32, dataLength: u32): i32 => {
  if (answer.length < R_READ_SIZE) return ANSWER_LENGTH;
  const count: u32 = readU32(answer, HEADER_SIZE);
  return count <= dataLength && written === R_READ_SIZE + count ? ANSWER_RIGHT : ANSWER_LENGTH;
};

/** Returns the 64-bit value at `at`: as near as a number can be. */
export const read64 = (answer: Uint8Array, at: u32): f64 => {
  const high: f64 = readU32(answer, at + 4);
  return high * WORD_VALUES + readU32(answer, at);
};

/** The same of a signed one. */
export const readSigned64 = (answer: Uint8Array, at: u32): f64 => {
  const high: f64 = readU32(answer, at + 4) | 0;
  return high * WORD_VALUES + readU32(answer, at);
};

// Rwalk: nwqid[2] nwqid × qid

/** Returns how many qids an Rwalk has, NO_QIDS when that is not what its length says, or when one before the last is no directory. */
export const checkWalk = (answer: Uint8Array, asked: u32): i32 => {
  if (answer.length < HEADER_SIZE + 2) return NO_QIDS;
  const count: u16 = readU16(answer, HEADER_SIZE);
  if (count > asked || answer.length !== HEADER_SIZE + 2 + count * QID_SIZE) return NO_QIDS;
  for (let i: u32 = 0; i + 1 < count; i++) if ((qidType(answer, i) & 0x80) === 0) return NO_QIDS;
  return count;
};

/** What checkWalk returns. */
export const NO_QIDS: i32 = -1;

/** Returns the type of qid `index` of a checked Rwalk. */
export const qidType = (answer: Uint8Array, index: u32): u8 => answer[HEADER_SIZE + 2 + index * QID_SIZE];

// Rreaddir: entries of qid[13] offset[8] type[1] name[s]

const ENTRY_OFFSET: u32 = 13;
const ENTRY_TYPE: u32 = 21;
const ENTRY_NAME: u32 = 22;
const ENTRY_SIZE: u32 = 24;

/** One entry of a directory. */
export class Entry {
  /** Where the next Treaddir goes on behind it. */
  offsetLow: u32 = 0;
  offsetHigh: u32 = 0;
  /** DT_… */
  type: u8 = 0;
  nameStart: u32 = 0;
  nameLength: u32 = 0;
  isDots: bool = false;
}

/** What nextEntry returns: an entry is cut off, or its name cannot be one. */
export const ENTRY_WRONG: i32 = -1;

/** Reads the entry at `at` of the data of an Rreaddir. Returns where the next one is, or ENTRY_WRONG. */
export const nextEntry = (data: Uint8Array, at: u32, entry: Entry): i32 => {
  if (at + ENTRY_SIZE > data.length) return ENTRY_WRONG;
  const length: u16 = readU16(data, at + ENTRY_NAME);
  const start: u32 = at + ENTRY_SIZE;
  if (start + length > data.length || !isName(data, start, length)) return ENTRY_WRONG;
  entry.offsetLow = readU32(data, at + ENTRY_OFFSET);
  entry.offsetHigh = readU32(data, at + ENTRY_OFFSET + 4);
  entry.type = data[at + ENTRY_TYPE];
  entry.nameStart = start;
  entry.nameLength = length;
  entry.isDots = isDots(data, start, length);
  return (start + length) as i32;
};

const isName = (bytes: Uint8Array, start: u32, length: u32): bool => {
  if (length === 0 || length > NAME_LENGTH_MAX) return false;
  for (let i: u32 = start; i < start + length; i++) if (bytes[i] === 0 || bytes[i] === SLASH) return false;
  return true;
};

// Names and paths.

const DOT: u8 = 0x2e;
const SLASH: u8 = 0x2f;

/** Returns whether `length` bytes from `start` on are '.' or '..'. */
export const isDots = (bytes: Uint8Array, start: u32, length: u32): bool =>
  (length === 1 || length === 2) && bytes[start] === DOT && bytes[start + length - 1] === DOT;

/** Returns where the next name of a path begins, from `from` on; its length when there is none. */
export const nextNameStart = (path: Uint8Array, from: u32): u32 => {
  let at: u32 = from;
  while (at < path.length && path[at] === SLASH) at++;
  return at;
};

/** Returns where the name at `start` ends. */
export const nameEnd = (path: Uint8Array, start: u32): u32 => {
  let at: u32 = start;
  while (at < path.length && path[at] !== SLASH) at++;
  return at;
};

/** Returns whether one of the bytes is 0. */
export const hasZero = (bytes: Uint8Array): bool => {
  for (let i: u32 = 0; i < bytes.length; i++) if (bytes[i] === 0) return true;
  return false;
};

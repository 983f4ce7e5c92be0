'use machine';
// The messages of 9P2000.L. The base is that of Plan 9's manual, section 5; Linux's additions are those of include/net/9p/9p.h and of the diod project's
// protocol.md.
//
//   size[4] type[1] tag[2] …          all little endian; a string is length[2] bytes; a qid is type[1] version[4] path[8]
//
// A request has an even type, its answer the next one, or it is Rlerror.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

// Requests.
export const T_STATFS: u8 = 8;
export const T_LOPEN: u8 = 12;
export const T_LCREATE: u8 = 14;
export const T_SYMLINK: u8 = 16;
export const T_READLINK: u8 = 22;
export const T_GETATTR: u8 = 24;
export const T_SETATTR: u8 = 26;
export const T_READDIR: u8 = 40;
export const T_FSYNC: u8 = 50;
export const T_LINK: u8 = 70;
export const T_MKDIR: u8 = 72;
export const T_RENAMEAT: u8 = 74;
export const T_UNLINKAT: u8 = 76;
export const T_VERSION: u8 = 100;
export const T_ATTACH: u8 = 104;
export const T_FLUSH: u8 = 108;
export const T_WALK: u8 = 110;
export const T_READ: u8 = 116;
export const T_WRITE: u8 = 118;
export const T_CLUNK: u8 = 120;

/** The answer to any request that was refused. */
export const R_LERROR: u8 = 7;

// Bytes of the parts of messages.
export const HEADER_SIZE: u32 = 7;
export const QID_SIZE: u32 = 13;
/** Rlerror: the errno behind the header. */
export const R_LERROR_SIZE: u32 = 11;
/** Rread and Rreaddir without their data: the count behind the header. As long as Rlerror, so one buffer takes either, and the data lies behind it. */
export const R_READ_SIZE: u32 = 11;
/** Twrite without its data. */
export const T_WRITE_SIZE: u32 = 23;
/** What a message of data has beside it, at most: the difference of msize and the longest data. */
export const IO_HEADER_SIZE: u32 = 24;

// Bytes of answers of a fixed length.
export const R_STATFS_SIZE: u32 = 67;
export const R_LOPEN_SIZE: u32 = 24; // Rlcreate, too
export const R_QID_SIZE: u32 = 20; // Rattach, Rmkdir, Rsymlink
export const R_GETATTR_SIZE: u32 = 160;
export const R_WRITE_SIZE: u32 = 11;

/** The tag of Tversion. */
export const NO_TAG: u16 = 0xffff;
/** No fid: the session needs no authentication. */
export const NO_FID: u32 = 0xffffffff;

/** Elements of one Twalk. */
export const WALK_COUNT_MAX: u32 = 16;
/** Bytes of a name, and of a path or a link's target, as Linux has them. */
export const NAME_LENGTH_MAX: u32 = 255;
export const PATH_LENGTH_MAX: u32 = 4096;

// The longest request without data is a Twalk or a Tsymlink, the longest answer an Rreadlink: what a buffer has room for.
export const REQUEST_LENGTH_MAX: u32 = 4608; // Twalk 17 + 16 × 257 = 4129, Tsymlink 17 + 255 + 4096 = 4368
export const ANSWER_LENGTH_MAX: u32 = 4112; // Rreadlink 9 + 4096

/** The least msize with which all of these fit. */
export const MESSAGE_SIZE_MIN: u32 = 8192;

// Bits of a qid's type.
export const QID_DIRECTORY: u8 = 0x80;
export const QID_SYMLINK: u8 = 0x02;

// Flags of Tlopen and Tlcreate: Linux's, of every architecture.
export const O_WRONLY: u32 = 1;
export const O_RDWR: u32 = 2;
export const O_CREAT: u32 = 0x40;
export const O_EXCL: u32 = 0x80;
export const O_TRUNC: u32 = 0x200;
export const O_APPEND: u32 = 0x400;

/** Tunlinkat: it is a directory. */
export const AT_REMOVEDIR: u32 = 0x200;

/** Tgetattr: all that a Linux file has. */
export const GETATTR_BASIC: u32 = 0x7ff;

// Tsetattr: what is set.
export const SETATTR_MODE: u32 = 0x1;
export const SETATTR_SIZE: u32 = 0x8;
export const SETATTR_ATIME: u32 = 0x10;
export const SETATTR_MTIME: u32 = 0x20;
export const SETATTR_ATIME_SET: u32 = 0x80;
export const SETATTR_MTIME_SET: u32 = 0x100;

// Of a file's mode: its type.
export const S_IFMT: u32 = 0xf000;
export const S_IFDIR: u32 = 0x4000;
export const S_IFREG: u32 = 0x8000;
export const S_IFLNK: u32 = 0xa000;

// The type of a directory's entry.
export const DT_UNKNOWN: u8 = 0;
export const DT_DIR: u8 = 4;
export const DT_REG: u8 = 8;
export const DT_LNK: u8 = 10;

// What the server says of files and of its file system. Rgetattr: valid[8] qid[13] mode[4] uid[4] gid[4] nlink[8] rdev[8] size[8] blksize[8] blocks[8], then
// seconds[8] and nanoseconds[8] of atime, mtime, ctime and btime, gen[8] data_version[8].

import { readU32 } from '../../kernel/base/bytes.ts';
import type { DirectoryEntry, FileStats, FileSystemStats } from '../../kernel/device/share.ts';
import { read64, readSigned64 } from './answers.ts';
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from './protocol.ts';

/** A file's stats. */
class Stats implements FileStats {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly ino: number;
  readonly rdev: number;
  readonly size: number;
  readonly blksize: number;
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;

  constructor(answer: Uint8Array) {
    this.ino = read64(answer, 20);
    this.mode = readU32(answer, 28);
    this.uid = readU32(answer, 32);
    this.gid = readU32(answer, 36);
    this.nlink = read64(answer, 40);
    this.rdev = read64(answer, 48);
    this.size = read64(answer, 56);
    this.blksize = read64(answer, 64);
    this.blocks = read64(answer, 72);
    this.atimeMs = timeAt(answer, 80);
    this.mtimeMs = timeAt(answer, 96);
    this.ctimeMs = timeAt(answer, 112);
  }

  get atime(): Date {
    return new Date(this.atimeMs);
  }

  get mtime(): Date {
    return new Date(this.mtimeMs);
  }

  get ctime(): Date {
    return new Date(this.ctimeMs);
  }

  isFile(): boolean {
    return (this.mode & S_IFMT) === S_IFREG;
  }

  isDirectory(): boolean {
    return (this.mode & S_IFMT) === S_IFDIR;
  }

  isSymbolicLink(): boolean {
    return (this.mode & S_IFMT) === S_IFLNK;
  }
}

const timeAt = (answer: Uint8Array, at: number): number =>
  readSigned64(answer, at) * 1000 + read64(answer, at + 8) / 1e6;

/** Returns what an Rgetattr says. */
export const statsOf = (answer: Uint8Array): FileStats => new Stats(answer);

/** An entry of a directory. */
class NamedEntry implements DirectoryEntry {
  readonly nameBytes: Uint8Array;
  /** S_IF… */
  private readonly type: number;

  constructor(nameBytes: Uint8Array, type: number) {
    this.nameBytes = nameBytes;
    this.type = type;
  }

  get name(): string {
    return new TextDecoder().decode(this.nameBytes);
  }

  isFile(): boolean {
    return this.type === S_IFREG;
  }

  isDirectory(): boolean {
    return this.type === S_IFDIR;
  }

  isSymbolicLink(): boolean {
    return this.type === S_IFLNK;
  }
}

/** Returns an entry of a directory; `mode` has its type. */
export const entryOf = (nameBytes: Uint8Array, mode: number): DirectoryEntry =>
  new NamedEntry(nameBytes, mode & S_IFMT);

/** Returns what an Rstatfs says: type[4] bsize[4] blocks[8] bfree[8] bavail[8] files[8] ffree[8] fsid[8] namelen[4]. */
export const fileSystemStatsOf = (answer: Uint8Array): FileSystemStats => ({
  type: readU32(answer, 7),
  bsize: readU32(answer, 11),
  blocks: read64(answer, 15),
  bfree: read64(answer, 23),
  bavail: read64(answer, 31),
  files: read64(answer, 39),
  ffree: read64(answer, 47),
});

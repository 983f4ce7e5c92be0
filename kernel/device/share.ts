// What a folder that the host shares is to those who use it, in the shape of Node's fs/promises. Types only: a driver implements it.
//
// A path is text, or bytes for names that are no UTF-8. It begins at the root of the share, with or without a '/'. '.' and '..' mean what they mean
// elsewhere, and nothing leads above the root: neither '..' nor a symbolic link, whose absolute target begins at the root of the share.
//
// What the host refuses rejects with a FileFailure (file-failure.ts), whose `code` is that of Node: ENOENT, EEXIST, EACCES. So does what is wrong already
// here, with the kind `invalid-argument`, before anything is sent: an empty path (ENOENT), a name of more than 255 bytes or a path of more than 4096
// (ENAMETOOLONG), a zero byte (EINVAL). All else is a DeviceFailure (failure.ts): `timeout`, `device-reset`, `wrong-answer`, `closed`, `removed`.

import type { DmaOffset } from '../base/machine.ts';

/** Where a file is. */
export type SharePath = string | Uint8Array;

/** How a file is opened: as fopen has it, with `x` for one that must not exist. */
export type OpenFlags = 'r' | 'r+' | 'w' | 'wx' | 'w+' | 'wx+' | 'a' | 'ax' | 'a+' | 'ax+';

/** What a file is. */
export interface FileKind {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** What is known of a file. Numbers beyond 2^53 are as near as a number can be. */
export interface FileStats extends FileKind {
  /** Permissions and type, as Linux has them. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly ino: number;
  readonly rdev: number;
  /** Bytes. */
  readonly size: number;
  readonly blksize: number;
  /** Units of 512 bytes that it takes. */
  readonly blocks: number;
  /** Milliseconds since 1970, with a fraction. */
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
}

/** An entry of a directory. */
export interface DirectoryEntry extends FileKind {
  /** What is no UTF-8 in it is U+FFFD. */
  readonly name: string;
  readonly nameBytes: Uint8Array;
}

/** What is known of the file system. */
export interface FileSystemStats {
  readonly type: number;
  /** Bytes of a block. */
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

/** What a call that reads a file can be given along. */
export interface ReadFileOptions {
  readonly encoding?: 'utf8' | null;
  /** Aborted, it rejects the promise with the signal's reason; the host is told that nobody waits any more. */
  readonly signal?: AbortSignal;
}

/** What a call that writes one can. */
export interface WriteFileOptions {
  /** Default: `w`, of appendFile `a`. */
  readonly flag?: OpenFlags;
  /** Permissions of a new file. Default: 0o666. */
  readonly mode?: number;
  /** As in ReadFileOptions; a part may have been written. */
  readonly signal?: AbortSignal;
}

/** A time: seconds since 1970, or a date. */
export type FileTime = number | Date;

/**
 * An open file. It belongs to the session with the host in which it was opened: when the device was reset, all that is asked of it rejects with
 * `device-reset`, and the file is to be opened again. A file that is no longer used is closed.
 */
export interface FileHandle {
  /**
   * Reads up to `length` bytes into `target` from `offset` on, from `position` in the file; null is where the last read or write without a position ended.
   * Returns how many: fewer at the end of the file, 0 behind it. What is longer than a message is several at a time. `target` is whose own until then.
   */
  read<T extends Uint8Array>(
    target: T,
    offset?: number,
    length?: number,
    position?: number | null,
  ): Promise<{ bytesRead: number; buffer: T }>;
  /** Writes `length` bytes of `source` from `offset` on, all of them, at `position`. */
  write<T extends Uint8Array>(
    source: T,
    offset?: number,
    length?: number,
    position?: number | null,
  ): Promise<{ bytesWritten: number; buffer: T }>;
  /** Reads into DMA memory of the caller's (devicePool of drivers/open/places.ts), without a copy. Returns how many bytes. */
  readDma(offset: DmaOffset, length: number, position: number): Promise<number>;
  /** Writes what is in DMA memory of the caller's, without a copy. Returns `length`. */
  writeDma(offset: DmaOffset, length: number, position: number): Promise<number>;
  /** All of the file, from the start. */
  readFile(options?: ReadFileOptions): Promise<Uint8Array>;
  stat(): Promise<FileStats>;
  /** Cuts the file, or makes it longer by zeroes. Default: 0 bytes. */
  truncate(length?: number): Promise<void>;
  chmod(mode: number): Promise<void>;
  utimes(accessed: FileTime, modified: FileTime): Promise<void>;
  /** Is fulfilled when what was written is on the host's medium, with what the host knows of the file; datasync without what is not needed to read it. */
  sync(): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** A folder of the host's. */
export interface Share {
  /** Where it is and what it is: `0000:00:02.0 virtio-9p`. */
  readonly name: string;
  readonly featureNames: readonly string[];
  /** What the host calls it; empty where the device does not tell. */
  readonly tag: string;
  /** Bytes of the longest message that device and driver agreed on. */
  readonly messageSizeBytes: number;

  open(path: SharePath, flags?: OpenFlags, mode?: number): Promise<FileHandle>;
  readFile(path: SharePath, options: 'utf8' | (ReadFileOptions & { readonly encoding: 'utf8' })): Promise<string>;
  readFile(path: SharePath, options?: ReadFileOptions): Promise<Uint8Array>;
  writeFile(path: SharePath, data: string | Uint8Array, options?: WriteFileOptions): Promise<void>;
  appendFile(path: SharePath, data: string | Uint8Array, options?: WriteFileOptions): Promise<void>;

  /** The names in a directory, without '.' and '..', in the order in which the host has them. */
  readdir(path: SharePath): Promise<string[]>;
  readdir(path: SharePath, options: { readonly encoding: 'buffer' }): Promise<Uint8Array[]>;
  readdir(path: SharePath, options: { readonly withFileTypes: true }): Promise<DirectoryEntry[]>;
  /** With `recursive`, directories above it are made, and one that is there is no failure. Default mode: 0o777. */
  mkdir(path: SharePath, options?: { readonly recursive?: boolean; readonly mode?: number }): Promise<void>;
  rmdir(path: SharePath): Promise<void>;
  unlink(path: SharePath): Promise<void>;
  /** With `recursive`, a directory with all that is in it; with `force`, what is not there is no failure. */
  rm(path: SharePath, options?: { readonly recursive?: boolean; readonly force?: boolean }): Promise<void>;
  rename(from: SharePath, to: SharePath): Promise<void>;
  /** Makes `path` a symbolic link to `target`, which may be any text of 1 to 4095 bytes. */
  symlink(target: SharePath, path: SharePath): Promise<void>;
  /** Where a symbolic link leads. */
  readlink(path: SharePath): Promise<string>;
  readlink(path: SharePath, options: { readonly encoding: 'buffer' }): Promise<Uint8Array>;
  /** Makes `path` another name of the file `existing`. */
  link(existing: SharePath, path: SharePath): Promise<void>;

  stat(path: SharePath): Promise<FileStats>;
  /** The same of a symbolic link itself. */
  lstat(path: SharePath): Promise<FileStats>;
  truncate(path: SharePath, length?: number): Promise<void>;
  chmod(path: SharePath, mode: number): Promise<void>;
  utimes(path: SharePath, accessed: FileTime, modified: FileTime): Promise<void>;
  statfs(path: SharePath): Promise<FileSystemStats>;

  /** Is fulfilled when the device was reset, and so has no file of this program's open. What it still has rejects, and so does what is asked for afterwards: `closed`. */
  close(): Promise<void>;
}

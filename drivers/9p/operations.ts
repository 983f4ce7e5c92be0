// What is done with paths, as Share of kernel/device/share.ts has it: each parses its arguments, then asks, and clunks what it has walked to.

import { DeviceFailure } from '../../kernel/device/failure.ts';
import { EINVAL, ENAMETOOLONG, ENOENT, FileFailure, refusedHere } from '../../kernel/device/file-failure.ts';
import type {
  DirectoryEntry,
  FileHandle,
  FileStats,
  FileSystemStats,
  FileTime,
  OpenFlags,
  ReadFileOptions,
  SharePath,
  WriteFileOptions,
} from '../../kernel/device/share.ts';
import { abortable } from './abortable.ts';
import { hasZero } from './answers.ts';
import { checkLength, checkMode, timeMsOf } from './arguments.ts';
import { begin, type Context, type Mount } from './context.ts';
import { entriesOf, listPath, removeTree } from './directories.ts';
import { handleOf, readWhole } from './file.ts';
import { flagsOf, openPath, READ_ONLY } from './opening.ts';
import { type Path, parsePath, quotePath, walkPath, walkToParent } from './paths.ts';
import { AT_REMOVEDIR, PATH_LENGTH_MAX } from './protocol.ts';
import * as requests from './requests.ts';
import { fileSystemStatsOf, statsOf } from './stats.ts';
import { writeBytes } from './transfer.ts';

const MODE_OF_FILE = 0o666;
const MODE_OF_DIRECTORY = 0o777;

/** Walks to what a path leads to, does something with its fid, and clunks that. */
const atPath = async <T>(
  mount: Mount,
  verb: string,
  path: SharePath,
  follow: boolean,
  work: (context: Context, fid: number) => Promise<T>,
): Promise<T> => {
  const what = `${verb} ${quotePath(path)}`;
  const parsed = parsePath(path, what);
  const context = await begin(mount, what);
  const { fid } = await walkPath(context, parsed, follow, false);
  try {
    return await work(context, fid);
  } finally {
    await requests.clunk(context, fid);
  }
};

/** The same with the directory of a path's last name. */
const atParent = async <T>(
  mount: Mount,
  verb: string,
  path: SharePath,
  work: (context: Context, fid: number, name: Uint8Array) => Promise<T>,
): Promise<T> => {
  const what = `${verb} ${quotePath(path)}`;
  const parsed = parsePath(path, what);
  return inParent(await begin(mount, what), parsed, work);
};

const inParent = async <T>(
  context: Context,
  path: Path,
  work: (context: Context, fid: number, name: Uint8Array) => Promise<T>,
): Promise<T> => {
  const { fid, name } = await walkToParent(context, path);
  try {
    return await work(context, fid, name);
  } finally {
    await requests.clunk(context, fid);
  }
};

// Files.

/** Opens a file. */
export const open = async (mount: Mount, path: SharePath, flags: OpenFlags, mode: number): Promise<FileHandle> => {
  const label = quotePath(path);
  const what = `open ${label}`;
  const parsed = parsePath(path, what);
  const bits = flagsOf(flags);
  checkMode(mode);
  const context = await begin(mount, what);
  return handleOf(context, await openPath(context, parsed, bits, mode), label);
};

/** Returns all of a file. */
export const readFile = async (mount: Mount, path: SharePath, options: ReadFileOptions): Promise<Uint8Array> => {
  const { signal, encoding } = options;
  if (encoding !== undefined && encoding !== null && encoding !== 'utf8') {
    throw new DeviceFailure('invalid-argument', `encoding ${encoding}, expected utf8`);
  }
  const what = `open ${quotePath(path)}`;
  const parsed = parsePath(path, what);
  return abortable(signal, async () => {
    const context = await begin(mount, what, signal);
    const file = await openPath(context, parsed, READ_ONLY, 0);
    try {
      return await readWhole({ ...context, what: `read ${quotePath(path)}` }, file);
    } finally {
      await requests.clunk(context, file.fid);
    }
  });
};

/** Writes a file; `usualFlag` is what it is opened with where the options say nothing. */
export const writeFile = async (
  mount: Mount,
  path: SharePath,
  data: string | Uint8Array,
  usualFlag: OpenFlags,
  { flag = usualFlag, mode = MODE_OF_FILE, signal }: WriteFileOptions,
): Promise<void> => {
  const what = `open ${quotePath(path)}`;
  const parsed = parsePath(path, what);
  const flags = flagsOf(flag);
  checkMode(mode);
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return abortable(signal, async () => {
    const context = await begin(mount, what, signal);
    const file = await openPath(context, parsed, flags, mode);
    try {
      await writeBytes(context, file, 0, { bytes, offset: 0 }, 0, bytes.length);
    } finally {
      await requests.clunk(context, file.fid);
    }
  });
};

// Directories.

/** Returns the names in a directory. */
export const readdir = async (mount: Mount, path: SharePath): Promise<Uint8Array[]> => {
  const what = `scandir ${quotePath(path)}`;
  const parsed = parsePath(path, what);
  const all = await listPath(await begin(mount, what), parsed);
  return all.map(({ name }) => name);
};

/** Returns the entries of a directory. */
export const readEntries = async (mount: Mount, path: SharePath): Promise<DirectoryEntry[]> => {
  const what = `scandir ${quotePath(path)}`;
  const parsed = parsePath(path, what);
  const context = await begin(mount, what);
  return entriesOf(context, parsed, await listPath(context, parsed));
};

/** Makes a directory. */
export const mkdir = async (
  mount: Mount,
  path: SharePath,
  { recursive = false, mode = MODE_OF_DIRECTORY }: { readonly recursive?: boolean; readonly mode?: number },
): Promise<void> => {
  checkMode(mode);
  if (!recursive) {
    await atParent(mount, 'mkdir', path, (context, fid, name) => requests.mkdir(context, fid, name, mode));
    return;
  }
  const what = `mkdir ${quotePath(path)}`;
  const { names } = parsePath(path, what);
  const context = await begin(mount, what);
  for (let count = 1; count <= names.length; count++) {
    await makeMissing(context, { names: names.slice(0, count), isDirectory: true }, mode);
  }
};

/** Makes a directory that is not there. */
const makeMissing = async (context: Context, path: Path, mode: number): Promise<void> => {
  const { fid, missing } = await walkPath(context, path, true, true);
  try {
    if (missing !== undefined) await requests.mkdir(context, fid, missing, mode);
  } finally {
    await requests.clunk(context, fid);
  }
};

/** Removes an empty directory. */
export const rmdir = (mount: Mount, path: SharePath): Promise<void> =>
  atParent(mount, 'rmdir', path, (context, fid, name) => requests.unlinkat(context, fid, name, AT_REMOVEDIR));

/** Removes what is no directory. */
export const unlink = (mount: Mount, path: SharePath): Promise<void> =>
  atParent(mount, 'unlink', path, (context, fid, name) => requests.unlinkat(context, fid, name, 0));

/** Removes what there is. */
export const rm = async (
  mount: Mount,
  path: SharePath,
  { recursive = false, force = false }: { readonly recursive?: boolean; readonly force?: boolean },
): Promise<void> => {
  try {
    await atParent(mount, 'rm', path, (context, fid, name) =>
      recursive ? removeTree(context, fid, name) : requests.unlinkat(context, fid, name, 0),
    );
  } catch (error) {
    const isMissing = error instanceof FileFailure && error.errno === ENOENT && error.kind !== 'invalid-argument';
    if (!force || !isMissing) throw error;
  }
};

/** Gives a file another name, in the place of what has that one. */
export const rename = async (mount: Mount, from: SharePath, to: SharePath): Promise<void> => {
  const what = `rename ${quotePath(from)} -> ${quotePath(to)}`;
  const [oldPath, newPath] = [parsePath(from, what), parsePath(to, what)];
  const context = await begin(mount, what);
  await inParent(context, oldPath, (_, oldDirectory, oldName) =>
    inParent(context, newPath, (_, newDirectory, newName) =>
      requests.renameat(context, oldDirectory, oldName, newDirectory, newName),
    ),
  );
};

// Links.

/** Makes a symbolic link. */
export const symlink = async (mount: Mount, target: SharePath, path: SharePath): Promise<void> => {
  const bytes = typeof target === 'string' ? new TextEncoder().encode(target) : target;
  const what = `symlink ${quotePath(target)} -> ${quotePath(path)}`;
  if (bytes.length === 0) throw refusedHere(ENOENT, what);
  if (hasZero(bytes)) throw refusedHere(EINVAL, what);
  if (bytes.length >= PATH_LENGTH_MAX) throw refusedHere(ENAMETOOLONG, what);
  await atParent(mount, 'symlink', path, (context, fid, name) => requests.symlink(context, fid, name, bytes));
};

/** Returns where a symbolic link leads. */
export const readlink = (mount: Mount, path: SharePath): Promise<Uint8Array> =>
  atPath(mount, 'readlink', path, false, requests.readlink);

/** Gives a file a second name. */
export const link = async (mount: Mount, existing: SharePath, path: SharePath): Promise<void> => {
  const what = `link ${quotePath(existing)} -> ${quotePath(path)}`;
  const newPath = parsePath(path, what);
  await atPath(mount, 'link', existing, false, (context, fid) =>
    inParent(context, newPath, (_, directory, name) => requests.link(context, directory, fid, name)),
  );
};

// What is known of a file.

/** Returns what is known of a file; with `follow`, of what a symbolic link leads to. */
export const stat = (mount: Mount, path: SharePath, follow: boolean): Promise<FileStats> =>
  atPath(mount, follow ? 'stat' : 'lstat', path, follow, async (context, fid) =>
    statsOf(await requests.getattr(context, fid)),
  );

/** Cuts a file, or makes it longer. */
export const truncate = async (mount: Mount, path: SharePath, length: number): Promise<void> => {
  checkLength(length);
  await atPath(mount, 'truncate', path, true, (context, fid) => requests.setSize(context, fid, length));
};

/** Sets the permissions of a file. */
export const chmod = async (mount: Mount, path: SharePath, mode: number): Promise<void> => {
  checkMode(mode);
  await atPath(mount, 'chmod', path, true, (context, fid) => requests.setMode(context, fid, mode));
};

/** Sets the times of a file. */
export const utimes = async (mount: Mount, path: SharePath, accessed: FileTime, modified: FileTime): Promise<void> => {
  const [accessedMs, modifiedMs] = [timeMsOf(accessed), timeMsOf(modified)];
  await atPath(mount, 'utime', path, true, (context, fid) => requests.setTimes(context, fid, accessedMs, modifiedMs));
};

/** Returns what is known of the file system in which a path lies. */
export const statfs = (mount: Mount, path: SharePath): Promise<FileSystemStats> =>
  atPath(mount, 'statfs', path, true, async (context, fid) => fileSystemStatsOf(await requests.statfs(context, fid)));

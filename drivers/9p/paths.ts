// From a path to a fid. Only plain names reach the server: '.' and '..' are worked out here, and so are symbolic links, which a server does not follow.
//
//   path ─▶ names ─▶ walk, 16 names at a time, as far as there is neither '..' nor a link ─▶ fid
//             ▲                              │
//             └── without '..', or with the link's target in its place; from the root again

import {
  EINVAL,
  ELOOP,
  ENAMETOOLONG,
  ENOENT,
  ENOTDIR,
  FileFailure,
  refusedBy,
  refusedHere,
} from '../../kernel/device/file-failure.ts';
import type { SharePath } from '../../kernel/device/share.ts';
import { hasZero, isDots, nameEnd, nextNameStart } from './answers.ts';
import { type Context, giveFid, ROOT_FID, takeFid } from './context.ts';
import { NAME_LENGTH_MAX, PATH_LENGTH_MAX, QID_DIRECTORY, QID_SYMLINK, WALK_COUNT_MAX } from './protocol.ts';
import { clunk, readlink, walk } from './requests.ts';

/** Symbolic links of one path, as Linux allows. */
const LINK_COUNT_MAX = 40;

/** What a path says. */
export interface Path {
  /** '..' among them, '.' not. */
  readonly names: readonly Uint8Array[];
  /** It ends with a '/', '.' or '..': what it leads to is a directory. */
  readonly isDirectory: boolean;
}

/** Where a path leads. */
export interface Place {
  /** What it leads to; where there is nothing, the directory in which it would be. To be clunked. */
  readonly fid: number;
  readonly qidType: number;
  /** The name of what is not there. */
  readonly missing: Uint8Array | undefined;
}

/** Returns a path's text for messages: `'/name'`. */
export const quotePath = (path: SharePath): string =>
  typeof path === 'string' ? `'${path}'` : `'${new TextDecoder().decode(path)}'`;

/** Returns what a path says. Throws a FileFailure for one that no file can have. */
export const parsePath = (path: SharePath, what: string): Path => {
  const bytes = typeof path === 'string' ? new TextEncoder().encode(path) : path;
  if (bytes.length === 0) throw refusedHere(ENOENT, what);
  if (hasZero(bytes)) throw refusedHere(EINVAL, what);
  if (bytes.length >= PATH_LENGTH_MAX) throw refusedHere(ENAMETOOLONG, what);
  return { names: namesOf(bytes, what), isDirectory: endsAsDirectory(bytes) };
};

const namesOf = (bytes: Uint8Array, what: string): Uint8Array[] => {
  const names: Uint8Array[] = [];
  for (let start: number = nextNameStart(bytes, 0); start < bytes.length; ) {
    const end: number = nameEnd(bytes, start);
    if (end - start > NAME_LENGTH_MAX) throw refusedHere(ENAMETOOLONG, what);
    if (end - start !== 1 || !isDots(bytes, start, 1)) names.push(bytes.slice(start, end));
    start = nextNameStart(bytes, end);
  }
  return names;
};

const SLASH = 0x2f;

const endsAsDirectory = (bytes: Uint8Array): boolean => {
  const { length } = bytes;
  for (let dots = 0; dots <= 2 && dots < length; dots++) {
    if (bytes[length - 1 - dots] === SLASH) return dots === 0 || isDots(bytes, length - dots, dots);
  }
  return length <= 2 && isDots(bytes, 0, length);
};

const isParent = (name: Uint8Array): boolean => name.length === 2 && isDots(name, 0, 2);

/**
 * Walks a path. With `follow`, a symbolic link at its end is followed. With `mayMiss`, what it leads to need not be there, only the directory in which it
 * would be.
 */
export const walkPath = async (context: Context, path: Path, follow: boolean, mayMiss: boolean): Promise<Place> => {
  let { names } = path;
  for (let linkCount = 0; ; ) {
    const parentAt = names.findIndex(isParent);
    const end = parentAt === -1 ? names.length : parentAt;
    const reached = await walkNames(context, names.slice(0, end), mayMiss && end === names.length);
    if (reached.isLink && (reached.count < names.length || follow || path.isDirectory)) {
      linkCount += 1;
      names = await throughLink(context, names, reached, linkCount);
      continue;
    }
    const isWrong = (parentAt !== -1 || path.isDirectory) && reached.missing === undefined;
    if (isWrong && (reached.qidType & QID_DIRECTORY) === 0) {
      await clunk(context, reached.fid);
      throw refusedBy(ENOTDIR, context.what);
    }
    if (parentAt === -1) return reached;
    await clunk(context, reached.fid);
    names = [...names.slice(0, Math.max(parentAt - 1, 0)), ...names.slice(parentAt + 1)];
  }
};

/** Returns the names with the target of the link that was reached in its place. */
const throughLink = async (
  context: Context,
  names: readonly Uint8Array[],
  { fid, count }: Reached,
  linkCount: number,
): Promise<Uint8Array[]> => {
  try {
    if (linkCount > LINK_COUNT_MAX) throw refusedBy(ELOOP, context.what);
    const target = await readlink(context, fid);
    if (target.length === 0) throw refusedBy(ENOENT, context.what);
    const before = target[0] === SLASH ? [] : names.slice(0, count - 1);
    const all = [...before, ...namesOf(target, context.what), ...names.slice(count)];
    if (all.length > PATH_LENGTH_MAX) throw refusedBy(ENAMETOOLONG, context.what);
    return all;
  } finally {
    await clunk(context, fid);
  }
};

/** How far names lead. */
interface Reached extends Place {
  readonly count: number;
  readonly isLink: boolean;
}

/** Walks plain names from the root: to the end, or to the first link. */
const walkNames = async (context: Context, names: readonly Uint8Array[], mayMiss: boolean): Promise<Reached> => {
  const fid = takeFid(context.session);
  let from = ROOT_FID;
  let count = 0;
  let qidType = QID_DIRECTORY as number;
  try {
    while (count < names.length || from === ROOT_FID) {
      const part = names.slice(count, count + WALK_COUNT_MAX);
      const types = await walk(context, from, fid, part);
      if (part.length > 0) qidType = types[types.length - 1]!;
      if (types.length < part.length) await walkExactly(context, from, fid, part.slice(0, types.length), qidType);
      count += types.length;
      from = fid;
      if ((qidType & QID_SYMLINK) !== 0) return { fid, qidType, missing: undefined, count, isLink: true };
    }
    return { fid, qidType, missing: undefined, count, isLink: false };
  } catch (error) {
    const isMissing = error instanceof FileFailure && error.errno === ENOENT && count === names.length - 1;
    if (mayMiss && isMissing) {
      if (from === ROOT_FID) await cloneRoot(context, fid);
      return { fid, qidType: QID_DIRECTORY, missing: names[count], count, isLink: false };
    }
    if (from === ROOT_FID) giveFid(context.session, fid);
    else await clunk(context, fid);
    throw error;
  }
};

/** Makes `fid`, which is free, the root, too. */
const cloneRoot = async (context: Context, fid: number): Promise<void> => {
  try {
    await walk(context, ROOT_FID, fid, []);
  } catch (error) {
    giveFid(context.session, fid);
    throw error;
  }
};

/** Walks the names that a walk has found, and no more: a walk that does not get to its end changes no fid. */
const walkExactly = async (
  context: Context,
  from: number,
  fid: number,
  names: readonly Uint8Array[],
  qidType: number,
): Promise<void> => {
  if ((qidType & (QID_DIRECTORY | QID_SYMLINK)) === 0) throw refusedBy(ENOTDIR, context.what);
  const types = await walk(context, from, fid, names);
  if (types.length < names.length) throw refusedBy(ENOENT, context.what); // It was there a moment ago.
};

/** Where a name is to be, or is: the directory, to be clunked, and the name in it. */
export interface Spot {
  readonly fid: number;
  readonly name: Uint8Array;
}

/** Walks to the directory of a path's last name. Throws a FileFailure for a path that has none: the root, or one that ends with '..'. */
export const walkToParent = async (context: Context, path: Path): Promise<Spot> => {
  const { fid } = await walkPath(context, parentOf(path, context.what), true, false);
  return { fid, name: lastOf(path) };
};

const parentOf = ({ names }: Path, what: string): Path => {
  if (names.length === 0 || isParent(names[names.length - 1]!)) throw refusedHere(EINVAL, what);
  return { names: names.slice(0, names.length - 1), isDirectory: true };
};

const lastOf = ({ names }: Path): Uint8Array => names[names.length - 1]!;

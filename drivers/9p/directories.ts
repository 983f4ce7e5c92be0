// Directories: what is in one, and removing one with all of it.

import { readU32 } from '../../kernel/base/bytes.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { ENAMETOOLONG, ENOTDIR, refusedBy } from '../../kernel/device/file-failure.ts';
import type { DirectoryEntry } from '../../kernel/device/share.ts';
import { ENTRY_WRONG, nextEntry } from './answers.ts';
import { giveUpServer } from './calls.ts';
import { type Context, giveFid, takeFid } from './context.ts';
import { type Path, walkPath } from './paths.ts';
import {
  AT_REMOVEDIR,
  DT_DIR,
  DT_LNK,
  DT_REG,
  DT_UNKNOWN,
  QID_DIRECTORY,
  S_IFDIR,
  S_IFLNK,
  S_IFREG,
} from './protocol.ts';
import { clunk, getattr, lopen, readdir, unlinkat, walk } from './requests.ts';
import { entryOf } from './stats.ts';

/** Bytes of entries that one request asks for. */
const DATA_LENGTH = 65_536;

/** Entries of one directory: a server that has no end of them is not believed. */
const ENTRY_COUNT_MAX = 4_194_304;

/** Directories inside one another that are removed. */
const DEPTH_MAX = 512;

/** Where the mode of a file is in Rgetattr. */
const MODE = 28;

/** A name in a directory, and DT_…, what it is. */
interface Named {
  readonly name: Uint8Array;
  readonly type: number;
}

/** Returns what is in the directory that a path leads to, without '.' and '..'. */
export const listPath = async (context: Context, path: Path): Promise<Named[]> => {
  const { fid, qidType } = await walkPath(context, path, true, false);
  try {
    if ((qidType & QID_DIRECTORY) === 0) throw refusedBy(ENOTDIR, context.what);
    return await list(context, fid);
  } finally {
    await clunk(context, fid);
  }
};

/** Opens the directory of a fid, and reads all of it. */
const list = async (context: Context, fid: number): Promise<Named[]> => {
  const { dataLengthMax } = context.session;
  await lopen(context, fid, 0);
  const all: Named[] = [];
  const entry = context.mount.calls.device.entry;
  const target = new Uint8Array(Math.min(DATA_LENGTH, dataLengthMax));
  for (let [low, high] = [0, 0]; ; ) {
    const data = await readdir(context, fid, low, high, target);
    if (data.length === 0) return all;
    takeEntries(context, data, all);
    if (entry.offsetLow === low && entry.offsetHigh === high)
      throw giveUpServer(context.mount.calls, 'a directory goes on where it was');
    low = entry.offsetLow;
    high = entry.offsetHigh;
    if (all.length > ENTRY_COUNT_MAX)
      throw new DeviceFailure('out-of-range', `a directory of more than ${ENTRY_COUNT_MAX} entries`);
  }
};

/** Puts the entries of an Rreaddir behind those that are there. */
const takeEntries = (context: Context, data: Uint8Array, all: Named[]): void => {
  const { calls } = context.mount;
  const entry = calls.device.entry;
  for (let at = 0; at < data.length; ) {
    const next: number = nextEntry(data, at, entry);
    if (next === ENTRY_WRONG) throw giveUpServer(calls, 'Rreaddir has an entry that cannot be');
    const start: number = entry.nameStart;
    if (!entry.isDots) all.push({ name: data.slice(start, start + entry.nameLength), type: entry.type });
    at = next;
  }
};

/** Returns the same as entries that know what they are. Where the server does not say, each is asked. */
export const entriesOf = async (context: Context, path: Path, all: readonly Named[]): Promise<DirectoryEntry[]> => {
  const entries: DirectoryEntry[] = [];
  const isUnknown = all.some(({ type }) => type === DT_UNKNOWN);
  const directory = isUnknown ? (await walkPath(context, path, true, false)).fid : NO_DIRECTORY;
  try {
    for (const { name, type } of all) {
      const mode = type === DT_UNKNOWN ? await modeIn(context, directory, name) : modeOf(type);
      entries.push(entryOf(name, mode));
    }
  } finally {
    if (directory !== NO_DIRECTORY) await clunk(context, directory);
  }
  return entries;
};

const NO_DIRECTORY = -1;

const modeOf = (type: number): number => {
  if (type === DT_DIR) return S_IFDIR;
  if (type === DT_LNK) return S_IFLNK;
  return type === DT_REG ? S_IFREG : 0;
};

/** Returns the mode of a name in a directory. */
const modeIn = async (context: Context, directory: number, name: Uint8Array): Promise<number> => {
  const { fid } = await walkName(context, directory, name);
  try {
    return readU32(await getattr(context, fid), MODE);
  } finally {
    await clunk(context, fid);
  }
};

const walkName = async (
  context: Context,
  directory: number,
  name: Uint8Array,
): Promise<{ fid: number; qidType: number }> => {
  const fid = takeFid(context.session);
  try {
    const [qidType] = await walk(context, directory, fid, [name]);
    return { fid, qidType: qidType! };
  } catch (error) {
    giveFid(context.session, fid);
    throw error;
  }
};

/** Removes a name from a directory, and all that is in it when it is a directory itself. */
export const removeTree = async (context: Context, directory: number, name: Uint8Array, depth = 0): Promise<void> => {
  if (depth === DEPTH_MAX) throw refusedBy(ENAMETOOLONG, context.what);
  const { fid, qidType } = await walkName(context, directory, name);
  const isDirectory = (qidType & QID_DIRECTORY) !== 0;
  try {
    if (isDirectory) await removeContent(context, fid, depth);
  } finally {
    await clunk(context, fid);
  }
  await unlinkat(context, directory, name, isDirectory ? AT_REMOVEDIR : 0);
};

/** Removes all that is in the directory of a fid, of which a copy is opened: an open fid leads nowhere. */
const removeContent = async (context: Context, fid: number, depth: number): Promise<void> => {
  const copy = takeFid(context.session);
  try {
    await walk(context, fid, copy, []);
  } catch (error) {
    giveFid(context.session, copy);
    throw error;
  }
  const all = await list(context, copy).finally(() => clunk(context, copy));
  for (const { name } of all) await removeTree(context, fid, name, depth + 1);
};

// Opening a file: from a path and flags to a fid that can be read or written.

import { smaller } from '../../kernel/base/bits.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { EEXIST, EISDIR, refusedBy } from '../../kernel/device/file-failure.ts';
import type { OpenFlags } from '../../kernel/device/share.ts';
import type { Context } from './context.ts';
import { type Path, walkPath } from './paths.ts';
import { O_APPEND, O_CREAT, O_EXCL, O_RDWR, O_TRUNC, O_WRONLY, QID_DIRECTORY } from './protocol.ts';
import { clunk, lcreate, lopen, type Opened } from './requests.ts';
import type { OpenFile } from './transfer.ts';

/** Opens a file for reading, as `r` does. */
export const READ_ONLY = 0;

/** Returns the flags of Tlopen that `flags` stands for. Throws a DeviceFailure for what is none. */
export const flagsOf = (flags: OpenFlags): number => {
  const isBoth = flags.endsWith('+');
  const isNew = flags.length > 1 && flags[1] === 'x';
  const letters = `${flags[0]}${isNew ? 'x' : ''}${isBoth ? '+' : ''}`;
  const first = flags[0];
  if (letters !== flags || (first !== 'r' && first !== 'w' && first !== 'a') || (first === 'r' && isNew)) {
    throw new DeviceFailure('invalid-argument', `flags '${flags}', expected r, w or a, then x, then +`);
  }
  const access = isBoth ? O_RDWR : O_WRONLY;
  if (first === 'r') return isBoth ? O_RDWR : READ_ONLY;
  return access | O_CREAT | (isNew ? O_EXCL : 0) | (first === 'w' ? O_TRUNC : O_APPEND);
};

/** Opens what a path leads to; makes it where the flags say so. To be clunked. */
export const openPath = async (context: Context, path: Path, flags: number, mode: number): Promise<OpenFile> => {
  const isNew = (flags & O_EXCL) !== 0;
  const place = await walkPath(context, path, !isNew, (flags & O_CREAT) !== 0);
  const { fid, qidType, missing } = place;
  try {
    if (missing === undefined) {
      if (isNew) throw refusedBy(EEXIST, context.what);
      const isWritten = (flags & (O_WRONLY | O_RDWR)) !== 0; // QEMU's server opens a directory whatever the flags say.
      if (isWritten && (qidType & QID_DIRECTORY) !== 0) throw refusedBy(EISDIR, context.what);
      return fileOf(context, fid, flags, await lopen(context, fid, flags & ~O_CREAT));
    }
    if (path.isDirectory) throw refusedBy(EISDIR, context.what);
    return fileOf(context, fid, flags, await lcreate(context, fid, missing, flags, mode));
  } catch (error) {
    await clunk(context, fid);
    throw error;
  }
};

const fileOf = ({ session }: Context, fid: number, flags: number, { qidType, unitLength }: Opened): OpenFile => ({
  fid,
  isDirectory: (qidType & QID_DIRECTORY) !== 0,
  dataLengthMax: unitLength === 0 ? session.dataLengthMax : smaller(unitLength, session.dataLengthMax),
  isAppending: (flags & O_APPEND) !== 0,
});

// Why a file system refused something: its error number, by the name that Node's `error.code` has.

import { lookUp } from '../base/table.ts';
import { DeviceFailure, type FailureKind } from './failure.ts';

/** Number, name and text of what file systems answer, as Linux has them. A table as text costs a boot nothing. */
const ERRORS = `
1 EPERM operation not permitted
2 ENOENT no such file or directory
4 EINTR interrupted
5 EIO input or output error
6 ENXIO no such device or address
9 EBADF bad file descriptor
11 EAGAIN resource temporarily unavailable
12 ENOMEM not enough memory
13 EACCES permission denied
16 EBUSY resource busy
17 EEXIST file already exists
18 EXDEV cross-device link
19 ENODEV no such device
20 ENOTDIR not a directory
21 EISDIR is a directory
22 EINVAL invalid argument
23 ENFILE too many open files in the system
24 EMFILE too many open files
26 ETXTBSY text file is busy
27 EFBIG file too large
28 ENOSPC no space left on device
29 ESPIPE illegal seek
30 EROFS read-only file system
31 EMLINK too many links
34 ERANGE result out of range
36 ENAMETOOLONG name too long
38 ENOSYS function not implemented
39 ENOTEMPTY directory not empty
40 ELOOP too many symbolic links
61 ENODATA no data
71 EPROTO protocol error
75 EOVERFLOW value too large
84 EILSEQ illegal byte sequence
95 EOPNOTSUPP operation not supported
116 ESTALE stale file handle
122 EDQUOT disk quota exceeded
`;

// Those that programs here decide on.
export const EIO = 5;
export const EBADF = 9;
export const ENOENT = 2;
export const EEXIST = 17;
export const ENOTDIR = 20;
export const EISDIR = 21;
export const EINVAL = 22;
export const EROFS = 30;
export const ENAMETOOLONG = 36;
export const ENOSYS = 38;
export const ELOOP = 40;
export const EOPNOTSUPP = 95;

/** A DeviceFailure with the error number of a file system. Its message is `ENOENT: no such file or directory, open '/name'`. */
export class FileFailure extends DeviceFailure {
  /** The name of the error, which stays the same: `ENOENT`. One without a name has its number: `E250`. */
  readonly code: string;
  /** The number, as Linux counts. */
  readonly errno: number;

  constructor(kind: FailureKind, code: string, errno: number, message: string) {
    super(kind, message);
    this.code = code;
    this.errno = errno;
  }
}

/** Returns what the file system's refusal with `errno` is, while `what` was done: `open '/name'`. */
export const refusedBy = (errno: number, what: string): FileFailure => failureOf(kindOf(errno), errno, what);

/** The same for a call that is wrong itself, and was not sent. */
export const refusedHere = (errno: number, what: string): FileFailure => failureOf('invalid-argument', errno, what);

const failureOf = (kind: FailureKind, errno: number, what: string): FileFailure => {
  const found = lookUp(ERRORS, `${errno}`) ?? `E${errno} unknown error`;
  const space = found.indexOf(' ');
  const code = found.slice(0, space);
  return new FileFailure(kind, code, errno, `${code}: ${found.slice(space + 1)}, ${what}`);
};

const kindOf = (errno: number): FailureKind => {
  if (errno === EROFS) return 'read-only';
  return errno === EOPNOTSUPP || errno === ENOSYS ? 'unsupported' : 'io-error';
};
